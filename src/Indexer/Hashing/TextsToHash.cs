// Texts on their way to their hashes, one behind the other in one buffer. Enters: bytes, and the end of each text.
// Leaves: the hashes in the order of the texts. Always holds: after hashing the buffer is empty again, and its memory
// is reused.
using System.Buffers;
using System.Runtime.InteropServices;
using EventSourced.Domain.Values;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Hashing;

/// <summary>Gathers texts and hashes them at once.</summary>
internal sealed class TextsToHash
{
    private readonly List<int> _ends = [];
    private MerkleHash[] _hashes = [];
    private Word[] _words = [];

    /// <summary>The place to write the text that has not ended yet.</summary>
    internal ArrayBufferWriter<byte> Room { get; } = new();

    /// <summary>Ends a text.</summary>
    internal void End() => _ends.Add(Room.WrittenCount);

    /// <summary>The hashes of all texts since the last call; valid until the next one.</summary>
    internal ReadOnlySpan<Word> Hash()
    {
        if (_hashes.Length < _ends.Count) (_hashes, _words) = (new MerkleHash[_ends.Count], new Word[_ends.Count]);
        var count = _ends.Count;
        ManyHashes.Hash(Room.WrittenSpan, CollectionsMarshal.AsSpan(_ends), _hashes.AsSpan(0, count));
        for (var i = 0; i < count; i++) _words[i] = new Word(_hashes[i].Bytes);
        Room.ResetWrittenCount();
        _ends.Clear();
        return _words.AsSpan(0, count);
    }
}
