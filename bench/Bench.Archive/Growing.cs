// A world that grows, and two databases of it. The figures check themselves: the database that began with the archive
// has the state root of the one that read the chain.
using System.Diagnostics;
using EventSourced.Indexer;
using EventSourced.Indexer.Archive;
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Segments;
using EventSourced.Reporting;
using EventSourced.Tables;
using EventSourced.Testing;
using EventSourced.Transparency;
using EventSourced.World;
using Npgsql;

namespace EventSourced.BenchArchive;

/// <summary>What two databases hold after a step.</summary>
internal sealed record Step(long Events, double Megabytes, double PrunedMegabytes);

internal static class Growing
{
    private const double Megabyte = 1024 * 1024;
    private const int Loads = 3;
    private const ulong Window = 500;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    public static async Task<IReadOnlyList<Step>> RunAsync(
        Report report, int tasks, long events, int steps, CancellationToken cancellation)
    {
        using var key = SigningKey.Parse(SigningKey.NewSecret("bench.example/log", SignatureType.Ed25519));
        var folder = Directory.CreateTempSubdirectory("bench-archive-");
        await using var chain = await WorldChain.FreshAsync(cancellation);
        await using var whole = await TestDatabase.CreateAsync();
        await using var pruned = await TestDatabase.CreateAsync();
        await using var wholeSource = NpgsqlDataSource.Create(whole.ConnectionString);
        await using var prunedSource = NpgsqlDataSource.Create(pruned.ConnectionString);
        var options = new IndexerOptions
        {
            Ingestion = new IngestionOptions
            {
                FinalityDepth = 0,
                VerifyBlockHashes = false,
                Omissions = OmissionCheck.Trust,
            },
            LogSigning = new LogSigning([key], AwaitsWitnesses: false),
        };
        var trusted = new TrustedArchive(folder.FullName, TrustPolicy.Of(key.Verifier, [], 0));
        var sizes = new List<Step>();
        try
        {
            using var world = await World.World.SettleAsync(
                chain, new WorldOptions(1, events), events > 10_000 ? Population.Large : Population.Small,
                cancellation);
            // A world lives once: it is stopped in the midst, after a block, and indexed as far as it is.
            await world.LiveAsync(
                events,
                () =>
                {
                    if (sizes.Count + 1 < steps && world.Stage.Events >= events * (sizes.Count + 1) / steps)
                        StepAsync().GetAwaiter().GetResult();
                },
                cancellation);
            await StepAsync();
            await LoadAsync(report, chain, wholeSource, tasks, options with { Checkpoint = trusted }, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return sizes;

        async Task StepAsync()
        {
            await IndexAsync(chain, wholeSource, options, cancellation);
            await IndexAsync(chain, prunedSource, options, cancellation);
            var watch = Stopwatch.StartNew();
            var archived = await new Archiver(prunedSource, folder.FullName, options.LogSigning!)
                .RunAsync(cancellation) ?? throw new InvalidOperationException("expected more to archive, found none");
            var archiving = watch.Elapsed;
            watch.Restart();
            await new Pruning(prunedSource, trusted).RunAsync(Window, isWindow: true, cancellation);
            sizes.Add(new Step(
                archived.Size, await SizeAsync(wholeSource, cancellation),
                await SizeAsync(prunedSource, cancellation)));
            report.Row($"archived, step {sizes.Count}", $"{archived.Size:N0}", $"{archiving.TotalSeconds:0.0}",
                $"{archived.Bytes / Megabyte:0.0}");
            report.Row("  verified and pruned", $"{archived.Size:N0}", $"{watch.Elapsed.TotalSeconds:0.0}",
                $"{sizes[^1].Megabytes:0.0}", $"{sizes[^1].PrunedMegabytes:0.0}");
            Console.Error.WriteLine($"step {sizes.Count} of {steps}: {archived.Size:N0} events");
        }
    }

    // Several times, each into a database of its own: the first one compiles the program.
    private static async Task LoadAsync(
        Report report, WorldChain chain, NpgsqlDataSource whole, int wanted, IndexerOptions options,
        CancellationToken cancellation)
    {
        List<double> seconds = [];
        var (tasks, events) = (0L, 0L);
        for (var load = 0; load < Loads; load++)
        {
            await using var database = await TestDatabase.CreateAsync();
            await using var source = NpgsqlDataSource.Create(database.ConnectionString);
            var watch = Stopwatch.StartNew();
            await IndexAsync(chain, source, options, cancellation);
            seconds.Add(watch.Elapsed.TotalSeconds);
            tasks = await CountAsync(source, "select count(*) from model.task", cancellation);
            events = await CountAsync(source, "select last_sequence from es_indexer", cancellation);
            const string root = "select encode(state_root, 'hex') from es_indexer";
            if (await TextAsync(source, root, cancellation) != await TextAsync(whole, root, cancellation))
                throw new InvalidOperationException(
                    "expected the state root of the index that read the chain, found another");
            report.Row($"fast sync, round {load + 1}: verified, up to the tip, indexed", $"{events:N0}", $"{seconds[^1]:0.0}");
        }

        var median = Report.Median(seconds);
        report.Target($"fast sync of {tasks:N0} tasks", median, "s", 20, Better.Lower);
        report.Target("tasks in the snapshot", tasks, "", wanted, Better.Higher);
        report.Target("events loaded and verified", events / median, "1/s", 0, Better.Higher);
    }

    private static async Task IndexAsync(
        WorldChain chain, NpgsqlDataSource source, IndexerOptions options, CancellationToken cancellation)
    {
        var indexer = new ChainIndexer(Deployment.Load(chain.Deployment), chain.Client, source, options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(Limit);
        var tip = await chain.Client.GetBlockNumberAsync(cancellation);
        var running = indexer.RunAsync(stop.Token);
        while (!running.IsCompleted && ((indexer.Status.Tip?.Number ?? 0) < tip
            || !await IsSignedAsync(source, stop.Token))) await Task.Delay(20, stop.Token);
        if (running.IsFaulted) await running;
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<bool> IsSignedAsync(NpgsqlDataSource source, CancellationToken cancellation) =>
        await CountAsync(
            source, "select (l.published_size = i.last_sequence)::int from es_log l cross join es_indexer i",
            cancellation) == 1;

    private static async Task<double> SizeAsync(NpgsqlDataSource source, CancellationToken cancellation) =>
        await CountAsync(source, "select pg_database_size(current_database())", cancellation) / Megabyte;

    private static async Task<long> CountAsync(
        NpgsqlDataSource source, string query, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(query);
        return Convert.ToInt64(
            await command.ExecuteScalarAsync(cancellation), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<string> TextAsync(
        NpgsqlDataSource source, string query, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(query);
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
