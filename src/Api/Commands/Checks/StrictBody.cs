// A body of HTTP as a tree of JSON. Enters: bytes of strangers. Leaves: a document, or the problem. Always holds: size,
// depth, UTF-8 and doubled names are judged before anything is read from it; the bytes reach no decoder but this one.
using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using EventSourced.Api.Commands.Limits;
using Microsoft.AspNetCore.Http;

namespace EventSourced.Api.Commands.Checks;

/// <summary>Reads bodies.</summary>
internal static class StrictBody
{
    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = (int)LimitTable.Depth.Most,
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
    };

    /// <summary>Reads the body of a request.</summary>
    public static async Task<(JsonDocument? Document, Problem? Problem)> ReadAsync(
        HttpRequest request, Limit most, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType())
            return (
                null, new Problem(415, "WrongMediaType", "application/json", Problem.Shown(request.ContentType ?? "")));
        if (request.Headers.ContentEncoding.Count > 0)
            return (null,
                new Problem(415, "WrongEncoding", "a body that is not compressed",
                    Problem.Shown(request.Headers.ContentEncoding.ToString())));
        if (request.ContentLength > most.Most) return (null, TooLarge(most));
        var buffer = ArrayPool<byte>.Shared.Rent((int)most.Most + 1);
        try
        {
            var length = 0;
            while (length <= most.Most)
            {
                var read = await request.Body.ReadAsync(
                    buffer.AsMemory(length, (int)most.Most + 1 - length), cancellation).ConfigureAwait(false);
                if (read == 0) return Parse(buffer.AsSpan(0, length).ToArray());
                length += read;
            }

            return (null, TooLarge(most));
        }
        catch (BadHttpRequestException broken)
        {
            // The connection broke or was too slow; the server's own words are not for the client.
            return (null, new Problem(broken.StatusCode, "BrokenRequest", "a whole request", "a broken one"));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads bytes.</summary>
    public static (JsonDocument? Document, Problem? Problem) Parse(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span)) return (null, Problem.Malformed("", "UTF-8", "other bytes", "InvalidText"));
        try
        {
            var document = JsonDocument.Parse(bytes, Options);
            var kind = document.RootElement.ValueKind;
            if (kind == JsonValueKind.Object && IsText(document.RootElement)) return (document, null);
            document.Dispose();
            return (null, kind == JsonValueKind.Object
                ? Problem.Malformed("", "texts of whole characters", "half of a surrogate pair", "InvalidText")
                : Problem.Malformed("", "an object", $"{kind}"));
        }
        catch (JsonException broken)
        {
            return (null, Problem.Malformed(
                "", $"one object of JSON, at most {LimitTable.Depth.Most} deep, no name twice",
                $"something else at line {broken.LineNumber + 1}, byte {broken.BytePositionInLine}", "InvalidJson"));
        }
    }

    // JSON can write half of a surrogate pair, which is no text anywhere else.
    private static bool IsText(JsonElement json)
    {
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.String => json.GetString() is not null,
                JsonValueKind.Object =>
                    json.EnumerateObject().All(member => member.Name is not null && IsText(member.Value)),
                JsonValueKind.Array => json.EnumerateArray().All(IsText),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static Problem TooLarge(Limit most) =>
        new(413, "BodyTooLarge", $"at most {most.Most} bytes", "more") { Limit = most.Name };
}
