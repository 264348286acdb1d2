// An audit that was killed in the midst, and the one that goes on behind it: the node is asked for the rest alone, and
// the page is that of an audit that ran through. What an earlier audit kept is believed only as far as it is whole.
using System.Globalization;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Audit;
using EventSourced.Indexer.Decode;
using EventSourced.RpcFaults;

namespace EventSourced.Indexer.Tests.Audit;

public sealed class ResumeTests(AuditedWorld world) : IClassFixture<AuditedWorld>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kept-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_audit_that_was_ended_in_the_midst_goes_on_and_says_what_a_whole_one_says(bool receipts)
    {
        var whole = await AuditAsync(receipts, null);
        Directory.Delete(_folder, recursive: true);
        using var killed = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AuditAsync(receipts, (done, all) =>
        {
            if (done > all / 2) killed.Cancel();
        }, killed.Token));
        var kept = Files().Count;
        Assert.True(kept > 0, "expected ranges that were kept, found none");
        var rest = await AuditAsync(receipts, null);
        Assert.True(rest.Report.Holds, Text(rest.Report));
        Assert.Matches(@"\([1-9][0-9,]* of them kept from an earlier audit\)", Text(rest.Report));
        Assert.Equal(Text(whole.Report), Without(Text(rest.Report)));
        Assert.True(
            rest.Asked < whole.Asked, $"expected fewer than {whole.Asked} questions for logs, found {rest.Asked}");
        // The third asks for nothing but what tells where the contracts are and what was anchored.
        var again = await AuditAsync(receipts, null);
        Assert.Equal(Text(whole.Report), Without(Text(again.Report)));
        Assert.True(again.Asked < rest.Asked, $"expected fewer than {rest.Asked} questions, found {again.Asked}");
    }

    [Fact]
    public async Task A_kept_range_that_was_spoiled_is_read_again()
    {
        await AuditAsync(false, null);
        var files = Files();
        var bytes = await File.ReadAllBytesAsync(files[1]);
        bytes[^3] ^= 1;
        await File.WriteAllBytesAsync(files[1], bytes);
        await File.WriteAllBytesAsync(files[2], []);
        var report = (await AuditAsync(false, null)).Report;
        Assert.True(report.Holds, Text(report));
        Assert.NotEqual(bytes, await File.ReadAllBytesAsync(files[1]));
    }

    [Fact]
    public async Task What_a_lying_node_said_is_not_kept_and_what_another_check_kept_is_not_taken()
    {
        var asked = 0;
        await using var proxy = await FaultProxy.StartAsync(
            world.Chain.Endpoint, method =>
                method == "eth_getLogs" && Interlocked.Increment(ref asked) > 2 ? Fault.InventLog : Fault.None);
        using var rpc = new HttpRpc([proxy.Endpoint], new RpcOptions { MaxAttempts = 1 });
        var lied = await new Auditor(Question(new EthereumClient(rpc), true)).RunAsync(CancellationToken.None);
        Assert.False(lied.Holds, Text(lied));
        var bloom = (await AuditAsync(false, null)).Report;
        Assert.DoesNotContain("kept", Text(bloom), StringComparison.Ordinal);
        var honest = (await AuditAsync(true, null)).Report;
        Assert.True(honest.Holds, Text(honest));
    }

    // Ranges in their order.
    private List<string> Files() =>
        [.. Directory.EnumerateFiles(_folder, "*.logs", SearchOption.AllDirectories)
            .OrderBy(file => int.Parse(Path.GetFileName(file).Split('-')[0], CultureInfo.InvariantCulture))];

    private async Task<(AuditReport Report, int Asked)> AuditAsync(
        bool receipts, Action<long, long>? progress, CancellationToken cancellation = default)
    {
        var asked = 0;
        await using var proxy = await FaultProxy.StartAsync(world.Chain.Endpoint, method =>
        {
            if (method == "eth_getLogs") Interlocked.Increment(ref asked);
            return Fault.None;
        });
        using var rpc = new HttpRpc([proxy.Endpoint], new RpcOptions());
        var question = Question(new EthereumClient(rpc), receipts) with { Progress = progress };
        return (await new Auditor(question).RunAsync(cancellation), asked);
    }

    private AuditQuestion Question(EthereumClient node, bool receipts) => new()
    {
        Node = node,
        Deployment = Deployment.Load(world.Chain.Deployment),
        Ingestion = AuditedWorld.Options.Ingestion,
        Receipts = receipts,
        TellsOfAnchorsOnly = true,
        Keep = _folder,
    };

    private static string Without(string text) => System.Text.RegularExpressions.Regex.Replace(
        text, @" \([0-9,]+ of them kept from an earlier audit\)", "");

    private static string Text(AuditReport report) =>
        string.Join('\n', report.Lines.Select(line => $"{line.Subject} {line.Holds}: {line.Text}"));
}
