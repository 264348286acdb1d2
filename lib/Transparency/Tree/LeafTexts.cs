// Collects entries for the hashes of their leaves: one after the other in one buffer, each after the prefix of a leaf.
// Enters: entries. Leaves: their hashes in the same order. Always holds: the hashes equal those of MerkleHash.OfLeaf;
// afterwards the buffer is empty again, and its memory is reused.
using System.Buffers;
using System.Runtime.InteropServices;

namespace EventSourced.Transparency;

/// <summary>Collects entries and hashes them together.</summary>
public sealed class LeafTexts
{
    private readonly ArrayBufferWriter<byte> _texts = new();
    private readonly List<int> _ends = [];
    private MerkleHash[] _hashes = [];

    /// <summary>Adds an entry.</summary>
    public void Add(ReadOnlySpan<byte> entry)
    {
        var text = _texts.GetSpan(entry.Length + 1);
        text[0] = MerkleHash.LeafDomain;
        entry.CopyTo(text[1..]);
        _texts.Advance(entry.Length + 1);
        _ends.Add(_texts.WrittenCount);
    }

    /// <summary>The hashes of the leaves since the last call; valid until the next one.</summary>
    public ReadOnlySpan<MerkleHash> Hash()
    {
        if (_hashes.Length < _ends.Count) _hashes = new MerkleHash[_ends.Count];
        var hashes = _hashes.AsSpan(0, _ends.Count);
        ManyHashes.Hash(_texts.WrittenSpan, CollectionsMarshal.AsSpan(_ends), hashes);
        _texts.ResetWrittenCount();
        _ends.Clear();
        return hashes;
    }
}
