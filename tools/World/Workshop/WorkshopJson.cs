// The documents that the workshop writes and the answers that it reads. Members are named as they stand in JSON.
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EventSourced.Client;
using EventSourced.Ethereum;

namespace EventSourced.World;

/// <summary>A task specification, as docs/execution.md says.</summary>
public sealed record TaskText(string Schema, string Title, string Capability, WorkText Work);

/// <summary>The work of a specification.</summary>
public sealed record WorkText(string Module, string Input, IReadOnlyList<string> Arguments);

/// <summary>A registration file of ERC-8004.</summary>
public sealed record CardText(string Type, string Name, string Description, IReadOnlyList<string> Skills);

internal sealed record HeadRow(BlockRow? Block);

internal sealed record SubmissionRow(DateTimeOffset SubmittedAt);

internal sealed record DeliveredRow(string TaskId, Address Client, SubmissionRow? Submission);

internal sealed record DeliveredAnswer(Nodes<DeliveredRow> Tasks, [property: JsonPropertyName("_meta")] HeadRow Meta);

internal sealed record TermsRow(string SpecUri);

internal sealed record OpenRow(
    string TaskId, string Status, string MaxPrice, DateTimeOffset? CommitEnd, TermsRow? Terms);

internal sealed record OpenAnswer(
    Nodes<OpenRow> Open, Nodes<OpenRow> Mine, [property: JsonPropertyName("_meta")] HeadRow Meta);

/// <summary>The workshop's JSON.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DeliveredAnswer))]
[JsonSerializable(typeof(OpenAnswer))]
internal sealed partial class WorkshopJson : JsonSerializerContext
{
    /// <summary>Work that waits for its clients.</summary>
    public const string Delivered =
        "query($clients: [Address!]!) { tasks(first: 50, order: [{ createdAt: ASC }], "
        + "where: { client: { in: $clients }, status: { eq: VERIFYING } }) "
        + "{ nodes { taskId client submission { submittedAt } } } _meta { block { number timestamp } } }";

    /// <summary>Work that anybody may bid for, and what one agent holds.</summary>
    public const string Open =
        "query($agent: ID!, $clients: [Address!]!) { open: tasks(first: 20, order: [{ createdAt: DESC }], "
        + "where: { client: { in: $clients }, status: { eq: BIDDING } }) "
        + "{ nodes { taskId status maxPrice commitEnd terms { specUri } } } "
        + "mine: tasks(first: 20, where: { agentId: { eq: $agent }, status: { in: [MATCHED, RUNNING] } }) "
        + "{ nodes { taskId status maxPrice commitEnd terms { specUri } } } _meta { block { number timestamp } } }";

    public static JsonObject Clients(IEnumerable<Person> clients) => new()
    {
        ["clients"] = new JsonArray([.. clients.Select(client => (JsonNode)client.Address.ToString())]),
    };
}
