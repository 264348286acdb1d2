// A fold turns events into states: it declares one kind of thing that events change. Enters: for each event type, the
// key that it carries. Leaves: routes that the pipeline walks. Pure: a fold knows no store. Always holds: an event type
// has one home, the fold in whose stream it is stored; every other fold that it moves takes it from there.
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Folding;

/// <summary>
/// Gives the next state. Null says that this event must not happen in this state: the pair is recorded as a violation
/// of integrity, and the thing is quarantined. The same state says that the event changes nothing here.
/// </summary>
/// <typeparam name="TState">The state; null before the first event.</typeparam>
public delegate TState? Evolve<TState>(TState? state, ChainEvent happened, in At at)
    where TState : class;

/// <summary>Reads the key of the thing that an event moves; false when the event moves none.</summary>
/// <typeparam name="TEvent">The event.</typeparam>
/// <typeparam name="TKey">The key.</typeparam>
public delegate bool KeyOf<in TEvent, TKey>(TEvent happened, out TKey key);

/// <summary>Reads the key of the thing that an event moves at a place; false when the event moves none.</summary>
/// <typeparam name="TEvent">The event.</typeparam>
/// <typeparam name="TKey">The key.</typeparam>
public delegate bool KeyAt<in TEvent, TKey>(TEvent happened, in At at, out TKey key);

/// <summary>The derived events that follow from an event in the state after it.</summary>
/// <typeparam name="TState">The state after the event.</typeparam>
public delegate IEnumerable<DerivedEvent> Derive<in TState>(TState state, ChainEvent happened);

/// <summary>A route of an event type to a fold.</summary>
/// <param name="Event">The event type.</param>
/// <param name="IsHome">Whether the event is stored in this fold's stream.</param>
/// <param name="KeyOf">A <see cref="KeyAt{TEvent, TKey}"/> of the event's type.</param>
/// <param name="Cascades">Whether derived events may follow from the event.</param>
/// <param name="IsByPlace">Whether the key is the place of the event, so that no other event has the same key.</param>
public sealed record Route(Type Event, bool IsHome, Delegate KeyOf, bool Cascades, bool IsByPlace = false);

/// <summary>One kind of thing that events change.</summary>
public abstract class Fold
{
    private readonly List<Route> _routes = [];

    private protected Fold(string name) => Name = name;

    /// <summary>The name: the prefix of its streams' keys and the name of its table. Stored; never rename.</summary>
    public string Name { get; }

    /// <summary>The type of the state.</summary>
    public abstract Type StateType { get; }

    /// <summary>The type of the key: an unsigned integer, a word, an address or text.</summary>
    public abstract Type KeyType { get; }

    /// <summary>The event types that move a thing of this kind.</summary>
    public IReadOnlyList<Route> Routes => _routes;

    /// <summary>Whether a thing of this kind has a stream, because some event is stored with it.</summary>
    public bool HasStreams => _routes.Exists(route => route.IsHome);

    /// <summary>
    /// Whether each event makes a thing of its own, keyed by the event's place. No event ever moves such a thing again.
    /// </summary>
    public bool IsByPlace => _routes.Count > 0 && _routes.TrueForAll(route => route.IsByPlace);

    private protected void Add(Route route) => _routes.Add(route);

    private protected void SetCascading(Type happened)
    {
        for (var i = 0; i < _routes.Count; i++)
            if (_routes[i].Event == happened) _routes[i] = _routes[i] with { Cascades = true };
    }
}

/// <summary>One kind of thing that events change, by key.</summary>
/// <typeparam name="TKey">The key: <see cref="ulong"/>, <see cref="Word"/>, <see cref="Address"/> or <see
/// cref="string"/>.</typeparam>
/// <typeparam name="TState">The state.</typeparam>
public sealed class Fold<TKey, TState>(string name, Evolve<TState> evolve) : Fold(name)
    where TKey : notnull, IEquatable<TKey>
    where TState : class
{
    private readonly Dictionary<Type, Derive<TState>> _derive = [];

    /// <inheritdoc />
    public override Type StateType => typeof(TState);

    /// <inheritdoc />
    public override Type KeyType => typeof(TKey);

    /// <summary>Gives the next state.</summary>
    public Evolve<TState> Evolve { get; } = evolve;

    /// <summary>The next deadline of a state, if it has one.</summary>
    public Func<TState, Deadline?>? NextDeadline { get; private set; }

    /// <summary>The event that says that a deadline passed.</summary>
    public Func<TState, Deadline, DerivedEvent>? Passed { get; private set; }

    /// <summary>Stores the events of a type in this thing's stream.</summary>
    public Fold<TKey, TState> On<TEvent>(Func<TEvent, TKey> key)
        where TEvent : ChainEvent => On<TEvent>(Always(key));

    /// <summary>Stores the events of a type in this thing's stream, when the event names a key.</summary>
    public Fold<TKey, TState> On<TEvent>(KeyOf<TEvent, TKey> key)
        where TEvent : ChainEvent
    {
        Add(new Route(typeof(TEvent), true, Anywhere(key), false));
        return this;
    }

    /// <summary>Moves this thing also by events of other streams.</summary>
    public Fold<TKey, TState> Also<TEvent>(Func<TEvent, TKey> key)
        where TEvent : ChainEvent => Also<TEvent>(Always(key));

    /// <summary>Moves this thing also by events of other streams, when the event names a key.</summary>
    public Fold<TKey, TState> Also<TEvent>(KeyOf<TEvent, TKey> key)
        where TEvent : ChainEvent
    {
        Add(new Route(typeof(TEvent), false, Anywhere(key), false));
        return this;
    }

    /// <summary>Moves this thing also by events of other streams, with a key taken from the event's place.</summary>
    public Fold<TKey, TState> Also<TEvent>(Func<TEvent, At, TKey> key)
        where TEvent : ChainEvent
    {
        KeyAt<TEvent, TKey> keyAt = (TEvent happened, in At at, out TKey found) =>
        {
            found = key(happened, at);
            return true;
        };
        Add(new Route(typeof(TEvent), false, keyAt, false));
        return this;
    }

    /// <summary>Makes one thing for each event of other streams, with the event's place as its key.</summary>
    public Fold<TKey, TState> Each<TEvent>(Func<At, TKey> place)
        where TEvent : ChainEvent
    {
        KeyAt<TEvent, TKey> keyAt = (TEvent happened, in At at, out TKey found) =>
        {
            found = place(at);
            return true;
        };
        Add(new Route(typeof(TEvent), false, keyAt, false, IsByPlace: true));
        return this;
    }

    /// <summary>Declares the events that follow from an event of this thing.</summary>
    public Fold<TKey, TState> Derives<TEvent>(Func<TState, TEvent, IEnumerable<DerivedEvent>> derive)
        where TEvent : ChainEvent
    {
        _derive.Add(typeof(TEvent), (state, happened) => derive(state, (TEvent)happened));
        SetCascading(typeof(TEvent));
        return this;
    }

    /// <summary>Declares the deadlines of this thing, and the event that announces a passed deadline.</summary>
    public Fold<TKey, TState> Deadlines(Func<TState, Deadline?> next, Func<TState, Deadline, DerivedEvent> passed)
    {
        (NextDeadline, Passed) = (next, passed);
        return this;
    }

    /// <summary>The derived events that follow from an event in the state after it.</summary>
    public IEnumerable<DerivedEvent> Derive(TState state, ChainEvent happened) =>
        _derive.TryGetValue(happened.GetType(), out var derive) ? derive(state, happened) : [];

    private static KeyOf<TEvent, TKey> Always<TEvent>(Func<TEvent, TKey> key) => (TEvent happened, out TKey found) =>
    {
        found = key(happened);
        return true;
    };

    private static KeyAt<TEvent, TKey> Anywhere<TEvent>(KeyOf<TEvent, TKey> key) =>
        (TEvent happened, in At at, out TKey found) => key(happened, out found);
}
