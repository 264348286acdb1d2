// The root over all states: a Merkle tree with 2^16 fixed leaves, each a bucket of things by the head of their hashed key. Enters: a
// thing and the hash of its state. Leaves: the root. Always holds: the root depends on the set of (thing, state hash) alone, not on
// the order in which they came. Leaf: H(0x00 || sorted (key || state hash)); inner node: H(0x01 || left || right); no leaf: zero.
using System.Security.Cryptography;
using System.Text;
using EventSourced.Domain;

namespace EventSourced.Indexer.Pipeline;

/// <summary>Keeps the root incrementally.</summary>
public sealed class StateRoot
{
    /// <summary>How many leaves the tree has.</summary>
    public const int Buckets = 1 << 16;

    private readonly List<(Word Key, Word State)>?[] _buckets = new List<(Word Key, Word State)>?[Buckets];

    // A heap: node 1 is the root, nodes Buckets to 2 * Buckets - 1 are the leaves.
    private readonly Word[] _nodes = new Word[2 * Buckets];
    private readonly HashSet<int> _changed = [];
    private byte[] _leaf = new byte[1 + 2 * Word.Length];

    /// <summary>Makes the root of nothing.</summary>
    public StateRoot()
    {
        for (var node = Buckets - 1; node > 0; node--) _nodes[node] = Inner(node);
    }

    /// <summary>How many things there are.</summary>
    public long Count { get; private set; }

    /// <summary>Sets the state hash of a thing.</summary>
    public void Set(string thing, Word state) => Set(KeyOf(thing), state);

    /// <summary>Sets the state hash of a thing by its key.</summary>
    public void Set(Word key, Word state)
    {
        var bucket = BucketOf(key);
        var entries = _buckets[bucket] ??= new List<(Word Key, Word State)>(1);
        var at = Find(entries, key);
        if (at >= 0) entries[at] = (key, state);
        else
        {
            entries.Insert(~at, (key, state));
            Count++;
        }

        _changed.Add(bucket);
    }

    /// <summary>Forgets a thing that does not exist any more.</summary>
    public void Remove(string thing)
    {
        var key = KeyOf(thing);
        var bucket = BucketOf(key);
        if (_buckets[bucket] is not { } entries || Find(entries, key) is not (>= 0 and var at)) return;
        entries.RemoveAt(at);
        Count--;
        _changed.Add(bucket);
    }

    /// <summary>The root over everything that was set.</summary>
    public Word Compute()
    {
        var level = new HashSet<int>();
        foreach (var bucket in _changed)
        {
            _nodes[Buckets + bucket] = Leaf(_buckets[bucket]!);
            level.Add((Buckets + bucket) / 2);
        }

        _changed.Clear();
        while (level.Count > 0)
        {
            var above = new HashSet<int>();
            foreach (var node in level)
            {
                _nodes[node] = Inner(node);
                if (node > 1) above.Add(node / 2);
            }

            level = above;
        }

        return _nodes[1];
    }

    /// <summary>The key of a thing: the hash of its name.</summary>
    public static Word KeyOf(string thing)
    {
        Span<byte> text = stackalloc byte[512];
        var utf8 = Encoding.UTF8.GetByteCount(thing) <= text.Length
            ? text[..Encoding.UTF8.GetBytes(thing, text)]
            : Encoding.UTF8.GetBytes(thing);
        return Hash(utf8);
    }

    private static int BucketOf(Word key)
    {
        Span<byte> bytes = stackalloc byte[Word.Length];
        key.WriteTo(bytes);
        return bytes[0] << 8 | bytes[1];
    }

    private static int Find(List<(Word Key, Word State)> entries, Word key)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var order = entries[i].Key.CompareTo(key);
            if (order == 0) return i;
            if (order > 0) return ~i;
        }

        return ~entries.Count;
    }

    private Word Leaf(List<(Word Key, Word State)> entries)
    {
        if (entries.Count == 0) return default;
        var length = 1 + entries.Count * 2 * Word.Length;
        if (_leaf.Length < length) _leaf = new byte[2 * length];
        _leaf[0] = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            entries[i].Key.WriteTo(_leaf.AsSpan(1 + 2 * i * Word.Length));
            entries[i].State.WriteTo(_leaf.AsSpan(1 + (2 * i + 1) * Word.Length));
        }

        return Hash(_leaf.AsSpan(0, length));
    }

    private Word Inner(int node)
    {
        Span<byte> bytes = stackalloc byte[1 + 2 * Word.Length];
        bytes[0] = 1;
        _nodes[2 * node].WriteTo(bytes[1..]);
        _nodes[2 * node + 1].WriteTo(bytes[(1 + Word.Length)..]);
        return Hash(bytes);
    }

    private static Word Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Word.Length];
        SHA256.HashData(bytes, hash);
        return new Word(hash);
    }
}
