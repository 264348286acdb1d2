// The live tail by WebSocket. Enters: a node that mines when told. Leaves: the time from the order to mine a block of
// transfers to their decoded records.
using System.Diagnostics;
using System.Text.Json;
using EventSourced.Chain.Encoding;
using EventSourced.Domain.Events;
using EventSourced.Domain.Governance;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Json;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Ingest;
using EventSourced.Reporting;

namespace EventSourced.BenchIngest;

internal static class Live
{
    private const int Blocks = 200;
    private const int TransfersOfBlock = 40;
    private static readonly CancellationToken None = CancellationToken.None;

    public static async Task RunAsync(Report report, WorldChain chain, Decoding decoding)
    {
        using var rpc = new HttpRpc([chain.Http]);
        var (client, anvil) = (new EthereumClient(rpc), new AnvilControl(rpc));
        await anvil.SetAutomineAsync(false, None);
        var options = new IngestionOptions { Contracts = [.. chain.Contracts.Keys], FinalityDepth = 16 };
        var ingestion = new ChainIngestion(client, options, (from, cancellation) =>
            ChainSubscription.HeadsAsync(chain.WebSocket, new RpcOptions(), from, cancellation));
        var newest = await client.GetBlockNumberAsync(None);
        var near = ChainLink.Of((await client.GetHeaderAsync(newest - 16, None))!);
        var (milliseconds, watch) = (new List<double>(), new Stopwatch());
        await foreach (var update in ingestion.RunAsync(near, None))
        {
            if (update is not ChainUpdate.Applied applied) continue;
            using var _ = applied.Logs;
            if (applied.Block.Number < newest) continue;
            var logs = applied.Logs.Logs;
            for (var i = 0; i < logs.Count; i++) decoding.Decode(in logs[i], logs.Data(i).Span);
            if (applied.Block.Number > newest && logs.Count == TransfersOfBlock) milliseconds
                .Add(watch.Elapsed.TotalMilliseconds);
            if (milliseconds.Count == Blocks) break;
            newest = applied.Block.Number;
            await TransferAsync(rpc, chain);
            watch.Restart();
            await anvil.MineAsync(None);
        }

        report.Row($"live: {TransfersOfBlock} logs, mining to decoded records, p50 and p95 ms",
            $"{Report.Percentile(milliseconds, 0.5):0.00}", $"{Report.Percentile(milliseconds, 0.95):0.00}", "");
        report.Target(
            "live p95 from mining to decoded record", Report.Percentile(milliseconds, 0.95), "ms", 20, Better.Lower);
    }

    private static async Task TransferAsync(HttpRpc rpc, WorldChain chain)
    {
        // The node's first account holds the supply and signs.
        var transfer = AbiFunction.Parse("function transfer(address to, uint256 value) returns (bool)")
            .EncodeCall(new Ethereum.Address(new byte[19].Append((byte)7).ToArray()), 1UL);
        var from = await rpc.CallAsync(new RpcCall("eth_accounts"), First, None);
        var call = new RpcCall("eth_sendTransaction", json =>
        {
            json.WriteStartObject();
            json.WriteString("from", from);
            json.WriteString("to", chain[ContractName.Credit].ToString());
            json.WriteString("data", "0x" + Convert.ToHexStringLower(transfer));
            json.WriteString("gas", "0x30000");
            json.WriteEndObject();
        });
        for (var i = 0; i < TransfersOfBlock; i++) await rpc.CallAsync(call, JsonValues.Hash, None);
    }

    private static string First(ref Utf8JsonReader reader)
    {
        string? first = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) first ??= reader.GetString();
        return first ?? throw new InvalidOperationException("expected an account of the node, found none");
    }
}
