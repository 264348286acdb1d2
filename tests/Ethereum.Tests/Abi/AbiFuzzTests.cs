// 100,000 payloads from strangers: random ones, and good ones with bytes changed, cut, doubled or moved. Each is
// decoded or refused with a place; memory stays in proportion to the input.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Tests.Differential;
using EventSourced.Testing;

namespace EventSourced.Ethereum.Tests.Abi;

public sealed class AbiFuzzTests
{
    private const int Payloads = 100_000;

    [Fact]
    public void Mutated_and_random_payloads_are_decoded_or_refused_with_their_place() => Seed.Run(random =>
    {
        AbiType[] types = [];
        byte[] good = [];
        var (decoded, refused) = (0, 0);
        for (var round = 0; round < Payloads; round++)
        {
            if (round % 20 == 0)
            {
                types = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomAbi.Type(random))];
                good = AbiEncoder.Encode(types, [.. types.Select(type => RandomAbi.Value(random, type))]);
            }

            var payload = random.Next(10) == 0 ? RandomAbi.Bytes(random, random.Next(600)) : Mutations.Of(random, good);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                AbiDecoder.Decode(types, payload);
                decoded++;
            }
            catch (AbiException fault)
            {
                Assert.StartsWith("byte ", fault.Where, StringComparison.Ordinal);
                refused++;
            }

            // 64 kB are free, each byte may become eight of values; a value is an object of some 80 bytes for 8 of
            // price.
            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.InRange(taken, 0, 10L * (payload.Length * AbiDecoder.MaxExpansion + 64 * 1024) + 64 * 1024);
        }

        Assert.True(decoded > Payloads / 20 && refused > Payloads / 20,
            $"expected both outcomes often, found {decoded} decoded and {refused} refused");
    });
}
