// The things that an event changes, found without a database. Enters: an event at its place. Leaves: the read models
// with a changed row and the keys of those rows, by the same routes that the indexer folds by.
using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Projections;

namespace EventSourced.Api.Streams;

/// <summary>A thing: a row of a read model by its key, as text.</summary>
internal readonly record struct Thing(ReadModel Model, string Key)
{
    /// <summary>The id of its node and, where it has one, of its event stream.</summary>
    internal string Id => $"{Model.Fold.Name}-{Key}";
}

/// <summary>One route of an event to a fold: the key of the changed row, or null when the event changes none by this
/// route.</summary>
internal sealed record BoundRoute(ReadModel Model, Func<ChainEvent, At, string?> KeyOf);

/// <summary>All routes of all read models.</summary>
internal static class EventRoutes
{
    private static readonly FrozenDictionary<Type, BoundRoute[]> ByEvent = ReadModels.All
        .SelectMany(model => model.Fold.Routes.Select(route => (route.Event, Bound: model.Accept(new Binder(route)))))
        .GroupBy(pair => pair.Event, pair => pair.Bound)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray());

    private static readonly FrozenDictionary<string, ReadModel> ByName =
        ReadModels.All.ToFrozenDictionary(model => model.Fold.Name, StringComparer.Ordinal);

    /// <summary>The things that an event changes, each once.</summary>
    internal static IEnumerable<Thing> Moved(ChainEvent happened, At at) =>
        !ByEvent.TryGetValue(happened.GetType(), out var routes)
        ? []
        : routes.Select(route => (route.Model, Key: route.KeyOf(happened, at))).Where(found => found.Key is not null)
            .Select(found => new Thing(found.Model, found.Key!)).Distinct();

    /// <summary>The thing of an id. The longest fold name that the id begins with decides; the rest of the id is the
    /// key.</summary>
    internal static Thing? Find(string id)
    {
        for (var end = id.LastIndexOf('-'); end > 0; end = id.LastIndexOf('-', end - 1))
            if (ByName.TryGetValue(id[..end], out var model)) return new Thing(model, id[(end + 1)..]);
        return null;
    }

    /// <summary>The routes of one model for an event's type.</summary>
    internal static IEnumerable<BoundRoute> Of(ReadModel model, ChainEvent happened) =>
        ByEvent.TryGetValue(happened.GetType(), out var routes)
            ? routes.Where(route => ReferenceEquals(route.Model, model))
            : [];

    private sealed class Binder(Route route) : IReadModelVisitor<BoundRoute>
    {
        public BoundRoute Visit<TKey, TState>(ReadModel<TKey, TState> model)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class => (BoundRoute)typeof(Binder)
                .GetMethod(nameof(Bind), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(route.Event, typeof(TKey)).Invoke(null, [model, route])!;

        private static BoundRoute Bind<TEvent, TKey>(ReadModel model, Route route)
            where TEvent : ChainEvent
            where TKey : notnull
        {
            var keyOf = (KeyAt<TEvent, TKey>)route.KeyOf;
            return new BoundRoute(
                model, (happened, at) => keyOf((TEvent)happened, at, out var key)
                    ? Convert.ToString(key, CultureInfo.InvariantCulture)
                    : null);
        }
    }
}
