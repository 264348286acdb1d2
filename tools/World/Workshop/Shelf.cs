// The content store, as the workshop's people use it. Enters: bytes and documents. Leaves: the content id under which
// anybody finds them. Always holds: what was put once is not sent again, within a named number of blobs.
using System.Text.Json;
using EventSourced.Client;
using EventSourced.Content;
using EventSourced.Ethereum;

namespace EventSourced.World;

/// <summary>Puts bytes into the host's content store.</summary>
public sealed class Shelf(ContentClient content)
{
    private const int MostKnown = 10_000;

    private readonly HashSet<Cid> _known = [];

    /// <summary>Puts bytes in.</summary>
    public async Task<Cid> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var cid = Cid.Of(bytes.Span);
        if (_known.Contains(cid)) return cid;
        await content.PutAsync(bytes, cancellation);
        if (_known.Count == MostKnown) _known.Clear();
        _known.Add(cid);
        return cid;
    }

    /// <summary>Puts a document in as JSON.</summary>
    public Task<Cid> PutDocumentAsync<T>(T document, CancellationToken cancellation) =>
        PutAsync(JsonSerializer.SerializeToUtf8Bytes(document, JsonSerializerOptions.Web), cancellation);

    /// <summary>A document; null: it is not there, or is none.</summary>
    public async Task<T?> FindAsync<T>(Cid cid, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await content.GetAsync(cid, cancellation) is { } bytes
                ? JsonSerializer.Deserialize<T>(bytes, JsonSerializerOptions.Web) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The hash on the chain that stands for these bytes.</summary>
    public static Hash32 HashOf(Cid cid) => new(cid.Digest.ToArray());
}
