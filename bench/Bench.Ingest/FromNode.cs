// Logs from anvil: 42 a block in the shape of Moved. Leaves: logs a second drained (the ceiling), ingested without and
// with headers compared, the peak of memory, and the time from mining a block to its decoded record by WebSocket.
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using EventSourced.Ethereum.Transactions;
using EventSourced.Indexer.Ingestion;
using EventSourced.Reporting;
using EventSourced.Testing;

namespace EventSourced.BenchIngest;

internal static class FromNode
{
    private const int LogsPerBlock = 42;
    private const int Rounds = 25;
    private const ulong SliceBlocks = 480;
    private const int LiveBlocks = 200;
    private const ulong BlocksPerCall = 24;

    // Emits as many logs as the call's first word says, with its second word as topic 0 and a counter as all the rest.
    private static readonly byte[] Emitter =
        Convert.FromHexString("6000355b8015601f5780600052808080602035604060" + "00a460019003600356" + "5b00");

    private static readonly Address EmitterAddress = Address.Parse("0x00000000000000000000000000000000000e1117");
    private static readonly Hash32 MovedTopic = Keccak256.Hash("Moved(bytes32,bytes32,bytes32,uint256,uint8)");
    private static readonly CancellationToken None = CancellationToken.None;

    public static async Task RunAsync(Report report, int logs, int inFlight)
    {
        await using var node = await AnvilNode.StartAsync(
            "--accounts", "1", "--gas-price", "0", "--block-base-fee-per-gas", "0");
        using var rpc = new HttpRpc([node.Http]);
        using var http = new HttpClient();
        var blocks = (ulong)(logs / LogsPerBlock);
        await FillAsync(rpc, blocks);

        // Everything once: it warms the node and ourselves, and its peak is the memory that ingestion takes.
        var decoded = await IngestAsync(rpc, 1, blocks, inFlight, verify: true);
        if (decoded != (int)blocks * LogsPerBlock)
            throw new InvalidOperationException($"expected {blocks * LogsPerBlock} events, found {decoded}");
        using var process = Process.GetCurrentProcess();
        report.Target(
            $"peak working set over {decoded:N0} logs", process.PeakWorkingSet64 / 1e6, "MB", 300, Better.Lower);

        var slice = Math.Min(SliceBlocks, blocks);
        Side[] sides =
        [
            new("ceiling: eth_getLogs, bytes thrown away",
                from => DrainAsync(http, node.Http, from, from + slice - 1, inFlight)),
            new("ingested: into decoded records",
                from => IngestAsync(rpc, from, from + slice - 1, inFlight, verify: false)),
            new("ingested, block hashes compared",
                from => IngestAsync(rpc, from, from + slice - 1, inFlight, verify: true)),
        ];
        for (var round = 0; round < Rounds; round++)
        {
            var from = 1 + (ulong)round * slice % (blocks - slice + 1);
            foreach (var side in sides) await side.RoundAsync(from, slice * LogsPerBlock);
        }

        foreach (var side in sides)
            report.Row($"{side.Name} (us: our CPU)", $"{Report.Median(side.PerSecond):N0}",
                $"{Report.Median(side.CpuMicroseconds):0.00}", "");
        report.Target("share of the ceiling when ingesting", Ratio(sides[1], sides[0]), "ratio", 0.8, Better.Higher);
        report.Target("the same with block hashes compared", Ratio(sides[2], sides[0]), "ratio", 0.8, Better.Higher);
        await LiveAsync(report, node, rpc);
    }

    /// <summary>The median of the rounds' own ratios: what slows a whole round down leaves them alone.</summary>
    private static double Ratio(Side ours, Side theirs) =>
        Report.Median(ours.PerSecond.Zip(theirs.PerSecond, (a, b) => a / b));

    /// <summary>One way of reading, measured round by round.</summary>
    private sealed class Side(string name, Func<ulong, Task> read)
    {
        public string Name { get; } = name;

        public List<double> PerSecond { get; } = [];

        public List<double> CpuMicroseconds { get; } = [];

        public async Task RoundAsync(ulong from, ulong logs)
        {
            using var process = Process.GetCurrentProcess();
            var cpu = process.TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            await read(from);
            PerSecond.Add(logs / watch.Elapsed.TotalSeconds);
            process.Refresh();
            CpuMicroseconds.Add((process.TotalProcessorTime - cpu).TotalMicroseconds / logs);
        }
    }

    /// <summary>The same questions as ingestion asks once its size has settled, answered into nothing.</summary>
    private static async Task DrainAsync(HttpClient http, Uri node, ulong first, ulong last, int inFlight)
    {
        using var slots = new SemaphoreSlim(inFlight);
        var waiting = new List<Task>();
        for (var from = first; from <= last; from += BlocksPerCall)
        {
            await slots.WaitAsync();
            waiting.Add(OneAsync(from, Math.Min(last, from + BlocksPerCall - 1)));
        }

        await Task.WhenAll(waiting);

        async Task OneAsync(ulong from, ulong to)
        {
            using var content = new StringContent(
                $$"""{"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[{"fromBlock":"0x{{from:x}}","toBlock":"0x{{to:x}}","address":["{{EmitterAddress:x}}"]}]}""",
                new MediaTypeHeaderValue("application/json"));
            using var response = await http.PostAsync(node, content);
            await response.Content.CopyToAsync(Stream.Null);
            slots.Release();
        }
    }

    private static async Task<int> IngestAsync(HttpRpc rpc, ulong first, ulong last, int inFlight, bool verify)
    {
        var options = new IngestionOptions
        {
            Contracts = [EmitterAddress],
            RangesInFlight = inFlight,
            VerifyBlockHashes = verify,
        };
        var backfill = new Backfill(new RangeReader(new EthereumClient(rpc), options), options);
        var count = 0;
        await foreach (var range in backfill.ReadAsync(first, last, None))
        {
            using var _ = range;
            for (var i = 0; i < range.Logs.Count; i++) count += Decode(range, i).Reason == 0 ? 1 : 0;
        }

        return count;
    }

    private sealed record Moved(Hash32 From, Hash32 To, Hash32 Reference, UInt256 Amount, byte Reason);

    private static Moved Decode(RangeLogs range, int index)
    {
        ref readonly var log = ref range.Logs[index];
        if (log.Topics[0] != MovedTopic) throw new InvalidOperationException("expected Moved, found another event");
        var indexed = new AbiReader(MemoryMarshal.AsBytes(log.Topics[1..]));
        var plain = new AbiReader(range.Logs.Data(index).Span);
        return new Moved(indexed.ReadHash32(), indexed.ReadHash32(), indexed.ReadHash32(), plain.ReadUInt256(),
            (byte)plain.ReadUInt64(8));
    }

    private static async Task LiveAsync(Report report, AnvilNode node, HttpRpc rpc)
    {
        using var stop = new CancellationTokenSource();
        var options = new IngestionOptions { Contracts = [EmitterAddress], FinalityDepth = 16 };
        var ingestion = new ChainIngestion(
            new EthereumClient(rpc), options, (from, cancellation) =>
                ChainSubscription.HeadsAsync(node.WebSocket, new RpcOptions(), from, cancellation));
        var newest = await new EthereumClient(rpc).GetBlockNumberAsync(None);
        var near = ChainLink.Of((await new EthereumClient(rpc).GetHeaderAsync(newest - 16, None))!);
        var milliseconds = new List<double>();
        var (anvil, emitter) = (new AnvilControl(rpc), await EmitterOf.OpenAsync(rpc));
        var watch = new Stopwatch();
        await foreach (var update in ingestion.RunAsync(near, stop.Token))
        {
            if (update is not ChainUpdate.Applied applied) continue;
            using var _ = applied.Logs;
            if (applied.Block.Number < newest) continue;
            for (var i = 0; i < applied.Logs.Logs.Count; i++) Decode(applied.Logs, i);
            if (applied.Block.Number > newest) milliseconds.Add(watch.Elapsed.TotalMilliseconds);
            if (milliseconds.Count == LiveBlocks) break;
            newest = applied.Block.Number;
            await emitter.EmitAsync(LogsPerBlock);
            watch.Restart();
            await anvil.MineAsync(None);
        }

        report.Row("live: mining to decoded record, p50 and p95 ms", $"{Report.Percentile(milliseconds, 0.5):0.00}",
            $"{Report.Percentile(milliseconds, 0.95):0.00}", "");
        report.Target(
            "live p95 from mining to decoded record", Report.Percentile(milliseconds, 0.95), "ms", 20, Better.Lower);
    }

    private static async Task FillAsync(HttpRpc rpc, ulong blocks)
    {
        var anvil = new AnvilControl(rpc);
        await anvil.SetCodeAsync(EmitterAddress, Emitter, None);
        await anvil.SetAutomineAsync(false, None);
        var emitter = await EmitterOf.OpenAsync(rpc);
        for (ulong block = 0; block < blocks; block++)
        {
            await emitter.EmitAsync(LogsPerBlock);
            await anvil.MineAsync(None);
        }
    }

    /// <summary>Sends calls to the emitter from the rich account.</summary>
    private sealed class EmitterOf(EthereumClient client, SigningKey key, ulong nonce)
    {
        private ulong _nonce = nonce;

        public static async Task<EmitterOf> OpenAsync(HttpRpc rpc)
        {
            var (client, key) = (new EthereumClient(rpc), SigningKey.Parse(AnvilNode.RichKey));
            return new EmitterOf(client, key, await client.GetNonceAsync(key.Address, BlockTag.Latest, None));
        }

        public Task<Hash32> EmitAsync(int count) => client.SendAsync(
            new Transaction.FeeMarket(AnvilNode.ChainId, 0u, 0u)
            {
                Nonce = _nonce++,
                GasLimit = 5_000_000,
                To = EmitterAddress,
                Data = (byte[])[.. Hash32.FromUInt256((ulong)count).Bytes, .. MovedTopic.Bytes],
            }.Sign(key),
            None);
    }
}
