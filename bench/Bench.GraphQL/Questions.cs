// What is asked, in GraphQL and as a path of a hand-written API: one task with its agent, and a page of 100 tasks with
// agents and first three bids. Always holds: both give the same values under the same names.
using System.Globalization;
using System.Text;

namespace EventSourced.BenchGraphQL;

/// <summary>A question with its variants, as requests of HTTP.</summary>
internal sealed record Question(string Name, IReadOnlyList<byte[]> Requests);

internal static class Questions
{
    private const string One =
        "query One($id: ID!) { task(id: $id@) { id status client price createdAt agent { id owner uri } } }";

    private const string Page =
        "query Page($status: TaskStatus!, $first: Int!) { tasks(first: $first, where: { status: { eq: $status } }, order: [{ taskId: DESC }]@) "
        + "{ nodes { id status client price createdAt agent { id owner uri } bids(first: 3, order: [{ bidId: ASC }]) { nodes { id price status } } } } }";

    private static readonly (
        int Number, string Name)[] Statuses = [(7, "FINALIZED"), (8, "CANCELLED"), (4, "VERIFYING"), (5, "DISPUTED")];

    // Ids from all over the table; a prime step, so that caches see no order.
    private static IEnumerable<int> Ids => Enumerable.Range(1, 500).Select(at => 1 + (int)(at * 104_729L % Rows.Tasks));

    public static Question OneByGraphQL(int? block = null) => new("one", [.. Ids.Select(id =>
        Post(One, $$"""{"id":"{{id}}"@}""", block))]);

    public static Question PageByGraphQL(int? block = null) => new("page", [.. Statuses.Select(status =>
        Post(Page, $$"""{"status":"{{status.Name}}","first":100@}""", block))]);

    public static Question OneByHand { get; } = new(
        "one", [.. Ids.Select(id => Get(string.Create(CultureInfo.InvariantCulture, $"/task/{id}")))]);

    public static Question PageByHand { get; } = new("page", [.. Statuses.Select(status =>
        Get(string.Create(CultureInfo.InvariantCulture, $"/tasks?status={status.Number}&first=100")))]);

    private static byte[] Post(string document, string variables, int? block)
    {
        var text = block is null ? document : document.Replace("($", "($block: Long!, $", StringComparison.Ordinal);
        text = text.Replace("@", block is null ? "" : ", block: { number: $block }", StringComparison.Ordinal);
        variables = variables.Replace("@", block is null ? "" : $",\"block\":{block}", StringComparison.Ordinal);
        var body = $$"""{"query":"{{text}}","variables":{{variables}}}""";
        return Encoding.ASCII.GetBytes(
            "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/graphql-response+json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}");
    }

    private static byte[] Get(string path) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n");
}
