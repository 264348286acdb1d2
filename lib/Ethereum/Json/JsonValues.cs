// Values of JSON as Ethereum's methods write them. Enters: tokens from strangers. Leaves: values, or a JsonException
// that says expected and found. Always holds: no text is read twice, no more memory is taken than its limit.
using System.Text.Json;

namespace EventSourced.Ethereum.Json;

/// <summary>Readers of single values, and of an object's fields.</summary>
public static class JsonValues
{
    /// <summary>The most bytes of a text value that is read into memory of its own.</summary>
    public const int MaxBytesLength = 64 << 20;

    /// <summary>A quantity of at most 64 bits.</summary>
    public static ulong Quantity(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && Hex.TryReadQuantity(Plain(ref reader), out var value)
            ? value
            : throw Expected("a quantity of at most 64 bits", ref reader);

    /// <summary>A quantity of at most 256 bits.</summary>
    public static UInt256 BigQuantity(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && Plain(ref reader) is [(byte)'0', (byte)'x', ..] text &&
            UInt256.TryParse(text, null, out var value)
            ? value
            : throw Expected("a quantity of at most 256 bits", ref reader);

    /// <summary>32 bytes.</summary>
    public static Hash32 Hash(ref Utf8JsonReader reader)
    {
        Span<byte> bytes = stackalloc byte[Hash32.ByteCount];
        return reader.TokenType == JsonTokenType.String && Hex.TryReadExactly(Plain(ref reader), bytes)
            ? new Hash32(bytes)
            : throw Expected("0x and 64 hex digits", ref reader);
    }

    /// <summary>An address.</summary>
    public static Address Account(ref Utf8JsonReader reader)
    {
        Span<byte> bytes = stackalloc byte[Address.ByteCount];
        return reader.TokenType == JsonTokenType.String && Hex.TryReadExactly(Plain(ref reader), bytes)
            ? new Address(bytes)
            : throw Expected("0x and 40 hex digits", ref reader);
    }

    /// <summary>Bytes of any length.</summary>
    public static byte[] Bytes(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType == JsonTokenType.String ? Plain(ref reader) : default;
        if (text.Length < 2 || text.Length % 2 != 0 || text.Length > 2 * MaxBytesLength)
            throw Expected("0x and hex digits", ref reader);
        var bytes = new byte[text.Length / 2 - 1];
        return Hex.TryReadExactly(text, bytes) ? bytes : throw Expected("0x and hex digits", ref reader);
    }

    /// <summary>A text.</summary>
    public static string Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) throw Expected("a text", ref reader);
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException broken)
        {
            throw new JsonException(
                $"expected a text of UTF-8, found other bytes, at byte {reader.TokenStartIndex}", broken);
        }
    }

    /// <summary>true or false.</summary>
    public static bool Truth(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.True or JsonTokenType.False
            ? reader.GetBoolean()
            : throw Expected("true or false", ref reader);

    /// <summary>Moves to the next token; an end of the text within a value is malformed.</summary>
    public static void Advance(ref Utf8JsonReader reader)
    {
        if (!reader.Read()) throw new JsonException("expected more JSON, found the end");
    }

    internal static void Enter(ref Utf8JsonReader reader, string what)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Expected(what, ref reader);
    }

    /// <summary>Moves to the next property name; false at the object's end.</summary>
    internal static bool Field(ref Utf8JsonReader reader)
    {
        Advance(ref reader);
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Whether the property has this name; if so the reader moves on to its value.</summary>
    internal static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(name)) return false;
        Advance(ref reader);
        return true;
    }

    internal static void SkipField(ref Utf8JsonReader reader)
    {
        Advance(ref reader);
        reader.Skip();
    }

    /// <summary>A text token's bytes; hex digits never need escapes, so an escaped text is refused.</summary>
    internal static ReadOnlySpan<byte> Plain(ref Utf8JsonReader reader) =>
        reader.HasValueSequence || reader.ValueIsEscaped
            ? throw Expected("hex digits in one piece", ref reader)
            : reader.ValueSpan;

    internal static JsonException Expected(string what, ref Utf8JsonReader reader)
    {
        var text = reader.HasValueSequence
            ? ""
            : System.Text.Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(80, reader.ValueSpan.Length)]);
        return new JsonException(
            $"expected {what}, found {reader.TokenType} '{text}', at byte {reader.TokenStartIndex}");
    }

    internal static JsonException Missing(string field, string what) =>
        new($"expected the field '{field}' in {what}, found none");
}
