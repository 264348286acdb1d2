// A read-only table from UTF-8 names to values, for scans that look up a stored name without making a string of it.
using System.Diagnostics.CodeAnalysis;

namespace EventSourced.MartenBulk;

/// <summary>Finds values by names given as bytes.</summary>
internal sealed class Utf8Table<T>
    where T : class
{
    private readonly Dictionary<byte[], T>.AlternateLookup<ReadOnlySpan<byte>> _values;

    internal Utf8Table(IEnumerable<(byte[] Name, T Value)> entries) =>
        _values = entries.ToDictionary(entry => entry.Name, entry => entry.Value, Bytes.Comparer)
            .GetAlternateLookup<ReadOnlySpan<byte>>();

    internal T? Find(ReadOnlySpan<byte> name) => _values.TryGetValue(name, out var value) ? value : null;
}

/// <summary>Compares names byte by byte.</summary>
internal sealed class Bytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    internal static readonly Bytes Comparer = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = new HashCode();
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }
}
