// The contents of an archive, as one JSON file that the manifest names by its hash. Enters: segments, or bytes of a
// stranger whose hash was compared. Leaves: the same. Always holds: file names consist only of kinds, tables of this
// program and hashes, so that no name leads out of the archive.
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using EventSourced.Projections;

namespace EventSourced.Indexer.Segments;

/// <summary>The kind of a segment's contents.</summary>
public enum SegmentKind
{
    /// <summary>Events, in order.</summary>
    Event,

    /// <summary>Rows of a read model that hold at the archive's block.</summary>
    Row,

    /// <summary>Rows of a read model that ceased to hold.</summary>
    Past,
}

/// <summary>One segment.</summary>
/// <param name="Kind">The kind of its contents.</param>
/// <param name="Table">The read model's table; empty for events.</param>
/// <param name="First">For events the first position; for past rows the block behind which they ceased to hold.</param>
/// <param name="Last">For events the last position; for past rows the last block at which they ceased to hold.</param>
/// <param name="Rows">The number of its rows.</param>
/// <param name="Bytes">The length of the file.</param>
/// <param name="Sha256">Its hash, which is its name.</param>
public sealed partial record Segment(
    SegmentKind Kind, string Table, long First, long Last, int Rows, int Bytes, string Sha256)
{
    private const int HashDigits = 64;

    /// <summary>The file, below the archive.</summary>
    [JsonIgnore]
    public string File => FolderOf(Kind, Table) + $"{Sha256}.parquet";

    /// <summary>The folder of such segments, below the archive.</summary>
    internal static string FolderOf(SegmentKind kind, string table) => kind == SegmentKind.Event
        ? "event/"
        : $"{(kind == SegmentKind.Row ? "row" : "past")}/{table}/";

    internal string? Refusal =>
        Sha256.Length != HashDigits || !Hex().IsMatch(Sha256) ? "a hash of 64 hexadecimal digits"
        : Bytes is < 1 or > SegmentFile.MostBytes ? $"1 to {SegmentFile.MostBytes} bytes"
        : Rows is < 1 or > 2 * SegmentFile.MostRows ? $"1 to {2 * SegmentFile.MostRows} rows"
        : Kind == SegmentKind.Event ? Table.Length == 0 && First >= 1 && Last - First + 1 == Rows
            ? null : "events without a gap"
        : !Name().IsMatch(Table) ? "the name of a table"
        : null;

    [GeneratedRegex("^[0-9a-f]+$")]
    private static partial Regex Hex();

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$")]
    private static partial Regex Name();
}

/// <summary>The contents of an archive.</summary>
/// <param name="Format">The format of the files.</param>
/// <param name="Deployment">The economy of the archive: chain and hash of the addresses.</param>
/// <param name="ReadModels">The fingerprint of the read models whose rows are archived.</param>
/// <param name="Checkpoint">The signed checkpoint of the log up to which the archive goes.</param>
/// <param name="Segments">The segments.</param>
public sealed record Contents(
    int Format, string Deployment, string ReadModels, string Checkpoint, IReadOnlyList<Segment> Segments)
{
    /// <summary>The format that this program writes and reads.</summary>
    internal const int Known = 1;

    private const int MostSegments = 100_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The most bytes of the file.</summary>
    internal const int MostBytes = 64 * 1024 * 1024;

    internal IEnumerable<Segment> Of(SegmentKind kind, ReadModel model) =>
        Segments.Where(segment => segment.Kind == kind && segment.Table == model.Table);

    internal IEnumerable<Segment> Events => Segments.Where(segment => segment.Kind == SegmentKind.Event);

    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="PlaceFaultException">The bytes are no contents of an archive.</exception>
    internal static Contents Parse(ReadOnlySpan<byte> bytes, string where)
    {
        Contents? contents;
        try
        {
            contents = JsonSerializer.Deserialize<Contents>(bytes, Json);
        }
        catch (JsonException fault)
        {
            throw new PlaceFaultException("the contents of an archive", fault.Message, where);
        }

        if (contents is not { Format: Known }) throw new PlaceFaultException(
            $"an archive of format {Known}", $"format {contents?.Format}", where);
        if (contents.Segments.Count > MostSegments) throw new PlaceFaultException(
            $"at most {MostSegments} segments", $"{contents.Segments.Count}", where);
        foreach (var segment in contents.Segments)
            if (segment.Refusal is { } expected) throw new PlaceFaultException(
                expected, $"another {segment.Kind} segment", where);
        return contents;
    }
}
