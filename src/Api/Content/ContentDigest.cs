// The digest of a body as its sender tells it: Content-Digest or Repr-Digest (RFC 9530), sha-256. Enters: headers of
// strangers. Leaves: the name that the body must have, nothing, or the problem. Always holds: other functions are
// ignored, as the RFC asks; two that differ are refused.
using EventSourced.Api.Commands.Checks;
using EventSourced.Content;
using Microsoft.AspNetCore.Http;

namespace EventSourced.Api.Content;

/// <summary>Reads digests.</summary>
internal static class ContentDigest
{
    private const string Key = "sha-256=";
    private const int MostText = 1_000;
    private const int HashBytes = 32;

    // A body without encoding is its own representation, so both say the same.
    private static readonly string[] Names = ["Content-Digest", "Repr-Digest"];

    /// <summary>Reads the headers.</summary>
    public static (Cid? Digest, Problem? Problem) Read(IHeaderDictionary headers)
    {
        Cid? found = null;
        foreach (var name in Names)
        {
            var text = headers[name].ToString();
            if (text.Length > MostText) return (null, Wrong(name, $"{text.Length} characters"));
            foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
            {
                if (!item.StartsWith(Key, StringComparison.Ordinal)) continue;
                if (Hash(item[Key.Length..]) is not { } hash) return (null, Wrong(name, Problem.Shown(item)));
                var cid = Cid.OfSha256(hash);
                if (found is { } other && other != cid) return (null, Wrong(name, "two that differ"));
                found = cid;
            }
        }

        return (found, null);
    }

    private static byte[]? Hash(string value)
    {
        if (value is not [':', .. var base64, ':']) return null;
        var hash = new byte[HashBytes];
        return Convert.TryFromBase64String(base64, hash, out var length) && length == HashBytes ? hash : null;
    }

    private static Problem Wrong(string name, string found) =>
        Problem.Malformed(name, "sha-256=:BASE64:, as RFC 9530 writes it", found, "WrongDigest");
}
