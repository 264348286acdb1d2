// The small documents that hashes on the chain stand for: deliveries, findings, progress notes, receipts of calls.
// Enters: facts. Leaves: canonical JSON. Always holds: equal facts give equal bytes, as docs/execution.md shows them;
// names are stored and never change.
using System.Globalization;
using System.Text.Json.Nodes;
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Sandbox.Receipts;

namespace EventSourced.Workers.Documents;

/// <summary>The delivery that an agent declares and signs.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="AgentId">The agent.</param>
/// <param name="ResultHash">The hash of the output.</param>
/// <param name="ReceiptHash">The hash of the receipt text.</param>
public sealed record Delivery(ulong TaskId, ulong AgentId, Hash32 ResultHash, Hash32 ReceiptHash)
{
    /// <summary>The shape of the document; stored, never rename.</summary>
    public const string Schema = "eventsourced-delivery/1";

    private const string DomainName = "EventSourced Court";
    private const string Type = "Delivery(uint256 taskId,bytes32 resultHash,bytes32 receiptHash)";

    /// <summary>The digest that is signed, for the clerk of a chain's court.</summary>
    public Hash32 Digest(ulong chainId, Address clerk) => new TypedDomain(DomainName, chainId, clerk).Digest(
        Type, TaskId, ResultHash, ReceiptHash);

    /// <summary>As canonical JSON, with a signature.</summary>
    public byte[] SignedBy(SigningKey key, ulong chainId, Address clerk)
    {
        ArgumentNullException.ThrowIfNull(key);
        return CanonicalJson.Of(new JsonObject
        {
            ["schema"] = Schema,
            ["taskId"] = Papers.Number(TaskId),
            ["agentId"] = Papers.Number(AgentId),
            ["output"] = ContentIds.CidOf(ResultHash),
            ["receipt"] = ContentIds.CidOf(ReceiptHash),
            ["signer"] = key.Address.ToString(),
            ["signature"] = Hex.ToText(key.Sign(Digest(chainId, clerk)).ToBytes()),
        });
    }
}

/// <summary>The finding of a verifier.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="IsRight">Whether the delivery is what the specification asks.</param>
/// <param name="Differences">The differences between claim and finding.</param>
/// <param name="ReceiptHash">The hash of the delivered receipt.</param>
/// <param name="Found">The hash of the receipt text of the verifier's own run; null: nothing could run.</param>
public sealed record Finding(
    ulong TaskId, bool IsRight, IReadOnlyList<ReceiptDifference> Differences, Hash32 ReceiptHash, Hash32? Found)
{
    /// <summary>The shape of the document; stored, never rename.</summary>
    public const string Schema = "eventsourced-finding/1";

    /// <summary>As canonical JSON.</summary>
    public byte[] ToJson() => CanonicalJson.Of(new JsonObject
    {
        ["schema"] = Schema,
        ["taskId"] = Papers.Number(TaskId),
        ["verdict"] = IsRight ? "right" : "wrong",
        ["differences"] = new JsonArray([.. Differences.Select(difference => new JsonObject
        {
            ["where"] = difference.Where,
            ["claimed"] = difference.Claimed,
            ["found"] = difference.Found,
        })]),
        ["receiptHash"] = ReceiptHash.ToString(),
        ["found"] = Found?.ToString(),
    });
}

/// <summary>The content of a heartbeat.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="AgentId">The agent.</param>
/// <param name="Step">started, working or yielding.</param>
/// <param name="Reason">The reason, in words for people.</param>
public sealed record ProgressNote(ulong TaskId, ulong AgentId, string Step, string? Reason)
{
    /// <summary>The shape of the document; stored, never rename.</summary>
    public const string Schema = "eventsourced-progress/1";

    /// <summary>As canonical JSON.</summary>
    public byte[] ToJson() => CanonicalJson.Of(new JsonObject
    {
        ["schema"] = Schema,
        ["taskId"] = Papers.Number(TaskId),
        ["agentId"] = Papers.Number(AgentId),
        ["step"] = Step,
        ["reason"] = Reason,
    });
}

/// <summary>The record of a call to a service on the web and of its answer. It proves nothing.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="AgentId">The agent.</param>
/// <param name="Endpoint">The service that was asked.</param>
/// <param name="InputHash">The hash of the request.</param>
/// <param name="OutputHash">The hash of the answer.</param>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="ContentType">The media type that the answer states.</param>
public sealed record CallReceipt(
    ulong TaskId, ulong AgentId, Uri Endpoint, Hash32 InputHash, Hash32 OutputHash, int Status, string? ContentType)
{
    /// <summary>The shape of the document; stored, never rename.</summary>
    public const string Schema = "eventsourced-call-receipt/1";

    /// <summary>Whether a text is such a receipt.</summary>
    public static bool IsOne(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse(text);
            return document.RootElement.ValueKind == System.Text.Json.JsonValueKind.Object
                && document.RootElement.TryGetProperty("schema", out var schema)
                && schema.ValueKind == System.Text.Json.JsonValueKind.String && schema.GetString() == Schema;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    /// <summary>As canonical JSON.</summary>
    public byte[] ToJson() => CanonicalJson.Of(new JsonObject
    {
        ["schema"] = Schema,
        ["taskId"] = Papers.Number(TaskId),
        ["agentId"] = Papers.Number(AgentId),
        ["endpoint"] = Endpoint.GetLeftPart(UriPartial.Path),
        ["inputHash"] = ContentIds.Digits(InputHash),
        ["outputHash"] = ContentIds.Digits(OutputHash),
        ["status"] = Status,
        ["contentType"] = ContentType,
    });
}

internal static class Papers
{
    // Ids have 64 bits and do not fit the numbers of JSON.
    internal static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
