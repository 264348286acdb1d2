// The root over all states: a Merkle tree with 2^16 fixed leaves, each a bucket of things by the head of their hashed
// key. Enters: a thing and the hash of its state. Leaves: the root. Always holds: the root depends on the set of
// (thing, state hash) alone, not on the order in which they came. Leaf: H(0x00 || sorted (key || state hash)); inner
// node: H(0x01 || left || right); no leaf: zero.
using System.Buffers;
using System.Collections;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Indexer.Hashing;

/// <summary>Keeps the root incrementally.</summary>
public sealed class StateRoot
{
    /// <summary>The number of leaves of the tree.</summary>
    public const int Buckets = 1 << 16;

    private const int HashedAtOnce = 512;
    private const int PairBytes = 2 * Word.Length;

    private readonly List<(Word Key, Word State)>?[] _buckets = new List<(Word Key, Word State)>?[Buckets];

    // A heap: node 1 is the root, nodes Buckets to 2 * Buckets - 1 are the leaves.
    private readonly Word[] _nodes = new Word[2 * Buckets];
    private readonly BitArray _isChanged = new(Buckets);
    private readonly List<int> _changed = [];

    private static ReadOnlySpan<byte> LeafMark => [0];

    private static ReadOnlySpan<byte> InnerMark => [1];

    /// <summary>Makes the root of an empty set.</summary>
    public StateRoot()
    {
        // All nodes of one level above empty leaves are equal.
        for (var first = Buckets / 2; first > 0; first /= 2)
        {
            AddInner(first);
            _nodes.AsSpan(first, first).Fill(Texts.Hash()[0]);
        }
    }

    /// <summary>Room for texts on their way to their hashes; empty between two calls.</summary>
    internal TextsToHash Texts { get; } = new();

    /// <summary>The number of things.</summary>
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

        Change(bucket);
    }

    /// <summary>Forgets a thing that no longer exists.</summary>
    public void Remove(string thing)
    {
        var key = KeyOf(thing);
        var bucket = BucketOf(key);
        if (_buckets[bucket] is not { } entries || Find(entries, key) is not (>= 0 and var at)) return;
        entries.RemoveAt(at);
        Count--;
        Change(bucket);
    }

    /// <summary>The root over all things.</summary>
    public Word Compute()
    {
        _changed.Sort();
        foreach (var some in _changed.Chunk(HashedAtOnce))
        {
            foreach (var bucket in some) AddLeaf(_buckets[bucket]!);
            var hashes = Texts.Hash();
            for (var i = 0; i < some.Length; i++)
                _nodes[Buckets + some[i]] = _buckets[some[i]]!.Count == 0 ? default : hashes[i];
        }

        // From here on the list holds the nodes of one level after the other.
        for (var i = 0; i < _changed.Count; i++) _changed[i] += Buckets;
        while (_changed.Count > 0 && _changed[0] > 1) Ascend();
        _changed.Clear();
        _isChanged.SetAll(false);
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

    private void Change(int bucket)
    {
        if (_isChanged[bucket]) return;
        _isChanged[bucket] = true;
        _changed.Add(bucket);
    }

    // Nodes in order have parents in order, so equal parents stand side by side.
    private void Ascend()
    {
        var count = 0;
        foreach (var node in CollectionsMarshal.AsSpan(_changed))
            if (count == 0 || _changed[count - 1] != node / 2) _changed[count++] = node / 2;
        CollectionsMarshal.SetCount(_changed, count);
        foreach (var some in _changed.Chunk(HashedAtOnce))
        {
            foreach (var node in some) AddInner(node);
            var hashes = Texts.Hash();
            for (var i = 0; i < some.Length; i++) _nodes[some[i]] = hashes[i];
        }
    }

    private void AddLeaf(List<(Word Key, Word State)> entries)
    {
        Texts.Room.Write(LeafMark);
        foreach (var (key, state) in entries) AddPair(key, state);
        Texts.End();
    }

    private void AddInner(int node)
    {
        Texts.Room.Write(InnerMark);
        AddPair(_nodes[2 * node], _nodes[2 * node + 1]);
        Texts.End();
    }

    private void AddPair(Word left, Word right)
    {
        var pair = Texts.Room.GetSpan(PairBytes);
        left.WriteTo(pair);
        right.WriteTo(pair[Word.Length..]);
        Texts.Room.Advance(PairBytes);
    }

    private static Word Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Word.Length];
        SHA256.HashData(bytes, hash);
        return new Word(hash);
    }
}
