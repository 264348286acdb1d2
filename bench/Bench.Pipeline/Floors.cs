// What the same work costs at least, in the same run: the chain's logs fetched with the bytes thrown away, and the
// event rows copied into a bare table. Enters: a chain, a database that was just indexed from it. Leaves: events per
// second and processor time of each.
using System.Diagnostics;
using System.Net.Http.Headers;
using EventSourced.Indexer;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.World;
using Npgsql;

namespace EventSourced.BenchPipeline;

/// <summary>One way of moving the events, without making anything of them.</summary>
internal sealed record Floor(double PerSecond, Cpu Cpu);

/// <summary>Measures the floors.</summary>
internal sealed class Floors : IDisposable
{
    private const int BytesAtOnce = 64 * 1024;

    private readonly WorldChain _chain;
    private readonly List<(ulong From, ulong To)> _ranges;
    private readonly string _addresses;
    private readonly int _inFlight;
    private readonly HttpClient _http = new();

    private Floors(WorldChain chain, List<(ulong From, ulong To)> ranges, IngestionOptions options)
    {
        (_chain, _ranges, _inFlight) = (chain, ranges, options.RangesInFlight);
        _addresses = string.Join(',', options.Contracts.Select(address => $"\"{address:x}\""));
    }

    /// <summary>Finds the questions that the indexer asks, by asking them once.</summary>
    public static async Task<Floors> OfAsync(WorldChain chain, Deployment deployment, CancellationToken cancellation)
    {
        var options = new IngestionOptions { VerifyBlockHashes = false, Omissions = OmissionCheck.Trust };
        var book = await Genesis.ReadAsync(deployment, chain.Client, options, cancellation);
        options = options with { Contracts = book.Known.Addresses };
        var ranges = new List<(ulong From, ulong To)>();
        var tip = await chain.Client.GetBlockNumberAsync(cancellation);
        await foreach (
            var range in new Backfill(new RangeReader(chain.Client, options), options).ReadAsync(0, tip, cancellation))
        {
            using (range) ranges.Add((range.From, range.To));
        }

        return new Floors(chain, ranges, options);
    }

    /// <summary>Every log from the node, not even read.</summary>
    public Task<Floor> LogsAsync(long events, CancellationToken cancellation) => MeasureAsync(
        events,
        () => Parallel.ForEachAsync(
            _ranges,
            new ParallelOptions { MaxDegreeOfParallelism = _inFlight, CancellationToken = cancellation },
            async (range, cancel) =>
            {
                using var content = new StringContent(
                    $$"""{"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[{"fromBlock":"0x{{range.From:x}}","toBlock":"0x{{range.To:x}}","address":[{{_addresses}}]}]}""",
                    new MediaTypeHeaderValue("application/json"));
                using var request = new HttpRequestMessage(HttpMethod.Post, _chain.Endpoint) { Content = content };
                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
                response.EnsureSuccessStatusCode();
                await response.Content.CopyToAsync(Stream.Null, cancel);
            }));

    /// <summary>The rows of the events into a table without keys.</summary>
    public static async Task<Floor> CopyAsync(NpgsqlDataSource source, long events, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        using var rows = new MemoryStream();
        await using (var stored = await connection.BeginRawBinaryCopyAsync(
            "copy mt_events to stdout (format binary)", cancellation))
            await stored.CopyToAsync(rows, cancellation);
        await using (var create = new NpgsqlCommand("create table bare (like mt_events)", connection))
            await create.ExecuteNonQueryAsync(cancellation);
        var bytes = rows.GetBuffer().AsMemory(0, (int)rows.Length);
        return await MeasureAsync(events, async () =>
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync(
                "copy bare from stdin (format binary)", cancellation);
            for (var at = 0; at < bytes.Length; at += BytesAtOnce)
                await copy.WriteAsync(bytes.Slice(at, Math.Min(BytesAtOnce, bytes.Length - at)), cancellation);
        });
    }

    public void Dispose() => _http.Dispose();

    private static async Task<Floor> MeasureAsync(long events, Func<Task> work)
    {
        var before = Cpu.Now();
        var watch = Stopwatch.StartNew();
        await work();
        var seconds = watch.Elapsed.TotalSeconds;
        return new Floor(events / seconds, (Cpu.Now() - before).Per(events));
    }
}
