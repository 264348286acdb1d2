// Which states the store folds and keeps. Each is a pure function over one base type of events; nothing is found by
// reflection or by the names of methods.
using System.Text.Json.Serialization.Metadata;
using EventSourced.EventStore.Json;

namespace EventSourced.EventStore.Projections;

/// <summary>The registered folds.</summary>
public sealed class ProjectionOptions
{
    private readonly Dictionary<Type, Projection> _byState = [];
    private bool _frozen;

    internal ProjectionOptions()
    {
    }

    internal Projection[] Inline { get; private set; } = [];

    /// <summary>An aggregate that is folded whenever it is asked for.</summary>
    /// <typeparam name="TState">The aggregate's state.</typeparam>
    /// <typeparam name="TEvent">The base type of its events, or <see cref="Event"/> to see all of them.</typeparam>
    public ProjectionOptions LiveStreamAggregation<TState, TEvent>(Func<TState?, TEvent, TState?> evolve)
        where TState : class
        where TEvent : class =>
        Add<TState>(new Projection<TState, TEvent>(
            MartenNaming.Alias(typeof(TState)), SnapshotLifecycle.Live, 0, evolve, null, null));

    /// <summary>An aggregate whose latest state is stored.</summary>
    /// <param name="lifecycle">When it is stored.</param>
    /// <param name="evolve">State and event to the next state; null deletes it.</param>
    /// <param name="json">How the state is stored.</param>
    /// <param name="revision">To be raised whenever <paramref name="evolve"/> changes.</param>
    /// <typeparam name="TState">The aggregate's state.</typeparam>
    /// <typeparam name="TEvent">The base type of its events, or <see cref="Event"/> to see all of them.</typeparam>
    public ProjectionOptions Snapshot<TState, TEvent>(
        SnapshotLifecycle lifecycle, Func<TState?, TEvent, TState?> evolve, JsonTypeInfo<TState> json, int revision = 1)
        where TState : class
        where TEvent : class =>
        Add<TState>(new Projection<TState, TEvent>(
            MartenNaming.Alias(typeof(TState)), lifecycle, revision, evolve, null, json));

    /// <summary>A document over many streams, kept up by a subscription.</summary>
    /// <param name="identity">The key of the document that an event belongs to; null if to none.</param>
    /// <param name="evolve">State and event to the next state; null deletes it.</param>
    /// <param name="json">How the state is stored.</param>
    /// <param name="revision">To be raised whenever a function changes.</param>
    /// <typeparam name="TState">The document.</typeparam>
    /// <typeparam name="TEvent">The base type of its events, or <see cref="Event"/> to see all of them.</typeparam>
    public ProjectionOptions MultiStream<TState, TEvent>(
        Func<TEvent, string?> identity,
        Func<TState?, TEvent, TState?> evolve,
        JsonTypeInfo<TState> json,
        int revision = 1)
        where TState : class
        where TEvent : class =>
        Add<TState>(new Projection<TState, TEvent>(
            MartenNaming.Alias(typeof(TState)), SnapshotLifecycle.Async, revision, evolve, identity, json));

    internal Projection Of<TState>() =>
        _byState.TryGetValue(typeof(TState), out var found)
            ? found
            : throw new InvalidOperationException(
                $"expected a state that the projections name, found {typeof(TState).FullName}");

    internal void Freeze()
    {
        _frozen = true;
        Inline = [.. _byState.Values.Where(projection => projection.Lifecycle == SnapshotLifecycle.Inline)];
    }

    private ProjectionOptions Add<TState>(Projection projection)
    {
        if (_frozen)
            throw new InvalidOperationException(
                "expected projections to be added while the store is configured, found a store in use");
        if (_byState.Values.Any(other => other.Name == projection.Name) || !_byState.TryAdd(typeof(TState), projection))
            throw new ArgumentException($"expected one projection named {projection.Name}, found two");
        return this;
    }
}
