// es archive: writes everything that is final and signed to an archive. Enters: a database, the log's key, a folder.
// Leaves: the folder, and a line for each round. Always holds: a failed round leaves the archive of the round before in
// place; with --follow, transient faults are reported and retried, up to a named number in a row.
using System.CommandLine;
using System.Globalization;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using EventSourced.Indexer.Archive;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Host.Archiving;

/// <summary>The command `archive`.</summary>
public static class ArchiveCommand
{
    /// <summary>The answer could not be found: a fault of the database or the folder.</summary>
    public const int Fault = 3;

    private const int MostFaults = 20;
    private const int FirstEvery = 10_000;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var to = new Option<string>("--to") { Description = "The folder of the archive.", Required = true };
        var follow = new Option<bool>("--follow") { Description = "Go on, a round after every so many events." };
        var every = new Option<int>("--every")
        {
            Description = "With --follow: after how many more final events a round begins.",
            DefaultValueFactory = _ => FirstEvery,
        };
        every.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError("--every: expected 1 or more events, found fewer");
        });
        var command = new Command("archive",
            "Copies every final event, every row and the log into a folder of signed, content-addressed files.")
        { to, follow, every };
        var options = new SettingOptions(command, [Setting.Database, Setting.LogKey]);
        command.SetAction((parsed, cancellation) => RunAsync(
            options.Read(parsed), parsed.GetValue(to)!, parsed.GetValue(follow) ? parsed.GetValue(every) : null,
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Layers layers, string folder, int? every, CancellationToken cancellation)
    {
        if (HostSettings.ForArchive(layers, needsKey: true, needsArchive: false) is not { } settings)
            return await ServeCommand.RefuseAsync("archive", layers.Complaints).ConfigureAwait(false);
        var source = NpgsqlDataSource.Create(settings.Database);
        await using (source.ConfigureAwait(false))
        {
            var archiver = new Archiver(source, folder, settings.LogSigning!);
            for (var faults = 0; ;)
            {
                try
                {
                    var archived = await archiver.RunAsync(cancellation).ConfigureAwait(false);
                    Console.WriteLine(archived is null ? $"{folder}: nothing new is published" : Text(folder, archived));
                    if (every is null) return 0;
                    faults = 0;
                    await WaitAsync(source, archived?.Size, every.Value, cancellation).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    return every is null ? Fault : 0;
                }
                catch (Exception fault) when (
                    fault is NpgsqlException or IOException or InvalidOperationException or FormatException
                        or UnauthorizedAccessException)
                {
                    await Console.Error.WriteLineAsync($"es archive: {fault.Message}").ConfigureAwait(false);
                    if (every is null || fault is not (NpgsqlException or IOException) || ++faults == MostFaults)
                        return Fault;
                    await Task.Delay(Look, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    private static string Text(string folder, Archived archived) => string.Create(
        CultureInfo.InvariantCulture,
        $"{folder}: {archived.Size:N0} events up to block {archived.Block} in {archived.Segments} segments, {archived.Written} of them new, {archived.Bytes:N0} bytes");

    private static async Task WaitAsync(
        NpgsqlDataSource source, long? archived, int every, CancellationToken cancellation)
    {
        var size = archived ?? await PublishedAsync(source, cancellation).ConfigureAwait(false);
        using var timer = new PeriodicTimer(Look);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            if (await PublishedAsync(source, cancellation).ConfigureAwait(false) - size >= every) return;
    }

    private static async Task<long> PublishedAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        return (await LogTable.CheckpointsAsync(connection, cancellation).ConfigureAwait(false)).PublishedSize;
    }
}
