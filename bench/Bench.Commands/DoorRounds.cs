// Commands by HTTP, as agents give them: one host with every role. Enters: a running host, commands that are signed.
// Leaves: how long an answer took from the moment when it was due, what a command cost until it was final, and what
// readers felt while more came than the host can take. Always holds: requests are signed before the clock starts;
// readers ask at the same pace idle and under load.
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EventSourced.Commands;
using EventSourced.DevNode;
using EventSourced.Ethereum;

namespace EventSourced.BenchCommands;

internal sealed class DoorRounds(Uri host, Func<string> lastWords) : IDisposable
{
    private const string Read = """{"query":"{ agents(first: 10) { nodes { id status owner } } _meta { lag } }"}""";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenReads = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 512 })
    {
        BaseAddress = host,
        Timeout = TimeSpan.FromMinutes(1),
    };

    /// <summary>The bodies that hand signed requests in.</summary>
    public static byte[][] Bodies(IEnumerable<Submission> submissions) =>
        [.. submissions.Select(one => one.Payload).Cast<Payload.Forward>().Select(forward => Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["mode"] = "relay",
                ["chainId"] = AnvilNode.ChainId,
                ["forwarder"] = forward.Forwarder.ToString(),
                ["request"] = new JsonObject
                {
                    ["from"] = forward.Request.From.ToString(),
                    ["to"] = forward.Request.To.ToString(),
                    ["value"] = "0",
                    ["gas"] = $"{forward.Request.GasLimit}",
                    ["nonce"] = $"{forward.Request.Nonce}",
                    ["deadline"] = $"{forward.Request.DeadlineSeconds}",
                    ["data"] = Hex.ToText(forward.Request.Data.Span),
                },
                ["signature"] = Hex.ToText(forward.Signature.Span),
            }.ToJsonString()))];

    /// <summary>Waits until the host has read the chain and is ready.</summary>
    public async Task ReadyAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            using var answer = await _http.GetAsync("readyz", cancellation);
            if (answer.IsSuccessStatusCode) return;
            if (clock.Elapsed > StartLimit)
                throw new TimeoutException($"expected the host to be ready within {StartLimit}, found it is not");
            await Task.Delay(BetweenReads, cancellation);
        }
    }

    /// <summary>Hands commands in at a rate; each must be taken.</summary>
    public async Task<List<double>> AtRateAsync(byte[][] bodies, int perSecond, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var answers = new List<Task<double>>(bodies.Length);
        for (var index = 0; index < bodies.Length; index++)
        {
            var due = TimeSpan.FromSeconds((double)index / perSecond);
            if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed, cancellation);
            answers.Add(TakenAsync(bodies[index], due, clock, cancellation));
        }

        return [.. await Task.WhenAll(answers)];
    }

    /// <summary>Hands in as many as are answered, by so many callers at once.</summary>
    public async Task<SortedDictionary<int, int>> FloodAsync(
        byte[][] bodies, int callers, CancellationToken cancellation)
    {
        var statuses = new SortedDictionary<int, int>();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            while (!cancellation.IsCancellationRequested && Interlocked.Increment(ref next) is var at
                && at < bodies.Length)
            {
                var status = (int)await PostAsync("v1/commands/agents.register", bodies[at], CancellationToken.None);
                lock (statuses) statuses[status] = statuses.GetValueOrDefault(status) + 1;
            }
        }));
        return statuses;
    }

    /// <summary>Milliseconds of reads, one after the other at a steady pace, until told to stop.</summary>
    public async Task<List<double>> ReadsAsync(CancellationToken until)
    {
        var (took, body) = (new List<double>(), Encoding.UTF8.GetBytes(Read));
        while (!until.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            var status = await PostAsync("graphql", body, CancellationToken.None);
            if (status != HttpStatusCode.OK)
                throw new InvalidOperationException($"expected reads to be answered under any load, found {status}");
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await Task.Delay(BetweenReads, CancellationToken.None);
        }

        return took;
    }

    public void Dispose() => _http.Dispose();

    private async Task<double> TakenAsync(
        byte[] body, TimeSpan due, Stopwatch clock, CancellationToken cancellation)
    {
        var status = await PostAsync("v1/commands/agents.register", body, cancellation);
        return status == HttpStatusCode.Accepted
            ? (clock.Elapsed - due).TotalMilliseconds
            : throw new InvalidOperationException($"expected a command to be taken, found {(int)status}; {lastWords()}");
    }

    private async Task<HttpStatusCode> PostAsync(string path, byte[] body, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _http.PostAsync(path, content, cancellation);
        await answer.Content.CopyToAsync(Stream.Null, cancellation);
        return answer.StatusCode;
    }
}
