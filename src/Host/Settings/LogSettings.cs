// The settings of the audit log. They are checked last, since a missing key is made here. Enters: the layers. Leaves:
// the settings with keys and policy, or complaints in the layers.
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Segments;
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
        if (layers.Complaints.Count > 0) return settings;
        var awaits = policy?.Quorum is not null;
        if (layers.Find(Setting.LogKey) is { } key) settings = settings with
        {
            LogPolicy = policy,
            LogSigning = Read(
                layers, Setting.LogKey, key, "a file of the log's signing keys",
                () => LogKeyFile.OpenLog(key.Text, LogKeyFile.OriginOf(deployment), awaits)),
        };
        return settings with
        {
            Checkpoint = Trusted(layers, Setting.FromCheckpoint, settings.LogSigning),
            Archive = Trusted(layers, Setting.Archive, settings.LogSigning),
        };
    }

    /// <summary>The log's own existing key, and the archive where one is named.</summary>
    internal static HostSettings ReadOwn(Layers layers, HostSettings settings, bool needsKey)
    {
        // Where the key itself is not needed, a missing key is no fault.
        if (layers.Find(Setting.LogKey) is { } key && (needsKey || LogKeyFile.IsThere(key.Text)))
            settings = settings with
            {
                LogSigning = Read(layers, Setting.LogKey, key, "a file of the log's signing keys", () =>
                    LogKeyFile.IsThere(key.Text)
                        ? LogKeyFile.OpenLog(key.Text, "", awaitsWitnesses: false)
                        : throw new FormatException($"no file {key.Text}")),
            };
        else if (needsKey) layers.Complain(Setting.LogKey, "the file of the log's signing keys", "nothing",
            $"flag {Setting.LogKey.Flag}, environment variable {Setting.LogKey.Variable}");
        return layers.Complaints.Count > 0
            ? settings : settings with { Archive = Trusted(layers, Setting.Archive, settings.LogSigning) };
    }

    /// <summary>An archive with its trusted keys: the named keys, or our own.</summary>
    internal static TrustedArchive? Trusted(Layers layers, Setting setting, LogSigning? own)
    {
        if (layers.Find(setting) is not { } place) return null;
        var keys = layers.Find(Setting.CheckpointKey);
        if (keys is null && own is null)
        {
            layers.Complain(setting, "a verifier key of the log whose archive it is", "none",
                $"flag {Setting.CheckpointKey.Flag}, or {Setting.LogKey.Flag} for one's own");
            return null;
        }

        IEnumerable<string> lines = keys is { } named
            ? named.Values : own!.VerifierKeys.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return Read(
            layers, Setting.CheckpointKey, keys ?? place, "verifier keys",
            () => new TrustedArchive(place.Text, TrustPolicy.Parse(System.Text.Encoding.UTF8.GetBytes(
                string.Concat(lines.Select(line => $"log {VerifierKey.Parse(line)}\n")) + "quorum none\n"))));
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
