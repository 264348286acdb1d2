// Keccak-256 as Ethereum uses it: the padding of the first Keccak submission (0x01), not of FIPS 202's SHA-3 (0x06).
// Enters: bytes. Leaves: 32 bytes. Nothing is allocated.
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace EventSourced.Ethereum;

/// <summary>Ethereum's hash function.</summary>
public static partial class Keccak256
{
    /// <summary>The number of bytes of a hash.</summary>
    public const int HashSize = 32;

    private const int Rate = 136;

    /// <summary>The hash of the bytes.</summary>
    public static Hash32 Hash(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[HashSize];
        Hash(data, hash);
        return new Hash32(hash);
    }

    /// <summary>The hash of the text's UTF-8 bytes; the hash of an event's signature is its first topic.</summary>
    public static Hash32 Hash(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Hash(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Writes the hash of the bytes.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        if (destination.Length < HashSize)
            throw new ArgumentException(
                $"expected {HashSize} bytes of room, found {destination.Length}", nameof(destination));
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("expected a little-endian processor, found a big-endian one");
        Span<ulong> state = stackalloc ulong[25];
        state.Clear();
        while (data.Length >= Rate)
        {
            Absorb(state, data);
            Permute(state);
            data = data[Rate..];
        }

        Span<byte> last = stackalloc byte[Rate];
        last.Clear();
        data.CopyTo(last);
        last[data.Length] = 0x01;
        last[Rate - 1] |= 0x80;
        Absorb(state, last);
        Permute(state);
        MemoryMarshal.AsBytes(state)[..HashSize].CopyTo(destination);
    }

    private static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        for (var lane = 0; lane < Rate / 8; lane++)
            state[lane] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * lane)..]);
    }
}
