// An event as the store knows it: the caller's data and what the store adds. Appended events get their stream, version
// and sequence when they are saved; fetched ones carry what mt_events holds. Version starts at 1 and has no holes.
using System.Text.Json;
using EventSourced.EventStore.Json;

namespace EventSourced.EventStore;

/// <summary>One event with its place in the stream and in the whole store.</summary>
public abstract class Event
{
    private protected Event(EventType type) => Type = type;

    /// <summary>What happened, as the domain's own type.</summary>
    public abstract object Data { get; }

    /// <summary>The event's identity; a new random one unless the writer set it.</summary>
    public Guid Id { get; set; }

    /// <summary>The key of the stream.</summary>
    public string StreamKey { get; internal set; } = "";

    /// <summary>The position in the stream, from 1.</summary>
    public long Version { get; internal set; }

    /// <summary>The position among all events of the store.</summary>
    public long Sequence { get; internal set; }

    /// <summary>When it happened; the store's clock unless the writer set it.</summary>
    public DateTimeOffset Timestamp { get; set; }

    /// <summary>Whether the stream was archived.</summary>
    public bool IsArchived { get; internal set; }

    /// <summary>Correlation, causation, user and headers, as far as the options enable them.</summary>
    public EventMetadata? Metadata { get; set; }

    /// <summary>The stored name of the event's type.</summary>
    public string EventTypeName => Type.Alias;

    /// <summary>The event's CLR type.</summary>
    public Type EventType => Type.ClrType;

    internal EventType Type { get; }
}

/// <summary>One event whose data is a <typeparamref name="T"/>.</summary>
/// <typeparam name="T">The domain's type.</typeparam>
public sealed class Event<T> : Event
    where T : class
{
    internal Event(EventType type, T data)
        : base(type) => Data = data;

    /// <inheritdoc/>
    public override T Data { get; }
}

/// <summary>What surrounds an event: why it happened and for whom.</summary>
public sealed record EventMetadata
{
    /// <summary>Ties together everything that one request caused.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The message or event that led to this one.</summary>
    public string? CausationId { get; init; }

    /// <summary>Who asked for it.</summary>
    public string? UserName { get; init; }

    /// <summary>Anything else, as JSON values by name.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Headers { get; init; }
}
