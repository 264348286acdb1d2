// A fold of events into a state: by stream (an aggregate) or by a key found in the events (a document over many
// streams). Pure: the same events in the same order give the same state, so a stored state may always be thrown away.
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventSourced.EventStore.Projections;

/// <summary>One registered fold.</summary>
internal abstract class Projection(string name, SnapshotLifecycle lifecycle, int revision, Type eventType)
{
    /// <summary>The value of <c>es_snapshots.type</c>: stored; never rename.</summary>
    internal string Name { get; } = name;

    internal SnapshotLifecycle Lifecycle { get; } = lifecycle;

    /// <summary>Grows when the fold changes its mind: states of another revision are not read.</summary>
    internal int Revision { get; } = revision;

    /// <summary>The base type of the events that it folds.</summary>
    internal Type EventType { get; } = eventType;

    internal bool IsStored => Lifecycle != SnapshotLifecycle.Live;

    /// <summary>Whether the fold wants the whole event and not its data alone.</summary>
    internal bool TakesEvent => EventType == typeof(Event);

    /// <summary>Whether documents are found by keys in the events, not by stream.</summary>
    internal abstract bool IsMultiStream { get; }

    /// <summary>The key of the document that this event belongs to; null if it belongs to none.</summary>
    internal abstract string? Identity(string streamKey, object dataOrEvent);

    internal abstract bool Applies(object data);

    /// <summary>The next state. Takes the event if <see cref="TakesEvent"/>, else its data.</summary>
    internal abstract object? Evolve(object? state, object dataOrEvent);

    internal abstract void Write(Utf8JsonWriter json, object state);

    internal abstract object Read(ReadOnlySpan<byte> json);

    internal object? Apply(object? state, Event next) =>
        Applies(next.Data) ? Evolve(state, TakesEvent ? next : next.Data) : state;

    internal object? Fold(object? state, IEnumerable<Event> events)
    {
        foreach (var next in events) state = Apply(state, next);
        return state;
    }
}

/// <summary>A fold with its types.</summary>
internal sealed class Projection<TState, TEvent>(
    string name,
    SnapshotLifecycle lifecycle,
    int revision,
    Func<TState?, TEvent, TState?> evolve,
    Func<TEvent, string?>? identity,
    JsonTypeInfo<TState>? json) : Projection(name, lifecycle, revision, typeof(TEvent))
    where TState : class
    where TEvent : class
{
    internal override bool IsMultiStream => identity is not null;

    internal override string? Identity(string streamKey, object dataOrEvent) =>
        identity is null ? streamKey : identity((TEvent)dataOrEvent);

    internal override bool Applies(object data) => TakesEvent || data is TEvent;

    internal override object? Evolve(object? state, object dataOrEvent) => evolve((TState?)state, (TEvent)dataOrEvent);

    internal override void Write(Utf8JsonWriter writer, object state) =>
        JsonSerializer.Serialize(writer, (TState)state, Json);

    internal override object Read(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, Json) ?? throw new JsonException(
            $"snapshot of {Name}: expected an object, found null");

    private JsonTypeInfo<TState> Json =>
        json ?? throw new InvalidOperationException($"projection {Name} is live and has no stored form");
}
