// docs/events/catalog.v1.json as the generator reads it.
using System.Text.Json;

namespace EventSourced.EventGenerator;

/// <summary>The catalog; its revisions up to <paramref name="Frozen"/> never change.</summary>
public sealed record Catalog(
    int Version, int Revision, int Frozen, string Hash, CatalogRevision[] Revisions, Contract[] Contracts)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Reads the catalog's text.</summary>
    public static Catalog Parse(string json) =>
        JsonSerializer.Deserialize<Catalog>(json, Options)
            ?? throw new FormatException("expected a catalog, found null");
}

/// <summary>The hash over the events of a revision and those before it.</summary>
public sealed record CatalogRevision(int Revision, string Hash);

/// <summary>One contract with its events.</summary>
public sealed record Contract(string Name, CatalogEvent[] Events);

/// <summary>
/// One event; <paramref name="Record"/> is the name under which streams store it, <paramref name="Retired"/> the
/// revision since which no contract emits it.
/// </summary>
public sealed record CatalogEvent(
    string Name, string Record, string Signature, string Topic0, Field[] Fields, string Meaning, string Since,
    string? Retired = null);

/// <summary>
/// One field of an event or of a struct in it; <paramref name="Kind"/> is what a uint256 holds where it is no amount:
/// count, hash or wide.
/// </summary>
public sealed record Field(
    string Name, string Type, bool Indexed, string? Meaning, string? Struct, Field[]? Components, string? Kind = null)
{
    /// <summary>Whether the ABI puts an offset into the head instead of the value.</summary>
    public bool IsDynamic =>
        Type is "string" or "bytes" || Type.EndsWith("[]", StringComparison.Ordinal)
            || (Components?.Any(component => component.IsDynamic) ?? false);

    /// <summary>How many words the field takes in the head.</summary>
    public int HeadWords => IsDynamic || Components is null ? 1 : Components.Sum(component => component.HeadWords);
}
