// Properties that hold in every world. Enters: a chain on which every story was told, indexed; and random sets. Leaves:
// nothing.
using System.Globalization;
using System.Text;
using EventSourced.Chain.Encoding;
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer;
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Hashing;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Prove;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.Tables;
using EventSourced.Testing;
using EventSourced.World;
using FsCheck;
using FsCheck.Fluent;

namespace EventSourced.Simulation.Tests;

/// <summary>A chain that keeps its past, and its index; shared by tests that only read them.</summary>
public sealed class IndexedWorld : IAsyncLifetime
{
    internal WorldChain Chain { get; private set; } = null!;

    internal IndexedDatabase Database { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Chain = await EconomyChain.TellAsync(11, keepsPast: true);
        Database = await IndexedDatabase.OfAsync(Chain);
    }

    public async Task DisposeAsync()
    {
        await Database.DisposeAsync();
        await Chain.DisposeAsync();
    }
}

public sealed class PropertyTests(IndexedWorld world) : IClassFixture<IndexedWorld>
{
    private const int BlocksCompared = 12;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly WorldChain _chain = world.Chain;
    private readonly IndexedDatabase _database = world.Database;

    [Fact]
    public Task Credits_are_conserved_at_every_block() => Seed.RunAsync(async random =>
    {
        var contracts = World.Contracts.Load(_chain.Deployment, WorldChain.Root);
        // The token is deployed, and the vault's part minted to its address, some blocks before the vault is.
        var first = await _database.CountAsync(
            """
            select min(valid_from) from (select valid_from from model.account
                                         union all select valid_from from model.account_history) standing
            """);
        var last = await _database.CountAsync("select max(number) from es_block");
        for (var i = 0; i < BlocksCompared; i++)
        {
            var block = random.NextInt64(first, last + 1);
            var call = new CallRequest(contracts["Credit"].Address,
                contracts["Credit"].Function("balanceOf").EncodeCall(contracts["Vault"].Address));
            var answer = await _chain.Client.CallAsync(call, BlockTag.Number((ulong)block), None);
            await using var command = _database.Source.CreateCommand(
                $"""
                select coalesce(sum(balance), 0)::text
                  from (select balance from model.account where valid_from <= {block}
                        union all
                        select balance from model.account_history where valid_from <= {block} and valid_to > {block}) standing
                """);
            var expected = contracts["Credit"].Function("balanceOf").DecodeResult(answer)[0].ToString();
            Assert.True(
                expected == (string?)await command.ExecuteScalarAsync(),
                $"block {block}: expected accounts that sum up to the vault's {expected} tokens, found another sum");
        }
    });

    [Fact]
    public Task P2_any_batch_size_and_memory_and_any_replay_give_the_same_rows_and_root() => Seed
        .RunAsync(async random =>
    {
        var options = IndexedDatabase.Options with
        {
            BatchEvents = random.Next(1, 500),
            CachedThings = random.Next(10, 1_000),
            RootEvery = random.Next(1, 2_000),
            Ingestion = IndexedDatabase.Options.Ingestion with
            {
                FinalityDepth = (ulong)random.Next(1, 100),
                RangesInFlight = random.Next(1, 5),
            },
        };
        await using var other = await IndexedDatabase.OfAsync(_chain, options);
        IndexedDatabase.AssertEqual(await _database.DumpAsync(), await other.DumpAsync());
        var ledger = await _database.ProgressAsync();
        Assert.NotNull(ledger.StateRoot);
        Assert.Equal(ledger.StateRoot, (await other.ProgressAsync()).StateRoot);
        var store = EconomyStore.Open(other.Source);
        var replay = new ReplayOptions
        {
            Schema = "again",
            CachedThings = random.Next(10, 1_000),
            LastingBytes = random.Next(1, 100_000),
        };
        var fromStreams = await new Replayer(other.Source, store, replay).FromStreamsAsync(None);
        Assert.Equal((null, ledger.StateRoot), (fromStreams.Difference, (Word?)fromStreams.StateRoot));
        var book = await Genesis.ReadAsync(
            Deployment.Load(_chain.Deployment), _chain.Client, IndexedDatabase.Options.Ingestion,
            CancellationToken.None);
        var ingestion = IndexedDatabase.Options.Ingestion with { Source = book };
        var fromChain = await new Replayer(other.Source, store, replay)
            .FromChainAsync(new Backfill(new RangeReader(_chain.Client, ingestion), ingestion), book, None);
        Assert.Equal((null, ledger.StateRoot), (fromChain.Difference, (Word?)fromChain.StateRoot));
    });

    [Fact]
    public async Task P1_a_round_of_a_dispute_is_decided_once()
    {
        Assert.True(await _database.CountAsync("select count(*) from mt_events where type = 'round_resolved'") > 0);
        Assert.Equal(0, await _database.CountAsync(
            """
            select count(*) from (select 1 from mt_events where type = 'round_resolved' and (data ->> 'Ruling')::int <> 0
                                   group by data ->> 'DisputeId', data ->> 'Round' having count(*) > 1) twice
            """));
    }

    [Fact]
    public async Task P5_a_lease_gets_no_heartbeat_after_its_expiry_and_its_expiry_never_falls()
    {
        Assert.True(
            await _database.CountAsync("select count(*) from mt_events where type = 'work_lease_heartbeat'") > 0);
        Assert.Equal(0, await _database.CountAsync(
            """
            select count(*)
              from (select lease_id, valid_from, expires_at, heartbeats from model.work_lease
                    union all select lease_id, valid_from, expires_at, heartbeats from model.work_lease_history) after
              join model.work_lease_history before on before.lease_id = after.lease_id and before.valid_to = after.valid_from
              join es_block b on b.number = after.valid_from
             where after.expires_at < before.expires_at
                or (after.heartbeats = before.heartbeats + 1 and b.timestamp > before.expires_at)
            """));
    }

    [Fact]
    public async Task P4_an_earlier_epoch_is_refused_at_the_fence()
    {
        await using var fenced = await IndexedDatabase.OfAsync(_chain);
        var before = await fenced.DumpAsync();
        await using var connection = await fenced.Source.OpenConnectionAsync();
        var earlier = await ProgressTable.BeginEpochAsync(connection, None);
        await ProgressTable.BeginEpochAsync(connection, None);
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await Assert.ThrowsAsync<LeadershipLostException>(
                () => ProgressTable.FenceAsync(connection, earlier, None));
            await transaction.RollbackAsync();
        }

        IndexedDatabase.AssertEqual(before, await fenced.DumpAsync());
    }

    [Fact]
    public void P7_the_state_root_kept_step_by_step_is_the_one_from_scratch_in_any_order() =>
        Prop.ForAll<(byte Thing, byte State, bool Removed)[], int>((steps, shuffle) =>
        {
            var kept = new StateRoot();
            var things = new Dictionary<byte, byte>();
            var word = default(Word);
            foreach (var (thing, state, removed) in steps)
            {
                if (removed) kept.Remove(Name(thing));
                else kept.Set(Name(thing), HashOf(state));
                if (removed) things.Remove(thing);
                else things[thing] = state;
                word = kept.Compute();
            }

            var order = things.ToArray();
            new Random(shuffle).Shuffle(order);
            var scratch = new StateRoot();
            foreach (var (thing, state) in order) scratch.Set(Name(thing), HashOf(state));
            return steps.Length == 0 || (word == scratch.Compute() && kept.Count == scratch.Count);
        }).QuickCheckThrowOnFailure();

    private static string Name(byte thing) => string.Create(CultureInfo.InvariantCulture, $"thing-{thing}");

    private static Word HashOf(byte state) =>
        new(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Name(state))));
}
