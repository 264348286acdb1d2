// The list of due things and their reasons, for an operator. Enters: the current rows, the duties, the node. Leaves:
// one line for each due thing: the second since which it is due, its command, its obstacle. Always holds: nothing is
// changed; a count has a limit; the contract's answer to a call is asked for now.
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Tables;
using EventSourced.Workers.Acting;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Workers.Keeping;

/// <summary>A thing that is due, explained.</summary>
/// <param name="Keeper">The keeper of the thing.</param>
/// <param name="Thing">Its id.</param>
/// <param name="Round">Its round.</param>
/// <param name="DueSince">The second of the chain since which it is due.</param>
/// <param name="LateSeconds">The number of seconds since then.</param>
/// <param name="Command">The command that clears it.</param>
/// <param name="Arguments">Its arguments, as a JSON array.</param>
/// <param name="State">The present state of its duty.</param>
/// <param name="Stops">The obstacle that stops it; null: none.</param>
/// <param name="CommandId">The command that is on its way; null: none is.</param>
public sealed record ExplainedDuty(
    string Keeper, string Thing, string Round, long DueSince, long LateSeconds, string Command, string Arguments,
    string State, string? Stops, Guid? CommandId);

/// <summary>Everything that is due.</summary>
/// <param name="Second">The second of the block to come.</param>
/// <param name="Block">Its number.</param>
/// <param name="Account">The account that the keepers act for; null: no account was named.</param>
/// <param name="FeesCollected">The fees that contracts have paid it for calls, in base units of credits.</param>
/// <param name="FeesPaid">The number of such payments.</param>
/// <param name="Due">The things.</param>
public sealed record Explained(
    long Second, long Block, string? Account, string FeesCollected, long FeesPaid, IReadOnlyList<ExplainedDuty> Due);

/// <summary>Explains the due things.</summary>
public static class Explainer
{
    /// <summary>Reads the list; null: there is no index yet.</summary>
    /// <param name="source">The database.</param>
    /// <param name="work">The keepers of this process.</param>
    /// <param name="most">The largest number of things of each keeper.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<Explained?> ReadAsync(
        NpgsqlDataSource source, KeeperWork work, int most, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(work);
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        if (!await Moment.IsIndexedAsync(connection, cancellation).ConfigureAwait(false)
            || await Moment.ReadAsync(connection, work.Actor, cancellation).ConfigureAwait(false) is not { } now)
            return null;
        var account = work.Account();
        var (fees, times) = account is { } paid
            ? await KeepingFigures.FeesAsync(connection, paid, cancellation).ConfigureAwait(false) : ("0", 0);
        var found = new List<ExplainedDuty>();
        foreach (var keeper in work.Options.Keepers)
        {
            var due = await DutyTable.DueAsync(connection, keeper, now, most, cancellation).ConfigureAwait(false);
            var known = due.Count == 0 ? [] : await KnownAsync(connection, keeper, due, cancellation)
                .ConfigureAwait(false);
            foreach (var row in due)
                found.Add(await ExplainAsync(
                    work, keeper, row, known.GetValueOrDefault((row.Thing, row.Round, row.DueSeconds)), account, now,
                    cancellation).ConfigureAwait(false));
        }

        return new Explained(now.Second, now.Block, account?.ToString(), fees, times, found);
    }

    private static async Task<ExplainedDuty> ExplainAsync(
        KeeperWork work, Keeper keeper, DueRow row, Known? known, Address? account, Moment now,
        CancellationToken cancellation)
    {
        var stops = known switch
        {
            { State: DutyState.Sent } => null,
            { State: DutyState.GivenUp } => $"{known.Tries} commands failed: {known.Said}; es dead requeue tries again",
            { State: DutyState.Over, Block: long.MaxValue } => known.Said,
            _ when account is null => "no account is named to ask the contract with",
            _ => await work.Actor.RefusalAsync(work.DeedOf(keeper, row, 0), account.Value, cancellation)
                .ConfigureAwait(false),
        };
        var state = known is null ? "new" : char.ToLowerInvariant($"{known.State}"[0]) + $"{known.State}"[1..];
        return new ExplainedDuty(
            keeper.Name, row.Thing, row.Round, row.DueSeconds, now.Second - row.DueSeconds, keeper.Command,
            row.Arguments, state, stops, known?.State == DutyState.Sent ? known.Command : null);
    }

    private static async Task<Dictionary<(string, string, long), Known>> KnownAsync(
        NpgsqlConnection connection, Keeper keeper, List<DueRow> due, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            $"""
            select thing, round, due, state, tries, said, command, done_block from {CommandTables.Duty}
             where keeper = $1 and thing = any($2)
            """,
            connection).With(keeper.Name);
        await using var disposing = command.ConfigureAwait(false);
        command.AddArray(NpgsqlDbType.Text, due.Select(row => row.Thing));
        var known = new Dictionary<(string, string, long), Known>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            known[(reader.GetString(0), reader.GetString(1), reader.GetInt64(2))] = new Known(
                (DutyState)reader.GetInt16(3), reader.GetInt32(4),
                await reader.IsDBNullAsync(5, cancellation).ConfigureAwait(false) ? null : reader.GetString(5),
                await reader.IsDBNullAsync(6, cancellation).ConfigureAwait(false) ? null : reader.GetGuid(6),
                reader.GetInt64(7));
        return known;
    }

    private sealed record Known(DutyState State, int Tries, string? Said, Guid? Command, long Block);
}
