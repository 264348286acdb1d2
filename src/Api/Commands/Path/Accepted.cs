// What acceptance answered, as clients get it. Enters: the journal's answer. Leaves: 202 with the command's place, 409
// for another body under the same key, 503 when too many wait. Always holds: the same key and body get the same
// command, and are told that it is a replay.
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Checks;
using EventSourced.Commands;
using EventSourced.Ethereum;

namespace EventSourced.Api.Commands.Path;

/// <summary>Answers of acceptance.</summary>
internal static class Accepted
{
    private const string Root = "/v1/commands/";

    /// <summary>The answer to a submission.</summary>
    public static Reply Of(Answer answer, Submission submission, ulong? block) => answer switch
    {
        Answer.Accepted accepted => new Reply(202, new JsonObject
        {
            ["id"] = accepted.Id.ToString(),
            ["command"] = submission.Name,
            ["status"] = "received",
            ["asker"] = submission.Asker.ToString(),
            ["effect"] = submission.Simulation.Effect,
            ["gasUsed"] = submission.Simulation.GasUsed,
            ["decidedAtBlock"] = block,
            ["correlationId"] = submission.CorrelationId,
        })
        {
            Location = Root + accepted.Id,
        },
        Answer.Same same => Replay(same.Command),
        Answer.Conflict conflict => Conflict(conflict.Id, conflict.Expected, conflict.Found),
        Answer.NonceTaken taken => Problem.Unsigned(
            "NonceUsed", $"a nonce after {taken.Nonce}", $"nonce {taken.Nonce}: another request with it was quicker"),
        Answer.Full full => new Problem(503, "Busy", $"fewer than {full.Limit} commands that wait", "as many")
        {
            Limit = "WAITING_COMMANDS",
            RetryAfter = full.RetryAfter,
        },
        _ => throw new InvalidOperationException($"expected an answer of acceptance, found {answer.GetType().Name}"),
    };

    /// <summary>A command that was accepted before.</summary>
    public static Reply Replay(CommandStatus status) =>
        new(202, Json(status)) { Location = Root + status.Id, IsReplay = true };

    /// <summary>How a command is.</summary>
    public static JsonObject Json(CommandStatus status)
    {
        var json = new JsonObject
        {
            ["id"] = status.Id.ToString(),
            ["command"] = status.Name,
            ["status"] = NameOf(status.Phase),
            ["asker"] = status.Asker.ToString(),
            ["effect"] = status.Effect,
            ["gasUsed"] = status.GasUsed,
            ["correlationId"] = status.CorrelationId,
            ["receivedAt"] = status.ReceivedAt.UtcDateTime,
            ["changedAt"] = status.ChangedAt.UtcDateTime,
            ["version"] = status.Version,
            ["isOver"] = status.IsOver,
        };
        if (status.DeadlineSeconds is { } deadline) json["deadline"] = deadline;
        if (status.Signer is { } signer) json["signer"] = signer.ToString();
        if (status.Nonce is { } nonce) json["nonce"] = nonce;
        if (status.Transaction is { } transaction) json["transaction"] = transaction.ToString();
        if (status.Block is { } block) json["block"] = block;
        if (status.BlockHash is { } hash) json["blockHash"] = hash.ToString();
        if (status.Succeeded is { } succeeded) json["succeeded"] = succeeded;
        if (status.Code is { } code) json["code"] = code;
        if (status.Reason is { } reason) json["reason"] = reason;
        return json;
    }

    /// <summary>The name of a phase in documents.</summary>
    public static string NameOf(Phase phase) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName($"{phase}");

    /// <summary>
    /// The command that has this caller's key already; null: none. Another body under it is a conflict.
    /// </summary>
    public static async Task<Reply?> FindAsync(
        this CommandReads reads, SignedWish wish, Caller caller, CancellationToken cancellation) =>
        await reads.ByKeyAsync(
            wish.Sender, caller.Key ?? wish.BodyHash.ToString(), cancellation).ConfigureAwait(false) switch
        {
            null => null,
            var (status, body) when body == wish.BodyHash => Replay(status),
            var (status, body) => Conflict(status.Id, body, wish.BodyHash),
        };

    private static Reply Conflict(Guid id, Hash32 expected, Hash32 found) => Reply.Of(new Problem(
        409, "IdempotencyKeyReused", $"the body with hash {expected} under this key", $"one with hash {found}")) with
    {
        Location = Root + id,
    };
}
