// The card of an agent: what the document at its registered address says of it. Enters: the address, which is anybody's
// text. Leaves: name, description and skills, or nothing. Always holds: nothing is fetched from the network; a document
// is read up to a limit, and one that is no card gives null and no fault; equal addresses of content are read once.
using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using EventSourced.Content;

namespace EventSourced.Api.Cards;

/// <summary>Opens a blob that this host keeps; null: it keeps none.</summary>
public delegate Task<Stream?> OpenContent(Cid cid, CancellationToken cancellation);

/// <summary>Reads cards.</summary>
/// <param name="open">Opens what <c>ipfs://</c> names; null: this host keeps no content.</param>
public sealed class CardReader(OpenContent? open)
{
    /// <summary>CARD_BYTES: the most bytes of a document that is a card.</summary>
    public const int MostBytes = 65_536;

    private const string Ipfs = "ipfs://";
    private const int MostKnown = 2_000;

    // A card by its content's name never changes.
    private readonly ConcurrentDictionary<Cid, JsonElement?> _known = new();

    /// <summary>The card at an address, given as JSON text; null where there is none that can be read.</summary>
    public async ValueTask<JsonElement?> ReadAsync(JsonElement address, CancellationToken cancellation)
    {
        if (address.ValueKind != JsonValueKind.String || address.GetString() is not { } uri) return null;
        if (DataUri.TryRead(uri, MostBytes, out var inline)) return CardDocument.Read(inline);
        if (open is null || !uri.StartsWith(Ipfs, StringComparison.Ordinal)
            || !Cid.TryParse(uri.AsSpan(Ipfs.Length), null, out var cid) || !cid.IsRawBlock) return null;
        if (_known.TryGetValue(cid, out var known)) return known;
        if (await KeptAsync(open, cid, cancellation).ConfigureAwait(false) is not { } document) return null;
        if (_known.Count >= MostKnown) _known.Clear();
        return _known[cid] = CardDocument.Read(document);
    }

    // The bytes of a blob, or null: it is not here, too long for a card, or cannot be read.
    private static async Task<byte[]?> KeptAsync(OpenContent open, Cid cid, CancellationToken cancellation)
    {
        try
        {
            var blob = await open(cid, cancellation).ConfigureAwait(false);
            if (blob is null) return null;
            await using (blob.ConfigureAwait(false))
            {
                if (blob.Length > MostBytes) return null;
                var bytes = new byte[blob.Length];
                await blob.ReadExactlyAsync(bytes, cancellation).ConfigureAwait(false);
                return bytes;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ContentRefusedException)
        {
            return null;
        }
    }
}

/// <summary>Documents that stand in their own address (RFC 2397).</summary>
internal static class DataUri
{
    private const string Scheme = "data:";

    /// <summary>The bytes of the address; false: it is no such address, or too long.</summary>
    internal static bool TryRead(string uri, int mostBytes, out byte[] bytes)
    {
        bytes = [];
        var comma = uri.IndexOf(',', StringComparison.Ordinal);
        if (!uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || comma < 0 || uri.Length > mostBytes * 3L)
            return false;
        var body = uri.AsSpan(comma + 1);
        if (uri.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            var decoded = new byte[body.Length];
            if (!Convert.TryFromBase64Chars(body, decoded, out var length) || length > mostBytes) return false;
            bytes = decoded[..length];
            return true;
        }

        bytes = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(body.ToString()));
        return bytes.Length <= mostBytes;
    }
}

/// <summary>Takes a card out of a document's bytes: a registration file of ERC-8004, or an agent card of A2A.</summary>
internal static class CardDocument
{
    private const int MostDepth = 16;
    private const int MostName = 200;
    private const int MostDescription = 2_000;
    private const int MostSkills = 64;

    private static readonly JsonDocumentOptions Strict =
        new() { MaxDepth = MostDepth, AllowDuplicateProperties = false };

    /// <summary>The card; null where the bytes are no JSON object with a name.</summary>
    internal static JsonElement? Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || TextOf(root, "name", MostName) is not { } name) return null;
            var text = new ArrayBufferWriter<byte>();
            using (var card = new Utf8JsonWriter(text))
            {
                card.WriteStartObject();
                card.WriteString("name", name);
                card.WriteString("description", TextOf(root, "description", MostDescription));
                card.WriteStartArray("skills");
                foreach (var skill in Skills(root).Take(MostSkills)) card.WriteStringValue(skill);
                card.WriteEndArray();
                card.WriteEndObject();
            }

            return JsonElement.Parse(text.WrittenSpan);
        }
        catch (Exception unreadable) when (
            unreadable is JsonException or InvalidOperationException or ArgumentException)
        {
            // No JSON, or JSON with half of a surrogate pair.
            return null;
        }
    }

    // Skills by their names, as words or as objects; those of services stand below the services.
    private static IEnumerable<string> Skills(JsonElement root)
    {
        var own = SkillsOf(root);
        foreach (var list in new[] { "services", "endpoints" })
        {
            if (root.TryGetProperty(list, out var services) && services.ValueKind == JsonValueKind.Array)
                own = own.Concat(services.EnumerateArray().Where(service => service.ValueKind == JsonValueKind.Object)
                    .SelectMany(SkillsOf));
        }

        return own.Distinct(StringComparer.Ordinal);
    }

    private static IEnumerable<string> SkillsOf(JsonElement from) =>
        from.TryGetProperty("skills", out var skills) && skills.ValueKind == JsonValueKind.Array
            ? skills.EnumerateArray().Select(skill => skill.ValueKind switch
            {
                JsonValueKind.String => Bounded(skill.GetString()!, MostName),
                JsonValueKind.Object => TextOf(skill, "name", MostName) ?? TextOf(skill, "id", MostName),
                _ => null,
            }).OfType<string>()
            : [];

    private static string? TextOf(JsonElement from, string name, int most) =>
        from.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String
            ? Bounded(found.GetString()!, most) : null;

    // Without control characters, which no name has; longer ones are cut, and never in the middle of a character.
    private static string? Bounded(string text, int most)
    {
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > most) break;
            clean.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        var trimmed = clean.ToString().Trim();
        return trimmed.Length > 0 ? trimmed : null;
    }
}
