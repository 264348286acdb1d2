// Where content is asked for: a node of Kubo by its RPC, or a gateway. Enters: kubo=URL or gateway=URL. Leaves: the
// request for a CID. Always holds: a gateway is asked for the raw block and for nothing that it would make of it.
using System.Diagnostics.CodeAnalysis;

namespace EventSourced.Content.Peers;

/// <summary>A peer.</summary>
/// <param name="IsKubo">Whether it speaks Kubo's RPC; otherwise it is a gateway.</param>
/// <param name="Address">Its address.</param>
public sealed record ContentPeer(bool IsKubo, Uri Address)
{
    private const string Kubo = "kubo=";
    private const string Gateway = "gateway=";

    /// <summary>The name for people: without path and credentials.</summary>
    public string Name => Address.Authority;

    /// <summary>Reads kubo=URL or gateway=URL.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ContentPeer? peer)
    {
        ArgumentNullException.ThrowIfNull(text);
        peer = null;
        var isKubo = text.StartsWith(Kubo, StringComparison.Ordinal);
        if (!isKubo && !text.StartsWith(Gateway, StringComparison.Ordinal)) return false;
        if (!Uri.TryCreate(text[(isKubo ? Kubo : Gateway).Length..], UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https") || address.Query.Length > 0) return false;
        peer = new ContentPeer(isKubo, new Uri($"{address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/"));
        return true;
    }

    /// <summary>The request for a raw block.</summary>
    internal HttpRequestMessage Ask(Cid cid)
    {
        var request = IsKubo
            ? new HttpRequestMessage(HttpMethod.Post, new Uri(Address, $"api/v0/block/get?arg={cid}"))
            : new HttpRequestMessage(HttpMethod.Get, new Uri(Address, $"ipfs/{cid}?format=raw"));
        // A trustless gateway answers the block itself (https://specs.ipfs.tech/http-gateways/trustless-gateway/).
        if (!IsKubo)
            request.Headers.TryAddWithoutValidation("Accept", "application/vnd.ipld.raw, application/octet-stream");
        return request;
    }
}
