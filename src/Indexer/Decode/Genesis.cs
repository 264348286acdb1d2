// The contracts of a deployment, from the chain. Enters: a node, the deployment's file. Leaves: the book that begins
// with the directory's registrations in its constructor. Always holds: the catalog that each contract states on the
// chain is one that this program knows, and the file and the chain agree on the contracts.
using EventSourced.Domain.Events;
using EventSourced.Domain.Governance;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Ingest;

namespace EventSourced.Indexer.Decode;

/// <summary>Reads the first registrations of the directory.</summary>
public static class Genesis
{
    // A deployment takes a few transactions, so the directory comes soon behind the first contract.
    private const ulong FirstStretch = 64;

    /// <summary>Opens the book of a deployment's contracts.</summary>
    /// <exception cref="IOException">The node has no such blocks yet.</exception>
    /// <exception cref="FormatException">The contracts differ from those in the file, or this program does not know
    /// their catalog.</exception>
    public static async Task<ContractBook> ReadAsync(
        Deployment deployment, EthereumClient client, IngestionOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        var reader = new RangeReader(client, options with { Contracts = [deployment.Directory], Source = null });
        var newest = await client.GetBlockNumberAsync(cancellation).ConfigureAwait(false);
        var stretch = FirstStretch;
        for (var from = deployment.FirstBlock; from <= newest; from += stretch,
            stretch = Math.Min(2 * stretch, RangeSize.Most))
        {
            var to = Math.Min(newest, from + stretch - 1);
            foreach (var range in await reader.ReadAsync(from, to, cancellation).ConfigureAwait(false))
            {
                using (range)
                {
                    if (FirstIn(range) is (var block, var genesis)) return Checked(deployment, block, genesis);
                }
            }
        }

        throw new IOException(
            $"expected the directory {deployment.Directory} to register contracts from block {deployment.FirstBlock} on, "
            + $"found nothing up to block {newest}");
    }

    private static (ulong Block, List<ContractRegistered> Genesis)? FirstIn(RangeLogs range)
    {
        foreach (var block in range.Blocks)
        {
            var genesis = Enumerable.Range(block.First, block.Count).Select(index => ContractBook.Read(range, index))
                .OfType<ContractRegistered>().ToList();
            if (genesis.Count > 0) return (block.Number, genesis);
        }

        return null;
    }

    private static ContractBook Checked(Deployment deployment, ulong block, List<ContractRegistered> genesis)
    {
        foreach (var one in genesis)
            if (!Deployment.IsKnown($"{one.CatalogHash}"))
                throw new FormatException(
                    $"block {block}: expected {ShortNames.TextOf(one.Name)} to state {Deployment.KnownCatalogs}, found {one.CatalogHash}");
        var book = new ContractBook(deployment, block, genesis);
        foreach (var (contract, location) in deployment.Contracts)
            if (book.Of(contract).FirstOrDefault() is var found && found.Location != location)
                throw new FormatException(
                    $"deployment.json: expected {contract} at {found.Location}, where the directory has it since block {block}, found {location}");
        return book;
    }
}
