// What the folded state says about a command. Enters: a command with its arguments and its sender. Leaves: a refusal of
// the domain's, or nothing against it, with the sentence of its effect and the block up to which the state was known.
// Always holds: one snapshot a decision; no stream is folded; a refusal by an index that is behind the chain is asked
// again, for a short and named while.
using System.Data;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Policies;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;
using EventSourced.Ethereum.Abi;
using EventSourced.Tables;
using Npgsql;
using Address = EventSourced.Ethereum.Address;

namespace EventSourced.Api.Commands.Path;

/// <summary>The state's judgement.</summary>
/// <param name="Problem">Why not; null: nothing is against it.</param>
/// <param name="Block">Up to which block the state was known.</param>
/// <param name="Effect">The change that the command makes, in words.</param>
internal sealed record Verdict(Problem? Problem, ulong Block, string Effect);

/// <summary>Asks the Decide functions.</summary>
internal sealed class Judge(NpgsqlDataSource rows, ChainClock clock, CommandPolicies? policies = null)
{
    /// <summary>How often a refusal is asked again while the index is behind the chain.</summary>
    public const int MostLooks = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Decides.</summary>
    public async Task<Verdict> DecideAsync(
        CommandEntry entry, Address sender, IReadOnlyList<AbiValue> arguments, CancellationToken cancellation)
    {
        for (var look = 1; ; look++)
        {
            var now = await clock.NowAsync(cancellation).ConfigureAwait(false);
            var verdict = await LookAsync(entry, sender, arguments, now, cancellation).ConfigureAwait(false);
            if (verdict.Problem is null || look == MostLooks) return verdict;
            if (verdict.Block >= await clock.HeadAsync(cancellation).ConfigureAwait(false)) return verdict;
            await Task.Delay(Pause, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<Verdict> LookAsync(
        CommandEntry entry, Address sender, IReadOnlyList<AbiValue> arguments, Instant now,
        CancellationToken cancellation)
    {
        var connection = await rows.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        var snapshot = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellation).ConfigureAwait(false);
        await using var ending = snapshot.ConfigureAwait(false);
        var progress = await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
        var wish = new Wish(entry, arguments, sender.ToDomain(), now, new Rows(connection, null, cancellation));
        var decision = await entry.DecideAsync(wish).ConfigureAwait(false);
        var block = progress.Tip?.Number ?? 0;
        var problem = decision is Decision.Refused refused ? Problem.Refused(refused.Reason, block)
            : policies is null ? null
            : await policies.JudgeAsync(entry, wish, block, cancellation).ConfigureAwait(false);
        return new Verdict(problem, block, Effects.Of(entry, wish));
    }
}
