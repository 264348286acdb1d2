// log -> event. Enters: the contract that wrote the log, its topics and data. Leaves: the event's record, or the reason
// and the place of the failure.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;

namespace EventSourced.Indexer.Decode;

/// <summary>
/// The reason why a log is no event of the catalog, and the byte of its data or topics that shows it.
/// </summary>
public readonly record struct DecodeFailure(DecodeFault Fault, int At, bool InTopics)
{
    private string Place => $"byte {At} of the {(InTopics ? "topics" : "data")}";

    /// <summary>The failure in words.</summary>
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
    /// <summary>Decodes one log. The topics are 32 bytes each, one after the other.</summary>
    public static ChainEvent? Decode(
        ContractName contract, ReadOnlySpan<byte> topics, ReadOnlySpan<byte> data, out DecodeFailure failure)
    {
        var log = new AbiReader(topics, data);
        var decoded = Decoders.Decode(contract, ref log);
        failure = new DecodeFailure(log.Fault, log.FaultAt, log.FaultInTopics);
        return decoded;
    }
}
