// The settings of content, checked. Enters: the layers. Leaves: options of the store and of its peers, or complaints in
// the layers. Always holds: without a folder there is no content, and none is served.
using System.Net;
using EventSourced.Content;
using EventSourced.Content.Peers;

namespace EventSourced.Host.Settings;

/// <summary>The options of the content store.</summary>
/// <param name="Store">The store.</param>
/// <param name="Peers">The peers that are asked for missing content; empty: none is asked.</param>
/// <param name="HasPrivatePeers">Whether peers may be at addresses that are not public.</param>
/// <param name="AnswersIpfs">Whether clients of IPFS are answered.</param>
/// <param name="KeepFor">The age at which unneeded content is removed.</param>
public sealed record ContentSettings(
    ContentOptions Store, IReadOnlyList<ContentPeer> Peers, bool HasPrivatePeers, bool AnswersIpfs, TimeSpan KeepFor)
{
    private const int MostMebibytes = 1 << 30;
    private const int MostHours = 24 * 365 * 100;
    private const int Mebibyte = 20;

    /// <summary>The default age at which unneeded content is removed.</summary>
    public static readonly TimeSpan UsualKeep = TimeSpan.FromDays(30);

    internal static ContentSettings? Read(Layers layers)
    {
        if (layers.Find(Setting.Content) is not { } folder) return null;
        var usual = new ContentOptions { Folder = folder.Text };
        return new ContentSettings(
            usual with
            {
                BlobBytes = (long)HostSettings.Number(
                    layers, Setting.ContentBlobMebibytes, (int)(usual.BlobBytes >> Mebibyte), 1,
                    (int)(ContentOptions.MostBlob >> Mebibyte)) << Mebibyte,
                QuotaBytes = (long)HostSettings.Number(
                    layers, Setting.ContentQuotaMebibytes, (int)(usual.QuotaBytes >> Mebibyte), 1, MostMebibytes)
                    << Mebibyte,
            },
            [.. ReadPeers(layers)],
            ApiSettings.ReadYes(layers, Setting.ContentPrivatePeers),
            ApiSettings.ReadYes(layers, Setting.ContentIpfs),
            TimeSpan.FromHours(HostSettings.Number(
                layers, Setting.ContentKeepHours, (int)UsualKeep.TotalHours, 1, MostHours)));
    }

    private static IEnumerable<ContentPeer> ReadPeers(Layers layers)
    {
        if (layers.Find(Setting.ContentPeers) is not { } given) yield break;
        foreach (var text in given.Values)
        {
            if (ContentPeer.TryParse(text, out var peer)) yield return peer;
            else layers.Complain(
                Setting.ContentPeers, "kubo=URL or gateway=URL, with an http(s) address", $"{text.Length} characters",
                given.Where);
        }
    }
}
