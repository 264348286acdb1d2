// What goes out, as bytes: payloads as they are stored, calls of the Forwarder as the ABI lays them out.
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Signing;
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Testing;
using EventSourced.Workers.Relaying;

namespace EventSourced.Workers.Tests;

public class PayloadTests
{
    private static readonly AbiFunction Execute = AbiFunction.Parse(
        "function execute((address from, address to, uint256 value, uint256 gas, uint48 deadline, bytes data, bytes signature) request)");

    [Fact]
    public void The_call_of_the_Forwarder_is_what_the_encoder_makes_of_it() => Seed.Run(random =>
    {
        for (var round = 0; round < 200; round++)
        {
            var forward = Random(random);
            var request = forward.Request;
            var expected = Execute.EncodeCall(AbiValue.Of(
                request.From, request.To, 0UL, request.GasLimit, request.DeadlineSeconds, request.Data.ToArray(),
                forward.Signature.ToArray()));
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(ForwarderCall.Encode(forward)));
        }
    });

    [Fact]
    public void A_stored_payload_is_read_as_it_was_written() => Seed.Run(random =>
    {
        for (var round = 0; round < 200; round++)
        {
            var forward = Random(random);
            var read = Assert.IsType<Payload.Forward>(Payload.Decode(forward.Encode()));
            Assert.Equal(forward.Encode(), read.Encode());
            Assert.Equal((forward.Request.From, forward.Request.Nonce), (read.Request.From, read.Request.Nonce));
            var raw = new Payload.Raw(forward.Forwarder, forward.Request.Nonce, forward.Request.Data);
            Assert.Equal(raw.Encode(), Assert.IsType<Payload.Raw>(Payload.Decode(raw.Encode())).Encode());
            ulong? last = random.Next(2) == 0 ? null : (ulong)random.Next(1, int.MaxValue);
            var own = new Payload.Own(
                forward.Forwarder, forward.Request.To, forward.Request.GasLimit, last, forward.Request.Data);
            var same = Assert.IsType<Payload.Own>(Payload.Decode(own.Encode()));
            Assert.Equal(own.Encode(), same.Encode());
            Assert.Equal((last, own.From), (same.DeadlineSeconds, same.From));
        }
    });

    [Fact]
    public void Bytes_that_are_no_payload_are_refused_by_what_is_wrong_with_them() => Seed.Run(random =>
    {
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = Mutations.Of(random, Random(random).Encode());
            try
            {
                Payload.Decode(bytes);
            }
            catch (FormatException refusal)
            {
                Assert.Contains("expected", refusal.Message, StringComparison.Ordinal);
            }
        }
    });

    private static Payload.Forward Random(Random random)
    {
        var request = new ForwardRequest(
            new Address(Mutations.Random(random, 20)), new Address(Mutations.Random(random, 20)), (ulong)random.Next(),
            (ulong)random.Next(), (ulong)random.Next(), Mutations.Random(random, random.Next(200)));
        return new Payload.Forward(new Address(Mutations.Random(random, 20)), request, Mutations.Random(random, 65));
    }
}
