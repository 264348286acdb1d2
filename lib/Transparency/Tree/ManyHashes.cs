// SHA-256 of many short texts, eight at a time: each lane of a vector works on its own text and takes the next one at
// its end. For short texts the runtime's SHA-256 spends more time on the start of a hash than on the hash. Enters:
// texts, one after the other. Leaves: their hashes in the same order. Always holds: the hashes equal those of
// SHA256.HashData.
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace EventSourced.Transparency;

/// <summary>Hashes many texts at once.</summary>
public static class ManyHashes
{
    private const int Lanes = 8;
    private const int BlockBytes = 64;
    private const int BlockWords = 16;
    private const int StateWords = 8;
    private const int LengthBytes = 8;

    // Fewer texts are hashed one by one: a vector takes as long for one text as for eight.
    private const int Fewest = 3;

    private static ReadOnlySpan<uint> Initial =>
        [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    private static ReadOnlySpan<uint> Rounds =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Hashes texts that stand one after the other; each one ends at its given end.</summary>
    public static void Hash(ReadOnlySpan<byte> texts, ReadOnlySpan<int> ends, Span<MerkleHash> hashes)
    {
        if (ends.Length >= Fewest && Vector256.IsHardwareAccelerated)
        {
            HashInLanes(texts, ends, hashes);
            return;
        }

        Span<byte> hash = stackalloc byte[MerkleHash.ByteCount];
        for (var i = 0; i < ends.Length; i++)
        {
            SHA256.HashData(texts[(i == 0 ? 0 : ends[i - 1])..ends[i]], hash);
            hashes[i] = new MerkleHash(hash);
        }
    }

    private static void HashInLanes(ReadOnlySpan<byte> texts, ReadOnlySpan<int> ends, Span<MerkleHash> hashes)
    {
        Span<uint> state = stackalloc uint[StateWords * Lanes];
        Span<uint> block = stackalloc uint[BlockWords * Lanes];
        Span<int> textOf = stackalloc int[Lanes];
        Span<int> blockOf = stackalloc int[Lanes];
        var (next, busy) = (0, 0);
        for (var lane = 0; lane < Lanes; lane++)
            if (Begin(lane, state, textOf, blockOf, ref next, ends.Length)) busy++;
        while (busy > 0)
        {
            for (var lane = 0; lane < Lanes; lane++)
                if (textOf[lane] >= 0) Fill(Text(texts, ends, textOf[lane]), blockOf[lane]++, block[lane..]);
            Compress(state, block);
            for (var lane = 0; lane < Lanes; lane++)
            {
                var text = textOf[lane];
                if (text < 0 || blockOf[lane] < Blocks(Text(texts, ends, text).Length)) continue;
                hashes[text] = Result(state[lane..]);
                if (!Begin(lane, state, textOf, blockOf, ref next, ends.Length)) busy--;
            }
        }
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> texts, ReadOnlySpan<int> ends, int text) =>
        texts[(text == 0 ? 0 : ends[text - 1])..ends[text]];

    private static int Blocks(int length) => (length + LengthBytes) / BlockBytes + 1;

    // A lane without a text goes on computing, and its result is ignored.
    private static bool Begin(int lane, Span<uint> state, Span<int> textOf, Span<int> blockOf, ref int next, int count)
    {
        textOf[lane] = next < count ? next++ : -1;
        blockOf[lane] = 0;
        for (var word = 0; word < StateWords; word++) state[word * Lanes + lane] = Initial[word];
        return textOf[lane] >= 0;
    }

    // Loads a block of a text into a lane. After the text come one bit, zeros, and its length in bits at the end of the
    // last block.
    private static void Fill(ReadOnlySpan<byte> text, int block, Span<uint> lane)
    {
        Span<byte> last = stackalloc byte[BlockBytes];
        var from = block * BlockBytes;
        scoped var bytes = text[Math.Min(from, text.Length)..];
        if (bytes.Length < BlockBytes)
        {
            last.Clear();
            bytes.CopyTo(last);
            if (from <= text.Length) last[bytes.Length] = 0x80;
            if (block == Blocks(text.Length) - 1) BinaryPrimitives.WriteUInt64BigEndian(
                last[^LengthBytes..], 8UL * (uint)text.Length);
            bytes = last;
        }

        for (var word = 0; word < BlockWords; word++)
            lane[word * Lanes] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(word * sizeof(uint))..]);
    }

    private static MerkleHash Result(ReadOnlySpan<uint> lane)
    {
        Span<byte> hash = stackalloc byte[MerkleHash.ByteCount];
        for (var word = 0; word < StateWords; word++)
            BinaryPrimitives.WriteUInt32BigEndian(hash[(word * sizeof(uint))..], lane[word * Lanes]);
        return new MerkleHash(hash);
    }

    // FIPS 180-4, 6.2.2, with a vector in place of each word.
    private static void Compress(Span<uint> state, ReadOnlySpan<uint> block)
    {
        Span<Vector256<uint>> schedule = stackalloc Vector256<uint>[BlockWords];
        for (var word = 0; word < BlockWords; word++) schedule[word] = Vector256.Create(block[(word * Lanes)..]);
        var (a, b, c, d) = (Of(state, 0), Of(state, 1), Of(state, 2), Of(state, 3));
        var (e, f, g, h) = (Of(state, 4), Of(state, 5), Of(state, 6), Of(state, 7));
        for (var round = 0; round < Rounds.Length; round++)
        {
            ref var word = ref schedule[round % BlockWords];
            if (round >= BlockWords)
            {
                var early = schedule[(round + 1) % BlockWords];
                var late = schedule[(round + 14) % BlockWords];
                word += schedule[(round + 9) % BlockWords]
                    + (Rotated(early, 7) ^ Rotated(early, 18) ^ (early >>> 3))
                    + (Rotated(late, 17) ^ Rotated(late, 19) ^ (late >>> 10));
            }

            var first = h + (Rotated(e, 6) ^ Rotated(e, 11) ^ Rotated(e, 25)) + ((e & f) ^ Vector256.AndNot(g, e))
                + Vector256.Create(Rounds[round]) + word;
            var second = (Rotated(a, 2) ^ Rotated(a, 13) ^ Rotated(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e) = (g, f, e, d + first);
            (d, c, b, a) = (c, b, a, first + second);
        }

        Add(state, 0, a);
        Add(state, 1, b);
        Add(state, 2, c);
        Add(state, 3, d);
        Add(state, 4, e);
        Add(state, 5, f);
        Add(state, 6, g);
        Add(state, 7, h);
    }

    private static Vector256<uint> Of(ReadOnlySpan<uint> state, int word) => Vector256.Create(state[(word * Lanes)..]);

    private static void Add(Span<uint> state, int word, Vector256<uint> value) =>
        (Of(state, word) + value).CopyTo(state[(word * Lanes)..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rotated(Vector256<uint> value, [ConstantExpected] byte bits) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateRight(value, bits) : (value >>> bits) | (value << (32 - bits));
}
