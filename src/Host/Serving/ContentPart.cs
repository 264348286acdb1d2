// Content of one process: the store, its peers, its routes, and the collection of unneeded blobs. Enters: checked
// settings. Leaves: the store for the parts that use it, and routes. Always holds: a blob that a row of the index names
// is kept whatever its age; while the database does not answer, the collection waits and removes nothing.
using EventSourced.Api.Content;
using EventSourced.Content;
using EventSourced.Content.Peers;
using EventSourced.Host.Settings;
using EventSourced.Workers.Webhooks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventSourced.Host.Serving;

/// <summary>Running content.</summary>
public sealed class ContentPart : IAsyncDisposable
{
    /// <summary>The time from one collection to the next.</summary>
    public static readonly TimeSpan Collecting = TimeSpan.FromHours(6);

    private const int Connections = 2;

    private readonly CancellationTokenSource _stop = new();
    private readonly ContentSettings _settings;
    private readonly string _database;
    private readonly ILogger _log;
    private Task _running = Task.CompletedTask;

    internal ContentPart(HostSettings settings, ILogger log)
    {
        (_settings, _database, _log) = (settings.Content!, settings.Database, log);
        Store = new ContentStore(_settings.Store with { OnDamaged = cid => log.ContentDamaged(cid.ToString()) });
        Peers = PeersOf(Store, _settings, (peer, why) => log.PeerRefused(peer.Name, why));
        if (settings.Api is not null)
            Api = ContentApi.Start(settings.Database, Store, new ContentApiOptions
            {
                Trusted = settings.Commands?.Trusted ?? [],
                Fetch = Peers is null ? null : Peers.FetchAsync,
                AnswersIpfs = _settings.AnswersIpfs,
                OnFault = fault => log.ApiFault(fault, fault.Message),
            });
    }

    /// <summary>The store.</summary>
    public ContentStore Store { get; }

    /// <summary>The peers that are asked for missing content; null: none.</summary>
    public ContentPeers? Peers { get; }

    /// <summary>The routes; null: this process has no role api.</summary>
    public ContentApi? Api { get; }

    /// <summary>The bytes of a blob, from the store or from a peer; null: no place has them.</summary>
    public async Task<byte[]?> FindAsync(Cid cid, CancellationToken cancellation)
    {
        if (await Store.ReadAsync(cid, cancellation).ConfigureAwait(false) is { } bytes) return bytes;
        return Peers is not null && await Peers.FetchAsync(cid, cancellation).ConfigureAwait(false)
            ? await Store.ReadAsync(cid, cancellation).ConfigureAwait(false) : null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Api is not null) await Api.DisposeAsync().ConfigureAwait(false);
        Peers?.Dispose();
        Store.Dispose();
        _stop.Dispose();
    }

    internal static ContentPeers? PeersOf(
        ContentStore store, ContentSettings settings, Action<ContentPeer, string> onRefusal) =>
        settings.Peers.Count == 0 ? null : new ContentPeers(store, settings.Peers, new PeerOptions
        {
            IsAllowed = settings.HasPrivatePeers ? static _ => true : PublicAddresses.IsPublic,
            OnRefusal = onRefusal,
        });

    internal void Start() => _running = Task.Run(RunAsync);

    // The index of a new process may be behind, so the first collection waits like every other.
    private async Task RunAsync()
    {
        var parts = new NpgsqlConnectionStringBuilder(_database)
        {
            ApplicationName = "eventsourced-content-use",
            MaxPoolSize = Connections,
        };
        var database = new NpgsqlDataSourceBuilder(parts.ConnectionString) { Name = "content-use" }.Build();
        await using var closing = database.ConfigureAwait(false);
        var use = new ContentUse(database, Store);
        using var timer = new PeriodicTimer(Collecting);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            try
            {
                var used = await use.FindAsync(_stop.Token).ConfigureAwait(false);
                var done = await Store.CollectAsync(
                    _settings.KeepFor, (cid, _) => Task.FromResult(used.Contains(cid)), _stop.Token)
                    .ConfigureAwait(false);
                _log.ContentCollected(done.Removed, done.RemovedBytes, done.Kept);
            }
            catch (Exception fault) when (fault is NpgsqlException or IOException or TimeoutException)
            {
                _log.FaultSurvived(fault.Message);
            }
        }
    }
}
