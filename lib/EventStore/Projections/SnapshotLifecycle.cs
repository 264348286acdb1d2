// When the stored state of a projection is written.
namespace EventSourced.EventStore;

/// <summary>When a projection's state is stored.</summary>
public enum SnapshotLifecycle
{
    /// <summary>Never: it is folded whenever it is asked for.</summary>
    Live,

    /// <summary>In the transaction that appends the events.</summary>
    Inline,

    /// <summary>Behind the events, by a subscription with a position of its own.</summary>
    Async,
}
