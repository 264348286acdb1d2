// Rows against the storage of the contracts, by the proofs of a node: an honest one passes, and each lie of the node
// is named by the place where it stands.
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Audit;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.RpcFaults;
using EventSourced.World;

namespace EventSourced.Indexer.Tests.Audit;

/// <summary>A told chain whose node proves what the contracts keep.</summary>
public sealed class RootedWorld : IAsyncLifetime
{
    internal WorldChain Chain { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Chain = await WorldChain.RootedAsync(CancellationToken.None);
        using var world = await World.World.SettleAsync(
            Chain, new WorldOptions(1), Population.Small, CancellationToken.None);
        await world.LiveAsync(0, null, CancellationToken.None);
    }

    public async Task DisposeAsync() => await Chain.DisposeAsync();
}

public sealed class StorageTests(RootedWorld world) : IClassFixture<RootedWorld>
{
    private const int All = 1_000_000;

    [Fact]
    public async Task Every_row_of_a_told_world_is_what_the_contracts_keep()
    {
        var report = await AuditAsync(world.Chain.Client, All);
        Assert.True(report.Holds, Text(report));
        var storage = Assert.Single(report.Lines, line => line.Subject == "storage");
        Assert.True(storage.Holds, storage.Text);
        foreach (var kind in StoredSpots.Kinds)
            Assert.Matches($"[1-9][0-9]* of {kind.Name}[,:]", storage.Text);
    }

    [Fact]
    public async Task A_few_rows_of_each_kind_are_chosen_by_the_hash_of_the_block()
    {
        var report = await AuditAsync(world.Chain.Client, 2);
        Assert.True(report.Holds, Text(report));
        Assert.Contains("2 of balances of the token, ", Text(report), StringComparison.Ordinal);
        Assert.Equal(Text(report), Text(await AuditAsync(world.Chain.Client, 2)));
    }

    [Theory]
    [InlineData(Fault.ForgeTransfer, "^balance of creditHolder 0x[0-9a-fA-F]{40} at block [0-9]+ \\(slot 0x[0-9a-f]{64} of Credit 0x",
        "^[0-9]+, proven in the contract's storage$", "^[0-9]+, folded from the logs$")]
    [InlineData(Fault.ForgeStateRoot, "^block [0-9]+, hash of the header$",
        "^0x[0-9a-f]{64}, of its fields$", "^0x[0-9a-f]{64}$")]
    [InlineData(Fault.ForgeAccountProof, "^node [0-9]+ of the account's proof, Credit 0x[0-9a-fA-F]{40} at block ",
        "^the hash 0x[0-9a-f]{64}, which the node before it names$", "^0x[0-9a-f]{64}$")]
    [InlineData(Fault.ForgeSlotProof, "^node [0-9]+ of the proof of slot 0x[0-9a-f]{64}, Credit 0x",
        "^the hash 0x[0-9a-f]{64}, which the node before it names$", "^0x[0-9a-f]{64}$")]
    [InlineData(Fault.ShortenProof, "^node [0-9]+ of the proof of slot 0x[0-9a-f]{64}, Credit 0x",
        "^a node with the hash 0x[0-9a-f]{64}$", "^the end of the proof$")]
    [InlineData(Fault.StaleProof, "^node 0 of the account's proof, Credit 0x[0-9a-fA-F]{40} at block ",
        "^the hash 0x[0-9a-f]{64}, which the node before it names$", "^0x[0-9a-f]{64}$")]
    public async Task A_lie_about_storage_is_found_where_it_stands(
        Fault fault, string where, string expected, string found)
    {
        await using var proxy = await FaultProxy.StartAsync(
            world.Chain.Endpoint, method => FaultPlans.CanMeet(fault, method) ? fault : Fault.None);
        using var rpc = new HttpRpc([proxy.Endpoint], new RpcOptions { MaxAttempts = 1 });
        var report = await AuditAsync(new EthereumClient(rpc), All);
        Assert.True(proxy.CountOf(fault) > 0, "expected the fault to happen, found that it did not");
        Assert.False(report.Holds, Text(report));
        var difference = Assert.IsType<Prove.Difference>(report.Difference);
        Assert.Matches(where, difference.Where);
        Assert.Matches(expected, difference.Expected);
        Assert.Matches(found, difference.Found);
    }

    private async Task<AuditReport> AuditAsync(EthereumClient node, int proofs) => await new Auditor(
        new AuditQuestion
        {
            Node = node,
            Deployment = Deployment.Load(world.Chain.Deployment),
            // Storage alone has to show what these checks would have shown.
            Ingestion = AuditedWorld.Options.Ingestion with { Omissions = OmissionCheck.Trust },
            TellsOfAnchorsOnly = true,
            Proofs = proofs,
        }).RunAsync(CancellationToken.None);

    private static string Text(AuditReport report) =>
        string.Join('\n', report.Lines.Select(line => $"{line.Subject} {line.Holds}: {line.Text}"));
}
