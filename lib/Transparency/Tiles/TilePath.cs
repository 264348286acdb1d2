// The name of a tile or of a bundle of entries (C2SP tlog-tiles): tile/<L>/<N>[.p/<W>] and tile/entries/<N>[.p/<W>].
// Enters: an untrusted path. Leaves: level, index and width. Always holds: each tile has one path, so a path is also
// its key in a store.
using System.Globalization;
using System.Text;

namespace EventSourced.Transparency;

/// <summary>Names a tile, or a bundle of entries.</summary>
public readonly record struct TilePath
{
    /// <summary>Hashes of a full tile, and entries of a full bundle.</summary>
    public const int FullWidth = 256;

    /// <summary>The number of binary tree levels that one tile spans.</summary>
    public const int Height = 8;

    /// <summary>The highest level that a path can name.</summary>
    public const int HighestLevel = 63;

    private const int EntriesLevel = -1;
    private const string Root = "tile/";
    private const string Entries = "entries";
    private const string Partial = ".p/";

    // Six groups of three digits are enough for the number of any tile of a tree below 2^63 leaves.
    private const int MostGroups = 6;
    private const int LongestPath = 48;

    private TilePath(int level, long index, int width) => (Level, Index, Width) = (level, index, width);

    /// <summary>The level: 0 holds the hashes of leaves; -1 is a bundle of entries.</summary>
    public int Level { get; }

    /// <summary>The number of the tile within its level.</summary>
    public long Index { get; }

    /// <summary>The number of hashes or entries, from 1 to 256.</summary>
    public int Width { get; }

    /// <summary>Whether this names entries and not hashes.</summary>
    public bool IsEntries => Level == EntriesLevel;

    /// <summary>Whether the tile is partial.</summary>
    public bool IsPartial => Width < FullWidth;

    /// <summary>The full tile at the same place.</summary>
    public TilePath Full => new(Level, Index, FullWidth);

    /// <summary>A tile of hashes.</summary>
    public static TilePath OfHashes(int level, long index, int width = FullWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, HighestLevel);
        return Checked(level, index, width);
    }

    /// <summary>A bundle of entries.</summary>
    public static TilePath OfEntries(long index, int width = FullWidth) => Checked(EntriesLevel, index, width);

    /// <summary>
    /// The tile that holds a certain hash of a level, at the width that it has in a tree of this size.
    /// </summary>
    public static TilePath Holding(int level, long hash, long size)
    {
        var hashes = HashesOf(level, size);
        ArgumentOutOfRangeException.ThrowIfNegative(hash);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(hash, hashes);
        var index = hash / FullWidth;
        return OfHashes(level, index, (int)Math.Min(FullWidth, hashes - index * FullWidth));
    }

    /// <summary>All tiles of a tree of this size, level by level, and then all its bundles.</summary>
    public static IEnumerable<TilePath> Of(long size)
    {
        for (var level = 0; HashesOf(level, size) > 0; level++)
        {
            foreach (var tile in OfLevel(level, HashesOf(level, size))) yield return tile;
        }

        foreach (var bundle in OfLevel(EntriesLevel, size)) yield return bundle;
    }

    /// <summary>Reads a path. A tile has one spelling, and any other is refused.</summary>
    public static TilePath Parse(ReadOnlySpan<char> path) =>
        TryParse(path, out var tile)
            ? tile
            : throw Strict.Fault(
                "tile/<L>/<N>[.p/<W>] or tile/entries/<N>[.p/<W>]",
                Encoding.UTF8.GetBytes(path.ToString()),
                "as a path");

    /// <summary>Reads a path without throwing.</summary>
    public static bool TryParse(ReadOnlySpan<char> path, out TilePath tile)
    {
        tile = default;
        if (path.Length > LongestPath || !path.StartsWith(Root)) return false;
        var rest = path[Root.Length..];
        var slash = rest.IndexOf('/');
        if (slash < 0 || !TryLevel(rest[..slash], out var level)) return false;
        rest = rest[(slash + 1)..];
        var width = FullWidth;
        var partial = rest.IndexOf(Partial);
        if (partial >= 0)
        {
            if (!TryNumber(rest[(partial + Partial.Length)..], FullWidth - 1, out width) || width == 0) return false;
            rest = rest[..partial];
        }

        if (!TryIndex(rest, out var index)) return false;
        tile = new TilePath(level, index, width);
        return true;
    }

    /// <summary>The path, without a leading slash.</summary>
    public override string ToString()
    {
        var path = new StringBuilder(Root, LongestPath);
        if (IsEntries) path.Append(Entries);
        else path.Append(CultureInfo.InvariantCulture, $"{Level}");
        path.Append('/');
        var group = 1L;
        while (Index / group >= 1000) group *= 1000;
        for (; group > 1; group /= 1000) path.Append(CultureInfo.InvariantCulture, $"x{Index / group % 1000:000}/");
        path.Append(CultureInfo.InvariantCulture, $"{Index % 1000:000}");
        if (IsPartial) path.Append(CultureInfo.InvariantCulture, $"{Partial}{Width}");
        return path.ToString();
    }

    /// <summary>Cuts the bytes of this tile out of a wider version, which begins with them.</summary>
    public ReadOnlyMemory<byte> BeginningOf(ReadOnlyMemory<byte> wider)
    {
        if (IsEntries) return wider[..EntryBundle.First(wider.Span, Width).Length];
        var bytes = Width * MerkleHash.ByteCount;
        return wider.Length >= bytes
            ? wider[..bytes]
            : throw new TransparencyFormatException($"{Width} hashes", $"{wider.Length} bytes", $"in {this}");
    }

    internal static long HashesOf(int level, long size) => level * Height < 63 ? size >> (level * Height) : 0;

    private static IEnumerable<TilePath> OfLevel(int level, long count)
    {
        for (var index = 0L; index < count / FullWidth; index++) yield return new TilePath(level, index, FullWidth);
        if (count % FullWidth > 0) yield return new TilePath(level, count / FullWidth, (int)(count % FullWidth));
    }

    private static TilePath Checked(int level, long index, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, FullWidth);
        return new TilePath(level, index, width);
    }

    private static bool TryLevel(ReadOnlySpan<char> text, out int level)
    {
        level = EntriesLevel;
        return text.SequenceEqual(Entries) || TryNumber(text, HighestLevel, out level);
    }

    // No sign and no leading zero.
    private static bool TryNumber(ReadOnlySpan<char> text, int most, out int number)
    {
        number = 0;
        if (text.Length is 0 or > 3 || text.ContainsAnyExceptInRange('0', '9')) return false;
        if (text[0] == '0' && text.Length > 1) return false;
        number = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        return number <= most;
    }

    // Groups of three digits. Each but the last has an x before it; the first of several groups is not x000.
    private static bool TryIndex(ReadOnlySpan<char> text, out long index)
    {
        index = 0;
        for (var group = 1; ; group++)
        {
            var isLast = text.Length == 3;
            var digits = isLast ? text : text.Length > 5 && text[0] == 'x' && text[4] == '/' ? text[1..4] : [];
            if (digits.IsEmpty || group > MostGroups || digits.ContainsAnyExceptInRange('0', '9')) return false;
            if (group == 1 && !isLast && digits.SequenceEqual("000")) return false;
            index = index * 1000 + int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
            if (isLast) return true;
            text = text[5..];
        }
    }
}
