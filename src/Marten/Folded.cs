// A thing of the economy, folded from its events by the domain's own rules. A document in Marten's sense: its id is its
// stream's key.
namespace EventSourced.Marten;

/// <summary>A thing, folded from the events that move it.</summary>
/// <typeparam name="TState">The state of the domain: <c>Tasks.State</c>, <c>WorkLeases.State</c> ...</typeparam>
public sealed class Folded<TState>
    where TState : class
{
    /// <summary>The key of its stream: <c>task-7</c>.</summary>
    public required string Id { get; set; }

    /// <summary>The state; null where the first event was impossible already.</summary>
    public TState? State { get; set; }

    /// <summary>The sequence of the last event that moved it.</summary>
    public long Sequence { get; set; }

    /// <summary>Whether an event was impossible in its state: the state stands still since then.</summary>
    public bool IsQuarantined { get; set; }
}
