// The generated decoders against Nethereum's encoder: every event of the catalog there and back, values too wide for
// their record refused, and 100,000 spoiled logs decoded or refused with their place.
using EventSourced.Chain.Encoding;
using EventSourced.Domain.Events;
using EventSourced.Ethereum.Abi;
using EventSourced.Indexer.Decode;
using EventSourced.Testing;
using Wide = EventSourced.Ethereum.UInt256;

namespace EventSourced.Indexer.Tests.Decoding;

public sealed class EventDecoderTests
{
    private const int Payloads = 100_000;
    private const int RoundsOfEach = 25;

    [Fact]
    public void Every_event_of_the_catalog_comes_back_as_it_was_encoded() => Seed.Run(random =>
    {
        for (var round = 0; round < RoundsOfEach; round++)
        {
            foreach (var (contract, one) in CatalogSamples.Events)
            {
                var sample = CatalogSamples.Of(random, contract, one);
                var decoded = EventDecoder.Decode(contract, sample.Topics, sample.Data, out var failure);
                Assert.True(
                    failure.Fault == DecodeFault.None, $"expected {one.Record} to be decoded, found: {failure}");
                Assert.Equal(sample.Expected, decoded);
            }
        }
    });

    [Fact]
    public void Spoiled_logs_are_decoded_or_refused_with_their_place_and_bounded_memory() => Seed.Run(random =>
    {
        var (decoded, refused) = (0, 0);
        Sample good = null!;
        for (var round = 0; round < Payloads; round++)
        {
            if (round % 10 == 0)
            {
                var (contract, one) = CatalogSamples.Events[random.Next(CatalogSamples.Events.Count)];
                good = CatalogSamples.Of(random, contract, one);
            }

            var topics = random.Next(4) == 0 ? Mutations.Of(random, good.Topics) : good.Topics;
            var data = random.Next(10) == 0
                ? Mutations.Random(random, random.Next(600)) : Mutations.Of(random, good.Data);
            var record = EventDecoder.Decode(good.Contract, topics, data, out var failure);
            // Measured the second time: what the runtime makes at a type's first use is not the log's.
            var before = GC.GetAllocatedBytesForCurrentThread();
            EventDecoder.Decode(good.Contract, topics, data, out _);
            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            // A byte of text is at most two of UTF-16, each list and text has a head of its own; the record is small.
            Assert.InRange(taken, 0, 4L * data.Length + 4_096);
            Assert.Equal(record is null, failure.Fault != DecodeFault.None);
            if (record is not null) decoded++;
            else refused++;
            if (record is null) Assert.InRange(
                failure.At, 0, failure.InTopics ? topics.Length : 2 * (data.Length + 1_024));
            if (record is null) Assert.Contains(
                failure.Fault == DecodeFault.TopicCount ? "found" : "expected", failure.ToString());
        }

        Assert.True(decoded > Payloads / 20 && refused > Payloads / 20,
            $"expected both outcomes often, found {decoded} decoded and {refused} refused");
    });

    [Fact]
    public void A_number_wider_than_its_field_is_refused_and_never_cut()
    {
        var transfer = CatalogSamples.Events.Single(pair => pair.Event.Record == "CreditTransfer");
        var address = new byte[32];
        byte[] topics = [.. Convert.FromHexString(transfer.Event.Topic0.AsSpan(2)), .. address, .. address];
        var most = Wide.MaxValue >> 128;
        Assert.Equal(
            new CreditTransfer(default, default, UInt128.MaxValue),
            EventDecoder.Decode(transfer.Contract, topics, most.ToBigEndian(), out _));
        Assert.Null(EventDecoder.Decode(transfer.Contract, topics, (most + Wide.One).ToBigEndian(), out var failure));
        Assert.Equal(new DecodeFailure(DecodeFault.ValueTooWide, 0, InTopics: false), failure);
        topics[32] = 1;
        Assert.Null(EventDecoder.Decode(transfer.Contract, topics, most.ToBigEndian(), out failure));
        Assert.Equal(new DecodeFailure(DecodeFault.ValueTooWide, 32, InTopics: true), failure);
        Assert.Equal(
            "expected a value that fits its type, found a wider one at byte 32 of the topics", failure.ToString());
    }

    [Fact]
    public void A_topic_of_no_event_and_a_topic_too_few_are_told_apart()
    {
        var (contract, one) = CatalogSamples.Events.First(pair => pair.Event.Fields.Any(field => field.Indexed));
        var topic = Convert.FromHexString(one.Topic0.AsSpan(2));
        Assert.Null(EventDecoder.Decode(contract, topic, [], out var failure));
        Assert.Equal(DecodeFault.TopicCount, failure.Fault);
        topic[31] ^= 1;
        Assert.Null(EventDecoder.Decode(contract, topic, [], out failure));
        Assert.Equal(DecodeFault.UnknownTopic, failure.Fault);
        Assert.Null(EventDecoder.Decode(contract, [], [], out failure));
        Assert.Equal(DecodeFault.UnknownTopic, failure.Fault);
    }

    /// <summary>A list of offsets that all lead to one long text would make little data into much memory.</summary>
    [Fact]
    public void A_list_whose_items_share_their_bytes_is_refused_before_it_is_copied()
    {
        var (contract, one) = CatalogSamples.Events.Single(pair => pair.Event.Name == "ProposalCreated");
        AbiType[] types = [.. one.Fields.Where(field => !field.Indexed).Select(CatalogSamples.TypeOf)];
        const int items = 1_000;
        var data = AbiEncoder.Encode(types, [.. types.Select(type => type switch
        {
            AbiType.DynamicArray { Element: AbiType.Bytes } =>
                AbiValue.Of([.. Enumerable.Range(0, items).Select(i => (AbiValue)(i == 0 ? new byte[32_000] : []))]),
            AbiType.DynamicArray => AbiValue.Of(),
            AbiType.AddressType => new Ethereum.Address(new byte[20]),
            AbiType.Text => "",
            _ => (AbiValue)0UL,
        })]);
        var calls = Array.FindIndex(types, type => type is AbiType.DynamicArray { Element: AbiType.Bytes });
        var first = (int)(ulong)Wide.FromBigEndian(data.AsSpan(32 * calls, 32)) + 32;
        for (var i = 1; i < items; i++) data.AsSpan(first, 32).CopyTo(data.AsSpan(first + 32 * i));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(EventDecoder.Decode(contract, Convert.FromHexString(one.Topic0.AsSpan(2)), data, out var failure));
        Assert.Equal(DecodeFault.Overlap, failure.Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3 * data.Length);
    }
}
