// An event as the leaf of the audit log: one canonical JSON object (RFC 8785) of its place in the chain, its place in
// its stream and its data. Enters: a record of the domain and its place. Leaves: bytes that depend on the chain alone,
// never on the way in which the event is stored. Always holds: members stand in order, whole numbers of more than 32
// bits are decimal text; data too large for an entry goes in by its hash. Frozen when appended; never change.
using System.Buffers;
using System.Collections.Frozen;
using System.Linq.Expressions;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using EventSourced.Domain;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Tables;

/// <summary>The members of a leaf beside the event's data.</summary>
/// <param name="Stream">The stream's key in UTF-8.</param>
/// <param name="Version">The event's place in its stream.</param>
/// <param name="At">The event's place in the chain.</param>
/// <param name="BlockHash">The block's hash.</param>
public readonly record struct LeafPlace(ReadOnlyMemory<byte> Stream, long Version, At At, Word BlockHash);

/// <summary>Writes events as leaves.</summary>
public static class EventLeaf
{
    /// <summary>The most bytes of a leaf. A longer one holds the hash of its data instead.</summary>
    public const int MostBytes = ushort.MaxValue;

    private static readonly FrozenDictionary<Type, LeafForm> Forms = EventCatalog.Events.Concat(DerivedEvents.All)
        .ToFrozenDictionary(known => known.Record, known => new LeafForm(known.Name, known.Record));

    /// <summary>Writes one leaf after the present content of the buffer.</summary>
    public static void Write(ArrayBufferWriter<byte> json, ChainEvent happened, in LeafPlace place)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(happened);
        var form = Forms[happened.GetType()];
        var first = json.WrittenCount;
        WriteBlock(json, place);
        json.Write(",\"data\":"u8);
        var data = json.WrittenCount;
        form.Write(json, happened);
        var end = json.WrittenCount;
        WriteRest(json, happened, form, place);
        if (json.WrittenCount - first <= MostBytes) return;
        var written = json.WrittenSpan;
        var (head, hash) = (written[..first].ToArray(), new Word(SHA256.HashData(written[data..end])));
        json.Clear();
        json.Write(head);
        WriteBlock(json, place);
        json.Write(",\"dataHash\":"u8);
        CanonicalJson.Write(json, hash);
        WriteRest(json, happened, form, place);
    }

    private static void WriteBlock(ArrayBufferWriter<byte> json, in LeafPlace place)
    {
        json.Write("{\"block\":{\"hash\":"u8);
        CanonicalJson.Write(json, place.BlockHash);
        json.Write(",\"number\":"u8);
        CanonicalJson.Write(json, place.At.Block);
        json.Write(",\"timestamp\":"u8);
        CanonicalJson.Write(json, place.At.Time);
        json.Write("}"u8);
    }

    private static void WriteRest(ArrayBufferWriter<byte> json, ChainEvent happened, LeafForm form, in LeafPlace place)
    {
        json.Write(
            happened is DerivedEvent ? ",\"derived\":true,\"logIndex\":"u8 : ",\"derived\":false,\"logIndex\":"u8);
        CanonicalJson.Write(json, place.At.LogIndex);
        json.Write(",\"ordinal\":"u8);
        CanonicalJson.Write(json, place.At.Ordinal);
        // A stream's key is the name of a thing and needs no escaping. Only a violation's subject may hold any text of
        // the chain.
        json.Write(",\"stream\":"u8);
        var key = place.Stream.Span;
        if (key.ContainsAny((byte)'"', (byte)'\\') || key.ContainsAnyInRange((byte)0, (byte)0x1f))
        {
            CanonicalJson.Write(json, Encoding.UTF8.GetString(key));
        }
        else
        {
            json.Write("\""u8);
            json.Write(key);
            json.Write("\""u8);
        }

        json.Write(form.Type);
        CanonicalJson.Write(json, (ulong)place.Version);
        json.Write("}"u8);
    }
}

// The canonical form of one record, compiled when its first event comes.
internal sealed class LeafForm
{
    private readonly Lazy<Action<ArrayBufferWriter<byte>, ChainEvent>> _write;

    internal LeafForm(string name, Type record)
    {
        Type = Encoding.UTF8.GetBytes($",\"type\":\"{name}\",\"version\":");
        _write = new(() => Compile(record));
    }

    /// <summary>The member type, and the name of the member behind it.</summary>
    internal byte[] Type { get; }

    internal void Write(ArrayBufferWriter<byte> json, ChainEvent happened) => _write.Value(json, happened);

    private static Action<ArrayBufferWriter<byte>, ChainEvent> Compile(Type record)
    {
        var json = Expression.Parameter(typeof(ArrayBufferWriter<byte>));
        var happened = Expression.Parameter(typeof(ChainEvent));
        var typed = Expression.Variable(record);
        var calls = new List<Expression> { Expression.Assign(typed, Expression.Convert(happened, record)) };
        AddMembers(calls, json, typed);
        var body = Expression.Block([typed], calls);
        return Expression.Lambda<Action<ArrayBufferWriter<byte>, ChainEvent>>(body, json, happened).Compile();
    }

    private static void AddMembers(List<Expression> calls, ParameterExpression json, Expression value)
    {
        var separator = "{";
        foreach (var property in Members(value.Type))
        {
            calls.Add(Raw(json, $"{separator}\"{Field(property)}\":"));
            separator = ",";
            AddValue(calls, json, Expression.Property(value, property));
        }

        calls.Add(Raw(json, separator == "{" ? "{}" : "}"));
    }

    private static void AddValue(List<Expression> calls, ParameterExpression json, Expression value)
    {
        var wire = value.Type.IsEnum ? Enum.GetUnderlyingType(value.Type) : value.Type;
        if (typeof(CanonicalJson).GetMethod("Write", [typeof(ArrayBufferWriter<byte>), wire]) is { } write)
            calls.Add(Expression.Call(write, json, wire == value.Type ? value : Expression.Convert(value, wire)));
        else if (wire.IsClass && Members(wire).Any())
            AddMembers(calls, json, value);
        else
            throw new NotSupportedException($"expected a type that a leaf may hold, found {value.Type}");
    }

    private static MethodCallExpression Raw(Expression json, string text) => Expression.Call(
        typeof(LeafForm).GetMethod(nameof(WriteRaw), BindingFlags.NonPublic | BindingFlags.Static)!,
        json, Expression.Constant(Encoding.UTF8.GetBytes(text)));

    private static void WriteRaw(ArrayBufferWriter<byte> json, byte[] text) => json.Write(text);

    // The parameters of the primary constructor, in the order of their canonical names.
    private static IEnumerable<PropertyInfo> Members(Type record) => record
        .GetConstructors(BindingFlags.Public | BindingFlags.Instance).MaxBy(found => found.GetParameters().Length)!
        .GetParameters().Select(parameter => record.GetProperty(parameter.Name!)!)
        .OrderBy(Field, StringComparer.Ordinal);

    private static string Field(PropertyInfo property) => char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
}
