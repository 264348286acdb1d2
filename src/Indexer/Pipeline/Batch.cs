// What one transaction will write: events in chain order, rows as bytes of COPY, blocks, the checkpoint. Filled by the fold while the
// batch before is being written; never touched by both at once.
using EventSourced.Domain;
using EventSourced.MartenBulk;
using EventSourced.Indexer.Ingestion;

namespace EventSourced.Indexer.Pipeline;

/// <summary>An event on its way into its stream.</summary>
internal readonly record struct PendingEvent(BulkStream Stream, ChainEvent Happened, Guid Id, Instant Time);

/// <summary>A block that has events of ours.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Time">Its time.</param>
/// <param name="LastSequence">The sequence of its last event.</param>
internal readonly record struct BlockRow(ulong Number, Word Hash, Instant Time, long LastSequence);

/// <summary>The rows of one table that a batch writes.</summary>
internal sealed class TableWrite(Table table) : IDisposable
{
    internal readonly Table Table = table;

    /// <summary>Rows that the table does not have yet.</summary>
    internal readonly CopyBuffer Inserts = new();

    /// <summary>Rows that it has, in their new form.</summary>
    internal readonly CopyBuffer Updates = new();

    /// <summary>Rows that no longer hold, with the blocks from and to which they held.</summary>
    internal readonly CopyBuffer History = new();

    internal void Clear()
    {
        Inserts.Clear();
        Updates.Clear();
        History.Clear();
    }

    public void Dispose()
    {
        Inserts.Dispose();
        Updates.Dispose();
        History.Dispose();
    }
}

/// <summary>One batch.</summary>
internal sealed class Batch(long number) : IDisposable
{
    private readonly Dictionary<Table, TableWrite> _writes = [];

    internal long Number { get; } = number;

    internal List<PendingEvent> Events { get; } = [];

    internal List<BlockRow> Blocks { get; } = [];

    /// <summary>The newest block that the batch covers, with or without events.</summary>
    internal ChainLink? Tip { get; set; }

    /// <summary>The block that is final since, if another one is.</summary>
    internal ChainLink? Finalized { get; set; }

    internal bool IsEmpty => Events.Count == 0 && Tip is null;

    /// <summary>The state root after the batch, where it was made.</summary>
    internal Word? StateRoot { get; set; }

    /// <summary>By how many bytes the tables will have grown.</summary>
    internal long AddedBytes => _writes.Values.Sum(write => (long)write.History.Length + write.Inserts.Length);

    internal IReadOnlyCollection<TableWrite> Writes => _writes.Values;

    internal TableWrite Of(Table table)
    {
        if (!_writes.TryGetValue(table, out var write))
            _writes.Add(table, write = table.Spare.TryPop(out var spare) ? spare : new TableWrite(table));
        return write;
    }

    /// <summary>Leaves the buffers to the batch after the next: a pool for all would keep every size that they grew through.</summary>
    public void Dispose()
    {
        foreach (var write in _writes.Values)
        {
            write.Clear();
            write.Table.Spare.Push(write);
        }

        _writes.Clear();
    }
}
