// The settings of the keepers, checked. Enters: the layers. Leaves: values, or complaints in the layers.
using System.Globalization;
using EventSourced.Ethereum;
using EventSourced.Workers.Keeping;

namespace EventSourced.Host.Settings;

/// <summary>The deadlines that are kept.</summary>
/// <param name="Keepers">The keepers that run.</param>
/// <param name="Account">The account that the keepers act for; null: the relayer's first account.</param>
public sealed record KeeperSettings(IReadOnlyList<Keeper> Keepers, Address? Account)
{
    private const string None = "none";
    private const int UsualEpochHours = 24;
    private const int MostEpochHours = 24 * 365;

    /// <summary>The settings.</summary>
    /// <param name="layers">The source of the values.</param>
    /// <param name="needsAccount">Whether this process has no relayer whose account could serve.</param>
    internal static KeeperSettings Read(Layers layers, bool needsAccount)
    {
        Address? account = null;
        if (layers.Find(Setting.KeeperAccount) is { } given)
        {
            if (Address.TryParse(given.Text, null, out var found)) account = found;
            else layers.Complain(
                Setting.KeeperAccount, "an address: 0x and 40 digits", $"'{given.Text}'", given.Where);
        }
        else if (needsAccount)
        {
            layers.Complain(
                Setting.KeeperAccount, "the account of a relayer that runs elsewhere", "nothing",
                $"flag {Setting.KeeperAccount.Flag}");
        }

        var hours = HostSettings.Number(layers, Setting.KeeperEpochHours, UsualEpochHours, 0, MostEpochHours);
        return new KeeperSettings(
            KeeperTable.ActingFor(Named(layers), Agents(layers), TimeSpan.FromHours(hours)), account);
    }

    private static List<ulong> Agents(Layers layers)
    {
        var agents = new List<ulong>();
        if (layers.Find(Setting.KeeperAgents) is not { } given) return agents;
        foreach (var text in given.Values)
        {
            // The value goes into a query as a number.
            if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var agent) && agent > 0)
                agents.Add(agent);
            else layers.Complain(Setting.KeeperAgents, "numbers of agents", $"'{text}'", given.Where);
        }

        return agents;
    }

    private static IReadOnlyList<Keeper> Named(Layers layers)
    {
        if (layers.Find(Setting.Keepers) is not { Values.Count: > 0 } names || names.Text == "all")
            return KeeperTable.All;
        if (names.Values is [None]) return [];
        if (KeeperTable.Named(names.Values) is { } keepers) return keepers;
        layers.Complain(
            Setting.Keepers, $"all, none, or names of {string.Join(", ", KeeperTable.All.Select(keeper => keeper.Name))}",
            string.Join(", ", names.Values), names.Where);
        return [];
    }
}
