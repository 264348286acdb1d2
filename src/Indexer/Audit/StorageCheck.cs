// Folded rows beside what the contracts keep, by proofs that the header's state root bears. Enters: a finished fold, a
// block. Leaves: how many words were proven and compared, or the first place where proof, header or row is another.
// Always holds: which rows are looked at follows from the block's hash, so nobody knew it before there was the block;
// the header is hashed from its own fields, and a word counts only where its nodes lead to the header's state root.
using System.Globalization;
using System.Runtime.InteropServices;
using EventSourced.Domain.Events;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Proofs;
using EventSourced.Ethereum.Receipts;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Prove;

namespace EventSourced.Indexer.Audit;

/// <summary>Compares rows with proven storage.</summary>
/// <param name="node">The node that gives the proofs.</param>
/// <param name="book">Where the contracts are.</param>
/// <param name="most">How many rows of each kind are looked at.</param>
internal sealed class StorageCheck(EthereumClient node, ContractBook book, int most)
{
    /// <summary>The first difference.</summary>
    internal Difference? First { get; private set; }

    /// <summary>How many words were proven and compared, by kind.</summary>
    internal List<(string Kind, int Words)> Proven { get; } = [];

    /// <summary>Contracts that were replaced: what they keep lies at several addresses, and is not looked at.</summary>
    internal SortedSet<ContractName> Replaced { get; } = [];

    /// <summary>Checks the rows as they are after a block.</summary>
    internal async Task RunAsync(DryFold fold, ulong block, string? hash, CancellationToken cancellation)
    {
        var header = (await ReceiptProof.HeadersAsync(node, [block], cancellation).ConfigureAwait(false))[0];
        First = Judge(header, block, hash);
        if (First is not null) return;
        foreach (var kind in StoredSpots.Kinds)
        {
            var chosen = Chosen(kind.Spots(fold), header!.Computed);
            foreach (var group in chosen.GroupBy(spot => spot.Contract))
            {
                foreach (var some in group.Chunk(StorageProof.MostSlots))
                {
                    await CompareAsync(some, header, cancellation).ConfigureAwait(false);
                    if (First is not null) return;
                }
            }

            Proven.Add((kind.Name, chosen.Count));
        }
    }

    private static Difference? Judge(CommittingHeader? header, ulong block, string? hash)
    {
        if (header is null) return new Difference($"block {block}", "a header", "none at the node");
        if (header.Number != block)
            return new Difference($"block {block}", "its header", $"that of block {header.Number}");
        if (hash is not null && $"{header.Computed}" != hash)
            return new Difference(
                $"block {block}, hash of the header", hash, $"{header.Computed}, of its fields: its state root is another");
        if (header.Computed != header.Hash)
            return new Difference(
                $"block {block}, hash of the header", $"{header.Computed}, of its fields", $"{header.Hash}");
        return header.StateRoot.IsZero
            ? new Difference(
                $"block {block}, state root", "the root of all accounts", "zero: a development chain that is a fork states none")
            : null;
    }

    // The rows whose slots, hashed behind the block's hash, come first; all words of a row that is one of them.
    private List<StoredSpot> Chosen(IEnumerable<StoredSpot> spots, Hash32 seed)
    {
        var there = spots.Where(spot => LocationOf(spot.Contract) is not null).ToList();
        var rows = there.GroupBy(spot => spot.Row)
            .Select(row => (Place: PlaceOf(row.First().Slot, seed), Spots: row))
            .OrderBy(row => row.Place).Take(most);
        return [.. rows.SelectMany(row => row.Spots)];
    }

    private static Hash32 PlaceOf(Hash32 slot, Hash32 seed)
    {
        ReadOnlySpan<Hash32> both = [seed, slot];
        return Keccak256.Hash(MemoryMarshal.AsBytes(both));
    }

    private Address? LocationOf(ContractName contract)
    {
        var locations = book.Of(contract).Select(one => one.Location).Distinct().ToList();
        if (locations.Count > 1) Replaced.Add(contract);
        return locations is [var only] ? only : null;
    }

    private async Task CompareAsync(
        StoredSpot[] spots, CommittingHeader header, CancellationToken cancellation)
    {
        var contract = LocationOf(spots[0].Contract)!.Value;
        Hash32[] slots = [.. spots.Select(spot => spot.Slot)];
        var proof = await StorageProof.AskAsync(node, contract, slots, header.Number, cancellation)
            .ConfigureAwait(false);
        var (words, fault) = proof.Prove(header.StateRoot, contract, slots);
        if (fault is not null)
        {
            First = new Difference(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{fault.Where}, {spots[0].Contract} {contract} at block {header.Number}, state root {header.StateRoot}"),
                fault.Expected, fault.Found);
            return;
        }

        for (var i = 0; i < spots.Length; i++)
        {
            foreach (var field in spots[i].Fields)
            {
                if (field.In(words[i]) is var kept && kept == field.Value) continue;
                First = new Difference(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{field.Name} of {spots[i].Row} at block {header.Number} (slot {slots[i]} of {spots[i].Contract} {contract})"),
                    $"{kept}, proven in the contract's storage", $"{field.Value}, folded from the logs");
                return;
            }
        }
    }
}
