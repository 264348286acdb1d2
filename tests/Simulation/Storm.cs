// One simulation. Enters: a seed. Leaves: a line that says what happened, or a failure that names the seed. A chain is told and reorganised while two
// indexers fight for leadership, behind a node that answers wrongly and on connections that are cut; then the weather clears. Always holds: what
// is in the database then is what an indexer writes that never saw a fault. The seed draws every choice; the machine draws the moments.
using System.Diagnostics;
using System.Globalization;
using EventSourced.Indexer;
using EventSourced.Indexer.Pipeline;
using EventSourced.Indexer.Replay;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.Projections;
using EventSourced.RpcFaults;
using EventSourced.World;

namespace EventSourced.Simulation.Tests;

/// <summary>Bad weather, drawn from a seed.</summary>
internal sealed class Storm(int seed)
{
    private const int LeastStretches = 2;
    private const int MostStretches = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(75);

    private static readonly ulong[] Depths = [6, 20, 64];

    private static readonly Fault[] Faults =
    [
        Fault.Refuse, Fault.Delay, Fault.Truncate, Fault.HalfJson, Fault.DuplicateLogs, Fault.ReorderLogs, Fault.OrphanLogs,
        Fault.DropAllLogs, Fault.NullBlock, Fault.RateLimit, Fault.Unavailable, Fault.Html, Fault.TooManyGeth,
        Fault.TooManyErigon, Fault.TooManyAlchemy, Fault.TooManyInfura, Fault.ShuffleBatch,
    ];

    /// <summary>Runs the storm of a seed; a failure names the seed and the command that shows it again.</summary>
    internal static async Task<string> RunAsync(int seed)
    {
        try
        {
            return await new Storm(seed).RunAsync();
        }
        catch (Exception failure)
        {
            throw new StormFailedException(seed, failure);
        }
    }

    private async Task<string> RunAsync()
    {
        var clock = Stopwatch.StartNew();
        using var limit = new CancellationTokenSource(Limit);
        var random = new Random(seed);
        await using var chain = await Chain.FreshAsync(limit.Token, shared: true);
        await using var database = await IndexedDatabase.CreateAsync();
        var depth = Depths[random.Next(Depths.Length)];
        var options = IndexedDatabase.Options with
        {
            Ingestion = IndexedDatabase.Options.Ingestion with { FinalityDepth = depth },
        };
        var teller = new Teller(random.Next(), chain, depth);
        await teller.FoundAsync(limit.Token);
        await teller.TellAsync(0, limit.Token);
        var plan = FaultPlans.Random(random.Next(), 0.02 + (0.1 * random.NextDouble()), Faults);
        await using var proxy = await FaultProxy.StartAsync(chain.Endpoint, plan);
        proxy.Delay = TimeSpan.FromMilliseconds(30);
        var target = database.ConnectionString;
        Contender[] contenders =
        [
            new("one", random.Next(), chain, proxy.Endpoint, target, options),
            new("two", random.Next(), chain, proxy.Endpoint, target, options),
        ];
        // Every second storm begins on an empty database, where even the tables are made in bad weather.
        if (random.Next(2) == 0) await database.IndexAsync(chain, options);
        var saboteur = new Saboteur(random.Next(), target);

        using var calm = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        try
        {
            await RageAsync(teller, contenders, saboteur, random, calm, limit.Token);
        }
        catch (OperationCanceledException stuck) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"expected an end within {Limit}, found {string.Join("; ", contenders.Select(contender => contender.Doing))}", stuck);
        }

        await CompareAsync(chain, database, options);
        var ledger = await database.LedgerAsync();
        var faults = Faults.Sum(proxy.CountOf);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"seed {seed}: {ledger.Tip!.Value.Number} blocks, {ledger.LastSequence} events, {teller.Reorgs} reorgs (deepest {teller.Deepest}, "
            + $"{contenders.Sum(contender => contender.Reorgs)} met live), {faults} faults, {saboteur.Kills} kills, "
            + $"{contenders.Sum(contender => contender.Lives)} lives, {contenders.Sum(contender => contender.Batches)} batches, {ledger.Epoch} epochs, {teller.Refused} refused: equal, "
            + $"{clock.Elapsed.TotalSeconds:F1} s");
    }

    private static async Task RageAsync(
        Teller teller, Contender[] contenders, Saboteur saboteur, Random random, CancellationTokenSource calm, CancellationToken limit)
    {
        Task[] storm = [.. contenders.Select(contender => contender.LiveAsync(calm.Token)), saboteur.RageAsync(calm.Token)];
        for (var stretch = random.Next(LeastStretches, MostStretches + 1); stretch > 0; stretch--)
        {
            await teller.TakeBackAsync(limit);
            await teller.TellAsync(stretch, limit);
            if (storm.FirstOrDefault(task => task.IsFaulted) is { } broken) await broken;
        }

        await Task.Delay(random.Next(100, 1_500), limit);
        await calm.CancelAsync();
        await Task.WhenAll(storm).WaitAsync(limit);
    }

    private static async Task CompareAsync(Chain chain, IndexedDatabase database, IndexerOptions options)
    {
        await database.IndexAsync(chain, options);
        await using var fresh = await IndexedDatabase.OfAsync(chain);
        IndexedDatabase.AssertEqual(await fresh.DumpAsync(), await database.DumpAsync());
        var ledger = await database.LedgerAsync();
        Assert.Equal((await fresh.LedgerAsync()).StateRoot, ledger.StateRoot);
        Assert.Equal(0, await database.CountAsync("select count(*) from model.violation"));
        Assert.Equal(ledger.LastSequence, await database.CountAsync("select coalesce(max(seq_id), 0) from mt_events"));
        Assert.Equal(ledger.LastSequence, await database.CountAsync("select count(*) from mt_events"));
        Assert.Equal(0, await database.CountAsync(
            """
            select count(*) from mt_streams s
             where s.version <> (select count(*) from mt_events e where e.stream_id = s.id)
            """));
        Assert.Equal(0, await database.CountAsync(
            "select count(*) from es_orphaned_events where reason not in ('reorg', 'reorg while the indexer was down')"));
        await using var store = EventStreams.Open(database.Source);
        var replayed = await new Replayer(database.Source, store, new ReplayOptions { Schema = "again" })
            .FromStreamsAsync(CancellationToken.None);
        Assert.Null(replayed.Difference);
        Assert.Equal(ledger.StateRoot, replayed.StateRoot);
        Assert.Null(await new RowComparison(database.Source, "again", ReadModelSchema.Serving, replayed.ToBlock)
            .FirstAsync(ReadModels.All, CancellationToken.None));
    }
}

/// <summary>A storm that was not survived.</summary>
internal sealed class StormFailedException(int seed, Exception failure)
    : Exception($"seed {seed} failed; ./es sim --seeds 1 --first {seed} runs it again: {failure.Message}", failure);
