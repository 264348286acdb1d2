// How one event type is stored: its alias, its CLR name, and how its data becomes JSON and comes back. One instance for
// each registered type, and one for each old version that an upcaster lifts.
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventSourced.EventStore.Json;

/// <summary>Writes an event's data as one JSON object; the hand-written form for hot paths.</summary>
/// <typeparam name="T">The event's type.</typeparam>
public delegate void EventWriter<in T>(Utf8JsonWriter json, T data);

/// <summary>
/// Reads an event's data from the UTF-8 JSON that PostgreSQL stored; the hand-written form for hot paths.
/// </summary>
/// <typeparam name="T">The event's type.</typeparam>
public delegate T EventReader<out T>(ReadOnlySpan<byte> json);

/// <summary>A registered event type.</summary>
public abstract class EventType
{
    private protected EventType(string alias, Type clrType)
    {
        if (alias.Length is 0 or > Limits.EventAliasCharacters)
            throw new ArgumentException(
                $"expected an alias of 1 to {Limits.EventAliasCharacters} characters, found '{alias}'");
        StorableText.Check(alias);
        Alias = alias;
        AliasUtf8 = Encoding.UTF8.GetBytes(alias);
        ClrType = clrType;
        DotNetTypeName = MartenNaming.DotNetTypeName(clrType);
        DotNetTypeNameUtf8 = Encoding.UTF8.GetBytes(DotNetTypeName);
    }

    /// <summary>The name in <c>mt_events.type</c>: stored; never rename.</summary>
    public string Alias { get; }

    /// <summary>The CLR type.</summary>
    public Type ClrType { get; }

    /// <summary>The name in <c>mt_events.mt_dotnet_type</c>.</summary>
    public string DotNetTypeName { get; }

    internal byte[] AliasUtf8 { get; }

    internal byte[] DotNetTypeNameUtf8 { get; }

    /// <summary>The CLR type that reading gives, before further upcasters.</summary>
    internal virtual Type Produces => ClrType;

    /// <summary>Writes the data as JSON.</summary>
    internal abstract void Write(Utf8JsonWriter json, object data);

    /// <summary>Reads the data alone.</summary>
    internal abstract object ReadData(ReadOnlySpan<byte> json);

    /// <summary>Puts data of this type into an event.</summary>
    internal abstract Event Wrap(object data);
}

/// <summary>An event type that is written and read.</summary>
internal sealed class EventType<T>(
    string alias,
    JsonTypeInfo<T>? json,
    EventWriter<T>? write,
    EventReader<T>? read) : EventType(alias, typeof(T))
    where T : class
{
    internal override void Write(Utf8JsonWriter writer, object data)
    {
        if (write is not null) write(writer, (T)data);
        else JsonSerializer.Serialize(writer, (T)data, Json);
    }

    internal override object ReadData(ReadOnlySpan<byte> utf8) =>
        (read is not null ? read(utf8) : JsonSerializer.Deserialize(utf8, Json))
        ?? throw new JsonException($"event '{Alias}': expected a JSON object, found null");

    internal override Event Wrap(object data) => new Event<T>(this, (T)data);

    private JsonTypeInfo<T> Json =>
        json ?? throw new InvalidOperationException(
            $"event '{Alias}' was registered without JSON metadata for this direction");
}

/// <summary>An old version that is only read, and lifted to what the program knows today.</summary>
internal sealed class UpcastEventType<TOld>(
    string alias,
    Type produces,
    EventReader<TOld> read,
    Func<TOld, object> lift,
    EventTypes types) : EventType(alias, typeof(TOld))
{
    internal override Type Produces => produces;

    internal override void Write(Utf8JsonWriter json, object data) =>
        throw new InvalidOperationException($"event '{Alias}' is an old version; it is read and lifted, never written");

    internal override object ReadData(ReadOnlySpan<byte> json) => types.Lift(lift(read(json)));

    internal override Event Wrap(object data) => types.Of(data.GetType()).Wrap(data);
}
