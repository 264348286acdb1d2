// The media type of the answer to a request (GraphQL over HTTP 5.2 and 6.4): the one that the client's Accept header
// prefers by its weights; plain JSON when the client has no preference, because older clients say nothing.
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace EventSourced.GraphQL.Transport;

internal enum ResponseForm
{
    /// <summary>application/graphql-response+json: the status says whether the operation was run.</summary>
    GraphQLResponse,

    /// <summary>application/json: the status says only whether the request was understood.</summary>
    Json,

    /// <summary>text/event-stream.</summary>
    EventStream,
}

internal static class MediaTypes
{
    public const string GraphQLResponse = "application/graphql-response+json; charset=utf-8";
    public const string Json = "application/json; charset=utf-8";
    public const string EventStream = "text/event-stream";

    private const int MaxAcceptLength = 1_000;

    // Null when none of ours is acceptable.
    public static ResponseForm? Negotiate(StringValues accept)
    {
        if (StringValues.IsNullOrEmpty(accept))
            return ResponseForm.Json;
        if (accept is [{ } only] && Exact(only) is { } known)
            return known;
        if (accept.Sum(value => value?.Length ?? 0) > MaxAcceptLength
            || !MediaTypeHeaderValue.TryParseList(accept!, out var parsed))
            return null;
        foreach (var type in parsed.OrderByDescending(type => type.Quality ?? 1))
        {
            if (type.Quality is not 0 && Form(type) is { } form)
                return form;
        }

        return null;
    }

    // The header of nearly all clients, without parsing.
    private static ResponseForm? Exact(string accept) => accept switch
    {
        "application/graphql-response+json" => ResponseForm.GraphQLResponse,
        "application/json" => ResponseForm.Json,
        "*/*" => ResponseForm.Json,
        "text/event-stream" => ResponseForm.EventStream,
        _ => null,
    };

    private static ResponseForm? Form(MediaTypeHeaderValue type)
    {
        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return null;
        if (type.MatchesAllTypes)
            return ResponseForm.Json;
        return type.MediaType.ToString().ToLowerInvariant() switch
        {
            "application/graphql-response+json" => ResponseForm.GraphQLResponse,
            "application/json" or "application/*" => ResponseForm.Json,
            EventStream => ResponseForm.EventStream,
            _ => null,
        };
    }

    // 5.4.1: the body of a POST is JSON in UTF-8.
    public static bool IsJson(string? contentType)
    {
        if (contentType == "application/json")
            return true;
        return MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue
                || type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
