// Linear memory (specification 4.2.8). Enters: reads, writes and growth by host or guest. Leaves: bytes, little
// endian on every machine. Always holds: Bytes.Length is the memory's exact size, so the array's own bounds check is
// the memory's bounds check; growth replaces the array, so compiled code reloads it after whatever may grow.
using System.Buffers.Binary;
using System.Text;

namespace EventSourced.Wasm;

/// <summary>A linear memory of pages of 64 KiB.</summary>
public sealed class Memory
{
    /// <summary>The size of a page in bytes.</summary>
    public const int PageSize = 65_536;

    /// <summary>An array of .NET ends just below 2 GiB, and so does a memory of this engine.</summary>
    internal const uint MostPages = 32_767;

    internal byte[] Bytes;
    private readonly Store _store;

    /// <summary>
    /// Makes a memory of <paramref name="minimum"/> pages that may grow to <paramref name="maximum"/>.
    /// </summary>
    public Memory(Store store, uint minimum = 0, uint? maximum = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (minimum > 65_536 || maximum > 65_536 || minimum > maximum)
        {
            throw new WasmException(
                WasmErrorKind.Usage,
                $"expected at most 65536 pages and minimum <= maximum, found {minimum} and {maximum}");
        }

        store.CountMemory();
        _store = store;
        Minimum = minimum;
        Maximum = maximum;
        if (minimum > store.MostMemoryPages)
        {
            throw new WasmException(
                WasmErrorKind.Limit, $"expected a memory of at most {store.MostMemoryPages} pages, found {minimum}");
        }

        Bytes = Allocate(minimum) ?? throw new WasmException(
            WasmErrorKind.Limit, $"expected room for a memory of {minimum} pages, found none on this machine");
        store.CountPages(minimum);
    }

    /// <summary>The pages the memory began with.</summary>
    public uint Minimum { get; }

    /// <summary>The pages it may grow to, or null.</summary>
    public uint? Maximum { get; }

    internal Store Store => _store;

    /// <summary>The size in pages.</summary>
    public long GetSize() => Bytes.Length / PageSize;

    /// <summary>The size in bytes.</summary>
    public long GetLength() => Bytes.Length;

    /// <summary>Grows by pages and gives the old size in pages; throws where a limit forbids it.</summary>
    public long Grow(uint pages)
    {
        var before = TryGrow(pages);
        return before >= 0
            ? before
            : throw new WasmException(
                WasmErrorKind.Limit, $"expected room for {pages} more pages, found {GetSize()} in use");
    }

    /// <summary>The bytes from <paramref name="address"/> on; valid until the memory grows.</summary>
    public Span<byte> GetSpan(long address, int length)
    {
        if (address < 0 || length < 0 || address > Bytes.Length - length)
            throw OutOfBounds(address, length);
        return Bytes.AsSpan((int)address, length);
    }

    /// <summary>All bytes; valid until the memory grows.</summary>
    public Span<byte> GetSpan() => Bytes;

    /// <summary>Reads a byte.</summary>
    public byte ReadByte(long address) => GetSpan(address, 1)[0];

    /// <summary>Reads an Int16.</summary>
    public short ReadInt16(long address) => BinaryPrimitives.ReadInt16LittleEndian(GetSpan(address, 2));

    /// <summary>Reads an Int32.</summary>
    public int ReadInt32(long address) => BinaryPrimitives.ReadInt32LittleEndian(GetSpan(address, 4));

    /// <summary>Reads an Int64.</summary>
    public long ReadInt64(long address) => BinaryPrimitives.ReadInt64LittleEndian(GetSpan(address, 8));

    /// <summary>Reads a Single.</summary>
    public float ReadSingle(long address) => BinaryPrimitives.ReadSingleLittleEndian(GetSpan(address, 4));

    /// <summary>Reads a Double.</summary>
    public double ReadDouble(long address) => BinaryPrimitives.ReadDoubleLittleEndian(GetSpan(address, 8));

    /// <summary>Reads a string of a known length in bytes, as UTF-8 unless told otherwise.</summary>
    public string ReadString(long address, int length, Encoding? encoding = null) =>
        (encoding ?? Encoding.UTF8).GetString(GetSpan(address, length));

    /// <summary>Reads a UTF-8 string that ends with a zero byte.</summary>
    public string ReadNullTerminatedString(long address)
    {
        var tail = GetSpan(address, (int)Math.Clamp(Bytes.Length - address, 0, int.MaxValue));
        var end = tail.IndexOf((byte)0);
        return end >= 0 ? Encoding.UTF8.GetString(tail[..end]) : throw OutOfBounds(address, tail.Length + 1);
    }

    /// <summary>Writes a byte.</summary>
    public void WriteByte(long address, byte value) => GetSpan(address, 1)[0] = value;

    /// <summary>Writes an Int16.</summary>
    public void WriteInt16(long address, short value) =>
        BinaryPrimitives.WriteInt16LittleEndian(GetSpan(address, 2), value);

    /// <summary>Writes an Int32.</summary>
    public void WriteInt32(long address, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(GetSpan(address, 4), value);

    /// <summary>Writes an Int64.</summary>
    public void WriteInt64(long address, long value) =>
        BinaryPrimitives.WriteInt64LittleEndian(GetSpan(address, 8), value);

    /// <summary>Writes a Single.</summary>
    public void WriteSingle(long address, float value) =>
        BinaryPrimitives.WriteSingleLittleEndian(GetSpan(address, 4), value);

    /// <summary>Writes a Double.</summary>
    public void WriteDouble(long address, double value) =>
        BinaryPrimitives.WriteDoubleLittleEndian(GetSpan(address, 8), value);

    /// <summary>Writes a string without a terminator and gives its length in bytes.</summary>
    public int WriteString(long address, string value, Encoding? encoding = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        var bytes = (encoding ?? Encoding.UTF8).GetBytes(value);
        bytes.CopyTo(GetSpan(address, bytes.Length));
        return bytes.Length;
    }

    internal bool MayGrow(uint pages)
    {
        var after = (ulong)(Bytes.Length / PageSize) + pages;
        return after <= (Maximum ?? MostPages) && after <= _store.MostMemoryPages;
    }

    /// <summary>
    /// The old size in pages, or -1 where a limit or the machine forbids it: what memory.grow answers.
    /// </summary>
    internal int TryGrow(uint pages)
    {
        var before = (uint)(Bytes.Length / PageSize);
        if (pages == 0)
            return (int)before;
        if (!MayGrow(pages) || Allocate(before + pages) is not { } grown)
            return -1;
        Bytes.CopyTo(grown, 0);
        Bytes = grown;
        _store.CountPages(pages);
        return (int)before;
    }

    private static byte[]? Allocate(uint pages)
    {
        if (pages > MostPages)
            return null;
        try
        {
            return new byte[pages * PageSize];
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    private WasmException OutOfBounds(long address, int length) => new(
        WasmErrorKind.Usage, $"expected addresses below {Bytes.Length}, found {length} bytes at {address}");
}
