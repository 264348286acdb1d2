// Entries as a log serves them (C2SP tlog-tiles, log entries): each after its length as a big-endian uint16. Enters:
// untrusted bytes. Leaves: the entries as views of them. Always holds: a length is checked before it is used.
using System.Buffers.Binary;

namespace EventSourced.Transparency;

/// <summary>Reads and writes bundles of entries.</summary>
public static class EntryBundle
{
    internal const int LengthBytes = sizeof(ushort);

    /// <summary>The bytes that an entry takes in a bundle.</summary>
    public static int LengthOf(ReadOnlySpan<byte> entry) => LengthBytes + entry.Length;

    /// <summary>Writes an entry after its length and returns the number of bytes written.</summary>
    public static int Write(ReadOnlySpan<byte> entry, Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, checked((ushort)entry.Length));
        entry.CopyTo(to[LengthBytes..]);
        return LengthBytes + entry.Length;
    }

    /// <summary>Enumerates the entries of a bundle.</summary>
    public static EntryReader Read(ReadOnlySpan<byte> bundle) => new(bundle);

    /// <summary>The bytes of the first entries of a bundle, which are its narrower version.</summary>
    public static ReadOnlySpan<byte> First(ReadOnlySpan<byte> bundle, int width)
    {
        var entries = Read(bundle);
        for (var entry = 0; entry < width; entry++)
        {
            if (!entries.MoveNext())
                throw new TransparencyFormatException($"{width} entries", $"{entry}", "in a bundle");
        }

        return bundle[..entries.Offset];
    }

    /// <summary>Refuses bytes that are not exactly the entries that a path names.</summary>
    public static void Check(TilePath bundle, ReadOnlySpan<byte> bytes)
    {
        if (First(bytes, bundle.Width).Length != bytes.Length)
            throw new TransparencyFormatException($"{bundle.Width} entries", "more", $"in {bundle}");
    }

    internal static void RefuseLongEntry(int length, long index)
    {
        if (length > TransparencyLimits.EntryBytes)
        {
            throw new TransparencyFormatException(
                $"an entry of at most {TransparencyLimits.EntryBytes} bytes",
                $"{length}",
                $"as leaf {index}; log its hash instead");
        }
    }

    /// <summary>Enumerates the entries of a bundle.</summary>
    public ref struct EntryReader
    {
        private readonly ReadOnlySpan<byte> _bundle;

        internal EntryReader(ReadOnlySpan<byte> bundle) => _bundle = bundle;

        /// <summary>The entry that was read last.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>The number of bytes that were read.</summary>
        public int Offset { get; private set; }

        /// <summary>This reader, for foreach.</summary>
        public readonly EntryReader GetEnumerator() => this;

        /// <summary>Reads the next entry. A length that reaches beyond the end is refused.</summary>
        public bool MoveNext()
        {
            var rest = _bundle[Offset..];
            if (rest.IsEmpty) return false;
            if (rest.Length < LengthBytes) throw Fault("a length of 2 bytes", rest.Length);
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (rest.Length - LengthBytes < length)
                throw Fault($"an entry of {length} bytes", rest.Length - LengthBytes);
            Current = rest.Slice(LengthBytes, length);
            Offset += LengthBytes + length;
            return true;
        }

        private readonly TransparencyFormatException Fault(string expected, int found) =>
            new(expected, $"{found} bytes", $"at byte {Offset} of a bundle");
    }
}
