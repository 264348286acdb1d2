// Content by its hash, from a host. Enters: bytes, or a CID. Leaves: the CID, or bytes. Always holds: a host is
// believed only when the hash agrees: the CID is computed here, and received bytes are hashed before they are given
// out.
using EventSourced.Content;

namespace EventSourced.Client;

/// <summary>Puts and gets content.</summary>
public sealed class ContentClient
{
    /// <summary>The largest blob that is put or got.</summary>
    public const int MostBytes = 64 << 20;

    private const string Root = "v1/content";

    private readonly Door _door;

    internal ContentClient(Door door) => _door = door;

    /// <summary>Stores bytes under their CID; stored again they are the same.</summary>
    public async Task<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation = default)
    {
        if (content.Length > MostBytes)
            throw new ArgumentException($"expected at most {MostBytes} bytes, found {content.Length}", nameof(content));
        var cid = Cid.Of(content.Span);
        await _door.PutAsync($"{Root}/{cid}", content, cancellation).ConfigureAwait(false);
        return cid;
    }

    /// <summary>The bytes that a CID names; null: the host does not have them.</summary>
    public async Task<byte[]?> GetAsync(Cid cid, CancellationToken cancellation = default)
    {
        if (!cid.IsRawBlock)
            throw new ArgumentException($"expected a CID of version 1, raw, sha2-256; found {cid.Kind}", nameof(cid));
        try
        {
            var answer = await _door.GetAsync($"{Root}/{cid}", cancellation, MostBytes).ConfigureAwait(false);
            return cid.IsOf(answer.Body)
                ? answer.Body
                : throw new UntrustedAnswerException($"content of {cid}", $"content of {Cid.Of(answer.Body)}");
        }
        catch (CommandRefusedException refusal) when (refusal.Problem.Code == "ContentMissing")
        {
            return null;
        }
    }
}
