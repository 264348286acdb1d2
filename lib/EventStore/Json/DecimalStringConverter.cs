// Integers wider than a double's 53 bits, as decimal strings: JSON numbers would lose their last digits in every reader
// that follows RFC 8785 or JavaScript. Works for any such type (UInt128, BigInteger, a chain's UInt256) without
// knowing it.
using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourced.EventStore.Json;

/// <summary>Reads and writes an integer type as a decimal string.</summary>
/// <typeparam name="T">The integer type.</typeparam>
public class DecimalStringConverter<T> : JsonConverter<T>
    where T : IUtf8SpanFormattable, IUtf8SpanParsable<T>
{
    /// <summary>Digits of the largest number taken: enough for 512 bits and a sign.</summary>
    public const int MaxDigits = 160;

    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException($"expected a decimal string, found {reader.TokenType}");
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length is 0 or > MaxDigits)
            throw new JsonException($"expected 1 to {MaxDigits} decimal digits, found {length}");
        Span<byte> digits = stackalloc byte[MaxDigits];
        digits = digits[..reader.CopyString(digits)];
        // Only the plain form is taken, so that one number has one text.
        var plain = digits is [(byte)'-', .. var rest] ? rest : digits;
        if (plain is not ([>= (byte)'1' and <= (byte)'9', ..] or [(byte)'0'])
            || plain.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !T.TryParse(digits, CultureInfo.InvariantCulture, out var value))
            throw new JsonException($"expected a decimal {typeof(T).Name}, found '{reader.GetString()}'");
        return value;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Span<byte> digits = stackalloc byte[MaxDigits];
        if (!value.TryFormat(digits, out var written, default, CultureInfo.InvariantCulture))
            throw new JsonException($"expected at most {MaxDigits} decimal digits, found more");
        writer.WriteStringValue(digits[..written]);
    }
}
