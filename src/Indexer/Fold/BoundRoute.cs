// One route of an event type, bound to its table. Enters: an event at its place. Leaves: the thing's next state in the
// table, the event in its stream if the table is the event's home, and the derived events.
using System.Reflection;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Projections;

namespace EventSourced.Indexer.Fold;

/// <summary>A route of an event type, for any key and state type.</summary>
internal abstract class BoundRoute(StateTable table, Route route)
{
    internal StateTable Table { get; } = table;

    internal bool IsHome { get; } = route.IsHome;

    protected bool Cascades { get; } = route.Cascades;

    /// <summary>Whether the thing is in memory; otherwise the table asks for it.</summary>
    internal abstract bool IsReady(ChainEvent happened, in At at);

    /// <summary>Moves the thing; false if this route moves none for this event.</summary>
    internal abstract bool Run(ChainEvent happened, in At at, ChainFold fold);

    /// <summary>
    /// The routes of every event type: its home first, then the tables in the order of their declaration.
    /// </summary>
    internal static Dictionary<Type, BoundRoute[]> PlanOf(IEnumerable<StateTable> tables) => tables
        .SelectMany(table => table.Model.Fold.Routes.Select(
            route => (route, bound: table.Model.Accept(new Binder(table, route)))))
        .GroupBy(pair => pair.route.Event)
        .ToDictionary(
            group => group.Key,
            group => group.Select(pair => pair.bound).OrderBy(bound => bound.IsHome ? 0 : 1).ToArray());

    private sealed class Binder(StateTable table, Route route) : IReadModelVisitor<BoundRoute>
    {
        public BoundRoute Visit<TKey, TState>(ReadModel<TKey, TState> model)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class => (BoundRoute)typeof(Binder)
                .GetMethod(nameof(Bind), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(route.Event, typeof(TKey), typeof(TState))
                .Invoke(null, [table, route])!;

        private static BoundRoute<TEvent, TKey, TState> Bind<TEvent, TKey, TState>(StateTable table, Route route)
            where TEvent : ChainEvent
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class => new((StateTable<TKey, TState>)table, route);
    }
}

/// <summary>A route of an event type.</summary>
internal sealed class BoundRoute<TEvent, TKey, TState>(StateTable<TKey, TState> table, Route route)
    : BoundRoute(table, route)
    where TEvent : ChainEvent
    where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
    where TState : class
{
    private readonly KeyAt<TEvent, TKey> _keyOf = (KeyAt<TEvent, TKey>)route.KeyOf;

    internal override bool IsReady(ChainEvent happened, in At at) =>
        !_keyOf((TEvent)happened, at, out var key) || table.IsReady(key);

    internal override bool Run(ChainEvent happened, in At at, ChainFold fold)
    {
        if (!_keyOf((TEvent)happened, at, out var key)) return false;
        if (table.IsWrittenOnce)
        {
            if (!table.Record(happened, at, fold.Batch)) fold.Violated(
                $"{table.Fold.Name}-{key}", happened, "nothing yet");
            return true;
        }

        var slot = table.Take(key, fold.Batch.Number);
        if (IsHome) fold.Store(table.StreamOf(slot), slot.Version + 1, happened, at);
        if (!table.Evolve(slot, happened, at, IsHome, fold.Batch))
        {
            fold.Violated($"{table.Fold.Name}-{key}", happened, slot.State?.ToString() ?? "nothing yet");
            return true;
        }

        if (Cascades && !slot.IsQuarantined)
            foreach (var derived in table.Fold.Derive(slot.State!, happened)) fold.Follow(derived);
        return true;
    }
}
