// Stored events by their names. Enters: a type's stored name and its JSON. Leaves: the domain's record. Always
// holds: every event of the catalog and every derived event is known; another name is a fault that says so.
using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventSourced.Domain;
using EventSourced.Domain.Events;

namespace EventSourced.Api.Streams;

/// <summary>Reads the JSON of stored events.</summary>
internal static class EventRecords
{
    private static readonly FrozenDictionary<string, EventForm> Forms =
        StoredForm.All.ToFrozenDictionary(form => form.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, JsonTypeInfo> Derived = DerivedEvents.All
        .ToFrozenDictionary(
            known => known.Name, known => DerivedJson.Default.GetTypeInfo(known.Record)!, StringComparer.Ordinal);

    private static readonly FrozenDictionary<Type, string> Names = EventCatalog.Events.Concat(DerivedEvents.All)
        .ToFrozenDictionary(known => known.Record, known => known.Name);

    /// <summary>Every stored name.</summary>
    internal static IEnumerable<string> All => Names.Values;

    /// <summary>The stored names of events without a log of their own.</summary>
    internal static string[] AllDerived { get; } = [.. DerivedEvents.All.Select(known => known.Name)];

    /// <summary>Whether some event has this stored name.</summary>
    internal static bool IsKnown(string name) => Forms.ContainsKey(name) || IsDerived(name);

    /// <summary>Whether events of this name follow from the chain without a log of their own.</summary>
    internal static bool IsDerived(string name) => Derived.ContainsKey(name);

    /// <summary>The stored name of a record.</summary>
    internal static string NameOf(Type record) => Names[record];

    /// <summary>The record of a stored event.</summary>
    internal static ChainEvent Read(string name, ReadOnlySpan<byte> json) =>
        Forms.TryGetValue(name, out var form) ? form.Read(json)!
        : Derived.TryGetValue(name, out var type) ? (ChainEvent)JsonSerializer.Deserialize(json, type)!
        : throw new JsonException(
            $"expected an event of catalog {EventCatalog.Version}, found the stored name '{name}'");
}
