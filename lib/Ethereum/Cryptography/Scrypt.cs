// scrypt (RFC 7914), which the BCL lacks: PBKDF2-SHA256 from the BCL around ROMix over Salsa20/8. Enters: password,
// salt, cost. Leaves: a key. Always holds: memory is 128 * n * r bytes and refused above a named bound before it is
// taken.
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EventSourced.Ethereum;

internal static class Scrypt
{
    /// <summary>The most memory one derivation may take.</summary>
    public const long MaxMemoryBytes = 1L << 30;

    /// <summary>The most parallel lanes; they are worked off one after the other.</summary>
    public const int MaxParallelism = 64;

    public static byte[] DeriveKey(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int n, int r, int p, int length)
    {
        Check(n, r, p);
        var blockSize = 128 * r;
        var blocks = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, p * blockSize);
        var words = new uint[p * blockSize / 4];
        for (var i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt32LittleEndian(blocks.AsSpan(4 * i));
        var memory = new uint[(long)n * blockSize / 4];
        for (var lane = 0; lane < p; lane++)
            Mix(words.AsSpan(lane * blockSize / 4, blockSize / 4), memory, n, r);
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(blocks.AsSpan(4 * i), words[i]);
        var key = Rfc2898DeriveBytes.Pbkdf2(password, blocks, 1, HashAlgorithmName.SHA256, length);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(memory.AsSpan()));
        CryptographicOperations.ZeroMemory(blocks);
        return key;
    }

    public static void Check(long n, long r, long p)
    {
        if (n < 2 || !BitOperations.IsPow2(n) || r < 1 || p is < 1 or > MaxParallelism ||
            n > MaxMemoryBytes || r > MaxMemoryBytes || 128 * r > MaxMemoryBytes / n || p * 128 * r > MaxMemoryBytes)
        {
            throw new CryptographicException(
                $"expected scrypt's n a power of two, p at most {MaxParallelism}, 128 * n * r at most {MaxMemoryBytes}, " +
                $"found n {n}, r {r}, p {p}");
        }
    }

    private static void Mix(Span<uint> block, uint[] memory, int n, int r)
    {
        var size = 32 * r;
        var other = new uint[size].AsSpan();
        for (var i = 0; i < n; i++)
        {
            block.CopyTo(memory.AsSpan(i * size));
            MixBlock(block, other, r);
        }

        for (var i = 0; i < n; i++)
        {
            // n is a power of two of at most 2^30, so the low word of Integerify suffices.
            var chosen = memory.AsSpan((int)(block[size - 16] & (uint)(n - 1)) * size, size);
            for (var k = 0; k < size; k++) block[k] ^= chosen[k];
            MixBlock(block, other, r);
        }
    }

    private static void MixBlock(Span<uint> block, Span<uint> scratch, int r)
    {
        Span<uint> x = stackalloc uint[16];
        block[^16..].CopyTo(x);
        for (var i = 0; i < 2 * r; i++)
        {
            var part = block.Slice(16 * i, 16);
            for (var k = 0; k < 16; k++) x[k] ^= part[k];
            Salsa8(x);
            x.CopyTo(scratch[(16 * (i / 2 + (i % 2) * r))..]);
        }

        scratch.CopyTo(block);
    }

    private static void Salsa8(Span<uint> state)
    {
        Span<uint> x = stackalloc uint[16];
        state.CopyTo(x);
        for (var round = 0; round < 8; round += 2)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 5, 9, 13, 1);
            Quarter(x, 10, 14, 2, 6);
            Quarter(x, 15, 3, 7, 11);
            Quarter(x, 0, 1, 2, 3);
            Quarter(x, 5, 6, 7, 4);
            Quarter(x, 10, 11, 8, 9);
            Quarter(x, 15, 12, 13, 14);
        }

        for (var i = 0; i < 16; i++) state[i] += x[i];
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
        x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
        x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
        x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
    }
}
