// The JSON of a request enters, an OperationRequest leaves, or a refusal that names the expected (GraphQL over HTTP
// 5.1). The document stays in place among the bytes when it has no escapes; variables are copied once they are known to
// be shallow.
using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Limits;

namespace EventSourced.GraphQL.Transport;

internal static class RequestParser
{
    // Nothing is kept for each level while reading, so this only has to be beyond every limit.
    private const int ReaderDepth = 1_000_000;

    public static OperationRequest Parse(ReadOnlyMemory<byte> body, RequestLimits limits)
    {
        if (!Utf8.IsValid(body.Span))
            throw Malformed("Expected a body in UTF-8, found malformed bytes.");
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = ReaderDepth });
        try
        {
            var request = Read(ref reader, body, limits);
            return reader.Read() ? throw Malformed("Expected one JSON object, found more behind it.") : request;
        }
        catch (JsonException malformed)
        {
            throw Malformed(
                $"Expected a JSON object, found malformed JSON at byte {malformed.BytePositionInLine} of line " +
                $"{malformed.LineNumber + 1}.");
        }
        catch (InvalidOperationException)
        {
            throw Malformed("Expected Unicode text in every string, found a lone surrogate.");
        }
    }

    private static OperationRequest Read(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, RequestLimits limits)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw Malformed($"Expected a JSON object, found {Described(reader.TokenType)}.");
        var request = new OperationRequest();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("query"u8))
                request = request with { Document = Text(ref reader, body, "query") };
            else if (reader.ValueTextEquals("operationName"u8))
                request = request with { OperationName = Name(ref reader, "operationName") };
            else if (reader.ValueTextEquals("documentId"u8))
                request = request with { DocumentId = Name(ref reader, "documentId") };
            else if (reader.ValueTextEquals("variables"u8))
                request = request with { Variables = Object(ref reader, "variables", limits) };
            else if (reader.ValueTextEquals("extensions"u8))
                request = request with { Extensions = Object(ref reader, "extensions", limits) };
            else
                reader.Skip();
        }

        return request;
    }

    private static ReadOnlyMemory<byte> Text(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, string name)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return default;
        if (reader.TokenType != JsonTokenType.String)
            throw Malformed($"Expected a string for {name}, found {Described(reader.TokenType)}.");
        if (!reader.ValueIsEscaped)
            return body.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
        var unescaped = new byte[reader.ValueSpan.Length];
        return unescaped.AsMemory(0, reader.CopyString(unescaped));
    }

    private static string? Name(ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => reader.GetString(),
            var other => throw Malformed($"Expected a string for {name}, found {Described(other)}."),
        };
    }

    private static JsonElement? Object(ref Utf8JsonReader reader, string name, RequestLimits limits)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Malformed($"Expected an object for {name}, found {Described(reader.TokenType)}.");
        CheckContent(reader, limits.MaxVariableDepth);
        return JsonElement.ParseValue(ref reader);
    }

    // On a copy of the reader: nothing is built before its depth is known and its strings are text.
    private static void CheckContent(Utf8JsonReader reader, int maxDepth)
    {
        var outer = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > outer)
        {
            if (reader.CurrentDepth - outer > maxDepth)
                throw LimitExceeded.Exception(LimitNames.VariableDepth, maxDepth, reader.CurrentDepth - outer);
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                _ = reader.GetString();
        }
    }

    // A GET carries the same in the query string (5.3).
    public static OperationRequest Parse(Func<string, string?> parameter, RequestLimits limits) => new()
    {
        Document = parameter("query") is { } query ? System.Text.Encoding.UTF8.GetBytes(query) : default,
        DocumentId = parameter("documentId"),
        OperationName = parameter("operationName") is { Length: > 0 } name ? name : null,
        Variables = ObjectFrom(parameter("variables"), "variables", limits),
        Extensions = ObjectFrom(parameter("extensions"), "extensions", limits),
        QueriesOnly = true,
    };

    private static JsonElement? ObjectFrom(string? json, string name, RequestLimits limits)
    {
        if (string.IsNullOrEmpty(json))
            return null;
        var reader =
            new Utf8JsonReader(
                System.Text.Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = ReaderDepth });
        try
        {
            var parsed = Object(ref reader, name, limits);
            return reader.Read()
                ? throw Malformed($"Expected one JSON object for {name}, found more behind it.")
                : parsed;
        }
        catch (JsonException)
        {
            throw Malformed($"Expected a JSON object for {name}, found malformed JSON.");
        }
        catch (InvalidOperationException)
        {
            throw Malformed($"Expected Unicode text in {name}, found a lone surrogate.");
        }
    }

    private static string Described(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };

    private static GraphQLException Malformed(string message) => new(new GraphQLError(message, ErrorCodes.BadRequest));
}
