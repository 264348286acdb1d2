// An answer of the commands, before HTTP or MCP carries it. Enters: a problem, or a body. Leaves: status and JSON.
// Always holds: a problem is problem+json (RFC 9457) with code, expected and found; its type is a name and leads
// nowhere.
using System.Globalization;
using System.Text.Json.Nodes;

namespace EventSourced.Api.Commands.Checks;

/// <summary>An answer.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="Body">The body.</param>
internal sealed record Reply(int Status, JsonObject Body)
{
    /// <summary>The address of the answer's thing.</summary>
    public string? Location { get; init; }

    /// <summary>When to come again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request was answered before.</summary>
    public bool IsReplay { get; init; }

    /// <summary>Whether it is a problem.</summary>
    public bool IsProblem => Status >= 400;

    /// <summary>A problem as an answer.</summary>
    public static implicit operator Reply(Problem problem) => Of(problem);

    /// <summary>A problem as an answer.</summary>
    public static Reply Of(Problem problem)
    {
        var body = new JsonObject
        {
            ["type"] = $"urn:eventsourced:problem:{problem.Code}",
            ["title"] = problem.Code,
            ["status"] = problem.Status,
            ["code"] = problem.Code,
            ["expected"] = problem.Expected,
            ["found"] = problem.Found,
            ["detail"] = $"expected {problem.Expected}, found {problem.Found}",
        };
        if (problem.Where is { Length: > 0 } where) body["where"] = where;
        if (problem.Limit is { } limit) body["limit"] = limit;
        if (problem.Block is { } block) body["block"] = block;
        if (problem.RetryAfter is { } wait) body["retryAfterSeconds"] = Math.Ceiling(wait.TotalSeconds);
        if (problem.Arguments is { } arguments)
            body["arguments"] = new JsonObject(
                arguments.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        return new Reply(problem.Status, body) { RetryAfter = problem.RetryAfter };
    }

    /// <summary>A wait as the header Retry-After tells it.</summary>
    public static string Seconds(TimeSpan wait) =>
        Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
