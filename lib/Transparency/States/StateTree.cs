// The tree over all states of a log's fold: 2^16 fixed leaves. Each leaf is a bucket of things, chosen by the first two
// bytes of their hashed names. Enters: hashed names with the hashes of their states. Leaves: the root, and the path
// from one thing to it. Always holds: the root depends on the set of (name, state) alone. Leaf: H(0x00 || sorted (name
// || state)); inner node: H(0x01 || left || right); an empty bucket: zero.
using System.Security.Cryptography;
using System.Text;

namespace EventSourced.Transparency;

/// <summary>Keeps the root over states, and makes proofs under it.</summary>
public sealed class StateTree
{
    /// <summary>The number of hashes between a bucket and the root.</summary>
    public const int Levels = 16;

    private const int Buckets = 1 << Levels;
    private const byte LeafDomain = 0;

    private readonly List<(MerkleHash Key, MerkleHash State)>?[] _buckets =
        new List<(MerkleHash Key, MerkleHash State)>?[Buckets];

    // A heap: node 1 is the root, nodes Buckets to 2 * Buckets - 1 are the leaves.
    private readonly MerkleHash[] _nodes = new MerkleHash[2 * Buckets];
    private readonly HashSet<int> _changed = [];

    /// <summary>Makes the tree over nothing.</summary>
    public StateTree()
    {
        for (var first = Buckets / 2; first > 0; first /= 2)
            _nodes.AsSpan(first, first).Fill(MerkleHash.OfNode(_nodes[2 * first], _nodes[2 * first]));
    }

    /// <summary>The hash of a thing's name.</summary>
    public static MerkleHash KeyOf(string thing) => new(SHA256.HashData(Encoding.UTF8.GetBytes(thing)));

    /// <summary>The hash of a state's canonical JSON.</summary>
    public static MerkleHash HashOf(ReadOnlySpan<byte> state) => new(SHA256.HashData(state));

    /// <summary>The root.</summary>
    public MerkleHash Root()
    {
        foreach (var bucket in _changed) _nodes[Buckets + bucket] = HashOf(_buckets[bucket]!);
        var level = _changed.Select(bucket => (Buckets + bucket) / 2).ToHashSet();
        for (; level.Count > 0 && !level.Contains(0); level = [.. level.Select(node => node / 2)])
            foreach (var node in level) _nodes[node] = MerkleHash.OfNode(_nodes[2 * node], _nodes[2 * node + 1]);
        _changed.Clear();
        return _nodes[1];
    }

    /// <summary>Sets the state of a thing.</summary>
    public void Set(in MerkleHash key, in MerkleHash state)
    {
        var bucket = BucketOf(key);
        var entries = _buckets[bucket] ??= new List<(MerkleHash Key, MerkleHash State)>(1);
        var at = Find(entries, key);
        if (at >= 0) entries[at] = (key, state);
        else entries.Insert(~at, (key, state));
        _changed.Add(bucket);
    }

    /// <summary>
    /// The other things of a thing's bucket, and the siblings from the bucket up; null: there is no such thing.
    /// </summary>
    public (IReadOnlyList<StateEntry> Others, IReadOnlyList<MerkleHash> Siblings)? Prove(MerkleHash key)
    {
        Root();
        var bucket = BucketOf(key);
        if (_buckets[bucket] is not { } entries || Find(entries, key) < 0) return null;
        var siblings = new List<MerkleHash>(Levels);
        for (var node = Buckets + bucket; node > 1; node /= 2) siblings.Add(_nodes[node ^ 1]);
        return ([.. entries.Where(one => one.Key != key).Select(one => new StateEntry(one.Key, one.State))], siblings);
    }

    /// <summary>
    /// The root that a bucket's things and the bucket's siblings give; null: two things have one name, the things
    /// belong to different buckets, or the number of siblings is wrong.
    /// </summary>
    internal static MerkleHash? RootOf(
        IEnumerable<StateEntry> entries, IReadOnlyList<MerkleHash> siblings)
    {
        var sorted = entries.Select(one => (one.Key, one.State)).ToList();
        sorted.Sort((left, right) => left.Key.Bytes.SequenceCompareTo(right.Key.Bytes));
        var bucket = BucketOf(sorted[0].Key);
        for (var i = 1; i < sorted.Count; i++)
            if (BucketOf(sorted[i].Key) != bucket || sorted[i].Key == sorted[i - 1].Key) return null;
        if (siblings.Count != Levels) return null;
        var (hash, node) = (HashOf(sorted), bucket);
        foreach (var sibling in siblings)
        {
            hash = node % 2 == 0 ? MerkleHash.OfNode(hash, sibling) : MerkleHash.OfNode(sibling, hash);
            node /= 2;
        }

        return hash;
    }

    private static int BucketOf(in MerkleHash key) => key.Bytes[0] << 8 | key.Bytes[1];

    private static int Find(List<(MerkleHash Key, MerkleHash State)> entries, in MerkleHash key)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var order = entries[i].Key.Bytes.SequenceCompareTo(key.Bytes);
            if (order == 0) return i;
            if (order > 0) return ~i;
        }

        return ~entries.Count;
    }

    private static MerkleHash HashOf(List<(MerkleHash Key, MerkleHash State)> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([LeafDomain]);
        foreach (var (key, state) in entries)
        {
            hash.AppendData(key.Bytes);
            hash.AppendData(state.Bytes);
        }

        return new MerkleHash(hash.GetHashAndReset());
    }
}

/// <summary>A thing under a state root: the hash of its name, and the hash of its state.</summary>
public readonly record struct StateEntry(MerkleHash Key, MerkleHash State);
