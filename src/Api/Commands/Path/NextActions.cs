// Which commands somebody may give about a thing, and why not the others. Enters: the id of a thing, an address, a
// block. Leaves: every command of that kind of thing with its decision. Always holds: the decisions are those of the
// same Decide functions as a command's own; what only the chain decides is asked of the chain where all arguments are
// known, and else said to be undecided, with what is missing.
using System.Data;
using System.Globalization;
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Api.Commands.Checks;
using EventSourced.Chain.Encoding;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using EventSourced.Ethereum.Abi;
using EventSourced.Tables;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Address = EventSourced.Ethereum.Address;

namespace EventSourced.Api.Commands.Path;

/// <summary>A command about a thing.</summary>
/// <param name="Entry">Its line in the table.</param>
/// <param name="IsLegal">Whether it would be granted; null: that depends on what only the chain knows.</param>
/// <param name="Reason">Why not, why nobody says, or what its arguments must be.</param>
/// <param name="Known">The arguments that are known.</param>
internal sealed record NextAction(
    CommandEntry Entry, bool? IsLegal, Refusal? Reason, IReadOnlyDictionary<string, string> Known);

/// <summary>The actions at a block.</summary>
internal sealed record ActionsAt(ulong Block, IReadOnlyList<NextAction> Actions);

/// <summary>The parts of the chain that decide what the state does not.</summary>
internal sealed record ChainSide(
    ChainClock Clock, Rehearsal Rehearsal, Func<ulong, CancellationToken, Task<ulong?>> TimeOf);

/// <summary>Finds next actions.</summary>
internal sealed class NextActions(NpgsqlDataSource rows, ChainSide? chain)
{
    /// <summary>The most agents of one owner that are tried.</summary>
    public const int MostAgents = 8;

    /// <summary>Answers a request.</summary>
    public async Task<Reply> AskAsync(HttpRequest request, CancellationToken cancellation)
    {
        var (id, actor, at) = (
            request.Query["id"].ToString(), request.Query["as"].ToString(), request.Query["block"].ToString());
        if (!Address.TryParse(actor, null, out var address)) return Problem.Malformed(
            "as", "an address: 0x and 40 digits", Problem.Shown(actor));
        ulong? block = null;
        if (at.Length > 0)
        {
            if (!ulong.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return Problem
                .Malformed("block", "a number", Problem.Shown(at));
            block = number;
        }

        return await AnswerAsync(id, address, block, cancellation).ConfigureAwait(false);
    }

    /// <summary>Answers a question.</summary>
    public async Task<Reply> AnswerAsync(string id, Address actor, ulong? block, CancellationToken cancellation)
    {
        var (found, problem) = await FindAsync(id, actor, block, cancellation).ConfigureAwait(false);
        return problem is not null ? problem : new Reply(200, new JsonObject
        {
            ["block"] = found!.Block,
            ["as"] = actor.ToString(),
            ["id"] = id,
            ["actions"] = new JsonArray([.. found.Actions.Select(Json)]),
        });
    }

    /// <summary>Every command about a thing; an empty id: every command that makes one.</summary>
    public async Task<(ActionsAt? Found, Problem? Problem)> FindAsync(
        string id, Address actor, ulong? block, CancellationToken cancellation)
    {
        var dash = id.LastIndexOf('-');
        var (kind, key) = dash < 0 ? ("", "") : (id[..dash], id[(dash + 1)..]);
        CommandEntry[] entries = [.. CommandTable.All.Where(entry => id.Length == 0
            ? entry.Subject is null or { Argument.Length: 0 }
            : entry.Subject is { Argument.Length: > 0 } subject && subject.Kind == kind)];
        if (entries.Length == 0) return (null,
            Problem.Malformed("id", "the id of a thing that commands act on, as task-7, or none", Problem.Shown(id)));
        var connection = await rows.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        var snapshot = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellation).ConfigureAwait(false);
        await using var ending = snapshot.ConfigureAwait(false);
        var tip = (await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false)).Tip;
        if (tip is null || block > tip.Value.Number)
            return (null, new Problem(422, "BlockNotIndexed", $"a block up to {tip?.Number ?? 0}", $"{block ?? 0}"));
        var now = block is null ? await NowAsync(tip.Value.Timestamp, cancellation).ConfigureAwait(false)
            : await PastAsync(block.Value, tip.Value, cancellation).ConfigureAwait(false);
        if (now is not { } moment) return (
            null, new Problem(422, "BlockTimeUnknown", "a block whose time the node knows", $"{block}"));
        var reader = new Rows(connection, block, cancellation);
        var agents = await reader.WhereAsync(
            Agents.Fold, nameof(Agents.State.Owner), actor.ToDomain(), MostAgents).ConfigureAwait(false);
        var samples = new Samples(actor, moment, [.. agents.Select(agent => agent.AgentId)]);
        var actions = new List<NextAction>();
        foreach (var entry in entries)
        {
            if (!samples.TryOf(entry, key, out var candidates)) return (
                null, Problem.Malformed("id", "a key of that kind of thing", Problem.Shown(id)));
            actions.Add(
                await BestAsync(entry, candidates, samples, reader, block is null, cancellation).ConfigureAwait(false));
        }

        return (new ActionsAt(block ?? tip.Value.Number, actions), null);
    }

    /// <summary>An action as JSON.</summary>
    public static JsonObject Json(NextAction action)
    {
        var json = new JsonObject
        {
            ["command"] = action.Entry.Name,
            ["isLegal"] = action.IsLegal,
            ["sender"] = action.Entry.Sender.Words,
            ["effect"] = action.Entry.Effect,
            ["arguments"] = new JsonObject(
                action.Known.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        };
        if (action.Reason is { } reason)
            json["reason"] = new JsonObject
            {
                ["code"] = reason.Code,
                ["expected"] = reason.Expected,
                ["found"] = reason.Found,
            };
        return json;
    }

    // The first that is granted, else the last refusal.
    private async Task<NextAction> BestAsync(
        CommandEntry entry, IReadOnlyList<Sample> candidates, Samples samples, Rows reader, bool isNow,
        CancellationToken cancellation)
    {
        NextAction? best = null;
        foreach (var sample in candidates)
        {
            var wish = new Wish(entry, sample.Arguments, samples.Actor.ToDomain(), samples.Now, reader);
            var action = await entry.DecideAsync(wish).ConfigureAwait(false) switch
            {
                Decision.Granted => new NextAction(entry, true, null, sample.Known),
                Decision.Refused refused when Samples.IsAboutArguments(refused.Reason.Code) =>
                    new NextAction(entry, true, refused.Reason, sample.Known),
                Decision.Refused refused => new NextAction(entry, false, refused.Reason, sample.Known),
                _ => await UndecidedAsync(entry, sample, samples.Actor, isNow, cancellation).ConfigureAwait(false),
            };
            if (action.IsLegal == true) return action;
            best = best?.IsLegal is null && best is not null ? best : action;
        }

        return best ?? new NextAction(
            entry, false, new Refusal("NotAgent", "an agent that the address owns", "none"),
            new Dictionary<string, string>());
    }

    private async Task<NextAction> UndecidedAsync(
        CommandEntry entry, Sample sample, Address actor, bool isNow, CancellationToken cancellation)
    {
        if (chain is null || !isNow || !sample.IsWhole)
            return new NextAction(entry, null, Undecided(chain is not null, isNow), sample.Known);
        var (_, problem) = await chain.Rehearsal.OwnAsync(
            entry, actor, entry.Function.EncodeCall(sample.Arguments), null, cancellation).ConfigureAwait(false);
        return new NextAction(
            entry, problem is null, problem is null ? null : new Refusal(problem.Code, problem.Expected, problem.Found),
            sample.Known);
    }

    // A command without a decision over rows: the chain decides it, and answers for its newest block alone.
    private static Refusal Undecided(bool isChainAsked, bool isNow) => new(
        "OnlyChainDecides",
        !isNow ? "a question about now: the contract decides this command, and no row of the past holds its decision"
            : isChainAsked ? "its other arguments: the contract decides this command; prepare it with them"
            : "a host with the role commands: the contract decides this command, and this host asks no node",
        !isNow ? "a block of the past" : isChainAsked ? "the known ones alone" : "a host without it");

    private async ValueTask<Instant?> NowAsync(ulong tip, CancellationToken cancellation) =>
        chain is null ? new Instant(tip) : await chain.Clock.NowAsync(cancellation).ConfigureAwait(false);

    private async Task<Instant?> PastAsync(ulong block, BlockLink tip, CancellationToken cancellation) =>
        block == tip.Number ? new Instant(tip.Timestamp)
        : chain is not null && await chain.TimeOf(block, cancellation).ConfigureAwait(false) is { } seconds
            ? new Instant(seconds) : null;
}
