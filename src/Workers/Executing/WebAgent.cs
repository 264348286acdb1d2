// Work by a service on the web. Enters: an agent's endpoint and the input of a task. Leaves: the answer, or the reason
// for none. Always holds: connections go only to IP addresses of public hosts, unless the host's owner allows others;
// the address is judged after the name was resolved; no redirect is followed; time and answer have limits; the same
// task carries the same idempotency key, so that a service may repeat its answer to a repeated call.
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using EventSourced.Workers.Webhooks;

namespace EventSourced.Workers.Executing;

/// <summary>The answer of a service.</summary>
public abstract record WebAnswer
{
    private WebAnswer()
    {
    }

    /// <summary>The service did the work.</summary>
    /// <param name="Output">The answer's bytes.</param>
    /// <param name="Status">The HTTP status of the answer.</param>
    /// <param name="ContentType">The media type that the answer states.</param>
    public sealed record Done(ReadOnlyMemory<byte> Output, int Status, string? ContentType) : WebAnswer;

    /// <summary>The service did not do the work.</summary>
    /// <param name="Reason">The reason.</param>
    /// <param name="IsForGood">Whether another attempt is useless.</param>
    public sealed record Failed(string Reason, bool IsForGood) : WebAnswer;
}

/// <summary>Asks services on the web to do work.</summary>
public sealed class WebAgent : IDisposable
{
    /// <summary>The number of attempts to ask a service for one task.</summary>
    public const int MostTries = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Connect = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;

    /// <summary>Makes a caller.</summary>
    /// <param name="limit">The time limit of one call, to its last byte.</param>
    /// <param name="allowsPrivate">Whether hosts that are not public may be called.</param>
    /// <param name="time">The clock of its pauses.</param>
    public WebAgent(TimeSpan limit, bool allowsPrivate, TimeProvider time)
    {
        (_limit, _time) = (limit, time);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, allowsPrivate, cancellation),
            ConnectTimeout = Connect,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        };
        // We limit the whole call ourselves: the client's own limit ends with the headers.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Asks a service, and asks again after a transient fault.</summary>
    public async Task<WebAnswer> AskAsync(
        Uri endpoint, ulong taskId, ulong agentId, ReadOnlyMemory<byte> input, long mostBytes,
        CancellationToken cancellation)
    {
        for (var tried = 1; ; tried++)
        {
            var answer = await OnceAsync(
                endpoint, taskId, agentId, input, mostBytes, cancellation).ConfigureAwait(false);
            if (answer is not WebAnswer.Failed { IsForGood: false } || tried == MostTries) return answer;
            await Task.Delay(Pause * tried, _time, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint host, bool allowsPrivate, CancellationToken cancellation)
    {
        var found = await Dns.GetHostAddressesAsync(host.Host, cancellation).ConfigureAwait(false);
        if (found.Length == 0 || (!allowsPrivate && !Array.TrueForAll(found, PublicAddresses.IsPublic)))
            throw new PrivateHostException($"expected a public host, found that {host.Host} is none");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(found, host.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<WebAnswer> OnceAsync(
        Uri endpoint, ulong taskId, ulong agentId, ReadOnlyMemory<byte> input, long mostBytes,
        CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Content = new ReadOnlyMemoryContent(input);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.Add(
            "idempotency-key", string.Create(CultureInfo.InvariantCulture, $"task-{taskId}-agent-{agentId}"));
        request.Headers.Add("x-task-id", taskId.ToString(CultureInfo.InvariantCulture));
        try
        {
            using var response = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return new WebAnswer.Failed(
                    $"expected status 200, found {(int)response.StatusCode}",
                    IsForGood: (int)response.StatusCode is < 500 and not (408 or 425 or 429));
            }

            return await ReadAsync(response, mostBytes, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new WebAnswer.Failed($"expected an answer within {_limit}, found none", IsForGood: false);
        }
        catch (HttpRequestException fault)
        {
            return new WebAnswer.Failed(fault.Message, IsForGood: fault.InnerException is PrivateHostException);
        }
        catch (IOException fault)
        {
            return new WebAnswer.Failed(fault.Message, IsForGood: false);
        }
    }

    private static async Task<WebAnswer> ReadAsync(
        HttpResponseMessage response, long mostBytes, CancellationToken cancellation)
    {
        var tooLarge = new WebAnswer.Failed(
            $"expected an answer of at most {mostBytes} bytes, found more", IsForGood: true);
        if (response.Content.Headers.ContentLength > mostBytes) return tooLarge;
        var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using var closing = body.ConfigureAwait(false);
        using var output = new MemoryStream();
        var buffer = new byte[64 << 10];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            if (output.Length + read > mostBytes) return tooLarge;
            output.Write(buffer, 0, read);
        }

        return new WebAnswer.Done(
            output.ToArray(), (int)response.StatusCode, response.Content.Headers.ContentType?.ToString());
    }

    private sealed class PrivateHostException(string message) : IOException(message);
}
