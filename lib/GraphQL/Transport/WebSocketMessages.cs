// The messages of graphql-transport-ws that a server sends, as bytes; and those that it receives, as fields.
using System.Buffers;
using System.Text.Json;
using EventSourced.GraphQL.Response;

namespace EventSourced.GraphQL.Transport;

internal static class WebSocketMessages
{
    public static ReadOnlyMemory<byte> ConnectionAck { get; } = "{\"type\":\"connection_ack\"}"u8.ToArray();

    // A shared result is one message for all subscribers with the same id; clients count their ids from 1.
    public static ReadOnlyMemory<byte> Next(string id, OperationResult result)
    {
        if (result.Message is { } kept && kept.Id == id)
            return kept.Bytes;
        var bytes = Written(id, result);
        result.Message = new(id, bytes);
        return bytes;
    }

    private static ReadOnlyMemory<byte> Written(string id, OperationResult result)
    {
        var buffer = Begin("next"u8, id);
        buffer.Write(",\"payload\":"u8);
        result.WriteTo(buffer);
        buffer.Write("}"u8);
        return buffer.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Error(string id, OperationResult result)
    {
        var buffer = Begin("error"u8, id);
        buffer.Write(",\"payload\":"u8);
        ResponseWriter.WriteErrors(buffer, result.Errors);
        buffer.Write("}"u8);
        return buffer.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Complete(string id)
    {
        var buffer = Begin("complete"u8, id);
        buffer.Write("}"u8);
        return buffer.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Pong(JsonElement? payload)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write("{\"type\":\"pong\""u8);
        if (payload is { } echoed)
        {
            buffer.Write(",\"payload\":"u8);
            buffer.Write(JsonSerializer.SerializeToUtf8Bytes(echoed));
        }

        buffer.Write("}"u8);
        return buffer.WrittenMemory;
    }

    private static ArrayBufferWriter<byte> Begin(ReadOnlySpan<byte> type, string id)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write("{\"id\":"u8);
        buffer.Write(JsonSerializer.SerializeToUtf8Bytes(id));
        buffer.Write(",\"type\":\""u8);
        buffer.Write(type);
        buffer.Write("\""u8);
        return buffer;
    }
}

internal readonly record struct ClientMessage(string Type, string? Id, JsonElement? Payload)
{
    private const int MaxDepth = 256;

    // Null when the bytes are no message.
    public static ClientMessage? Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var message = document.RootElement;
            if (message.ValueKind != JsonValueKind.Object || Text(message, "type") is not { } type)
                return null;
            return new(
                type, Text(message, "id"), message.TryGetProperty("payload", out var payload) ? payload.Clone() : null);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement message, string name) =>
        message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}

// The payload of the message `subscribe`. The protocol names the kind of each field; a payload of another kind is no
// message of the protocol, and the socket closes with 4400 before anything is executed.
internal static class SubscribePayload
{
    // A document that the server keeps may stand in for the query.
    public static bool IsOne(JsonElement payload) =>
        payload.ValueKind == JsonValueKind.Object
        && (Is(payload, "query", JsonValueKind.String)
            || (Is(payload, "documentId", JsonValueKind.String) && IsOrNone(payload, "query", JsonValueKind.String)))
        && IsOrNone(payload, "documentId", JsonValueKind.String)
        && IsOrNone(payload, "operationName", JsonValueKind.String)
        && IsOrNone(payload, "variables", JsonValueKind.Object)
        && IsOrNone(payload, "extensions", JsonValueKind.Object);

    private static bool Is(JsonElement payload, string name, JsonValueKind kind) =>
        payload.TryGetProperty(name, out var value) && value.ValueKind == kind;

    // The protocol treats null as absent.
    private static bool IsOrNone(JsonElement payload, string name, JsonValueKind kind) =>
        !payload.TryGetProperty(name, out var value)
        || value.ValueKind == kind || value.ValueKind == JsonValueKind.Null;
}
