// The chain, from a checkpoint on and then for ever. Enters: the last stored finalized block, if any. Leaves: finalized
// ranges, then the live tail, without a gap or a double between them. Always holds: the tail begins on the very block,
// by hash, with which the past ended; a checkpoint that the node contradicts stops everything before the first update.
using System.Runtime.CompilerServices;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Indexer.Ingest;

/// <summary>Opens a sequence of headers from a number on: a subscription, or polling.</summary>
public delegate IAsyncEnumerable<BlockHeader> HeadSource(ulong from, CancellationToken cancellation);

/// <summary>Reads the chain: the past in ranges, the present block by block.</summary>
public sealed class ChainIngestion(EthereumClient client, IngestionOptions options, HeadSource? heads = null)
{
    /// <summary>The number of catch-up rounds before the live tail begins, however much of the past is left.</summary>
    public const int MaxCatchUpRounds = 1_000;

    private readonly Backfill _backfill = new(new RangeReader(client, options), options);

    /// <summary>Runs until cancelled. The reader of an update with logs disposes it.</summary>
    public async IAsyncEnumerable<ChainUpdate> RunAsync(
        ChainLink? checkpoint, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (checkpoint is { } stored) await CheckAsync(stored, cancellation).ConfigureAwait(false);
        var final = checkpoint;
        for (var round = 0; round < MaxCatchUpRounds; round++)
        {
            var newest = await FinalizedAsync(cancellation).ConfigureAwait(false);
            if (final is { } reached && newest.Number <= reached.Number) break;
            var ranges = _backfill.ReadAsync(final?.Number + 1 ?? 0, newest.Number, cancellation);
            await foreach (var range in ranges.ConfigureAwait(false)) yield return new ChainUpdate.Past(range);
            final = newest;
            yield return new ChainUpdate.Finalized(newest);
        }

        // Where every block is final at once, a quiet chain has no update to come.
        if (await client.GetBlockNumberAsync(cancellation).ConfigureAwait(false) == final!.Value.Number)
            yield return new ChainUpdate.Reached(final.Value);
        var follower = new HeadFollower(client, options, final.Value);
        await foreach (var update in FollowAsync(follower, final.Value, cancellation).ConfigureAwait(false))
        {
            yield return update;
            if (options.FinalityByTag && update is ChainUpdate.Applied &&
                await follower.FinalizeByTagAsync(cancellation).ConfigureAwait(false) is { } made)
                yield return made;
        }
    }

    /// <summary>The newest block that never changes: by the node's tag, or by depth.</summary>
    public async Task<ChainLink> FinalizedAsync(CancellationToken cancellation)
    {
        var tagged = options.FinalityByTag
            ? await client.GetHeaderAsync(BlockTag.Finalized, cancellation).ConfigureAwait(false)
            : null;
        if (tagged is not null) return ChainLink.Of(tagged);
        var newest = await client.GetBlockNumberAsync(cancellation).ConfigureAwait(false);
        var number = newest > options.FinalityDepth ? newest - options.FinalityDepth : 0;
        return await KnownAsync(number, cancellation).ConfigureAwait(false) is { } header
            ? ChainLink.Of(header)
            : throw new RpcException(
                RpcFault.Malformed, string.Join(", ", client.Rpc.Endpoints), "eth_getBlockByNumber",
                $"expected block {number}, found none");
    }

    /// <summary>A block that the node should have; null only if the node answers so a named number of times.</summary>
    private async Task<BlockHeader?> KnownAsync(ulong number, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var header = await client.GetHeaderAsync(number, cancellation).ConfigureAwait(false);
            if (header is not null || attempt == options.MaxContradictions) return header;
            client.Rpc.PassOver();
            await Task.Delay(options.PollInterval, cancellation).ConfigureAwait(false);
        }
    }

    private async Task CheckAsync(ChainLink stored, CancellationToken cancellation)
    {
        var header = await KnownAsync(stored.Number, cancellation).ConfigureAwait(false);
        if (header?.Hash != stored.Hash)
            throw new ReorgBelowFinalityException(
                stored, header is null ? "no block of that number" : $"{ChainLink.Of(header)}");
    }

    /// <summary>
    /// Follows the head. An asked header may say that the chain got shorter. A lagging node says the same for a while,
    /// so the shorter chain is believed only after several such answers in a row.
    /// </summary>
    private async IAsyncEnumerable<ChainUpdate> FollowAsync(
        HeadFollower follower, ChainLink final, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var watch = new HeadWatch(client, options, heads, final.Number + 1, cancellation);
        await using var watching = watch.ConfigureAwait(false);
        var shorter = 0;
        while (await watch.NextAsync().ConfigureAwait(false) is { } seen)
        {
            var link = ChainLink.Of(seen.Header);
            var isShorter = seen.IsAsked && link.Number < follower.Chain.Tip.Number
                && follower.Chain.At(link.Number) == link;
            shorter = isShorter ? shorter + 1 : 0;
            if (shorter >= options.ShorterChainPolls && follower.Shorten(link) is { } cut) yield return cut;
            var updates = follower.TakeAsync(seen.Header, cancellation).ConfigureAwait(false);
            await foreach (var update in updates) yield return update;
        }
    }
}
