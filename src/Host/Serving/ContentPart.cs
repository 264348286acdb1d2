// Content of one process: the store, its peers, its routes, and the collection of what nothing needs. Enters: checked
// settings. Leaves: the store for whoever works with it, and routes. Always holds: what a row of the index names is
// kept whatever its age; a database that does not answer makes the collection wait, and never remove.
using EventSourced.Api.Content;
using EventSourced.Content;
using EventSourced.Content.Peers;
using EventSourced.Host.Settings;
using EventSourced.Workers.Webhooks;
using Microsoft.Extensions.Logging;

namespace EventSourced.Host.Serving;

/// <summary>Running content.</summary>
public sealed class ContentPart : IAsyncDisposable
{
    internal ContentPart(HostSettings settings, ILogger log)
    {
        var content = settings.Content!;
        Store = new ContentStore(content.Store with { OnDamaged = cid => log.ContentDamaged(cid.ToString()) });
        if (content.Peers.Count > 0)
            Peers = new ContentPeers(Store, content.Peers, new PeerOptions
            {
                IsAllowed = content.HasPrivatePeers ? static _ => true : PublicAddresses.IsPublic,
                OnRefusal = (peer, why) => log.PeerRefused(peer.Name, why),
            });
        if (settings.Api is not null)
            Api = ContentApi.Start(settings.Database, Store, new ContentApiOptions
            {
                Trusted = settings.Commands?.Trusted ?? [],
                Fetch = Peers is null ? null : Peers.FetchAsync,
                AnswersIpfs = content.AnswersIpfs,
                OnFault = fault => log.ApiFault(fault, fault.Message),
            });
    }

    /// <summary>The store.</summary>
    public ContentStore Store { get; }

    /// <summary>Where missing content is asked for; null: nowhere.</summary>
    public ContentPeers? Peers { get; }

    /// <summary>The routes; null: this process has no role api.</summary>
    public ContentApi? Api { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Api is not null) await Api.DisposeAsync().ConfigureAwait(false);
        Peers?.Dispose();
        Store.Dispose();
    }
}
