// The content of one transaction: events in chain order, rows as bytes of COPY, blocks, the checkpoint. The fold fills
// it while the previous batch is written; no batch is ever filled and written at once.
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;
using EventSourced.Indexer.Ingest;
using EventSourced.MartenBulk;
using EventSourced.Tables;

namespace EventSourced.Indexer.Fold;

/// <summary>An event on its way into its stream, with its version there.</summary>
internal readonly record struct PendingEvent(
    BulkStream Stream, long Version, ChainEvent Happened, Guid Id, Instant Time);

/// <summary>One batch.</summary>
internal sealed class Batch(long number) : IDisposable
{
    private readonly Dictionary<StateTable, RowBuffers> _rows = [];

    internal long Number { get; } = number;

    internal List<PendingEvent> Events { get; } = [];

    internal List<BlockRow> Blocks { get; } = [];

    /// <summary>The newest block that the batch covers, with or without events.</summary>
    internal ChainLink? Tip { get; set; }

    /// <summary>The new finalized block, if it changed.</summary>
    internal ChainLink? Finalized { get; set; }

    internal bool IsEmpty => Events.Count == 0 && Tip is null;

    /// <summary>Whether the batch is of the past: its events may then be committed before their rows.</summary>
    internal bool IsPast { get; set; }

    /// <summary>The state root after the batch, if it was made.</summary>
    internal Word? StateRoot { get; set; }

    /// <summary>The number of bytes by which the tables will have grown.</summary>
    internal long AddedBytes => _rows.Values.Sum(rows => (long)rows.History.Length + rows.Inserts.Length);

    internal IReadOnlyDictionary<StateTable, RowBuffers> Rows => _rows;

    internal RowBuffers Of(StateTable table)
    {
        if (!_rows.TryGetValue(table, out var rows))
            _rows.Add(table, rows = table.Spare.TryPop(out var spare) ? spare : new RowBuffers());
        return rows;
    }

    /// <summary>
    /// Leaves the buffers to the batch after the next. A common pool would keep every size through which buffers grew.
    /// </summary>
    public void Dispose()
    {
        foreach (var (table, rows) in _rows)
        {
            rows.Clear();
            table.Spare.Push(rows);
        }

        _rows.Clear();
    }
}
