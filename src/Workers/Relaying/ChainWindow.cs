// The newest blocks as the watch knows them. Enters: heads from a node. Leaves: whether blocks were taken back, and the
// hash of a number. Always holds: the hashes in the window form one chain; if the chain changes while it is read, the
// window becomes empty and is read anew.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Workers.Relaying;

/// <summary>Follows the head.</summary>
internal sealed class ChainWindow(EthereumClient client, int length)
{
    private readonly Dictionary<ulong, Hash32> _hashes = [];

    /// <summary>The newest block; null before the first look.</summary>
    internal BlockHeader? Head { get; private set; }

    /// <summary>Whether a block is on the chain, as far as the window reaches; null: it does not reach there.</summary>
    internal bool? Has(ulong number, Hash32 hash) =>
        Head is null ? null
        : number > Head.Number ? false
        : _hashes.TryGetValue(number, out var known) ? known == hash
        : null;

    /// <summary>Moves to a new head.</summary>
    /// <returns>Whether blocks may have been taken back.</returns>
    internal async Task<bool> FollowAsync(BlockHeader head, CancellationToken cancellation)
    {
        var before = Head;
        if (before is null || head.Number > before.Number + (ulong)length)
        {
            Restart(head);
            return true;
        }

        var isReorg = head.Number <= before.Number;
        var (number, parent) = (head.Number, head.ParentHash);
        List<(ulong Number, Hash32 Hash)> found = [(head.Number, head.Hash)];
        while (number > 0 && found.Count <= 2 * length)
        {
            number--;
            if (_hashes.TryGetValue(number, out var known))
            {
                if (known == parent) break;
                isReorg = true;
            }
            else if (number < before.Number)
            {
                // This block is below the window: nothing is known about it.
                Restart(head);
                return true;
            }

            var header = await client.GetHeaderAsync(parent, cancellation).ConfigureAwait(false);
            if (header is null)
            {
                Restart(head);
                return true;
            }

            found.Add((header.Number, header.Hash));
            parent = header.ParentHash;
        }

        foreach (var above in _hashes.Keys.Where(key => key >= number + 1).ToArray()) _hashes.Remove(above);
        foreach (var (at, hash) in found) _hashes[at] = hash;
        Head = head;
        if (_hashes.Count > 2 * length)
            foreach (
                var old in _hashes.Keys.Where(key => key + (ulong)length < head.Number).ToArray()) _hashes.Remove(old);
        return isReorg;
    }

    /// <summary>Forgets all blocks: the next look checks everything.</summary>
    internal void Forget()
    {
        _hashes.Clear();
        Head = null;
    }

    private void Restart(BlockHeader head)
    {
        _hashes.Clear();
        _hashes[head.Number] = head.Hash;
        Head = head;
    }
}
