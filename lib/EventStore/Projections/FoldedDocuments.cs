// The documents of a rebuild while they are folded, found by the bytes of their keys so that a scan makes no strings.
using System.Text;
using EventSourced.EventStore.Json;

namespace EventSourced.EventStore.Projections;

/// <summary>Documents of one share of the keys.</summary>
internal sealed class FoldedDocuments
{
    private const int ShortKey = 256;

    private readonly Projection _projection;
    private readonly int _share;
    private readonly int _shares;
    private readonly Dictionary<byte[], Folded> _documents = new(Bytes.Comparer);
    private readonly Dictionary<byte[], Folded>.AlternateLookup<ReadOnlySpan<byte>> _byKey;

    internal FoldedDocuments(Projection projection, int share, int shares)
    {
        _projection = projection;
        _share = share;
        _shares = shares;
        _byKey = _documents.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    internal int Count => _documents.Count;

    internal long Events { get; private set; }

    internal void Add(in RawEvent raw)
    {
        if (!_projection.IsMultiStream)
        {
            if (!IsMine(raw.StreamKeyUtf8)) return;
            Fold(raw.StreamKeyUtf8, raw.Version, _projection.TakesEvent ? raw.ToEvent() : raw.Data);
            return;
        }

        var data = _projection.TakesEvent ? raw.ToEvent() : raw.Data;
        if (_projection.Identity("", data) is not { } id) return;
        Span<byte> utf8 = stackalloc byte[ShortKey];
        if (!Encoding.UTF8.TryGetBytes(id, utf8, out var length)) utf8 = Encoding.UTF8.GetBytes(id);
        else utf8 = utf8[..length];
        if (IsMine(utf8)) Fold(utf8, raw.Sequence, data);
    }

    /// <summary>The documents that are left, in the order of their keys, which is the order the index likes.</summary>
    internal IEnumerable<(byte[] Id, long Version, object State)> InOrder()
    {
        var keys = _documents.Where(pair => pair.Value.State is not null).ToArray();
        Array.Sort(keys, static (left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key));
        foreach (var (key, folded) in keys) yield return (key, folded.Version, folded.State!);
    }

    private void Fold(ReadOnlySpan<byte> key, long version, object dataOrEvent)
    {
        if (!_byKey.TryGetValue(key, out var folded)) _documents.Add(key.ToArray(), folded = new Folded());
        folded.State = _projection.Evolve(folded.State, dataOrEvent);
        folded.Version = version;
        Events++;
    }

    private bool IsMine(ReadOnlySpan<byte> key) =>
        _shares == 1 || (uint)Bytes.Comparer.GetHashCode(key) % (uint)_shares == (uint)_share;

    private sealed class Folded
    {
        internal object? State;
        internal long Version;
    }
}
