// Open dashboards without their browsers. Enters: what the page asked in Chromium, and a number. Leaves: so many
// lines of server-sent events, each of which asks the first screen anew as the page does. Always holds: the rules of
// main.js: one reading at a time, at most one in 1.5 s, and a rest of four times as long as the last answer took.
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace EventSourced.BenchDashboards;

internal sealed class OpenDashboards : IAsyncDisposable
{
    private const int Rest = 4;
    private const int Buffer = 4_096;
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(1_500);
    private static readonly TimeSpan OpenLimit = TimeSpan.FromMinutes(3);

    private readonly HttpClient _http;
    private readonly string _subscription;
    private readonly string _question;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _pages = [];
    private int _open;
    private long _answers;

    private OpenDashboards(Uri address, string subscription, string question)
    {
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        (_subscription, _question) = (subscription, question);
    }

    /// <summary>The first screens that were answered.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    public static async Task<OpenDashboards> OpenAsync(
        Uri address, IReadOnlyList<string> asked, int count, CancellationToken cancellation)
    {
        var dashboards = new OpenDashboards(
            address, asked.Single(one => one.Contains("subscription", StringComparison.Ordinal)),
            asked.First(one => one.Contains("query Overview", StringComparison.Ordinal)));
        for (var i = 0; i < count; i++) dashboards._pages.Add(dashboards.FollowAsync(dashboards._stop.Token));
        var watch = Stopwatch.StartNew();
        while (Volatile.Read(ref dashboards._open) < count)
        {
            if (dashboards._pages.Find(page => page.IsFaulted) is { } broken) await broken;
            if (watch.Elapsed > OpenLimit)
                throw new TimeoutException($"expected {count} open dashboards within {OpenLimit}, found {dashboards._open}");
            await Task.Delay(50, cancellation);
        }

        return dashboards;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Task.WhenAll(_pages);
        }
        catch (OperationCanceledException)
        {
            // They were closed.
        }

        _http.Dispose();
        _stop.Dispose();
    }

    // One page: a line of blocks, and readings that the blocks ask for.
    private async Task FollowAsync(CancellationToken cancellation)
    {
        using var request = Request(_subscription, "text/event-stream");
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        answer.EnsureSuccessStatusCode();
        await using var line = await answer.Content.ReadAsStreamAsync(cancellation);
        Interlocked.Increment(ref _open);
        var buffer = new byte[Buffer];
        var reading = ReadAsync(cancellation);
        while (await line.ReadAsync(buffer, cancellation) > 0)
            if (reading.IsCompleted)
            {
                await reading;
                reading = ReadAsync(cancellation);
            }

        throw new InvalidOperationException("expected a line that stays open, found its end");
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        using (var request = Request(_question, "application/graphql-response+json"))
        using (var answer = await _http.SendAsync(request, cancellation))
        {
            answer.EnsureSuccessStatusCode();
            await answer.Content.CopyToAsync(Stream.Null, cancellation);
        }

        Interlocked.Increment(ref _answers);
        var rest = watch.Elapsed * Rest;
        await Task.Delay(rest > Again ? rest : Again, cancellation);
    }

    private static HttpRequestMessage Request(string body, string accepted)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "graphql")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accepted));
        return request;
    }
}
