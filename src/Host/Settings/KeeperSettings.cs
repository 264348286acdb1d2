// The settings of the keepers, checked. Enters: the layers. Leaves: values, or complaints in the layers.
using EventSourced.Ethereum;
using EventSourced.Workers.Keeping;

namespace EventSourced.Host.Settings;

/// <summary>Which deadlines are kept.</summary>
/// <param name="Keepers">The keepers that run.</param>
/// <param name="Account">In whose name; null: the relayer's first account.</param>
public sealed record KeeperSettings(IReadOnlyList<Keeper> Keepers, Address? Account)
{
    private const string None = "none";

    /// <summary>The settings.</summary>
    /// <param name="layers">Where from.</param>
    /// <param name="needsAccount">Whether there is no relayer here whose account would do.</param>
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

        return new KeeperSettings(Named(layers), account);
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
