// The figures of the keepers. Enters: the rows that are due, the duties, the moves of money. Leaves: figures for
// reports and meters. Always holds: a count has a limit; a due thing with an outcome does not count as open.
using EventSourced.Commands;
using EventSourced.Domain.Money;
using EventSourced.Ethereum;
using Npgsql;

namespace EventSourced.Workers.Keeping;

/// <summary>The figures of due things and of fees.</summary>
/// <param name="Due">The number of due things of each keeper; keepers without any are left out.</param>
/// <param name="OldestSeconds">The seconds of the chain for which the oldest thing has been due.</param>
/// <param name="GivenUp">The number of things that were given up.</param>
/// <param name="FeesCollected">The fees that contracts paid the account for calls, in base units of credits.</param>
/// <param name="FeesPaid">The number of such payments.</param>
public sealed record KeepingFigures(
    IReadOnlyDictionary<string, int> Due, long OldestSeconds, int GivenUp, string FeesCollected, long FeesPaid)
{
    /// <summary>Nothing was counted yet.</summary>
    public static KeepingFigures None { get; } = new(new Dictionary<string, int>(), 0, 0, "0", 0);

    internal static async Task<KeepingFigures> ReadAsync(
        NpgsqlDataSource source, KeeperWork work, Moment now, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        var due = new Dictionary<string, int>();
        var oldest = now.Second;
        foreach (var keeper in work.Options.Keepers)
        {
            var command = new NpgsqlCommand(
                $"""
                select count(*)::int, coalesce(min(due), $1) from (
                    select k.due from {keeper.Rows}
                     where not exists (select 1 from {CommandTables.Duty} d where d.keeper = $4 and d.thing = k.thing
                           and d.round = k.round and d.due = k.due and (d.state = 3 or d.from_second > $1))
                     limit $3) counted
                """,
                connection).With(now.Second).With(now.Block).With(work.Options.MostCounted).With(keeper.Name);
            await using var disposing = command.ConfigureAwait(false);
            var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var reading = reader.ConfigureAwait(false);
            await reader.ReadAsync(cancellation).ConfigureAwait(false);
            if (reader.GetInt32(0) > 0) due[keeper.Name] = reader.GetInt32(0);
            oldest = Math.Min(oldest, reader.GetInt64(1));
        }

        var (fees, times) = work.Account() is { } account
            ? await FeesAsync(connection, account, cancellation).ConfigureAwait(false) : ("0", 0);
        return new KeepingFigures(
            due, now.Second - oldest, await GivenUpAsync(connection, cancellation).ConfigureAwait(false), fees, times);
    }

    /// <summary>The fees that contracts have paid an account for calls, and the number of payments.</summary>
    internal static async Task<(string Fees, long Times)> FeesAsync(
        NpgsqlConnection connection, Ethereum.Address account, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            $"""
            select coalesce(sum(t.amount), 0)::text, count(*)
              from {KeeperTable.Table("transfer")} t join {KeeperTable.Table("account")} a on a.account = t.to_account
             where t.reason = {(int)Reason.KeeperFee} and a.kind = {(int)Accounts.Kind.Credit} and a.holder = $1
            """,
            connection).With(account.Bytes.ToArray());
        await using var disposing = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        return (reader.GetString(0), reader.GetInt64(1));
    }

    private static async Task<int> GivenUpAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            $"select count(*)::int from {CommandTables.Duty} where state = {(int)DutyState.GivenUp}", connection);
        await using var disposing = command.ConfigureAwait(false);
        return (int)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }
}
