// Compares folded rows with the storage of the contracts, by proofs under the header's state root. Enters: a finished
// fold, a block. Leaves: the number of proven and compared words, or the first place where proof, header or row
// differs. Always holds: the block's hash chooses the rows, so nobody knew them before the block existed; the header is
// hashed from its own fields; a word counts only if its nodes lead to the header's state root.
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
/// <param name="book">The book of the contracts' addresses.</param>
/// <param name="most">The most rows of each kind to check.</param>
internal sealed class StorageCheck(EthereumClient node, ContractBook book, int most)
{
    /// <summary>The first difference.</summary>
    internal Difference? First { get; private set; }

    /// <summary>The number of proven and compared words, by kind.</summary>
    internal List<(string Kind, int Words)> Proven { get; } = [];

    /// <summary>The replaced contracts: their storage lies at several addresses, and is not checked.</summary>
    internal SortedSet<ContractName> Replaced { get; } = [];

    /// <summary>Checks the rows as they stand after a block.</summary>
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

    // Chooses the rows whose slots, hashed behind the block's hash, come first, and all words of each such row.
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
