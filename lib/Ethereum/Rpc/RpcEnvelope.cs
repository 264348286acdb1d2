// The envelope of JSON-RPC 2.0, written and read. Enters: calls; bytes from strangers. Leaves: one pass over the bytes
// that hands the result's tokens to its reader where they stand. Always holds: an answer belongs to the request's id.
using System.Buffers;
using System.Text.Json;
using EventSourced.Ethereum.Json;

namespace EventSourced.Ethereum.Rpc;

/// <summary>Reads a result: on entry the reader stands on the value's first token, on return on its last.</summary>
public delegate T RpcResultReader<out T>(ref Utf8JsonReader reader);

/// <summary>One request: the method and what writes its parameters into the open array.</summary>
public readonly record struct RpcCall(string Method, Action<Utf8JsonWriter>? Parameters = null);

internal static class RpcEnvelope
{
    public static void Write(IBufferWriter<byte> output, RpcCall call, long id)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        Write(json, call, id);
    }

    public static void WriteBatch(IBufferWriter<byte> output, IReadOnlyList<RpcCall> calls, int start, int count)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartArray();
        for (var i = start; i < start + count; i++) Write(json, calls[i], i);
        json.WriteEndArray();
    }

    /// <summary>Reads one answer; an error in it is thrown as RpcErrorException.</summary>
    public static T Read<T>(ReadOnlySpan<byte> body, long id, RpcResultReader<T> read)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read()) throw new JsonException("expected a JSON-RPC answer, found nothing");
        var result = ReadAnswer(ref reader, read, out var found);
        if (found != id) throw new JsonException($"expected the answer to request {id}, found one to {found}");
        if (reader.Read()) throw new JsonException("expected one answer, found more behind it");
        return result;
    }

    /// <summary>
    /// Reads a batch's answers into their places; false in <paramref name="seen"/> marks a missing one.
    /// </summary>
    public static void ReadBatch<T>(
        ReadOnlySpan<byte> body, int start, Span<T> results, Span<bool> seen, RpcResultReader<T> read)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read()) throw new JsonException("expected a JSON-RPC batch, found nothing");
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            // A node that refuses the whole batch answers with one error.
            ReadAnswer(ref reader, static (ref Utf8JsonReader inner) => Skip(ref inner), out _);
            throw new JsonException("expected an array of answers, found one answer");
        }

        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException($"expected an array of answers, found {reader.TokenType}");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var result = ReadAnswer(ref reader, read, out var id);
            if (id is not { } known || known < start || known >= start + results.Length || seen[(int)(known - start)])
                throw new JsonException(
                    $"expected one answer to each request from {start} to {start + results.Length - 1}, found one to {id}");
            results[(int)(known - start)] = result;
            seen[(int)(known - start)] = true;
        }
    }

    /// <summary>Reads the object that the reader stands on.</summary>
    public static T ReadAnswer<T>(ref Utf8JsonReader reader, RpcResultReader<T> read, out long? id)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException($"expected an answer object, found {reader.TokenType}");
        var result = default(T);
        var answered = false;
        RpcError? error = null;
        id = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("result"u8))
            {
                JsonValues.Advance(ref reader);
                if (answered) throw new JsonException("expected one result, found two");
                result = read(ref reader);
                answered = true;
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                JsonValues.Advance(ref reader);
                error = reader.TokenType == JsonTokenType.Null ? null : ReadError(ref reader);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                JsonValues.Advance(ref reader);
                id = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : null;
            }
            else
            {
                JsonValues.Advance(ref reader);
                reader.Skip();
            }
        }

        if (reader.TokenType != JsonTokenType.EndObject)
            throw new JsonException($"expected the end of the answer, found {reader.TokenType}");
        if (error is { } refused) throw new RpcErrorException(refused);
        return answered ? result! : throw new JsonException("expected a result or an error, found neither");
    }

    public static bool Skip(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return true;
    }

    private static void Write(Utf8JsonWriter json, RpcCall call, long id)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        json.WriteNumber("id"u8, id);
        json.WriteString("method"u8, call.Method);
        json.WriteStartArray("params"u8);
        call.Parameters?.Invoke(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static RpcError ReadError(ref Utf8JsonReader reader)
    {
        // Some providers write the error as plain text.
        if (reader.TokenType == JsonTokenType.String)
            return new RpcError(0, Shortened(JsonValues.Text(ref reader)), default);
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException($"expected an error object, found {reader.TokenType}");
        var code = 0;
        var message = "";
        byte[] data = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("code"u8))
            {
                JsonValues.Advance(ref reader);
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out code)) reader.Skip();
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                JsonValues.Advance(ref reader);
                if (reader.TokenType == JsonTokenType.String) message = Shortened(JsonValues.Text(ref reader));
                else reader.Skip();
            }
            else if (reader.ValueTextEquals("data"u8))
            {
                JsonValues.Advance(ref reader);
                data = ReadRevertData(ref reader);
            }
            else
            {
                JsonValues.Advance(ref reader);
                reader.Skip();
            }
        }

        return new RpcError(code, message, data);
    }

    private static byte[] ReadRevertData(ref Utf8JsonReader reader)
    {
        // geth, anvil: the data itself; some providers: an object with the data inside.
        if (reader.TokenType == JsonTokenType.String)
            return Hex.TryToBytes(JsonValues.Text(ref reader), out var bytes) ? bytes : [];
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return [];
        }

        byte[] data = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var wanted = reader.ValueTextEquals("data"u8);
            JsonValues.Advance(ref reader);
            if (wanted && reader.TokenType == JsonTokenType.String)
                Hex.TryToBytes(JsonValues.Text(ref reader), out data);
            else reader.Skip();
        }

        return data;
    }

    private static string Shortened(string message) => message.Length > 500 ? message[..500] : message;
}

/// <summary>An error in a node's answer, on its way to the code that knows endpoint and method.</summary>
internal sealed class RpcErrorException(RpcError error) : Exception(
    $"the node answered error {error.Code}: {error.Message}")
{
    public RpcError Error { get; } = error;
}
