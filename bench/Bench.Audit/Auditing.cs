// The rounds of the bench. The figures check themselves: the log holds every event, and each audit finds that
// everything holds.
using System.Diagnostics;
using EventSourced.BenchPipeline;
using EventSourced.Indexer;
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Audit;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Reporting;
using EventSourced.Tables;
using EventSourced.Testing;
using EventSourced.Transparency;
using EventSourced.World;
using Npgsql;

namespace EventSourced.BenchAudit;

internal static class Auditing
{
    private const int Rounds = 5;
    private const int Leaves = 500_000;
    private const int Proofs = 2_000;

    private static readonly IngestionOptions Ingestion = new()
    {
        FinalityDepth = 0,
        VerifyBlockHashes = false,
        Omissions = OmissionCheck.Trust,
    };

    public static async Task RunAsync(Report report, long events, CancellationToken cancellation)
    {
        using var key = SigningKey.Parse(SigningKey.NewSecret("bench.example/log", SignatureType.Ed25519));
        await using var chain = await WorldChain.FreshAsync(cancellation);
        using (var world = await World.World.SettleAsync(
            chain, new WorldOptions(1, events), events > 10_000 ? Population.Large : Population.Small, cancellation))
            await world.LiveAsync(events, null, cancellation);
        var deployment = Deployment.Load(chain.Deployment);
        List<Round> with = [], without = [];
        var folder = Directory.CreateTempSubdirectory("bench-audit-");
        try
        {
            // The first round of each compiles the program.
            for (var round = 0; round <= Rounds; round++)
            {
                without.Add(await IndexAsync(chain, deployment, null, null, cancellation));
                with.Add(await IndexAsync(
                    chain, deployment, key, round == Rounds ? folder.FullName : null, cancellation));
            }

            with.RemoveAt(0);
            without.RemoveAt(0);
            Show(report, "indexed without the log", without);
            Show(report, "indexed with the log", with);
            var cost = 100 * (Total(with) / Total(without) - 1);
            report.Target("CPU of the log on top of the pipeline", cost, "%", 15, Better.Lower);
            report.Target("leaves appended in memory", Appended(report), "1/s", 100_000, Better.Higher);
            await AuditAsync(report, chain, deployment, key, folder.FullName, cancellation);
            await ProveAsync(report, folder.FullName, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed record Round(long Events, double PerSecond, Cpu Cpu);

    private static double Total(IEnumerable<Round> rounds) =>
        Report.Median(rounds.Select(one => one.Cpu.Ours + one.Cpu.Postgres));

    private static void Show(Report report, string what, List<Round> rounds) => report.Row(
        what, $"{rounds[0].Events:N0}", $"{Report.Median(rounds.Select(one => one.PerSecond)):N0}",
        $"{Report.Median(rounds.Select(one => one.Cpu.Ours)):0.00}",
            $"{Report.Median(rounds.Select(one => one.Cpu.Postgres)):0.00}");

    private static async Task<Round> IndexAsync(
        WorldChain chain, Deployment deployment, SigningKey? key, string? folder, CancellationToken cancellation)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Max Auto Prepare=200");
        var indexer = new ChainIndexer(deployment, chain.Client, source, new IndexerOptions
        {
            Ingestion = Ingestion,
            AppendsToLog = key is not null,
            LogSigning = key is null ? null : new LogSigning([key], AwaitsWitnesses: false),
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var tip = await chain.Client.GetBlockNumberAsync(cancellation);
        var before = Cpu.Now();
        var watch = Stopwatch.StartNew();
        var running = indexer.RunAsync(stop.Token);
        while (!running.IsCompleted && (indexer.Status.Tip?.Number ?? 0) < tip) await Task.Delay(5, cancellation);
        if (running.IsFaulted) await running;
        watch.Stop();
        var (cpu, events) = (Cpu.Now() - before, indexer.Status.Events);
        if (folder is not null) await SaveAsync(source, events, folder, cancellation);
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new Round(events, events / watch.Elapsed.TotalSeconds, cpu.Per(events));
    }

    private static async Task SaveAsync(
        NpgsqlDataSource source, long events, string folder, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var checkpoints = await LogTable.CheckpointsAsync(connection, cancellation);
        for (var wait = 0; wait < 1_000 && checkpoints.PublishedSize < events; wait++)
        {
            await Task.Delay(10, cancellation);
            checkpoints = await LogTable.CheckpointsAsync(connection, cancellation);
        }

        if (checkpoints.PublishedSize != events)
            throw new InvalidOperationException(
                $"expected a signed log of {events} leaves, found {checkpoints.PublishedSize}");
        await File.WriteAllTextAsync(Path.Combine(folder, "checkpoint"), checkpoints.Published, cancellation);
        foreach (var path in TilePath.Of(events))
        {
            var stored = await LogTable.TileAsync(connection, path.Level, path.Index, cancellation);
            var file = Path.Combine(folder, path.ToString());
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, path.BeginningOf(stored!.Value.Bytes).ToArray(), cancellation);
        }
    }

    private static double Appended(Report report)
    {
        var leaf = new byte[330];
        var edge = CompactRange.Empty;
        var before = Cpu.Now();
        var watch = Stopwatch.StartNew();
        for (var first = 0; first < Leaves; first += 20_000)
        {
            using var batch = new LogBatch(edge, 20_000, 20_000 * leaf.Length);
            for (var i = 0; i < 20_000; i++)
            {
                BitConverter.TryWriteBytes(leaf, first + i);
                batch.Add(leaf);
            }

            _ = batch.Tiles().Count() + batch.Bundles().Count();
            edge = batch.Edge();
        }

        var speed = Leaves / watch.Elapsed.TotalSeconds;
        var cpu = (Cpu.Now() - before).Per(Leaves);
        report.Row("leaves of 330 bytes into a tree with its tiles, in memory", $"{Leaves:N0}", $"{speed:N0}",
            $"{cpu.Ours:0.00}");
        return speed;
    }

    private static async Task AuditAsync(
        Report report, WorldChain chain, Deployment deployment, SigningKey key, string folder,
        CancellationToken cancellation)
    {
        var blocks = await chain.Client.GetBlockNumberAsync(cancellation);
        foreach (var (what, hasNode, receipts) in new[]
        {
            ("audited from the chain", true, false),
            ("audited from the chain, with receipts", true, true),
            ("audited from its own entries", false, false),
        })
        {
            using var log = LogCopy.Of(folder);
            PeakMemory.Forget();
            var before = Cpu.Now();
            var watch = Stopwatch.StartNew();
            var audit = await new Auditor(new AuditQuestion
            {
                Log = log,
                Node = hasNode ? chain.Client : null,
                Deployment = deployment,
                Ingestion = new IngestionOptions { FinalityDepth = 0 },
                Policy = TrustPolicy.Of(key.Verifier, [], 0),
                Receipts = receipts,
                TellsOfAnchorsOnly = true,
            }).RunAsync(cancellation);
            var seconds = watch.Elapsed.TotalSeconds;
            if (!audit.Holds) throw new InvalidOperationException(
                $"expected an audit that holds, found {audit.Difference}");
            var size = SignedCheckpoint.Parse(
                await File.ReadAllBytesAsync(Path.Combine(folder, "checkpoint"), cancellation)).Checkpoint.Size;
            var cpu = (Cpu.Now() - before).Per(size);
            report.Row(what, $"{size:N0}", $"{size / seconds:N0}", $"{cpu.Ours:0.00}", "", $"{PeakMemory.Megabytes:N0}");
            if (!hasNode) report.Target("audited from its own entries", size / seconds, "1/s", 100_000, Better.Higher);
            if (receipts) report.Row("  blocks whose receipts were hashed", $"{blocks:N0}", $"{blocks / seconds:N0}");
        }
    }

    private static async Task ProveAsync(Report report, string folder, CancellationToken cancellation)
    {
        using var log = LogCopy.Of(folder);
        var head = SignedCheckpoint.Parse(await log.CheckpointAsync(cancellation)).Checkpoint;
        var prover = new TileProver(log.TileAsync, head.Size, head.Root);
        var random = new Random(1);
        var watch = Stopwatch.StartNew();
        for (var proof = 0; proof < Proofs; proof++) await prover.IncludeAsync(
            random.NextInt64(head.Size), cancellation);
        report.Row("proofs from tiles in files, verified", $"{Proofs:N0}", $"{Proofs / watch.Elapsed.TotalSeconds:N0}");
    }
}
