// The domain's fold of one thing as Marten's live aggregate. Enters: the events of the thing's stream, from Marten.
// Leaves: the state as the indexer has it. A fold may be moved by events of other streams too; those are read as well,
// and all of them are folded in the order of their sequence. Always holds: an event that the state does not allow stops
// the fold, as it does in the indexer.
using System.Reflection;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using JasperFx.Events;
using JasperFx.Events.Aggregation;
using JasperFx.Events.Daemon;
using Marten;
using Marten.Events;
using Marten.Events.Aggregation;
using Marten.Schema;

namespace EventSourced.Marten;

/// <summary>Folds one stream's thing.</summary>
internal sealed class FoldedProjection<TKey, TState> : SingleStreamProjection<Folded<TState>, string>
    where TKey : notnull, IEquatable<TKey>
    where TState : class
{
    private readonly Fold<TKey, TState> _fold;
    private readonly ILookup<Type, Moved> _moved;
    private readonly Type[] _elsewhere;
    private readonly PropertyInfo _key = typeof(TState).GetProperty(
        typeof(TState).GetConstructors().MaxBy(made => made.GetParameters().Length)!.GetParameters()[0].Name!)!;

    public FoldedProjection(Fold<TKey, TState> fold)
    {
        _fold = fold;
        Name = $"folded {fold.Name}";
        // An event's home comes first, as in the indexer.
        _moved = fold.Routes.OrderBy(route => !route.IsHome).ToLookup(route => route.Event, Bind);
        _elsewhere = [.. fold.Routes.Where(route => !route.IsHome).Select(route => route.Event).Distinct()];
        foreach (var type in _moved) IncludeType(type.Key);
    }

    /// <summary>Whether an event moves a thing, and which.</summary>
    private delegate bool Moved(ChainEvent happened, in At at, out TKey key);

    /// <inheritdoc />
    public override async ValueTask<(Folded<TState>?, ActionType)> DetermineActionAsync(
        IQuerySession session, Folded<TState>? snapshot, string identity,
        IIdentitySetter<Folded<TState>, string> identitySetter, IReadOnlyList<IEvent> events,
        CancellationToken cancellation)
    {
        snapshot ??= new Folded<TState> { Id = identity };
        var moving = await ElsewhereAsync(session, snapshot, events, cancellation).ConfigureAwait(false);
        foreach (var one in events.Concat(moving).OrderBy(one => one.Sequence)) Take(snapshot, one);
        return (snapshot, ActionType.Store);
    }

    // The events of other streams that moved it, up to the next event of its own stream.
    private async Task<List<IEvent>> ElsewhereAsync(
        IQuerySession session, Folded<TState> folded, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        List<IEvent> found = [];
        if (_elsewhere.Length == 0) return found;
        var (stream, from, last) = (folded.Id, folded.Sequence, events[^1].Version);
        var next = await session.Events.QueryAllRawEvents()
            .Where(one => one.StreamKey == stream && one.Version == last + 1)
            .FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
        var before = next?.Sequence ?? long.MaxValue;
        var asked = session.Events.QueryAllRawEvents()
            .Where(one => one.EventTypesAre(_elsewhere) && one.StreamKey != stream)
            .Where(one => one.Sequence > from && one.Sequence < before)
            .ToAsyncEnumerable(cancellation);
        await foreach (var one in asked.ConfigureAwait(false))
            if (RoutesOf(one, stream).Any()) found.Add(one);
        return found;
    }

    private void Take(Folded<TState> folded, IEvent one)
    {
        foreach (var _ in RoutesOf(one, folded.Id))
        {
            if (folded.IsQuarantined) return;
            var happened = (ChainEvent)one.Data;
            var next = _fold.Evolve(folded.State, happened, PlaceOf(one));
            // A first event that makes another thing than the one of this stream is impossible too.
            if (next is null || (folded.State is null && StreamOf((TKey)_key.GetValue(next)!) != folded.Id))
            {
                folded.IsQuarantined = true;
                return;
            }

            folded.State = next;
            folded.Sequence = one.Sequence;
        }
    }

    private IEnumerable<Moved> RoutesOf(IEvent one, string stream) => _moved[one.EventType]
        .Where(moves => moves((ChainEvent)one.Data, PlaceOf(one), out var key) && StreamOf(key) == stream);

    private string StreamOf(TKey key) => $"{_fold.Name}-{key}";

    private static At PlaceOf(IEvent one) =>
        Domain.Folding.EventIdentity.PlaceOf(one.Id, (ulong)one.Timestamp.ToUnixTimeSeconds());

    private static Moved Bind(Route route) => (Moved)typeof(FoldedProjection<TKey, TState>)
        .GetMethod(nameof(BindOne), BindingFlags.NonPublic | BindingFlags.Static)!
        .MakeGenericMethod(route.Event).Invoke(null, [route.KeyOf])!;

    private static Moved BindOne<TEvent>(KeyAt<TEvent, TKey> keyOf)
        where TEvent : ChainEvent =>
        (ChainEvent happened, in At at, out TKey key) => keyOf((TEvent)happened, at, out key);
}

/// <summary>
/// Names the folded state: the states of all things are records named State, and two documents may not have one alias.
/// </summary>
internal sealed class FoldedNames : IDocumentPolicy
{
    /// <inheritdoc />
    public void Apply(DocumentMapping mapping)
    {
        var type = mapping.DocumentType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(Folded<>)) return;
        var state = type.GetGenericArguments()[0];
        mapping.Alias = $"folded_{state.DeclaringType?.Name ?? state.Name}";
    }
}
