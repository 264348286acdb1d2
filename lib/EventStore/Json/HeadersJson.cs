// An event's headers as one JSON object, and back. Any JSON value may stand in a header; Marten reads them as such.
using System.Buffers;
using System.Text;
using System.Text.Json;

namespace EventSourced.EventStore.Json;

/// <summary>Reads and writes the column <c>headers</c>.</summary>
internal static class HeadersJson
{
    internal static string? Write(EventMetadata metadata)
    {
        if (metadata.Headers is not { Count: > 0 } headers) return null;
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output, StorableText.WriterOptions))
        {
            json.WriteStartObject();
            foreach (var (name, value) in headers)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    internal static IReadOnlyDictionary<string, JsonElement>? Read(ReadOnlyMemory<byte> utf8Json)
    {
        using var document = JsonDocument.Parse(utf8Json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.Clone())
            : null;
    }

    /// <summary>A text as a header's value.</summary>
    internal static JsonElement Text(string value)
    {
        StorableText.Check(value);
        using var document = JsonDocument.Parse($"\"{JsonEncodedText.Encode(value)}\"");
        return document.RootElement.Clone();
    }
}
