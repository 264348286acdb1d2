// es jobs: the jobs of hosted agents, for people. Enters: the database, a key. Leaves: one line for each job, or a dead
// job that is put back; an exit code.
using System.CommandLine;
using System.Globalization;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using EventSourced.Workers.Queueing;
using Npgsql;

namespace EventSourced.Host.Hosting;

/// <summary>The commands `jobs list` and `jobs requeue`.</summary>
public static class JobCommands
{
    private const int NoSuchJob = 1;
    private const int Usual = 50;

    /// <summary>The command `jobs` with its subcommands.</summary>
    public static Command Create() =>
        new("jobs", "The jobs of hosted agents: what is to be done, what was done, and what failed too often.")
        {
            CreateList(), CreateRequeue(),
        };

    private static Command CreateList()
    {
        var state = new Option<JobState>("--state")
        {
            Description = "open, done or dead.",
            DefaultValueFactory = _ => JobState.Open,
        };
        var most = new Option<int>("--most")
        {
            Description = $"At most so many lines, up to {JobTable.Most}.",
            DefaultValueFactory = _ => Usual,
        };
        var command = new Command("list", "Lists jobs, those that changed last first.") { state, most };
        var options = new SettingOptions(command, [Setting.Database]);
        command.SetAction((parsed, cancellation) => WithAsync(options.Read(parsed), async table =>
        {
            foreach (var job in await table.ListAsync(
                parsed.GetValue(state), parsed.GetValue(most), cancellation).ConfigureAwait(false))
                Console.WriteLine(Line(job));
            return 0;
        }));
        return command;
    }

    private static Command CreateRequeue()
    {
        var key = new Argument<string>("KEY") { Description = "The job, as `jobs list --state dead` names it." };
        var command = new Command("requeue", "Puts a dead job back, to be done at once.") { key };
        var options = new SettingOptions(command, [Setting.Database]);
        command.SetAction((parsed, cancellation) => WithAsync(options.Read(parsed), async table =>
        {
            var wanted = parsed.GetValue(key)!;
            if (await table.RequeueAsync(wanted, cancellation).ConfigureAwait(false)) return 0;
            await Console.Error.WriteLineAsync(
                $"es jobs: expected a dead job {wanted}, found none").ConfigureAwait(false);
            return NoSuchJob;
        }));
        return command;
    }

    private static string Line(JobView job) => string.Create(
        CultureInfo.InvariantCulture,
        $"{job.ChangedAt:yyyy-MM-ddTHH:mm:ssZ} {job.Key} {job.State.ToString().ToLowerInvariant()} claims {job.Claims} faults {job.Faults} {job.Step}: {job.Reason}");

    private static async Task<int> WithAsync(Layers layers, Func<JobTable, Task<int>> act)
    {
        if (HostSettings.ForReplay(layers, fromChain: false) is not { } settings)
            return await ServeCommand.RefuseAsync("jobs", layers.Complaints).ConfigureAwait(false);
        var source = NpgsqlDataSource.Create(settings.Database);
        await using (source.ConfigureAwait(false))
        {
            try
            {
                return await act(new JobTable(source)).ConfigureAwait(false);
            }
            catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
            {
                return await ServeCommand.RefuseAsync(
                    "jobs", ["database: expected one with jobs of hosted agents, found none"]).ConfigureAwait(false);
            }
        }
    }
}
