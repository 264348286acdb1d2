// Reads the contract ABI's bytes word by word, for decoders that know their types. Enters: bytes from strangers.
// Leaves: numbers, addresses, views of bytes. Always holds: a word that its type cannot hold is refused with its byte
// position; offsets and lengths are checked before use; nothing is allocated but strings.
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace EventSourced.Ethereum.Abi;

/// <summary>Reads ABI-encoded values in order.</summary>
public ref struct AbiReader
{
    /// <summary>The number of bytes of a word.</summary>
    public const int WordSize = 32;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _frame;
    private readonly int _origin;
    private int _at;

    /// <summary>Reads values from the start of the bytes.</summary>
    public AbiReader(ReadOnlySpan<byte> data)
        : this(data, 0)
    {
    }

    private AbiReader(ReadOnlySpan<byte> frame, int origin)
    {
        _frame = frame;
        _origin = origin;
    }

    /// <summary>The byte, counted from the start of the whole, that is read next.</summary>
    public readonly int Position => _origin + _at;

    /// <summary>The number of bytes of this frame behind the next word, tails included.</summary>
    public readonly int Remaining => _frame.Length - _at;

    /// <summary>The next word as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadWord()
    {
        if (_frame.Length - _at < WordSize) throw Fault("32 more bytes", $"{_frame.Length - _at}");
        var word = _frame.Slice(_at, WordSize);
        _at += WordSize;
        return word;
    }

    /// <summary>uint256.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public UInt256 ReadUInt256() => UInt256.FromBigEndian(ReadWord());

    /// <summary>uint8 to uint256, refused where it does not fit.</summary>
    public UInt256 ReadUInt256(int bits)
    {
        var value = ReadUInt256();
        return value.BitLength <= bits ? value : throw Before($"a uint{bits}", $"{value.BitLength} bits");
    }

    /// <summary>uint8 to uint64, refused where it does not fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadUInt64(int bits = 64)
    {
        var word = ReadWord();
        var value = BinaryPrimitives.ReadUInt64BigEndian(word[24..]);
        if ((BinaryPrimitives.ReadUInt64BigEndian(word) | BinaryPrimitives.ReadUInt64BigEndian(word[8..]) |
             BinaryPrimitives.ReadUInt64BigEndian(word[16..]) | (bits == 64 ? 0 : value >> bits)) != 0)
            throw Before($"a uint{bits}", Hex.ToText(word));
        return value;
    }

    /// <summary>uint72 to uint128, refused where it does not fit.</summary>
    public UInt128 ReadUInt128(int bits = 128) => ReadUInt256(bits).Lower;

    /// <summary>int8 to int256, refused where the sign does not reach to the top.</summary>
    public BigInteger ReadSigned(int bits = 256)
    {
        var value = new BigInteger(ReadWord(), isUnsigned: false, isBigEndian: true);
        // A signed number of so many bits needs one bit less beside its sign.
        return value.GetBitLength() < bits ? value : throw Before($"an int{bits}", $"{value}");
    }

    /// <summary>bool: exactly 0 or 1.</summary>
    public bool ReadBoolean() => ReadUInt64(1) == 1;

    /// <summary>address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Address ReadAddress()
    {
        var word = ReadWord();
        return Address.TryFromWord(word, out var address) ? address : throw Before("an address", Hex.ToText(word));
    }

    /// <summary>bytes32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Hash32 ReadHash32() => new(ReadWord());

    /// <summary>bytes1 to bytes32: a view of so many bytes; the rest must be zero.</summary>
    public ReadOnlySpan<byte> ReadFixedBytes(int length)
    {
        var word = ReadWord();
        return word[length..].IndexOfAnyExcept((byte)0) < 0
            ? word[..length]
            : throw Before($"a bytes{length}", Hex.ToText(word));
    }

    /// <summary>bytes: a view of them.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var tail = ReadTail();
        var length = tail.ReadLength();
        return tail._frame.Slice(tail._at, length);
    }

    /// <summary>string, which must be UTF-8.</summary>
    public string ReadString()
    {
        var bytes = ReadBytes();
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Before("a string of UTF-8", "bytes that are none");
        }
    }

    /// <summary>
    /// Follows the next word as an offset: to a dynamic struct, or to a fixed array of dynamic elements.
    /// </summary>
    public AbiReader ReadTail()
    {
        var offset = ReadUInt64Within(_frame.Length, "an offset");
        return new AbiReader(_frame[offset..], _origin + offset);
    }

    /// <summary>Follows the next word to a dynamic array: its elements, and how many.</summary>
    public AbiReader ReadArray(int elementHeadSize, out int count)
    {
        var tail = ReadTail();
        count = tail.ReadUInt64Within(int.MaxValue, "a length");
        var room = tail.Remaining;
        if ((long)count * elementHeadSize > room)
            throw tail.Before($"an array within {room} bytes", $"{count} elements of {elementHeadSize} bytes");
        return new AbiReader(tail._frame[tail._at..], tail.Position);
    }

    private int ReadLength() => ReadUInt64Within(_frame.Length - _at - WordSize, "a length");

    private int ReadUInt64Within(int limit, string what)
    {
        var word = ReadWord();
        if (word[..24].IndexOfAnyExcept((byte)0) < 0 && BinaryPrimitives.ReadUInt64BigEndian(word[24..]) is var value &&
            value <= (ulong)Math.Max(limit, 0))
            return (int)value;
        throw Before($"{what} of at most {Math.Max(limit, 0)}", Hex.ToText(word));
    }

    private readonly AbiException Fault(string expected, string found) => new(expected, found, $"byte {Position}");

    private readonly AbiException Before(string expected, string found) =>
        new(expected, found, $"byte {Position - WordSize}");
}
