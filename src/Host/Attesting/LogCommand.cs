// es log key: the key of the audit log. Enters: a path, a name. Leaves: the verifier keys on standard output, for
// auditors and witnesses. Always holds: an existing key is shown and never replaced.
using System.CommandLine;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using EventSourced.Indexer.Decode;

namespace EventSourced.Host.Attesting;

/// <summary>The command `log`.</summary>
public static class LogCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var origin =
            new Option<string?>("--origin")
            {
                Description =
                "The log's identity, a name without a scheme, as log.example.org/economy; else made of chain and directory."
            };
        var key = new Command(
            "key", "Prints the verifier keys of the audit log; makes the key where there is none yet.") { origin };
        var options = new SettingOptions(key, [Setting.LogKey, Setting.Deployment]);
        key.SetAction((parsed, _) => RunAsync(options.Read(parsed), parsed.GetValue(origin)));
        return new Command("log", "The audit log of every final event.") { key, EpochCommands.Post(), EpochCommands.Sign() };
    }

    private static async Task<int> RunAsync(Layers layers, string? origin)
    {
        if (layers.Find(Setting.LogKey)?.Text is not { } path)
            return await ServeCommand.RefuseAsync("log key",
                [$"logKey: expected the path of a key, found nothing; where: flag {Setting.LogKey.Flag}, environment variable {Setting.LogKey.Variable}"]).ConfigureAwait(false);
        try
        {
            if (origin is null && !LogKeyFile.IsThere(path))
                origin = layers.Find(Setting.Deployment)?.Text is { } deployment
                    ? LogKeyFile.OriginOf(Deployment.Load(deployment))
                    : throw new FormatException("origin: expected a name for the new key, or a deployment to make it of, found neither; where: flags --origin and --deployment");
            Console.Write(LogKeyFile.OpenLog(path, origin ?? "", awaitsWitnesses: false).VerifierKeys);
            return 0;
        }
        catch (Exception fault) when (
            fault is FormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return await ServeCommand.RefuseAsync("log key", [fault.Message]).ConfigureAwait(false);
        }
    }
}
