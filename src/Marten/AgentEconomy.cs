// Makes a Marten store one of the agent economy. Enters: a store's options. Leaves: the same options with every event
// type of the catalog and every derived one under its stored name, the serializer of the stored form, and a live
// aggregate for each fold of the domain that has streams. Always holds: a store with these options finds the schema
// that the indexer keeps, and nothing to change in it.
using System.Reflection;
using EventSourced.Domain;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;

namespace EventSourced.Marten;

/// <summary>Opens a database of the agent economy with Marten.</summary>
public static class AgentEconomy
{
    /// <summary>
    /// Registers every event type, the serializer, and <see cref="Folded{TState}"/> of every state of the domain as a
    /// live aggregate:
    /// <c>session.Events.AggregateStreamAsync&lt;Folded&lt;Tasks.State&gt;&gt;("task-7")</c>.
    /// </summary>
    public static StoreOptions AddAgentEconomy(this StoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.AddEvents();
        options.Policies.OnDocuments<FoldedNames>();
        foreach (var fold in Folds())
            typeof(AgentEconomy).GetMethod(nameof(AddFold), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(fold.KeyType, fold.StateType).Invoke(null, [options, fold]);
        return options;
    }

    /// <summary>
    /// Registers what decides how events are stored: their names, their JSON, the identity of streams.
    /// </summary>
    internal static void AddEvents(this StoreOptions options)
    {
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.UseSystemTextJsonForSerialization(configure: json => json.Converters.Add(new StoredEvents()));
        foreach (var (name, record) in EventCatalog.Events.Concat(DerivedEvents.All))
            options.Events.MapEventType(record, name);
    }

    /// <summary>Every fold of the domain that has streams.</summary>
    internal static IEnumerable<Fold> Folds() => typeof(ChainEvent).Assembly.GetExportedTypes()
        .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(property => typeof(Fold).IsAssignableFrom(property.PropertyType))
        .Select(property => (Fold)property.GetValue(null)!)
        .Where(fold => fold.HasStreams);

    private static void AddFold<TKey, TState>(StoreOptions options, Fold<TKey, TState> fold)
        where TKey : notnull, IEquatable<TKey>
        where TState : class =>
        options.Projections.Add(new FoldedProjection<TKey, TState>(fold), ProjectionLifecycle.Live);
}
