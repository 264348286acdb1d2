// Logs from anvil. Leaves: the whole chain ingested into decoded records with the peak of memory; then, slice by slice
// and interleaved, the raw ceiling (the same questions, their answers thrown away) beside ingestion with and without
// its checks; and real answers for the bench from memory.
using System.Diagnostics;
using System.Net.Http.Headers;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Ingest;
using EventSourced.Reporting;

namespace EventSourced.BenchIngest;

internal sealed class FromNode(WorldChain chain, Decoding decoding, int inFlight) : IDisposable
{
    private const int Rounds = 15;
    private const int LogsOfSlice = 40_000;
    private const int RepliesFromMemory = 12;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly HttpRpc _rpc = new([chain.Http]);
    private readonly HttpClient _http = new();
    private readonly string _addresses = string.Join(',', chain.Contracts.Keys.Select(address => $"\"{address:x}\""));
    private readonly List<(ulong From, ulong To, int Logs)> _asked = [];

    /// <summary>Reads the whole chain; its questions are those that the ceiling asks too.</summary>
    public async Task WholeAsync(Report report)
    {
        var newest = await new EthereumClient(_rpc).GetBlockNumberAsync(None);
        var watch = Stopwatch.StartNew();
        var logs = await IngestAsync(0, newest, Checked, _asked);
        var seconds = watch.Elapsed.TotalSeconds;
        using var process = Process.GetCurrentProcess();
        report.Row($"the whole chain: {logs:N0} logs of {newest + 1:N0} blocks", $"{logs / seconds:N0}",
            $"{1e6 * seconds / logs:0.00}", "");
        report.Target($"peak working set over {logs:N0} logs", process.PeakWorkingSet64 / 1e6, "MB", 300, Better.Lower);
    }

    public async Task SlicesAsync(Report report)
    {
        Side[] sides =
        [
            new("ceiling: eth_getLogs, bytes thrown away", slice => DrainAsync(slice)),
            new("ingested: into decoded records", slice => IngestAsync(slice[0].From, slice[^1].To, Trusting, null)),
            new("ingested, hashes of blocks with logs compared",
                slice => IngestAsync(slice[0].From, slice[^1].To, Hashed, null)),
            new("ingested, hashes and blooms of all blocks checked",
                slice => IngestAsync(slice[0].From, slice[^1].To, Checked, null)),
        ];
        var at = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var slice = Slice(ref at);
            foreach (var side in sides) await side.RoundAsync(slice);
        }

        foreach (var side in sides)
            report.Row($"{side.Name} (us: our CPU)", $"{Report.Median(side.PerSecond):N0}",
                $"{Report.Median(side.CpuMicroseconds):0.00}", "");
        report.Target("share of the ceiling when ingesting", Ratio(sides[1], sides[0]), "ratio", 0.8, Better.Higher);
        report.Target("the same with hashes compared", Ratio(sides[2], sides[0]), "ratio", 0.6, Better.Higher);
        report.Target(
            "the same with the bloom of every block checked", Ratio(sides[3], sides[0]), "ratio", 0.5, Better.Higher);
    }

    /// <summary>Real answers, from all over the chain.</summary>
    public async Task<IReadOnlyList<byte[]>> RepliesAsync()
    {
        var full = _asked.Where(range => range.Logs > 500).ToArray();
        var replies = new List<byte[]>();
        for (var i = 0; i < RepliesFromMemory; i++)
        {
            var (from, to, _) = full[i * full.Length / RepliesFromMemory];
            using var response = await AskAsync(from, to);
            replies.Add(await response.Content.ReadAsByteArrayAsync());
        }

        return replies;
    }

    public void Dispose()
    {
        _rpc.Dispose();
        _http.Dispose();
    }

    private IngestionOptions Checked => new() { Contracts = [.. chain.Contracts.Keys], RangesInFlight = inFlight };

    private IngestionOptions Hashed => Checked with { Omissions = OmissionCheck.Trust };

    private IngestionOptions Trusting => Hashed with { VerifyBlockHashes = false };

    /// <summary>The next questions of the whole chain, of so many logs together.</summary>
    private (ulong From, ulong To, int Logs)[] Slice(ref int at)
    {
        var slice = new List<(ulong From, ulong To, int Logs)>();
        while (slice.Sum(range => range.Logs) < LogsOfSlice && slice.Count < _asked.Count)
        {
            // A slice adjoins: at the chain's end it begins anew.
            if (at == _asked.Count) (at, _) = (0, slice.RemoveAll(_ => true));
            slice.Add(_asked[at++]);
        }

        return [.. slice];
    }

    /// <summary>The median of the rounds' own ratios: what slows a whole round down leaves them alone.</summary>
    private static double Ratio(Side ours, Side theirs) =>
        Report.Median(ours.PerSecond.Zip(theirs.PerSecond, (a, b) => a / b));

    private async Task<int> IngestAsync(
        ulong first, ulong last, IngestionOptions options, List<(ulong, ulong, int)>? asked)
    {
        var backfill = new Backfill(new RangeReader(new EthereumClient(_rpc), options), options);
        var count = 0;
        await foreach (var range in backfill.ReadAsync(first, last, None))
        {
            using var _ = range;
            for (var i = 0; i < range.Logs.Count; i++)
            {
                decoding.Decode(in range.Logs[i], range.Logs.Data(i).Span);
                count++;
            }

            asked?.Add((range.From, range.To, range.Logs.Count));
        }

        return count;
    }

    private async Task<int> DrainAsync((ulong From, ulong To, int Logs)[] slice)
    {
        using var slots = new SemaphoreSlim(inFlight);
        var waiting = new List<Task>();
        foreach (var (from, to, _) in slice)
        {
            await slots.WaitAsync();
            waiting.Add(OneAsync(from, to));
        }

        await Task.WhenAll(waiting);
        return 0;

        async Task OneAsync(ulong from, ulong to)
        {
            using var response = await AskAsync(from, to);
            await response.Content.CopyToAsync(Stream.Null);
            slots.Release();
        }
    }

    private async Task<HttpResponseMessage> AskAsync(ulong from, ulong to)
    {
        using var content = new StringContent(
            $$"""{"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[{"fromBlock":"0x{{from:x}}","toBlock":"0x{{to:x}}","address":[{{_addresses}}]}]}""",
            new MediaTypeHeaderValue("application/json"));
        using var request = new HttpRequestMessage(HttpMethod.Post, chain.Http) { Content = content };
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>One way of reading, measured round by round.</summary>
    private sealed class Side(string name, Func<(ulong From, ulong To, int Logs)[], Task<int>> read)
    {
        public string Name { get; } = name;

        public List<double> PerSecond { get; } = [];

        public List<double> CpuMicroseconds { get; } = [];

        public async Task RoundAsync((ulong From, ulong To, int Logs)[] slice)
        {
            var logs = slice.Sum(range => range.Logs);
            using var process = Process.GetCurrentProcess();
            var cpu = process.TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            await read(slice);
            PerSecond.Add(logs / watch.Elapsed.TotalSeconds);
            process.Refresh();
            CpuMicroseconds.Add((process.TotalProcessorTime - cpu).TotalMicroseconds / logs);
        }
    }
}
