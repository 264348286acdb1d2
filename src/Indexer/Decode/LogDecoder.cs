// log -> event, for a whole range. Enters: logs in chain order. Leaves: each block's events. Always holds: every log
// becomes an event; a log that the catalog does not know becomes the record of a violation, with its place, and is
// never skipped in silence.
using System.Runtime.InteropServices;
using EventSourced.Domain.Events;
using EventSourced.Domain.Integrity;
using EventSourced.Domain.Values;
using EventSourced.Indexer.Ingest;

namespace EventSourced.Indexer.Decode;

/// <summary>An event of a block, with its place among the block's logs.</summary>
internal readonly record struct PlacedEvent(ChainEvent Happened, uint LogIndex);

/// <summary>A block's events.</summary>
internal readonly record struct BlockEvents(ulong Number, Word Hash, Instant Time, IReadOnlyList<PlacedEvent> Events);

/// <summary>Decodes the logs of our contracts.</summary>
internal sealed class LogDecoder(ContractBook book)
{
    /// <summary>The events of one block of a range.</summary>
    internal BlockEvents Decode(RangeLogs range, BlockOfLogs block)
    {
        var events = new List<PlacedEvent>(block.Count);
        for (var i = block.First; i < block.First + block.Count; i++)
        {
            ref readonly var log = ref range.Logs[i];
            if (book.Find(log.Address, block.Number) is not { } contract) continue;
            var happened = EventDecoder.Decode(
                contract, MemoryMarshal.AsBytes(log.Topics), range.Logs.Data(i).Span, out var failure);
            events.Add(new PlacedEvent(
                happened ?? Unknown(contract, block.Number, log.LogIndex, failure), log.LogIndex));
        }

        return new BlockEvents(
            block.Number, new Word(block.Hash.Bytes), block.Timestamp ?? throw new InvalidOperationException(
                $"expected a time of block {block.Number}, found none"), events);
    }

    private static Violations.IntegrityViolated Unknown(
        ContractName contract, ulong block, uint logIndex, DecodeFailure failure) =>
        new($"log-{block}-{logIndex}", $"{contract}", $"{failure}");
}
