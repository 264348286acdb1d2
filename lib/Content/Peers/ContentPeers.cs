// Fetching what is missing. Enters: a CID, a store. Leaves: the blob in the store, or why each peer did not give it.
// Always holds: peers are asked in their order; each has a time-out, a number of tries and the store's size limit; what
// comes is stored only when its hash is the CID's; only addresses that the judge allows are connected to, judged after
// the name was resolved and for each connection; no redirect is followed.
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EventSourced.Content.Peers;

/// <summary>How peers are asked.</summary>
public sealed record PeerOptions
{
    /// <summary>Whether an address may be connected to.</summary>
    public required Func<IPAddress, bool> IsAllowed { get; init; }

    /// <summary>PEER_SECONDS: how long one try may take.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>PEER_TRIES: how often one peer is asked that does not answer.</summary>
    public int Tries { get; init; } = 2;

    /// <summary>The pause before a peer is asked again; twice as long each time.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>PEER_FETCHES: how many blobs are fetched at one time; more wait.</summary>
    public int AtOnce { get; init; } = 8;

    /// <summary>Hears why a peer did not give a blob.</summary>
    public Action<ContentPeer, string> OnRefusal { get; init; } = static (_, _) => { };
}

/// <summary>The peers of a store; safe to use from many threads.</summary>
public sealed class ContentPeers : IDisposable
{
    private const int MostConnections = 4;

    private readonly ContentStore _store;
    private readonly IReadOnlyList<ContentPeer> _peers;
    private readonly PeerOptions _options;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _places;
    private readonly ConcurrentDictionary<Cid, Lazy<Task<bool>>> _running = new();

    /// <summary>Makes them; nothing is asked yet.</summary>
    public ContentPeers(ContentStore store, IReadOnlyList<ContentPeer> peers, PeerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_store, _peers, _options) = (store, peers, options);
        _places = new SemaphoreSlim(options.AtOnce, options.AtOnce);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, cancellation),
            ConnectTimeout = options.Within,
            MaxConnectionsPerServer = MostConnections,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>
    /// Brings a blob into the store; false: no peer gave it. Several callers that ask for the same blob wait for one
    /// fetch.
    /// </summary>
    public async Task<bool> FetchAsync(Cid cid, CancellationToken cancellation)
    {
        if (!cid.IsRawBlock || _peers.Count == 0) return false;
        if (_store.Find(cid) is not null) return true;
        // One caller that leaves takes nothing from the others: the fetch itself is bounded by its own times.
        var fetch = _running.GetOrAdd(cid, asked => new Lazy<Task<bool>>(() => Task.Run(() => RunAsync(asked))));
        return await fetch.Value.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends its connections.</summary>
    public void Dispose()
    {
        _http.Dispose();
        _places.Dispose();
    }

    private async Task<bool> RunAsync(Cid cid)
    {
        await _places.WaitAsync().ConfigureAwait(false);
        try
        {
            foreach (var peer in _peers)
                if (await FromAsync(peer, cid).ConfigureAwait(false)) return true;
            return false;
        }
        finally
        {
            _places.Release();
            _running.TryRemove(cid, out _);
        }
    }

    private async Task<bool> FromAsync(ContentPeer peer, Cid cid)
    {
        for (var attempt = 1; attempt <= _options.Tries; attempt++)
        {
            using var limit = new CancellationTokenSource(_options.Within);
            try
            {
                using var request = peer.Ask(cid);
                using var response = await _http.SendAsync(
                    request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    if (response.Content.Headers.ContentLength > _store.Options.BlobBytes)
                        return Refuse(peer, $"{cid}: expected at most {_store.Options.BlobBytes} bytes, found more");
                    var body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
                    await using var closing = body.ConfigureAwait(false);
                    await _store.PutAsync(body, cid, limit.Token).ConfigureAwait(false);
                    return true;
                }

                Refuse(peer, $"{cid}: expected status 200, found {(int)response.StatusCode}");
                if (!IsPassing(response.StatusCode)) return false;
            }
            catch (ContentRefusedException refusal)
            {
                // A liar lies again, and a blob that is too large stays so.
                return Refuse(peer, refusal.Message);
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
            {
                Refuse(peer, limit.IsCancellationRequested
                    ? $"{cid}: expected an answer within {_options.Within.TotalSeconds} s, found none"
                    : $"{cid}: {fault.Message}");
            }

            if (attempt < _options.Tries)
                await Task.Delay(_options.Pause * (1 << (attempt - 1))).ConfigureAwait(false);
        }

        return false;
    }

    private bool Refuse(ContentPeer peer, string why)
    {
        _options.OnRefusal(peer, why);
        return false;
    }

    private static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellation)
    {
        var found = await Dns.GetHostAddressesAsync(host.Host, cancellation).ConfigureAwait(false);
        if (found.Length == 0 || !Array.TrueForAll(found, address => _options.IsAllowed(address)))
            throw new HttpRequestException($"expected a host that is allowed, found that {host.Host} is none");
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
}
