// The settings of the audit log, checked last, for a key is made where it is missing. Enters: the layers. Leaves: the
// settings with keys and policy, or complaints in the layers.
using EventSourced.Indexer.Decode;
using EventSourced.Transparency;

namespace EventSourced.Host.Settings;

/// <summary>Reads the log's settings.</summary>
internal static class LogSettings
{
    internal static HostSettings Read(Layers layers, HostSettings settings, Deployment deployment)
    {
        TrustPolicy? policy = null;
        if (layers.Find(Setting.LogPolicy) is { } given)
            policy = Read(layers, Setting.LogPolicy, given, "a policy (C2SP tlog-policy)",
                () => TrustPolicy.Parse(File.ReadAllBytes(given.Text)));
        if (layers.Complaints.Count > 0 || layers.Find(Setting.LogKey) is not { } key) return settings;
        var awaits = policy?.Quorum is not null;
        return settings with
        {
            LogPolicy = policy,
            LogSigning = Read(
                layers, Setting.LogKey, key, "a file of the log's signing keys",
                () => LogKeyFile.OpenLog(key.Text, LogKeyFile.OriginOf(deployment), awaits)),
        };
    }

    private static T? Read<T>(Layers layers, Setting setting, Given given, string expected, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            layers.Complain(setting, expected, fault.Message, given.Where);
            return null;
        }
    }
}
