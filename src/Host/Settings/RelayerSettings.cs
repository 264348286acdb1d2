// The settings of the relayer, checked. Enters: the layers. Leaves: values, or complaints in the layers. Always holds:
// no key and no password is a setting: both are files, and the settings hold only their paths.
using EventSourced.Ethereum;
using EventSourced.Workers.Relaying;

namespace EventSourced.Host.Settings;

/// <summary>The settings of the relayer.</summary>
/// <param name="Keys">The folder of key files.</param>
/// <param name="Password">The file that holds their password.</param>
/// <param name="FeeCapGwei">The highest price of a unit of gas.</param>
/// <param name="LowBalanceMilliether">The balance of an account below which it raises an alarm.</param>
/// <param name="InFlight">The number of transactions of one account that may wait for a block.</param>
public sealed record RelayerSettings(
    string Keys, string Password, int FeeCapGwei, int LowBalanceMilliether, int InFlight)
{
    private const int MostFeeCapGwei = 1_000_000;
    private const int MostLowBalance = 1_000_000_000;
    private const int MostInFlight = 10_000;
    private const ulong WeiOfGwei = 1_000_000_000;
    private const ulong WeiOfMilliether = 1_000_000_000_000_000;

    /// <summary>The settings; null: this process relays nothing.</summary>
    internal static RelayerSettings? Read(Layers layers)
    {
        if (layers.Find(Setting.RelayerKeys) is not { } keys) return null;
        if (!Directory.Exists(keys.Text)) layers.Complain(
            Setting.RelayerKeys, "a folder", $"no folder {keys.Text}", keys.Where);
        var password = layers.Find(Setting.RelayerPassword);
        if (password is null)
            layers.Complain(Setting.RelayerPassword, "the file of the keys' password", "nothing",
                $"flag {Setting.RelayerPassword.Flag}");
        else if (!File.Exists(password.Text))
            layers.Complain(Setting.RelayerPassword, "a file", $"no file {password.Text}", password.Where);
        var usual = new RelayerOptions { ChainId = 0 };
        return new RelayerSettings(
            keys.Text, password?.Text ?? "",
            HostSettings.Number(
                layers, Setting.RelayerFeeCapGwei, (int)(usual.FeeCapWei / WeiOfGwei), 1, MostFeeCapGwei),
            HostSettings.Number(layers, Setting.RelayerLowBalance, (int)((ulong)usual.LowBalanceWei / WeiOfMilliether),
                0, MostLowBalance),
            HostSettings.Number(layers, Setting.RelayerInFlight, usual.InFlight, 1, MostInFlight));
    }

    /// <summary>The relayer's options on a chain.</summary>
    internal RelayerOptions Over(HostSettings settings) => new()
    {
        ChainId = settings.Deployment!.ChainId,
        FeeCapWei = (ulong)FeeCapGwei * WeiOfGwei,
        LowBalanceWei = (UInt256)(UInt128)((UInt128)LowBalanceMilliether * WeiOfMilliether),
        InFlight = InFlight,
        FinalityByTag = settings.Ingestion.FinalityByTag,
        FinalityDepth = settings.Ingestion.FinalityDepth,
        Refusals = new Chain.Sending.Refusals(
            Chain.Contracts.ContractInterfaces.All.SelectMany(contract => contract.Errors)),
    };
}
