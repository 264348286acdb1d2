// The settings of hosted agents, checked. Enters: the layers. Leaves: values, or complaints in the layers. Always
// holds: no key and no password is a setting: both are files, and the settings hold only their paths.
using EventSourced.Workers.Queueing;

namespace EventSourced.Host.Settings;

/// <summary>The agents that this process acts for.</summary>
/// <param name="File">The file that names them.</param>
/// <param name="Password">The file that holds the password of their keys.</param>
/// <param name="Parallel">The number of jobs that are worked on at once.</param>
/// <param name="WebSeconds">The time limit of a service on the web.</param>
/// <param name="AllowsPrivateHosts">Whether services may be at addresses that are not public.</param>
public sealed record HostedSettings(
    string File, string Password, int Parallel, int WebSeconds, bool AllowsPrivateHosts)
{
    private const int MostParallel = 256;
    private const int UsualWebSeconds = 60;
    private const int MostWebSeconds = 3_600;

    /// <summary>The settings; null: this process acts for no agent.</summary>
    internal static HostedSettings? Read(Layers layers)
    {
        if (layers.Find(Setting.Hosted) is not { } file) return null;
        if (!System.IO.File.Exists(file.Text))
            layers.Complain(Setting.Hosted, "a file", $"no file {file.Text}", file.Where);
        var password = layers.Find(Setting.HostedPassword);
        if (password is null)
            layers.Complain(
                Setting.HostedPassword, "the file of the keys' password", "nothing",
                $"flag {Setting.HostedPassword.Flag}");
        else if (!System.IO.File.Exists(password.Text))
            layers.Complain(Setting.HostedPassword, "a file", $"no file {password.Text}", password.Where);
        foreach (var (needed, why) in new[]
        {
            (Setting.Content, "the folder of content, where hosted agents find their work"),
            (Setting.RelayerKeys, "the relayer's keys, which pay for what hosted agents send"),
        })
        {
            if (layers.Find(needed) is null) layers.Complain(needed, why, "nothing", $"flag {needed.Flag}");
        }

        return new HostedSettings(
            file.Text, password?.Text ?? "",
            HostSettings.Number(layers, Setting.HostedParallel, new JobOptions().Parallel, 1, MostParallel),
            HostSettings.Number(layers, Setting.HostedWebSeconds, UsualWebSeconds, 1, MostWebSeconds),
            ApiSettings.ReadYes(layers, Setting.HostedPrivateHosts));
    }
}
