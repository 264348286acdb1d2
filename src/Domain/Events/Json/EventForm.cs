// The stored form of an event of the catalog: its name, its record, and its JSON both ways, made for this one record by
// tools/EventGenerator. Always holds: the bytes and the verdicts are those of the serializer with EventJson, only
// sooner.
using System.Text.Json;

namespace EventSourced.Domain.Events;

/// <summary>Writes a record as one JSON object.</summary>
/// <typeparam name="T">The record.</typeparam>
public delegate void FormWriting<in T>(Utf8JsonWriter json, T happened);

/// <summary>Reads a record from its JSON; null where the JSON is null.</summary>
/// <typeparam name="T">The record.</typeparam>
public delegate T? FormReading<out T>(ReadOnlySpan<byte> json);

/// <summary>The stored form of an event.</summary>
public abstract class EventForm
{
    private protected EventForm(string name, Type record) => (Name, Record) = (name, record);

    /// <summary>The stored name; never rename.</summary>
    public string Name { get; }

    /// <summary>The record.</summary>
    public Type Record { get; }

    /// <summary>Reads the record from its JSON; null where the JSON is null.</summary>
    public abstract ChainEvent? Read(ReadOnlySpan<byte> json);
}

/// <summary>The stored form of an event, by its type.</summary>
/// <typeparam name="T">The record.</typeparam>
public sealed class EventForm<T> : EventForm
    where T : ChainEvent
{
    internal EventForm(string name, FormWriting<T> write, FormReading<T> read)
        : base(name, typeof(T)) => (Writing, Reading) = (write, read);

    /// <summary>The function that writes the record.</summary>
    public FormWriting<T> Writing { get; }

    /// <summary>The function that reads the record.</summary>
    public FormReading<T> Reading { get; }

    /// <inheritdoc />
    public override ChainEvent? Read(ReadOnlySpan<byte> json) => Reading(json);
}
