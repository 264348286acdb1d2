// How one event type is stored: its alias, its CLR name as Marten writes it, and how its data becomes JSON and comes
// back.
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventSourced.MartenBulk;

/// <summary>Writes an event's data as one JSON object; the hand-written form for hot paths.</summary>
/// <typeparam name="T">The event's type.</typeparam>
public delegate void EventWriter<in T>(Utf8JsonWriter json, T data);

/// <summary>
/// Reads an event's data from the UTF-8 JSON that PostgreSQL stored; the hand-written form for hot paths.
/// </summary>
/// <typeparam name="T">The event's type.</typeparam>
public delegate T? EventReader<out T>(ReadOnlySpan<byte> json);

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
        DotNetTypeName = $"{clrType.FullName}, {clrType.Assembly.GetName().Name}";
        DotNetTypeNameUtf8 = Encoding.UTF8.GetBytes(DotNetTypeName);
    }

    /// <summary>The name in <c>mt_events.type</c>: stored; never rename.</summary>
    public string Alias { get; }

    /// <summary>The CLR type.</summary>
    public Type ClrType { get; }

    /// <summary>The name in <c>mt_events.mt_dotnet_type</c>: full name and assembly, without version or key.</summary>
    public string DotNetTypeName { get; }

    internal byte[] AliasUtf8 { get; }

    internal byte[] DotNetTypeNameUtf8 { get; }

    /// <summary>An event type that the serializer writes and reads.</summary>
    public static EventType Of<T>(string alias, JsonTypeInfo<T> json)
        where T : class =>
        new EventType<T>(
            alias,
            (writer, data) => JsonSerializer.Serialize(writer, data, json),
            utf8 => JsonSerializer.Deserialize(utf8, json));

    /// <summary>An event type that is written and read by hand.</summary>
    public static EventType Of<T>(string alias, EventWriter<T> write, EventReader<T> read)
        where T : class => new EventType<T>(alias, write, read);

    /// <summary>Writes the data as JSON.</summary>
    internal abstract void Write(Utf8JsonWriter json, object data);

    /// <summary>Reads the data.</summary>
    internal abstract object Read(ReadOnlySpan<byte> json);
}

/// <summary>An event type, by its CLR type.</summary>
internal sealed class EventType<T>(string alias, EventWriter<T> write, EventReader<T> read)
    : EventType(alias, typeof(T))
    where T : class
{
    internal override void Write(Utf8JsonWriter json, object data) => write(json, (T)data);

    internal override object Read(ReadOnlySpan<byte> json) =>
        read(json) ?? throw new JsonException($"event '{Alias}': expected a JSON object, found null");
}
