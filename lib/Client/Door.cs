// The way to the server. Enters: requests that may be repeated without harm: reads, preparations, and submissions under
// an idempotency key. Leaves: bodies, or typed refusals. Always holds: time-outs, broken lines, 408, 429, 502, 503 and
// 504 are tried again, a bounded number of times, not sooner than Retry-After says; nothing else is; an answer is read
// to a bounded length.
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace EventSourced.Client;

internal sealed record Answer(HttpStatusCode Status, byte[] Body, Uri? Location);

internal sealed class Door(HttpClient http, ClientOptions options)
{
    private const int MostBytes = 8 << 20;
    private const int MostDoublings = 16;

    public Task<Answer> GetAsync(string path, CancellationToken cancellation, int most = MostBytes) =>
        AskAsync(() => new HttpRequestMessage(HttpMethod.Get, path), path, cancellation, most);

    public Task<Answer> PutAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellation) => AskAsync(
        () => new HttpRequestMessage(HttpMethod.Put, path) { Content = new ReadOnlyMemoryContent(body) }, path,
        cancellation);

    public Task<Answer> PostAsync(string path, string body, string? key, CancellationToken cancellation)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return AskAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(bytes) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                if (key is not null) request.Headers.Add("Idempotency-Key", key);
                return request;
            },
            path, cancellation);
    }

    private async Task<Answer> AskAsync(
        Func<HttpRequestMessage> make, string what, CancellationToken cancellation, int most = MostBytes)
    {
        Exception? last = null;
        for (var attempt = 0; attempt < options.MostAttempts; attempt++)
        {
            TimeSpan? wait = null;
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                limit.CancelAfter(options.AnswerWithin);
                using var request = make();
                using var response = await http.SendAsync(
                    request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
                var body = await ReadAsync(response.Content, most, limit.Token).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                    return new Answer(response.StatusCode, body, response.Headers.Location);
                var refusal = new CommandRefusedException(
                    ProblemOf(response.StatusCode, body), response.Headers.Location);
                if (!IsPassing(response.StatusCode)) throw refusal;
                (last, wait) = (refusal, WaitOf(response.Headers.RetryAfter));
            }
            catch (Exception fault) when (
                fault is HttpRequestException or IOException
                || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                last = fault;
            }

            if (attempt + 1 < options.MostAttempts)
                await Task.Delay(Pause(attempt, wait), cancellation).ConfigureAwait(false);
        }

        // A client that was told to come again until the last attempt, was refused. A client that heard nothing does
        // not know.
        throw last is CommandRefusedException ? last : new UnansweredException(what, last);
    }

    private TimeSpan Pause(int attempt, TimeSpan? wanted)
    {
        var pause = options.FirstPause * (1 << Math.Min(attempt, MostDoublings)) * (1 + Random.Shared.NextDouble());
        if (wanted > pause) pause = wanted.Value;
        return pause < options.LongestPause ? pause : options.LongestPause;
    }

    private static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout
        or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
        or HttpStatusCode.GatewayTimeout;

    private static TimeSpan? WaitOf(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - DateTimeOffset.UtcNow : null);

    private static Problem ProblemOf(HttpStatusCode status, byte[] body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, AnswerJson.Default.Problem) is { } problem)
                return problem with { Status = (int)status };
        }
        catch (JsonException)
        {
            // A proxy between us and the server has words of its own.
        }

        return new Problem
        {
            Status = (int)status,
            Code = $"Http{(int)status}",
            Expected = "an answer of the commands",
            Found = $"status {(int)status}",
        };
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, int most, CancellationToken cancellation)
    {
        var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var whole = new MemoryStream();
            var buffer = new byte[16 << 10];
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                if (whole.Length + read > most)
                    throw new UntrustedAnswerException($"at most {most} bytes", "more");
                whole.Write(buffer, 0, read);
            }

            return whole.ToArray();
        }
    }
}
