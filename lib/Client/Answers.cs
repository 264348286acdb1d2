// The answers of the commands, as types. Enters: JSON of a server. Leaves: records. Always holds: a member that a
// server left out is null, never a default that looks like an answer.
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EventSourced.Ethereum;

namespace EventSourced.Client;

/// <summary>How a command is.</summary>
public sealed record CommandStatus
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Command { get; init; }

    /// <summary>Its phase: received, simulated, signed, broadcast, included, finalized, failed, expired.</summary>
    public required string Status { get; init; }

    /// <summary>The address that asked for it.</summary>
    public required Address Asker { get; init; }

    /// <summary>The change that it makes, in words.</summary>
    public string? Effect { get; init; }

    /// <summary>The name under which logs and traces know it.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The version of its journal.</summary>
    public int? Version { get; init; }

    /// <summary>Whether nothing can happen to it any more.</summary>
    public bool IsOver { get; init; }

    /// <summary>The transaction that brings it.</summary>
    public Hash32? Transaction { get; init; }

    /// <summary>The block that holds it.</summary>
    public ulong? Block { get; init; }

    /// <summary>Whether the contract granted it; null: no block holds it.</summary>
    public bool? Succeeded { get; init; }

    /// <summary>Why it failed: the contract's own word.</summary>
    public string? Code { get; init; }

    /// <summary>Why it failed, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether it has come as far as that.</summary>
    public bool IsAt(Stage stage) =>
        IsOver || Status == "finalized" || (stage == Stage.Included && Status == "included");
}

/// <summary>How far a command is waited for.</summary>
public enum Stage
{
    /// <summary>A block holds it; a reorganisation may still take it out and bring it again.</summary>
    Included,

    /// <summary>The chain will not take it back.</summary>
    Finalized,
}

/// <summary>A command that would be granted now.</summary>
public sealed record Prepared
{
    /// <summary>Its name.</summary>
    public required string Command { get; init; }

    /// <summary>The change that it would make, in words.</summary>
    public required string Effect { get; init; }

    /// <summary>The result of the rehearsal.</summary>
    public required PreparedOutcome Outcome { get; init; }

    [JsonInclude]
    internal PreparedTransaction? Transaction { get; init; }

    [JsonInclude]
    internal PreparedRelay? Relay { get; init; }
}

/// <summary>The result of a rehearsal.</summary>
/// <param name="GasUsed">The gas that it used.</param>
/// <param name="Results">The values that the contract returned, by name.</param>
public sealed record PreparedOutcome(ulong GasUsed, JsonObject Results)
{
    /// <summary>A number that the contract returned, as <c>taskId</c>.</summary>
    public UInt256 Number(string name) => UInt256.TryParse((string?)Results[name], null, out var number)
        ? number
        : throw new FormatException($"expected a number {name} in the results, found {Results.ToJsonString()}");
}

internal sealed record PreparedTransaction(
    string ChainId, string Nonce, Address To, string Value, string Gas, string MaxFeePerGas,
    string MaxPriorityFeePerGas, string Data);

internal sealed record PreparedRelay(ulong ChainId, Address Forwarder, PreparedRequest Request);

internal sealed record PreparedRequest(
    Address From, Address To, string Value, string Gas, string Nonce, string Deadline, string Data);

/// <summary>A refusal, as problem+json (RFC 9457) tells it.</summary>
public sealed record Problem
{
    /// <summary>The status of HTTP.</summary>
    public int Status { get; init; }

    /// <summary>The name of the refusal; for a contract's refusal, the name of its error.</summary>
    public required string Code { get; init; }

    /// <summary>The expected.</summary>
    public string Expected { get; init; } = "";

    /// <summary>The found.</summary>
    public string Found { get; init; } = "";

    /// <summary>Where in the request; null: not in one place.</summary>
    public string? Where { get; init; }

    /// <summary>The limit that was met.</summary>
    public string? Limit { get; init; }

    /// <summary>The block by which it was judged.</summary>
    public ulong? Block { get; init; }

    /// <summary>The members of the contract's error.</summary>
    public JsonObject? Arguments { get; init; }
}

/// <summary>A task, as the index has it.</summary>
/// <param name="Id">Its id in GraphQL.</param>
/// <param name="Status">Its status.</param>
/// <param name="Client">The client of the task.</param>
/// <param name="AgentId">The agent that works on it; null: none yet.</param>
/// <param name="MaxPrice">The most that it may cost, in the credit's smallest part.</param>
/// <param name="Price">The price; zero: nobody was picked.</param>
/// <param name="BidCount">How many bids it has.</param>
/// <param name="DisputeId">The dispute about it.</param>
/// <param name="WorkLeases">The newest lease of its work.</param>
public sealed record TaskRow(
    string Id, string Status, Address Client, string? AgentId, string MaxPrice, string Price, ulong BidCount,
    string? DisputeId, Nodes<LeaseRow> WorkLeases);

/// <summary>A lease of work, as the index has it.</summary>
/// <param name="LeaseId">Its number.</param>
/// <param name="Status">Its status.</param>
public sealed record LeaseRow(string LeaseId, string Status);

/// <summary>An agent, as the index has it.</summary>
/// <param name="AgentId">Its number.</param>
/// <param name="Owner">The owner.</param>
/// <param name="Status">Its status.</param>
/// <param name="Uri">Where its registration file is.</param>
public sealed record AgentRow(string AgentId, Address Owner, string Status, string Uri);

/// <summary>One page of a list.</summary>
/// <param name="Items">The items of the page.</param>
public sealed record Nodes<T>([property: JsonPropertyName("nodes")] IReadOnlyList<T> Items);

/// <summary>A block of the index.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Timestamp">The chain's time in it.</param>
public sealed record BlockRow(ulong Number, DateTimeOffset Timestamp);

internal sealed record MetaRow(BlockRow? Block);

internal sealed record MetaAnswer([property: JsonPropertyName("_meta")] MetaRow Meta);

internal sealed record TaskAnswer(TaskRow? Task);

internal sealed record AgentsAnswer(Nodes<AgentRow> Agents);

/// <summary>Reads and writes them without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CommandStatus))]
[JsonSerializable(typeof(Prepared))]
[JsonSerializable(typeof(PreparedTransaction))]
[JsonSerializable(typeof(PreparedRelay))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(TaskAnswer))]
[JsonSerializable(typeof(MetaAnswer))]
[JsonSerializable(typeof(AgentsAnswer))]
[JsonSerializable(typeof(SignedCommand))]
internal sealed partial class AnswerJson : JsonSerializerContext;
