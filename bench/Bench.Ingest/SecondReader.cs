// The same blocks by two readers, in one run and in turn: ours into decoded records, and Nethereum's block processor
// with its decoder by the compiled ABIs. Leaves: CPU and allocated bytes a log of each, and the ratios. No goal is
// named.
using System.Diagnostics;
using EventSourced.Chain.Sending;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Ingest;
using EventSourced.Reporting;
using Nethereum.ABI.ABIDeserialisation;
using Nethereum.ABI.Model;
using Nethereum.Contracts;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;

namespace EventSourced.BenchIngest;

internal sealed class SecondReader(WorldChain chain, Decoding decoding) : IDisposable
{
    private const int Rounds = 5;
    private const ulong Blocks = 400;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly HttpRpc _rpc = new([chain.Http]);
    private readonly Dictionary<string, EventABI> _events = Declared(chain);

    public async Task RunAsync(Report report)
    {
        var newest = await new EthereumClient(_rpc).GetBlockNumberAsync(None);
        var first = newest > Blocks ? newest - Blocks : 0;
        var (ours, theirs) = (new List<Cost>(), new List<Cost>());
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await MeasuredAsync(() => OursAsync(first, newest)));
            theirs.Add(await MeasuredAsync(() => TheirsAsync(first, newest)));
            if (ours[^1].Logs != theirs[^1].Logs)
                throw new InvalidOperationException(
                    $"expected {ours[^1].Logs} logs of both readers, found {theirs[^1].Logs} by Nethereum");
        }

        Tell(report, $"second reader, {ours[0].Logs:N0} logs: ours", ours);
        Tell(report, $"second reader, {theirs[0].Logs:N0} logs: Nethereum.BlockchainProcessing", theirs);
        var (cpu, bytes) = (Median(theirs, cost => cost.Microseconds) / Median(ours, cost => cost.Microseconds),
            Median(theirs, cost => cost.Bytes) / Median(ours, cost => cost.Bytes));
        report.Row($"second reader: Nethereum takes {cpu:0.0} times the CPU, {bytes:0.0} times the bytes", "", "", "");
    }

    public void Dispose() => _rpc.Dispose();

    private async Task<int> OursAsync(ulong first, ulong last)
    {
        var options = new IngestionOptions
        {
            Contracts = [.. chain.Contracts.Keys],
            Omissions = OmissionCheck.Trust,
            VerifyBlockHashes = false,
        };
        var count = 0;
        await foreach (var range in new Backfill(
            new RangeReader(new EthereumClient(_rpc), options), options).ReadAsync(first, last, None))
        {
            using var _ = range;
            for (var i = 0; i < range.Logs.Count; i++, count++) decoding.Decode(
                in range.Logs[i], range.Logs.Data(i).Span);
        }

        return count;
    }

    private async Task<int> TheirsAsync(ulong first, ulong last)
    {
        var count = 0;
        var web3 = new Web3(new NodeClient(_rpc, None));
        var processor = web3.Processing.Logs.CreateProcessorForContracts(
            [.. chain.Contracts.Keys.Select(address => address.ToString())],
            (Action<FilterLog>)(log =>
            {
                if (_events[log.Topics[0].ToString()![2..]].DecodeEventDefaultTopics(log) is null)
                    throw new InvalidOperationException(
                        $"expected log {log.LogIndex.Value} to be decoded, found nothing");
                count++;
            }),
            minimumBlockConfirmations: 0);
        await processor.ExecuteAsync(last, None, startAtBlockNumberIfNotProcessed: first);
        return count;
    }

    private static async Task<Cost> MeasuredAsync(Func<Task<int>> read)
    {
        using var process = Process.GetCurrentProcess();
        var (cpu, bytes) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true));
        var logs = await read();
        process.Refresh();
        return new Cost(logs, (process.TotalProcessorTime - cpu).TotalMicroseconds / logs,
            (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)logs);
    }

    private static void Tell(Report report, string what, List<Cost> costs)
    {
        var microseconds = Median(costs, cost => cost.Microseconds);
        report.Row($"{what} (us: our CPU)", $"{1e6 / microseconds:N0}", $"{microseconds:0.00}",
            $"{Median(costs, cost => cost.Bytes):N0}");
    }

    private static double Median(List<Cost> costs, Func<Cost, double> of) => Report.Median([.. costs.Select(of)]);

    private static Dictionary<string, EventABI> Declared(WorldChain chain)
    {
        var events = new Dictionary<string, EventABI>(StringComparer.Ordinal);
        foreach (var name in chain.Contracts.Values)
        {
            var file = Path.Combine(World.WorldChain.Root, "contracts/artifacts", $"{name}.json");
            using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(file));
            foreach (var one in new ABIJsonDeserialiser().DeserialiseContract(
                json.RootElement.GetProperty("abi").GetRawText()).Events)
                events[one.Sha3Signature] = one;
        }

        return events;
    }

    private readonly record struct Cost(int Logs, double Microseconds, double Bytes);
}
