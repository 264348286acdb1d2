// The figures of the relayer. Enters: the tables of commands, the accounts' balances. Leaves: depth of each phase, age
// of the oldest, gaps, balances, reasons for an alarm. Always holds: one statement for each look; a look changes
// nothing.
using System.Globalization;
using EventSourced.Commands;
using EventSourced.Ethereum;

namespace EventSourced.Workers.Relaying;

/// <summary>An account of the relayer.</summary>
/// <param name="Address">Its address.</param>
/// <param name="BalanceWei">Its balance in wei at the last question.</param>
/// <param name="IsLow">Whether the balance is so low that it raises an alarm.</param>
/// <param name="IsResting">Whether a node said that the account cannot pay.</param>
public sealed record RelayerAccount(Address Address, UInt256 BalanceWei, bool IsLow, bool IsResting);

/// <summary>The relayer at one moment.</summary>
public sealed record RelayerFigures
{
    /// <summary>The number of commands in each phase; commands that are over do not count.</summary>
    public required IReadOnlyDictionary<Phase, int> Commands { get; init; }

    /// <summary>The time for which the oldest command of a phase has waited.</summary>
    public required IReadOnlyDictionary<Phase, TimeSpan> Oldest { get; init; }

    /// <summary>The number of nonces that were given up and are not filled yet.</summary>
    public required int Gaps { get; init; }

    /// <summary>The accounts.</summary>
    public required IReadOnlyList<RelayerAccount> Accounts { get; init; }

    /// <summary>Whether this process watches the chain.</summary>
    public required bool Leads { get; init; }

    /// <summary>The number of transactions that this process brought to a node.</summary>
    public required long Sent { get; init; }

    /// <summary>The number of them that were sent again.</summary>
    public required long Resent { get; init; }

    /// <summary>The number of transactions that this process replaced by dearer ones.</summary>
    public required long Replaced { get; init; }

    /// <summary>The number of gaps that this process filled with empty transactions.</summary>
    public required long Filled { get; init; }

    /// <summary>The number of commands that this process saw taken back with their blocks.</summary>
    public required long Reorganized { get; init; }

    /// <summary>The reasons why an operator must look; empty where nothing is wrong.</summary>
    public required IReadOnlyList<string> Alarms { get; init; }

    internal static async Task<RelayerFigures> ReadAsync(RelayDesk desk, bool leads, CancellationToken cancellation)
    {
        var commands = new Dictionary<Phase, int>();
        var oldest = new Dictionary<Phase, TimeSpan>();
        var command = desk.Source.CreateCommand(
            $"""
            select phase::int, count(*)::int, coalesce(extract(epoch from now() - min(changed_at)), 0)::float8
            from {CommandTables.Command} where phase < 2 or phase between 2 and 3 or phase = 4 group by phase
            union all select -1, count(*)::int, 0 from {CommandTables.Nonce} where chain = $1 and state < 2 and state = 1
            """).With((long)desk.Options.ChainId);
        var gaps = 0;
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var reading = reader.ConfigureAwait(false);
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                if (reader.GetInt32(0) < 0)
                {
                    gaps = reader.GetInt32(1);
                    continue;
                }

                var phase = (Phase)reader.GetInt32(0);
                (commands[phase], oldest[phase]) = (reader.GetInt32(1), TimeSpan.FromSeconds(reader.GetDouble(2)));
            }
        }

        RelayerAccount[] accounts = [.. desk.Accounts.Balances.Select(pair => new RelayerAccount(
            pair.Key, pair.Value, pair.Value < desk.Options.LowBalanceWei,
            desk.Accounts.Insolvent.Contains(pair.Key)))];
        return new RelayerFigures
        {
            Commands = commands,
            Oldest = oldest,
            Gaps = gaps,
            Accounts = accounts,
            Leads = leads,
            Sent = desk.Counts.Sent,
            Resent = desk.Counts.Resent,
            Replaced = desk.Counts.Replaced,
            Filled = desk.Counts.Filled,
            Reorganized = desk.Counts.Reorganized,
            Alarms = [.. Complaints(desk, accounts)],
        };
    }

    private static IEnumerable<string> Complaints(RelayDesk desk, RelayerAccount[] accounts)
    {
        foreach (var complaint in desk.Accounts.Keys.Complaints) yield return complaint;
        if (accounts.Length == 0) yield return "expected at least one account of the relayer, found none";
        foreach (var account in accounts.Where(account => account.IsLow || account.IsResting))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"expected at least {desk.Options.LowBalanceWei} wei with the relayer's account {account.Address}, "
                + $"found {account.BalanceWei}{(account.IsResting ? "; a node refuses it" : "")}");
        }
    }
}
