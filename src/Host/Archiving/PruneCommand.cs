// es prune: drops from the database everything that is archived and older than a horizon. Enters: a database, an
// archive, a block or a number of blocks to keep. Leaves: a line that names the dropped part. Always holds: exit code 0
// when the part was dropped, 1 when the archive does not hold all of it, 2 for a wrong question, 3 for a fault; only 0
// changes anything.
using System.CommandLine;
using System.Globalization;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using EventSourced.Indexer.Archive;
using EventSourced.Indexer.Segments;
using Npgsql;

namespace EventSourced.Host.Archiving;

/// <summary>The command `prune`.</summary>
public static class PruneCommand
{
    /// <summary>The archive does not hold everything that would be dropped.</summary>
    public const int NotArchived = 1;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var to = new Option<ulong?>("--to-block") { Description = "Drop history up to this block." };
        var keep = new Option<ulong?>("--keep-blocks")
        { Description = "Drop history but for this many blocks below the archive's last one." };
        var command = new Command("prune",
            "Drops archived history from the database: events, blocks, past rows and full tiles up to a block. Verifies the archive first.")
        { to, keep };
        var options = new SettingOptions(
            command, [Setting.Database, Setting.Archive, Setting.CheckpointKey, Setting.LogKey]);
        command.SetAction((parsed, cancellation) => RunAsync(
            options.Read(parsed), parsed.GetValue(to), parsed.GetValue(keep), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Layers layers, ulong? to, ulong? keep, CancellationToken cancellation)
    {
        var settings = HostSettings.ForArchive(layers, needsKey: false, needsArchive: true);
        string[] complaints =
        [
            .. layers.Complaints,
            .. to is null == keep is null
                ? (string[])["to-block: expected one of --to-block and --keep-blocks, found both or none; where: flags"]
                : [],
        ];
        if (settings is null || complaints.Length > 0) return await ServeCommand.RefuseAsync(
            "prune", complaints).ConfigureAwait(false);
        try
        {
            var source = NpgsqlDataSource.Create(settings.Database);
            await using (source.ConfigureAwait(false))
            {
                var pruned = await new Pruning(source, settings.Archive!)
                    .RunAsync(to ?? keep!.Value, to is null, cancellation).ConfigureAwait(false);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"dropped {pruned.Events:N0} events and {pruned.Rows:N0} past rows; the database knows rows as of block {pruned.Block} and later, and events behind {pruned.Sequence:N0}"));
                return 0;
            }
        }
        catch (FormatException fault)
        {
            await Console.Error.WriteLineAsync($"es prune: nothing was dropped: {fault.Message}").ConfigureAwait(false);
            return NotArchived;
        }
        catch (Exception fault) when (
            fault is NpgsqlException or IOException or InvalidOperationException or HttpRequestException
                or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"es prune: {fault.Message}").ConfigureAwait(false);
            return ArchiveCommand.Fault;
        }
    }
}
