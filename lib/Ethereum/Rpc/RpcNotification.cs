// Messages on a WebSocket: an answer has an id, a notification names its subscription. Enters: one message. Leaves:
// which of the two it is, and the notification's payload.
using System.Text.Json;

namespace EventSourced.Ethereum.Rpc;

internal static class RpcNotification
{
    /// <summary>The id of an answer, or the subscription of a notification.</summary>
    public static (long? Id, string? Subscription) Peek(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw RpcReaders.Expected("a JSON-RPC object", ref reader);
        long? id = null;
        string? subscription = null;
        while (RpcReaders.Field(ref reader))
        {
            if (RpcReaders.Is(ref reader, "id"u8))
                id = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : null;
            else if (RpcReaders.Is(ref reader, "params"u8)) subscription = PeekParameters(ref reader);
            else RpcReaders.SkipField(ref reader);
        }

        return (id, subscription);
    }

    /// <summary>Reads params.result of a notification.</summary>
    public static T Read<T>(ReadOnlySpan<byte> message, RpcResultReader<T> read)
    {
        var reader = new Utf8JsonReader(message);
        RpcEnvelope.Advance(ref reader);
        while (RpcReaders.Field(ref reader))
        {
            if (!RpcReaders.Is(ref reader, "params"u8))
            {
                RpcReaders.SkipField(ref reader);
                continue;
            }

            RpcReaders.Enter(ref reader, "a notification's params");
            while (RpcReaders.Field(ref reader))
            {
                if (RpcReaders.Is(ref reader, "result"u8)) return read(ref reader);
                RpcReaders.SkipField(ref reader);
            }
        }

        throw RpcReaders.Missing("result", "a notification");
    }

    private static string? PeekParameters(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        string? subscription = null;
        while (RpcReaders.Field(ref reader))
        {
            if (RpcReaders.Is(ref reader, "subscription"u8)) subscription = RpcReaders.Text(ref reader);
            else RpcReaders.SkipField(ref reader);
        }

        return subscription;
    }
}
