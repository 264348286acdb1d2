// JSON-RPC over HTTP to one or several endpoints. Enters: calls. Leaves: results, or a named fault. Always holds: a
// request is tried at most MaxAttempts times; the first endpoint that is well is used, failed ones rest; an endpoint of
// another chain is never used; an answer is at most MaxReplyBytes long. Safe for concurrent use.
using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using EventSourced.Ethereum.Json;

namespace EventSourced.Ethereum.Rpc;

/// <summary>A JSON-RPC client over HTTP with failover.</summary>
public sealed class HttpRpc : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http;
    private readonly Endpoint[] _endpoints;
    private readonly TimeProvider _time;
    private long _lastId;

    /// <summary>Talks with the endpoints, the preferred one first; the handler is the seam for tests.</summary>
    public HttpRpc(IReadOnlyList<Uri> endpoints, RpcOptions? options = null, HttpMessageHandler? handler = null,
        TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.Count == 0)
            throw new ArgumentException("expected at least one endpoint, found none", nameof(endpoints));
        Options = options ?? new RpcOptions();
        _time = time ?? TimeProvider.System;
        _endpoints = [.. endpoints.Select(uri => new Endpoint(uri))];
        _http = new HttpClient(
            handler ?? new SocketsHttpHandler
            {
                AutomaticDecompression = DecompressionMethods.All,
                MaxConnectionsPerServer = Options.MaxConnections,
                PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
                PooledConnectionLifetime = TimeSpan.FromMinutes(10),
                EnableMultipleHttp2Connections = true,
            },
            disposeHandler: handler is null)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The limits.</summary>
    public RpcOptions Options { get; }

    /// <summary>The endpoints, without credentials or path, the preferred one first.</summary>
    public IReadOnlyList<string> Endpoints => [.. _endpoints.Select(endpoint => endpoint.Name)];

    /// <summary>Calls a method and reads its result.</summary>
    public Task<T> CallAsync<T>(RpcCall call, RpcResultReader<T> read, CancellationToken cancellation) =>
        AnywhereAsync(call.Method, endpoint => OnceAsync(endpoint, call, read, cancellation), cancellation);

    /// <summary>Calls a method of one endpoint, once; for agreement checks.</summary>
    public Task<T> CallOnAsync<T>(
        int endpoint, RpcCall call, RpcResultReader<T> read, CancellationToken cancellation) =>
        OnceAsync(_endpoints[endpoint], call, read, cancellation);

    /// <summary>
    /// Calls many at once, in as few requests as MaxBatch allows; results stand in the order of the calls.
    /// </summary>
    public async Task<T[]> BatchAsync<T>(
        IReadOnlyList<RpcCall> calls, RpcResultReader<T> read, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(calls);
        var results = new T[calls.Count];
        for (var start = 0; start < calls.Count; start += Options.MaxBatch)
        {
            var (from, count) = (start, Math.Min(Options.MaxBatch, calls.Count - start));
            await AnywhereAsync(
                calls[from].Method,
                endpoint => BatchOnceAsync(endpoint, calls, from, results.AsMemory(from, count), read, cancellation),
                cancellation).ConfigureAwait(false);
        }

        return results;
    }

    /// <summary>
    /// Lets the endpoint in use rest, for its answers contradict one another: the next request goes to another one,
    /// where there is one.
    /// </summary>
    public void PassOver()
    {
        var now = _time.GetUtcNow();
        if (Array.Find(_endpoints, endpoint => !endpoint.Excluded && endpoint.RestsUntil <= now) is { } inUse)
            inUse.RestsUntil = now + Options.CoolDown;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> AnywhereAsync<T>(string method, Func<Endpoint, Task<T>> once, CancellationToken cancellation)
    {
        var delay = Options.FirstDelay;
        for (var attempt = 1; ; attempt++)
        {
            var endpoint = Choose(method);
            try
            {
                await CheckChainAsync(endpoint, cancellation).ConfigureAwait(false);
                var result = await once(endpoint).ConfigureAwait(false);
                endpoint.RestsUntil = DateTimeOffset.MinValue;
                return result;
            }
            catch (RpcException fault) when (
                fault.Fault == RpcFault.WrongChain && Array.Exists(_endpoints, other => !other.Excluded))
            {
                // Each endpoint is excluded at most once, and the others are not at fault: this spends no attempt.
                attempt--;
            }
            catch (RpcException fault) when (attempt < Options.MaxAttempts && fault.IsTransient)
            {
                endpoint.RestsUntil = _time.GetUtcNow() + Options.CoolDown;
                if (fault.Fault != RpcFault.Malformed) endpoint.ChainIsRight = false;
                // Another endpoint is tried at once; only when all rest is there a pause.
                if (Array.Exists(_endpoints, other => !other.Excluded && other.RestsUntil <= _time.GetUtcNow()))
                    continue;
                var pause = fault.RetryAfter is { } asked ? Min(asked, Options.MaxRetryAfter) : delay;
                await Task.Delay(pause, _time, cancellation).ConfigureAwait(false);
                delay = Min(2 * delay, Options.MaxDelay);
            }
        }
    }

    private Endpoint Choose(string method)
    {
        var now = _time.GetUtcNow();
        Endpoint? best = null;
        foreach (var endpoint in _endpoints)
        {
            if (endpoint.Excluded) continue;
            if (endpoint.RestsUntil <= now) return endpoint;
            if (best is null || endpoint.RestsUntil < best.RestsUntil) best = endpoint;
        }

        return best ?? throw new RpcException(
            RpcFault.WrongChain, string.Join(", ", Endpoints), method,
                $"expected an endpoint of chain {Options.ExpectedChainId}, found only others");
    }

    private async Task CheckChainAsync(Endpoint endpoint, CancellationToken cancellation)
    {
        if (Options.ExpectedChainId is not { } expected || endpoint.ChainIsRight) return;
        var found = await OnceAsync(
            endpoint, new RpcCall("eth_chainId"), JsonValues.Quantity, cancellation).ConfigureAwait(false);
        if (found == expected)
        {
            endpoint.ChainIsRight = true;
            return;
        }

        endpoint.Excluded = true;
        throw new RpcException(RpcFault.WrongChain, endpoint.Name, "eth_chainId",
            $"expected chain {expected}, found chain {found}; it is not asked again");
    }

    private async Task<T> OnceAsync<T>(
        Endpoint endpoint, RpcCall call, RpcResultReader<T> read, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref _lastId);
        var request = new ArrayBufferWriter<byte>(512);
        RpcEnvelope.Write(request, call, id);
        using var body = await PostAsync(endpoint, call.Method, request.WrittenMemory,
            cancellation).ConfigureAwait(false);
        return Guarded(endpoint, call.Method, body, bytes => RpcEnvelope.Read(bytes, id, read));
    }

    private async Task<bool> BatchOnceAsync<T>(
        Endpoint endpoint, IReadOnlyList<RpcCall> calls, int start, Memory<T> results, RpcResultReader<T> read,
            CancellationToken cancellation)
    {
        var request = new ArrayBufferWriter<byte>(128 * results.Length);
        RpcEnvelope.WriteBatch(request, calls, start, results.Length);
        using var body = await PostAsync(
            endpoint, calls[start].Method, request.WrittenMemory, cancellation).ConfigureAwait(false);
        return Guarded(endpoint, calls[start].Method, body, bytes =>
        {
            var seen = new bool[results.Length];
            RpcEnvelope.ReadBatch(bytes, start, results.Span, seen, read);
            return Array.IndexOf(seen, false) is var missing and >= 0
                ? throw new JsonException($"expected {seen.Length} answers, found none to request {start + missing}")
                : true;
        });
    }

    private delegate T BodyReader<out T>(ReadOnlySpan<byte> body);

    /// <summary>Names the fault of an answer.</summary>
    private static T Guarded<T>(Endpoint endpoint, string method, PooledBody body, BodyReader<T> read)
    {
        try
        {
            return read(body.Bytes);
        }
        catch (RpcErrorException refused)
        {
            throw RpcException.FromError(endpoint.Name, method, refused.Error);
        }
        catch (Exception broken) when (broken is JsonException or FormatException or OverflowException)
        {
            throw new RpcException(RpcFault.Malformed, endpoint.Name, method,
                $"a malformed answer of {body.Bytes.Length} bytes: {broken.Message}", broken);
        }
    }

    private async Task<PooledBody> PostAsync(
        Endpoint endpoint, string method, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(Options.RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            using var content = new ReadOnlyMemoryContent(request);
            content.Headers.ContentType = Json;
            using var message = new HttpRequestMessage(HttpMethod.Post, endpoint.Uri) { Content = content };
            using var response = await _http.SendAsync(
                message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            // Several providers write the JSON-RPC error behind a 4xx state; only those of transport are judged by
            // state.
            if (Refusal(response, endpoint, method) is { } refusal) throw refusal;
            var stream = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            await using var _ = stream.ConfigureAwait(false);
            return await PooledBody.ReadAsync(stream, response.Content.Headers.ContentLength, Options.MaxReplyBytes,
                either.Token).ConfigureAwait(false)
                ?? throw new RpcException(RpcFault.ReplyTooLarge, endpoint.Name, method,
                    $"expected at most {Options.MaxReplyBytes} bytes, found more");
        }
        catch (OperationCanceledException slow) when (!cancellation.IsCancellationRequested)
        {
            throw new RpcException(RpcFault.TimedOut, endpoint.Name, method,
                $"expected an answer within {Options.RequestTimeout}, found none", slow);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or InvalidDataException)
        {
            throw new RpcException(RpcFault.Unreachable, endpoint.Name, method,
                $"expected a whole HTTP answer, found: {broken.Message}", broken);
        }
    }

    private RpcException? Refusal(HttpResponseMessage response, Endpoint endpoint, string method)
    {
        var status = (int)response.StatusCode;
        RpcFault? fault = status switch
        {
            429 => RpcFault.RateLimited,
            408 or 502 or 503 or 504 or >= 520 => RpcFault.Unavailable,
            401 or 403 or 404 or 405 => RpcFault.Refused,
            413 => RpcFault.RangeTooLarge,
            _ => null,
        };
        return fault is { } named
            ? new RpcException(named, endpoint.Name, method, $"the node answered HTTP {status}")
            {
                RetryAfter = RetryAfter(response.Headers.RetryAfter),
            }
            : null;
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } when delta >= TimeSpan.Zero => delta,
        { Date: { } date } when date > _time.GetUtcNow() => date - _time.GetUtcNow(),
        _ => null,
    };

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    /// <summary>One endpoint's health; races between requests only cost a needless check.</summary>
    private sealed class Endpoint(Uri uri)
    {
        public Uri Uri { get; } = uri;

        // Paths and user parts of provider URLs are API keys: they are never shown.
        public string Name { get; } = uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

        public bool ChainIsRight { get; set; }

        public bool Excluded { get; set; }

        public DateTimeOffset RestsUntil { get; set; } = DateTimeOffset.MinValue;
    }
}
