// The event types, by CLR type and by stored alias. Always holds: an alias names one type for ever, and a type has one
// alias.
namespace EventSourced.MartenBulk;

/// <summary>The registered event types.</summary>
public sealed class EventTypes
{
    private readonly Dictionary<string, EventType> _byAlias = [];
    private readonly Dictionary<Type, EventType> _byClrType = [];
    private readonly Utf8Table<EventType> _byAliasUtf8;

    /// <summary>Registers event types.</summary>
    public EventTypes(IEnumerable<EventType> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        foreach (var type in types) Add(type);
        _byAliasUtf8 = new Utf8Table<EventType>(_byAlias.Values.Select(type => (type.AliasUtf8, type)));
    }

    /// <summary>The registered type of a CLR type.</summary>
    public EventType Of(Type type) =>
        _byClrType.TryGetValue(type, out var found) ? found : throw new UnknownEventTypeException(type);

    /// <summary>Reads the data of an event from its stored JSON.</summary>
    /// <exception cref="System.Text.Json.JsonException">The JSON is no such event, or its alias is unknown.</exception>
    public object Read(string alias, ReadOnlySpan<byte> json) => _byAlias.TryGetValue(alias, out var type)
        ? type.Read(json)
        : throw new System.Text.Json.JsonException($"expected a registered event type, found the alias '{alias}'");

    internal EventType? Find(ReadOnlySpan<byte> aliasUtf8) => _byAliasUtf8.Find(aliasUtf8);

    /// <summary>Every alias under which data of one of these CLR types is stored.</summary>
    internal string[] AliasesOf(IReadOnlyCollection<Type> types) =>
    [
        .. from type in _byAlias.Values
           where types.Any(wanted => wanted.IsAssignableFrom(type.ClrType))
           select type.Alias,
    ];

    private void Add(EventType type)
    {
        if (!_byAlias.TryAdd(type.Alias, type))
            throw new ArgumentException(
                $"alias '{type.Alias}': expected one type, found {_byAlias[type.Alias].ClrType} and {type.ClrType}");
        if (!_byClrType.TryAdd(type.ClrType, type))
            throw new ArgumentException(
                $"expected one alias for {type.ClrType}, found '{_byClrType[type.ClrType].Alias}' and '{type.Alias}'");
    }
}
