// One simulation. Enters: a seed. Leaves: a line that says what happened, or a failure that names the seed. While a
// world goes on and is reorganised, two indexers fight for leadership behind nodes that answer wrongly, on connections
// that break at any message; then the weather clears. Always holds: what is in the database then is what an indexer
// writes that never saw a fault; a storm that met too little fails as well.
//
// Fixed by the seed: depth of finality, kind of omission check, every block of the world (stories, times, reorgs with
// kind and depth) as far as the storm goes, each node's sequence of faults, each life's batch size, memory and length,
// the message at which it is killed or its connection is cut, and the order of the saboteur's choices. Left to the
// machine's time: how these sequences interleave, and after how many stretches the floors of Tally are met (at least as
// many as the seed draws, at most MostStretches).
using System.Diagnostics;
using System.Globalization;
using EventSourced.Indexer;
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Prove;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.Projections;
using EventSourced.RpcFaults;
using EventSourced.Tables;
using EventSourced.World;

namespace EventSourced.Simulation.Tests;

/// <summary>Bad weather, drawn from a seed.</summary>
internal sealed class Storm : IAsyncDisposable
{
    private const int LeastStretches = 2;
    private const int MostDrawnStretches = 4;
    private const int MostStretches = 24;

    private static readonly ulong[] Depths = [6, 20, 64];

    // What one node may do. One of two may also claim to be of another chain, and is not asked again in that life.
    private static readonly Fault[] Faults =
    [
        Fault.Refuse, Fault.Delay, Fault.Silence, Fault.Truncate, Fault.HalfJson, Fault.DuplicateLogs,
        Fault.ReorderLogs, Fault.OrphanLogs, Fault.DropAllLogs, Fault.NullBlock, Fault.RateLimit, Fault.Unavailable,
        Fault.Html, Fault.TooManyGeth, Fault.TooManyErigon, Fault.TooManyAlchemy, Fault.TooManyInfura,
        Fault.ShuffleBatch,
    ];

    private readonly int _seed;
    private readonly Random _random;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly IndexerOptions _options;
    private readonly ulong _depth;
    private readonly bool _isThorough;
    private readonly Weather _weather = new();
    private readonly List<FaultProxy> _nodes = [];
    private readonly List<Contender> _contenders = [];
    private WorldChain _chain = null!;
    private IndexedDatabase _database = null!;
    private Teller _teller = null!;
    private Saboteur _saboteur = null!;
    private long _firstEpoch;
    private Tally? _tally;

    private Storm(int seed)
    {
        (_seed, _random) = (seed, new Random(seed));
        _depth = Depths[_random.Next(Depths.Length)];
        _isThorough = _random.Next(3) == 0;
        var ingestion = IndexedDatabase.Options.Ingestion with
        {
            FinalityDepth = _depth,
            Omissions = _isThorough ? OmissionCheck.Receipts : OmissionCheck.Bloom,
        };
        _options = IndexedDatabase.Options with { Ingestion = ingestion };
    }

    /// <summary>Runs the storm of a seed; a failure names the seed and the command that shows it again.</summary>
    internal static async Task<string> RunAsync(int seed)
    {
        await using var storm = new Storm(seed);
        try
        {
            return await storm.RunAsync();
        }
        catch (Exception failure)
        {
            throw new StormFailedException(seed, failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var contender in _contenders) await contender.DisposeAsync();
        foreach (var node in _nodes) await node.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        if (_chain is not null) await _chain.DisposeAsync();
    }

    private async Task<string> RunAsync()
    {
        await Phase.Founding.RunAsync(FoundAsync, Doing);
        using var calm = new CancellationTokenSource();
        Task[] bad = [.. _contenders.Select(contender => contender.LiveAsync(calm.Token)),
            _saboteur.RageAsync(calm.Token)];
        try
        {
            await Phase.Storm.RunAsync(limit => RageAsync(bad, limit), Doing);
        }
        catch
        {
            // The storm's own fault is the one to be told, whatever its end may meet.
            await calm.CancelAsync();
            await Task.WhenAll(
                bad).WaitAsync(Phase.Clearing.Limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await calm.CancelAsync();
        await Phase.Clearing.RunAsync(_ => Task.WhenAll(bad), Doing);
        _tally = await TallyAsync();
        if (_tally.Missing() is { Count: > 0 } missing)
            throw new InvalidOperationException($"expected {string.Join(", ", missing)}, in a storm of {_tally}");
        await Phase.Calm.RunAsync(_ => _database.IndexAsync(_chain, _options), Doing);
        IndexedDatabase? fresh = null;
        await Phase.Fresh.RunAsync(async _ => fresh = await IndexedDatabase.OfAsync(_chain), Doing);
        await using (fresh)
            await Phase.Comparison.RunAsync(_ => CompareAsync(fresh!), Doing);
        await Phase.Verification.RunAsync(VerifyAsync, Doing);
        var ledger = await _database.ProgressAsync();
        var asleep = await _database
            .CountAsync("select count(distinct orphaned_at) from es_orphaned_events where reason = 'reorg while the indexer was down'");
        var violations = await _database.CountAsync("select count(*) from model.violation");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"seed {_seed}: {ledger.Tip!.Value.Number} blocks, {ledger.LastSequence} events, finality {_depth}{(_isThorough ? ", receipts" : "")}; "
            + $"{_teller.Reorgs} reorgs ({_teller.Rollbacks} to a shorter chain, deepest {_teller.Deepest}, {_teller.InBackfill} in a backfill, {_teller.AtTip} at a tip, "
            + $"{asleep} found at a start); met live: {_tally}; {violations} violations of the node's; equal, {_clock.Elapsed.TotalSeconds:F1} s");
    }

    private async Task FoundAsync(CancellationToken cancellation)
    {
        _chain = await WorldChain.FreshAsync(cancellation, shared: true);
        _database = await IndexedDatabase.CreateAsync();
        _teller = new Teller(_random.Next(), _chain, _depth, _weather);
        await _teller.FoundAsync(cancellation);
        for (var node = 0; node < 2; node++)
        {
            List<Fault> faults = [.. Faults];
            if (_isThorough) faults.Add(Fault.DropLogs);
            if (node == 0) faults.Add(Fault.WrongChainId);
            var plan = FaultPlans.Weather(_random.Next(), 0.04 + (0.08 * _random.NextDouble()), faults);
            var proxy = await FaultProxy.StartAsync(
                _chain.Endpoint, method => _weather.Storms ? plan(method) : Fault.None);
            proxy.Delay = TimeSpan.FromMilliseconds(30);
            _nodes.Add(proxy);
        }

        foreach (var name in new[] { "one", "two" })
            _contenders.Add(
                new Contender(name, _random.Next(), _chain, _nodes, _database.ConnectionString, _options, _weather));
        _saboteur = new Saboteur(_random.Next(), _database.ConnectionString,
            () => _contenders.Sum(contender => contender.Batches), _weather);
        // Every second storm begins on an empty database, where even the tables are made in bad weather.
        if (_random.Next(2) == 0)
        {
            await _database.IndexAsync(_chain, _options);
            _firstEpoch = (await _database.ProgressAsync()).Epoch;
        }
    }

    /// <summary>The world goes on, and is taken back, until the storm has met enough.</summary>
    private async Task RageAsync(Task[] bad, CancellationToken limit)
    {
        var least = _random.Next(LeastStretches, MostDrawnStretches + 1);
        for (var stretch = 0; stretch < MostStretches; stretch++)
        {
            await _teller.TakeBackAsync(_contenders, limit);
            await _teller.TellAsync(limit);
            if (bad.FirstOrDefault(task => task.IsCompleted) is { } broken) await broken;
            _tally = await TallyAsync();
            if (stretch + 1 >= least && _tally.Missing().Count == 0) return;
        }
    }

    private async Task<Tally> TallyAsync() => new()
    {
        Batches = _contenders.Sum(contender => contender.Batches),
        ReorgsFollowed = _contenders.Sum(contender => contender.Reorgs),
        NodeFaults = Enum.GetValues<Fault>().ToDictionary(
            fault => fault, fault => _nodes.Sum(node => node.CountOf(fault))),
        Kills = _saboteur.Kills,
        Refused = _contenders.Sum(contender => contender.CountOf(DatabaseFault.Refuse)),
        CutsBefore = _contenders.Sum(contender => contender.CountOf(DatabaseFault.CutBefore)),
        CutsAfter = _contenders.Sum(contender => contender.CountOf(DatabaseFault.CutAfter)),
        Crashes = _contenders.Sum(contender => contender.CountOf(DatabaseFault.Crash)),
        Lives = _contenders.Sum(contender => contender.Lives),
        Leaderships = await EpochAsync() - _firstEpoch,
        Handovers = _saboteur.Handovers,
    };

    // In a storm that began on an empty database even this table may not be there yet.
    private async Task<long> EpochAsync() => await _database.CountAsync(
        "select count(*) from pg_class where relname = 'es_indexer'") == 0
        ? 0
        : await _database.CountAsync("select coalesce(max(epoch), 0) from es_indexer");

    private string Doing() => _contenders.Count == 0
        ? "no indexer began yet"
        : $"{string.Join("; ", _contenders.Select(contender => contender.Doing))}; after {_teller.Reorgs} reorgs and: {_tally}";

    // Violations of integrity are no fault here: an anvil that forks keeps what was first stored in blocks that it took
    // back, so that its chain itself holds what the contracts rule out (a channel that pays back more than came in).
    // Every index must find the same, and they are rows like others.
    private async Task CompareAsync(IndexedDatabase fresh)
    {
        IndexedDatabase.AssertEqual(await fresh.DumpAsync(), await _database.DumpAsync());
        var ledger = await _database.ProgressAsync();
        Assert.Equal((await fresh.ProgressAsync()).StateRoot, ledger.StateRoot);
        Assert.Equal(ledger.LastSequence, await _database.CountAsync("select coalesce(max(seq_id), 0) from mt_events"));
        Assert.Equal(ledger.LastSequence, await _database.CountAsync("select count(*) from mt_events"));
        Assert.Equal("", await _database.TextAsync(
            """
            select s.id, s.version from mt_streams s
             where s.version <> (select count(*) from mt_events e where e.stream_id = s.id)
            """));
        Assert.Equal("", await _database.TextAsync(
            "select * from es_orphaned_events where reason not in ('reorg', 'reorg while the indexer was down')"));
    }

    /// <summary>
    /// What `es replay --verify` does: everything again from the streams, then events, rows and root compared.
    /// </summary>
    private async Task VerifyAsync(CancellationToken cancellation)
    {
        var store = EconomyStore.Open(_database.Source);
        var replayed = await new Replayer(
            _database.Source, store, new ReplayOptions { Schema = "again" }).FromStreamsAsync(cancellation);
        Assert.Null(replayed.Difference);
        var ledger = await _database.ProgressAsync();
        Assert.Equal(ledger.LastSequence, replayed.Events);
        Assert.Equal(ledger.StateRoot, replayed.StateRoot);
        Assert.Null(await new RowComparison(_database.Source, "again", ReadModelSchema.Serving, replayed.ToBlock)
            .FirstAsync(ReadModels.All, cancellation));
    }
}

/// <summary>A storm that was not survived.</summary>
internal sealed class StormFailedException(int seed, Exception failure)
    : Exception($"seed {seed} failed; ./es sim --seeds 1 --first {seed} runs it again: {failure.Message}", failure);
