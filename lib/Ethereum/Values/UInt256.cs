// An unsigned integer of 256 bits, as Solidity counts. Enters and leaves: four 64-bit limbs, lowest first; 32 bytes
// big-endian on the wire. Always holds: a plain operator wraps modulo 2^256 as the chain's unchecked arithmetic does,
// and the same operator in a `checked` context throws OverflowException instead. No BigInteger anywhere.
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace EventSourced.Ethereum;

/// <summary>An unsigned 256-bit integer: Solidity's <c>uint256</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
[JsonConverter(typeof(UInt256JsonConverter))]
public readonly partial struct UInt256 : IEquatable<UInt256>, IComparable<UInt256>, IComparable
{
    /// <summary>The number of bytes of a value on the wire.</summary>
    public const int ByteCount = 32;

    internal readonly ulong L0;
    internal readonly ulong L1;
    internal readonly ulong L2;
    internal readonly ulong L3;

    /// <summary>Builds a value from four limbs, the highest first.</summary>
    public UInt256(ulong limb3, ulong limb2, ulong limb1, ulong limb0) =>
        (L3, L2, L1, L0) = (limb3, limb2, limb1, limb0);

    /// <summary>Builds a value from its upper and lower halves.</summary>
    public UInt256(UInt128 upper, UInt128 lower)
        : this((ulong)(upper >> 64), (ulong)upper, (ulong)(lower >> 64), (ulong)lower)
    {
    }

    /// <summary>0.</summary>
    public static UInt256 Zero => default;

    /// <summary>1.</summary>
    public static UInt256 One => new(0, 0, 0, 1);

    /// <summary>2^256 - 1.</summary>
    public static UInt256 MaxValue => new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    /// <summary>Whether this is 0.</summary>
    public bool IsZero => (L0 | L1 | L2 | L3) == 0;

    /// <summary>The upper 128 bits.</summary>
    public UInt128 Upper => new(L3, L2);

    /// <summary>The lower 128 bits.</summary>
    public UInt128 Lower => new(L1, L0);

    /// <summary>The number of bits that the value needs; 0 for 0.</summary>
    public int BitLength => 256 - LeadingZeroCount(this);

    /// <summary>Reads 32 bytes, the highest first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UInt256 FromBigEndian(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != ByteCount) throw WrongLength(bytes.Length);
        return new UInt256(
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));
    }

    /// <summary>Reads at most 32 bytes, the highest first; missing leading bytes count as zero.</summary>
    public static UInt256 FromBigEndianShort(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ByteCount) throw WrongLength(bytes.Length);
        Span<byte> word = stackalloc byte[ByteCount];
        word.Clear();
        bytes.CopyTo(word[(ByteCount - bytes.Length)..]);
        return FromBigEndian(word);
    }

    /// <summary>Writes 32 bytes, the highest first.</summary>
    public void WriteBigEndian(Span<byte> destination)
    {
        if (destination.Length < ByteCount) throw WrongLength(destination.Length);
        BinaryPrimitives.WriteUInt64BigEndian(destination, L3);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], L2);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], L1);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], L0);
    }

    /// <summary>The 32 bytes, the highest first.</summary>
    public byte[] ToBigEndian()
    {
        var bytes = new byte[ByteCount];
        WriteBigEndian(bytes);
        return bytes;
    }

    /// <summary>The number of leading zero bits; 256 for 0.</summary>
    public static int LeadingZeroCount(UInt256 value) =>
        value.L3 != 0 ? BitOperations.LeadingZeroCount(value.L3)
        : value.L2 != 0 ? 64 + BitOperations.LeadingZeroCount(value.L2)
        : value.L1 != 0 ? 128 + BitOperations.LeadingZeroCount(value.L1)
        : 192 + BitOperations.LeadingZeroCount(value.L0);

    /// <summary>The lesser of two values.</summary>
    public static UInt256 Min(UInt256 left, UInt256 right) => left < right ? left : right;

    /// <summary>The greater of two values.</summary>
    public static UInt256 Max(UInt256 left, UInt256 right) => left > right ? left : right;

    /// <inheritdoc/>
    public bool Equals(UInt256 other) => L0 == other.L0 && L1 == other.L1 && L2 == other.L2 && L3 == other.L3;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UInt256 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(L0, L1, L2, L3);

    /// <inheritdoc/>
    public int CompareTo(UInt256 other) =>
        L3 != other.L3 ? L3.CompareTo(other.L3)
        : L2 != other.L2 ? L2.CompareTo(other.L2)
        : L1 != other.L1 ? L1.CompareTo(other.L1)
        : L0.CompareTo(other.L0);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        UInt256 other => CompareTo(other),
        _ =>
            throw new ArgumentException($"expected a UInt256 to compare with, found {obj.GetType().Name}", nameof(obj)),
    };

    /// <summary>Equality.</summary>
    public static bool operator ==(UInt256 left, UInt256 right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(UInt256 left, UInt256 right) => !left.Equals(right);

    /// <summary>Less than.</summary>
    public static bool operator <(UInt256 left, UInt256 right) => left.CompareTo(right) < 0;

    /// <summary>Greater than.</summary>
    public static bool operator >(UInt256 left, UInt256 right) => left.CompareTo(right) > 0;

    /// <summary>At most.</summary>
    public static bool operator <=(UInt256 left, UInt256 right) => left.CompareTo(right) <= 0;

    /// <summary>At least.</summary>
    public static bool operator >=(UInt256 left, UInt256 right) => left.CompareTo(right) >= 0;

    /// <summary>Widens.</summary>
    public static implicit operator UInt256(ulong value) => new(0, 0, 0, value);

    /// <summary>Widens.</summary>
    public static implicit operator UInt256(uint value) => new(0, 0, 0, value);

    /// <summary>Widens.</summary>
    public static implicit operator UInt256(UInt128 value) => new(0, 0, (ulong)(value >> 64), (ulong)value);

    /// <summary>Converts; a negative number is refused in every context, for wrapping it is never meant.</summary>
    public static explicit operator UInt256(long value) =>
        value >= 0 ? (ulong)value : throw new OverflowException($"expected a number of at least 0, found {value}");

    /// <summary>Converts; a negative number is refused. An implicit conversion would hide that.</summary>
    public static explicit operator UInt256(int value) => (UInt256)(long)value;

    /// <summary>Narrows by cutting upper bits off.</summary>
    public static explicit operator ulong(UInt256 value) => value.L0;

    /// <summary>Narrows, or throws OverflowException.</summary>
    public static explicit operator checked ulong(UInt256 value) =>
        (value.L1 | value.L2 | value.L3) == 0 ? value.L0 : throw Overflow($"{value} as 64 bits");

    /// <summary>Narrows by cutting upper bits off.</summary>
    public static explicit operator UInt128(UInt256 value) => value.Lower;

    /// <summary>Narrows, or throws OverflowException.</summary>
    public static explicit operator checked UInt128(UInt256 value) =>
        (value.L2 | value.L3) == 0 ? value.Lower : throw Overflow($"{value} as 128 bits");

    /// <summary>The value as 64 bits, where it fits.</summary>
    public bool TryToUInt64(out ulong value)
    {
        value = L0;
        return (L1 | L2 | L3) == 0;
    }

    private static OverflowException Overflow(string what) => new($"expected a result within range, found {what}");

    private static ArgumentException WrongLength(int found) => new($"expected {ByteCount} bytes, found {found}");
}
