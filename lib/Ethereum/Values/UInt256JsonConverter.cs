// UInt256 in JSON: written as decimal strings, because JSON numbers above 2^53 do not survive JavaScript.
// Read: decimal or 0x strings, and plain whole numbers from careful writers.
using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourced.Ethereum;

/// <summary>Writes a UInt256 as a decimal string; reads decimal or 0x strings and whole numbers.</summary>
public sealed class UInt256JsonConverter : JsonConverter<UInt256>
{
    /// <inheritdoc/>
    public override UInt256 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[UInt256.MaxDecimalLength];
        return UInt256.TryParse(text[..JsonNumberText.Copy(ref reader, text)], null, out var value)
            ? value
            : throw new JsonException("expected an unsigned 256-bit number as a string, found something else");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, UInt256 value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Span<byte> text = stackalloc byte[UInt256.MaxDecimalLength];
        value.TryFormat(text, out var written, default, null);
        writer.WriteStringValue(text[..written]);
    }

    /// <inheritdoc/>
    public override UInt256 ReadAsPropertyName(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, UInt256 value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(value.ToString());
    }
}

internal static class JsonNumberText
{
    /// <summary>Copies the token's characters and answers how many; none where they cannot be a number.</summary>
    public static int Copy(ref Utf8JsonReader reader, scoped Span<byte> scratch)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.PropertyName))
            return 0;
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length > scratch.Length || (reader.ValueIsEscaped && reader.TokenType != JsonTokenType.Number)) return 0;
        if (reader.HasValueSequence) reader.ValueSequence.CopyTo(scratch);
        else reader.ValueSpan.CopyTo(scratch);
        return (int)length;
    }
}
