// Amounts in JSON are decimal text: a reader whose numbers are 64 bits wide loses nothing.
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourced.Domain.Values;

internal sealed class UInt128Json : JsonConverter<UInt128>
{
    private const int MostDigits = 39;

    public override UInt128 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<char> room = stackalloc char[JsonText.Room];
        ReadOnlySpan<char> text = room[..JsonText.Copy(ref reader, room)];
        return UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new JsonException($"expected an unsigned integer of 128 bits as decimal text, found '{text}'");
    }

    public override void Write(Utf8JsonWriter writer, UInt128 value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[MostDigits];
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}

internal sealed class Int128Json : JsonConverter<Int128>
{
    private const int MostDigits = 40;

    public override Int128 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<char> room = stackalloc char[JsonText.Room];
        ReadOnlySpan<char> text = room[..JsonText.Copy(ref reader, room)];
        return Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new JsonException($"expected a signed integer of 128 bits as decimal text, found '{text}'");
    }

    public override void Write(Utf8JsonWriter writer, Int128 value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[MostDigits];
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
