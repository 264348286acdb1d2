// es replay: computes everything again, from the streams or from a node, beside the running system. Enters: settings, a
// source, a last block. Leaves: the list of checks, the first difference in words, and an exit code. Always holds: the
// scratch schema is gone afterwards, whatever happened.
using System.CommandLine;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using EventSourced.Indexer.Prove;
using EventSourced.Projections;
using Npgsql;

namespace EventSourced.Host.Replaying;

/// <summary>The command `replay`.</summary>
public static class ReplayCommand
{
    /// <summary>Everything that was checked is equal.</summary>
    public const int Equal = 0;

    /// <summary>Something differs.</summary>
    public const int Different = 1;

    /// <summary>The question cannot be asked.</summary>
    public const int WrongUsage = ServeCommand.WrongSettings;

    /// <summary>The answer could not be found: a fault of the database or the node.</summary>
    public const int Fault = 3;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var from = new Option<string>("--from")
        {
            Description = "streams: the stored chain events; chain: the logs of a node.",
            DefaultValueFactory = _ => "streams",
        };
        from.AcceptOnlyFromAmong("streams", "chain");
        var verify = new Option<bool>(
            "--verify")
        { Description = "Compare events, rows and the state root with what is stored." };
        var to = new Option<ulong?>("--to-block") { Description = "The last block; else the newest in the database." };
        var model = new Option<string?>(
            "--model")
        { Description = "With --verify: compare the rows of this table alone." };
        var command = new Command(
            "replay", "Rebuilds everything from the beginning, and says whether it is what is stored.")
        {
            from, verify, to, model,
        };
        var options = new SettingOptions(
            command,
            [
                Setting.Database, Setting.Rpc, Setting.Deployment, Setting.Archive, Setting.CheckpointKey,
                Setting.LogKey,
            ]);
        command.SetAction((parsed, cancellation) =>
        {
            var question = new ReplayQuestion(
                parsed.GetValue(from) == "chain" ? ReplaySource.Chain : ReplaySource.Streams,
                parsed.GetValue(verify), parsed.GetValue(to), parsed.GetValue(model));
            return RunAsync(options.Read(parsed), question, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(Layers layers, ReplayQuestion question, CancellationToken cancellation)
    {
        var settings = HostSettings.ForReplay(layers, question.Source == ReplaySource.Chain);
        string[] complaints = [.. layers.Complaints, .. Complaints(question)];
        if (settings is null || complaints.Length > 0) return await ServeCommand.RefuseAsync(
            "replay", complaints).ConfigureAwait(false);
        try
        {
            var source = NpgsqlDataSource.Create(settings.Database);
            await using (source.ConfigureAwait(false))
            {
                var verification = new Verification(source, settings, question);
                var answer = await ReplayLine.ShowAsync(verification, cancellation).ConfigureAwait(false);
                foreach (var line in answer.Lines) Console.WriteLine(line);
                return answer.Difference is null ? Equal : Different;
            }
        }
        catch (WrongQuestionException wrong)
        {
            return await ServeCommand.RefuseAsync("replay", [wrong.Message]).ConfigureAwait(false);
        }
        catch (Exception fault)
            when (fault is NpgsqlException or RpcException or IOException or InvalidOperationException
                or TimeoutException)
        {
            await Console.Error.WriteLineAsync($"es replay: {fault.Message}").ConfigureAwait(false);
            return Fault;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync(
                "es replay: stopped before the end; nothing was found out").ConfigureAwait(false);
            return Fault;
        }
    }

    private static IEnumerable<string> Complaints(ReplayQuestion question)
    {
        if (question.Model is not { } model) yield break;
        if (!question.Verify) yield return "model: expected --model together with --verify, found it alone; where: flag --model";
        if (ReadModels.All.All(known => known.Table != model))
        {
            var tables = string.Join(", ", ReadModels.All.Select(known => known.Table).Order(StringComparer.Ordinal));
            yield return $"model: expected one of {tables}, found {model}; where: flag --model";
        }
    }
}

/// <summary>The question that a replay answers.</summary>
/// <param name="Source">The source of the facts.</param>
/// <param name="Verify">Whether the results are compared with the stored rows.</param>
/// <param name="ToBlock">The last block; null: the newest in the database.</param>
/// <param name="Model">The only table whose rows are compared; null: all.</param>
public sealed record ReplayQuestion(ReplaySource Source, bool Verify, ulong? ToBlock, string? Model);
