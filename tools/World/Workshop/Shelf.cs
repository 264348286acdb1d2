// The content store, as the workshop's people use it. Enters: bytes. Leaves: the content id under which anybody finds
// them. Always holds: a fault that passes is tried again a few times; another answer is told as it is.
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using EventSourced.Ethereum;

namespace EventSourced.World;

/// <summary>Bytes that lie in the store.</summary>
public sealed record Shelved(string Cid, Hash32 Hash);

/// <summary>Puts bytes into the host's content store, each once.</summary>
public sealed class Shelf(HttpClient host)
{
    private const int MostTries = 5;
    private const int MostKnown = 10_000;

    private readonly Dictionary<Hash32, string> _known = [];

    /// <summary>Puts bytes in, and returns their id.</summary>
    public async Task<Shelved> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var hash = new Hash32(SHA256.HashData(bytes.Span));
        if (_known.TryGetValue(hash, out var known)) return new Shelved(known, hash);
        var cid = await SendAsync(bytes, cancellation);
        if (_known.Count == MostKnown) _known.Clear();
        _known[hash] = cid;
        return new Shelved(cid, hash);
    }

    /// <summary>Puts a document in as JSON.</summary>
    public Task<Shelved> PutAsync<T>(T document, CancellationToken cancellation) =>
        PutAsync(JsonSerializer.SerializeToUtf8Bytes(document, JsonSerializerOptions.Web), cancellation);

    private async Task<string> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var content = new ReadOnlyMemoryContent(bytes);
            content.Headers.ContentType = new("application/octet-stream");
            using var answer = await host.PutAsync(new Uri("v1/content", UriKind.Relative), content, cancellation);
            if (answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK
                && answer.Headers.Location?.ToString().Split('/')[^1] is { Length: > 0 } cid)
                return cid;
            var passes = answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
            if (!passes || attempt == MostTries)
                throw new HttpRequestException(
                    $"expected the host to take {bytes.Length} bytes of content, found {(int)answer.StatusCode}: "
                    + await answer.Content.ReadAsStringAsync(cancellation), null, answer.StatusCode);
            await Task.Delay(TimeSpan.FromSeconds(attempt), cancellation);
        }
    }
}
