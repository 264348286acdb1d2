// log -> event. Enters: which contract spoke, its topics and data. Leaves: the event's record, or why there is none and
// where.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;

namespace EventSourced.Indexer.Decode;

/// <summary>Why a log is no event of the catalog, and at which byte of its data or topics that showed.</summary>
public readonly record struct DecodeFailure(DecodeFault Fault, int At, bool InTopics)
{
    private string Place => $"byte {At} of the {(InTopics ? "topics" : "data")}";

    /// <summary>Says it in words.</summary>
    public override string ToString() => Fault switch
    {
        DecodeFault.None => "decoded",
        DecodeFault.UnknownTopic => "expected a topic of the catalog, found another",
        DecodeFault.TopicCount => $"expected another number of topics, found {At / 32}",
        DecodeFault.DataTooShort => $"expected more data, found its end before byte {At}",
        DecodeFault.Overlap => $"expected contents that do not overlap, found one more at {Place}",
        DecodeFault.OutsideData => $"expected an offset inside the data, found one outside at {Place}",
        _ => $"expected a value that fits its type, found a wider one at {Place}",
    };
}

/// <summary>Decodes logs by the frozen catalog.</summary>
public static class EventDecoder
{
    /// <summary>Decodes one log; topics are their 32 bytes one after the other.</summary>
    public static ChainEvent? Decode(
        ContractName contract, ReadOnlySpan<byte> topics, ReadOnlySpan<byte> data, out DecodeFailure failure)
    {
        var log = new AbiReader(topics, data);
        var decoded = Decoders.Decode(contract, ref log);
        failure = new DecodeFailure(log.Fault, log.FaultAt, log.FaultInTopics);
        return decoded;
    }
}
