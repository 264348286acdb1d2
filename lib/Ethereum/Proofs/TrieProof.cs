// One value of a Merkle Patricia trie, proven by the nodes on its way (Ethereum Yellow Paper, appendix D). Enters: a
// root that is believed, a key, nodes of a stranger. Leaves: the value, that there is none, or the node that is wrong.
// Always holds: a node is hashed before it is read; the way is no longer than the key; nothing calls itself; a node
// that the way does not need is a fault.
using EventSourced.Ethereum.RlpEncoding;

namespace EventSourced.Ethereum.Proofs;

/// <summary>Why a proof proves nothing.</summary>
/// <param name="Where">The node.</param>
/// <param name="Expected">What had to stand there.</param>
/// <param name="Found">What stands there.</param>
public sealed record ProofFault(string Where, string Expected, string Found);

/// <summary>What a proof says of a key.</summary>
/// <param name="Value">The value; null: the trie has none at the key.</param>
/// <param name="Fault">Why nothing is proven; null: it is.</param>
public readonly record struct ProvenValue(byte[]? Value, ProofFault? Fault);

/// <summary>Verifies proofs of a trie whose keys are hashed, as those of accounts and of storage are.</summary>
public static class TrieProof
{
    /// <summary>The most nodes of a proof: one a nibble of the key.</summary>
    public const int MostNodes = KeyNibbles + 1;

    /// <summary>The most bytes of a node: sixteen hashes and a value.</summary>
    public const int MostNodeBytes = 1_024;

    private const int KeyNibbles = 2 * Hash32.ByteCount;
    private const int Children = 16;
    private const byte OddPath = 1;
    private const byte LeafPath = 2;

    private static readonly Hash32 Empty = Keccak256.Hash(Rlp.Text([]));

    /// <summary>Follows the nodes from the root to the key's value.</summary>
    public static ProvenValue Verify(Hash32 root, ReadOnlySpan<byte> key, IReadOnlyList<byte[]> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        // The proof of an empty trie is empty, or the empty text.
        if (root == Empty && nodes is [] or [[0x80]]) return default;
        Span<byte> way = stackalloc byte[KeyNibbles];
        Nibbles(Keccak256.Hash(key), way);
        var (expected, step) = (root, 0);
        for (var at = 0; ; at++)
        {
            if (at == nodes.Count) return Wrong(at, $"a node with the hash {expected}", "the end of the proof");
            if (Keccak256.Hash(nodes[at]) is var found && found != expected)
                return Wrong(at, $"the hash {expected}, which the node before it names", $"{found}");
            var reader = new RlpReader(nodes[at]);
            if (!reader.TryList(out var items) || !reader.AtEnd) return Unreadable(at);
            var next = Walk(items, way, ref step);
            if (next.Kind == Step.Unreadable) return Unreadable(at);
            if (next.Kind == Step.Hash)
            {
                expected = new Hash32(next.Bytes);
                continue;
            }

            return at + 1 == nodes.Count
                ? new ProvenValue(next.Kind == Step.Value ? next.Bytes.ToArray() : null, null)
                : Wrong(at + 1, "the end of the proof", $"{nodes.Count - at - 1} nodes more");
        }
    }

    private enum Step
    {
        Unreadable,
        Hash,
        Value,
        Nothing,
    }

    private readonly ref struct Next(Step kind, ReadOnlySpan<byte> bytes)
    {
        public Step Kind { get; } = kind;

        public ReadOnlySpan<byte> Bytes { get; } = bytes;
    }

    // Through one hashed node, and through the small nodes that stand in it.
    private static Next Walk(ReadOnlySpan<byte> items, ReadOnlySpan<byte> way, ref int step)
    {
        Span<(int Start, int End, bool IsList)> parts = stackalloc (int, int, bool)[Children + 1];
        while (true)
        {
            var count = Split(items, parts);
            var child = Children;
            if (count == Children + 1)
            {
                if (step < way.Length) child = way[step++];
            }
            else
            {
                if (count != 2 || parts[0].IsList
                    || !TryPath(items[parts[0].Start..parts[0].End], out var path, out var isLeaf)) return default;
                var isOurs = way[step..].StartsWith(path) && (!isLeaf || step + path.Length == way.Length);
                if (!isOurs) return new Next(Step.Nothing, []);
                step += path.Length;
                if (isLeaf) return parts[1].IsList ? default : Value(items[parts[1].Start..parts[1].End]);
                child = 1;
            }

            var (start, end, isList) = parts[child];
            items = items[start..end];
            if (isList) continue;
            if (child == Children) return Value(items);
            return items.Length switch
            {
                0 => new Next(Step.Nothing, []),
                Hash32.ByteCount => new Next(Step.Hash, items),
                _ => default,
            };
        }
    }

    private static Next Value(ReadOnlySpan<byte> bytes) => new(bytes.IsEmpty ? Step.Nothing : Step.Value, bytes);

    // The items of a list, without their heads; 0 where they are not two or seventeen.
    private static int Split(ReadOnlySpan<byte> items, Span<(int Start, int End, bool IsList)> parts)
    {
        var reader = new RlpReader(items);
        var count = 0;
        while (!reader.AtEnd)
        {
            if (count == parts.Length) return 0;
            var isText = reader.TryText(out var part);
            if (!isText && !reader.TryList(out part)) return 0;
            parts[count++] = (reader.Position - part.Length, reader.Position, !isText);
        }

        return count is 2 or Children + 1 ? count : 0;
    }

    // A path as nodes hold it: a nibble for its kind, one that fills up, then the path.
    private static bool TryPath(ReadOnlySpan<byte> compact, out byte[] path, out bool isLeaf)
    {
        (path, isLeaf) = ([], false);
        if (compact.IsEmpty || compact.Length > Hash32.ByteCount + 1) return false;
        var kind = compact[0] >> 4;
        var isOdd = (kind & OddPath) != 0;
        isLeaf = (kind & LeafPath) != 0;
        if (kind > (LeafPath | OddPath) || (!isOdd && (compact[0] & 0xf) != 0)) return false;
        var nibbles = new byte[2 * compact.Length];
        for (var i = 0; i < compact.Length; i++)
            (nibbles[2 * i], nibbles[2 * i + 1]) = ((byte)(compact[i] >> 4), (byte)(compact[i] & 0xf));
        path = nibbles[(isOdd ? 1 : 2)..];
        // A way that leads nowhere further would be no way.
        return isLeaf || path.Length > 0;
    }

    private static void Nibbles(Hash32 key, Span<byte> nibbles)
    {
        for (var i = 0; i < Hash32.ByteCount; i++)
            (nibbles[2 * i], nibbles[2 * i + 1]) = ((byte)(key.Bytes[i] >> 4), (byte)(key.Bytes[i] & 0xf));
    }

    private static ProvenValue Unreadable(int at) => Wrong(at, "a node of a trie", "bytes that are none");

    private static ProvenValue Wrong(int at, string expected, string found) =>
        new(null, new ProofFault($"node {at}", expected, found));
}
