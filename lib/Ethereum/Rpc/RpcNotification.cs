// Messages on a WebSocket: an answer has an id, a notification names its subscription. Enters: one message. Leaves:
// which of the two it is, and the notification's payload.
using System.Text.Json;
using EventSourced.Ethereum.Json;

namespace EventSourced.Ethereum.Rpc;

internal static class RpcNotification
{
    /// <summary>The id of an answer, or the subscription of a notification.</summary>
    public static (long? Id, string? Subscription) Peek(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw JsonValues.Expected("a JSON-RPC object", ref reader);
        long? id = null;
        string? subscription = null;
        while (JsonValues.Field(ref reader))
        {
            if (JsonValues.Is(ref reader, "id"u8))
                id = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : null;
            else if (JsonValues.Is(ref reader, "params"u8)) subscription = PeekParameters(ref reader);
            else JsonValues.SkipField(ref reader);
        }

        return (id, subscription);
    }

    /// <summary>Reads params.result of a notification.</summary>
    public static T Read<T>(ReadOnlySpan<byte> message, RpcResultReader<T> read)
    {
        var reader = new Utf8JsonReader(message);
        JsonValues.Advance(ref reader);
        while (JsonValues.Field(ref reader))
        {
            if (!JsonValues.Is(ref reader, "params"u8))
            {
                JsonValues.SkipField(ref reader);
                continue;
            }

            JsonValues.Enter(ref reader, "a notification's params");
            while (JsonValues.Field(ref reader))
            {
                if (JsonValues.Is(ref reader, "result"u8)) return read(ref reader);
                JsonValues.SkipField(ref reader);
            }
        }

        throw JsonValues.Missing("result", "a notification");
    }

    private static string? PeekParameters(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        string? subscription = null;
        while (JsonValues.Field(ref reader))
        {
            if (JsonValues.Is(ref reader, "subscription"u8)) subscription = JsonValues.Text(ref reader);
            else JsonValues.SkipField(ref reader);
        }

        return subscription;
    }
}
