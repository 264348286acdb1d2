// One thing in memory: its state as of the last event, and its status in the database.
using EventSourced.Domain.Values;
using EventSourced.MartenBulk;

namespace EventSourced.Indexer.Fold;

/// <summary>A thing in the cache.</summary>
internal sealed class Slot<TKey, TState>(TKey key)
    where TState : class
{
    internal readonly TKey Key = key;

    /// <summary>Its key in the state root, once it was hashed.</summary>
    internal Word? Root;

    /// <summary>The state after the last event; null before the first.</summary>
    internal TState? State;

    /// <summary>The version of its stream.</summary>
    internal long Version;

    /// <summary>
    /// The version of its stream as of the state. In quarantine the stream goes on while its thing stands still.
    /// </summary>
    internal long StateVersion;

    /// <summary>The block since which the state holds.</summary>
    internal ulong ValidFrom;

    /// <summary>Whether the table has a row of it.</summary>
    internal bool IsStored;

    /// <summary>Whether the row differs from the state.</summary>
    internal bool IsDirty;

    /// <summary>Whether the state root has not seen the state yet.</summary>
    internal bool IsUnhashed;

    /// <summary>Whether a violation was found: its events are stored and no longer believed.</summary>
    internal bool IsQuarantined;

    /// <summary>The batch that used it last.</summary>
    internal long UsedIn;

    /// <summary>The deadline that waits in the queue, in seconds; 0: none.</summary>
    internal long QueuedDue;

    /// <summary>Its stream, once an event was stored.</summary>
    internal BulkStream? Stream;
}
