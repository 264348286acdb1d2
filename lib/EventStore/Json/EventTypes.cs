// The event types of one store, by CLR type and by stored alias. Filled while the store is configured, read-only after:
// an alias names one type for ever, and an old version reaches today's type through its upcasters.
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventSourced.EventStore.Json;

/// <summary>The registered event types: what Marten calls the event graph.</summary>
public sealed class EventTypes
{
    private readonly Dictionary<string, EventType> _byAlias = [];
    private readonly Dictionary<Type, EventType> _byClrType = [];
    private readonly Dictionary<Type, (Type Target, Func<object, object> Lift)> _lifts = [];
    private Utf8Table<EventType> _byAliasUtf8 = new([]);
    private bool _frozen;

    internal EventTypes()
    {
    }

    /// <summary>Which optional columns <c>mt_events</c> has.</summary>
    public MetadataConfig MetadataConfig { get; } = new();

    /// <summary>Registers an event type under Marten's alias for its name.</summary>
    public EventTypes AddEventType<T>(
        JsonTypeInfo<T> json, EventWriter<T>? write = null, EventReader<T>? read = null)
        where T : class => MapEventType(MartenNaming.Alias(typeof(T)), json, write, read);

    /// <summary>
    /// Registers a later version of an event type: version 2 of <c>order_placed</c> is <c>order_placed_v2</c>.
    /// </summary>
    public EventTypes MapEventTypeWithSchemaVersion<T>(
        int schemaVersion, JsonTypeInfo<T> json, EventWriter<T>? write = null, EventReader<T>? read = null)
        where T : class => MapEventType(Versioned(MartenNaming.Alias(typeof(T)), schemaVersion), json, write, read);

    /// <summary>Registers an event type under an alias of its own.</summary>
    public EventTypes MapEventType<T>(
        string alias, JsonTypeInfo<T> json, EventWriter<T>? write = null, EventReader<T>? read = null)
        where T : class => Add(new EventType<T>(alias, json, write, read));

    /// <summary>Registers an event type that is written and read by hand.</summary>
    public EventTypes MapEventType<T>(string alias, EventWriter<T> write, EventReader<T> read)
        where T : class => Add(new EventType<T>(alias, null, write, read));

    /// <summary>Lifts the events stored under Marten's alias for the new type, at an old schema version.</summary>
    public EventTypes Upcast<TOld, TNew>(int schemaVersion, JsonTypeInfo<TOld> json, Func<TOld, TNew> lift)
        where TOld : class
        where TNew : class => Upcast(Versioned(MartenNaming.Alias(typeof(TNew)), schemaVersion), json, lift);

    /// <summary>Lifts the events stored under an alias from their old shape to a newer one.</summary>
    public EventTypes Upcast<TOld, TNew>(string alias, JsonTypeInfo<TOld> json, Func<TOld, TNew> lift)
        where TOld : class
        where TNew : class
    {
        ArgumentNullException.ThrowIfNull(lift);
        TOld Read(ReadOnlySpan<byte> utf8) =>
            JsonSerializer.Deserialize(utf8, json)
            ?? throw new JsonException($"event '{alias}': expected a JSON object, found null");
        AddAlias(new UpcastEventType<TOld>(alias, typeof(TNew), Read, lift, this));
        if (typeof(TOld) != typeof(TNew)) _lifts.TryAdd(typeof(TOld), (typeof(TNew), old => lift((TOld)old)));
        return this;
    }

    /// <summary>Lifts the events stored under an alias straight from their JSON.</summary>
    public EventTypes Upcast<TNew>(string alias, Func<JsonElement, TNew> lift)
        where TNew : class
    {
        ArgumentNullException.ThrowIfNull(lift);
        static JsonElement Read(ReadOnlySpan<byte> utf8)
        {
            var reader = new Utf8JsonReader(utf8);
            return JsonElement.ParseValue(ref reader);
        }

        AddAlias(new UpcastEventType<JsonElement>(alias, typeof(TNew), Read, lift, this));
        return this;
    }

    /// <summary>The registered type of a CLR type.</summary>
    public EventType Of(Type type) =>
        _byClrType.TryGetValue(type, out var found) ? found : throw new UnknownEventTypeException(type);

    internal EventType? Find(string alias) => _byAlias.GetValueOrDefault(alias);

    internal EventType? Find(ReadOnlySpan<byte> aliasUtf8) => _byAliasUtf8.Find(aliasUtf8);

    /// <summary>Every alias under which data of one of these CLR types may be stored.</summary>
    internal string[] AliasesOf(IReadOnlyCollection<Type> types) =>
    [
        .. from type in _byAlias.Values
           let lifted = Lifted(type.Produces)
           where types.Any(wanted => wanted.IsAssignableFrom(lifted))
           select type.Alias,
    ];

    /// <summary>Puts caller data into an event, unless it already is one.</summary>
    internal Event Wrap(object data) => data as Event ?? Of(data.GetType()).Wrap(data);

    internal object Lift(object data)
    {
        while (_lifts.TryGetValue(data.GetType(), out var step)) data = step.Lift(data);
        return data;
    }

    internal void Freeze()
    {
        _frozen = true;
        _byAliasUtf8 = new Utf8Table<EventType>(_byAlias.Values.Select(type => (type.AliasUtf8, type)));
        foreach (var type in _byAlias.Values) Lifted(type.Produces);
    }

    private Type Lifted(Type type)
    {
        for (var steps = 0; _lifts.TryGetValue(type, out var step); steps++)
        {
            if (steps == Limits.UpcasterChain)
                throw new ArgumentException(
                    $"expected at most {Limits.UpcasterChain} upcasters in a row, found a circle at {type}");
            type = step.Target;
        }

        return type;
    }

    private static string Versioned(string alias, int schemaVersion) => schemaVersion switch
    {
        < 1 => throw new ArgumentOutOfRangeException(
            nameof(schemaVersion), schemaVersion, "expected a schema version of 1 or more"),
        1 => alias,
        _ => $"{alias}_v{schemaVersion}",
    };

    private EventTypes Add(EventType type)
    {
        AddAlias(type);
        if (!_byClrType.TryAdd(type.ClrType, type))
            throw new ArgumentException(
                $"expected one alias for {type.ClrType}, found '{_byClrType[type.ClrType].Alias}' and '{type.Alias}'");
        return this;
    }

    private void AddAlias(EventType type)
    {
        if (_frozen)
            throw new InvalidOperationException(
                "expected event types to be added while the store is configured, found a store in use");
        if (!_byAlias.TryAdd(type.Alias, type))
            throw new ArgumentException(
                $"alias '{type.Alias}': expected one type, found {_byAlias[type.Alias].ClrType} and {type.ClrType}");
    }
}
