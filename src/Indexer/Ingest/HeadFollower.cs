// The live tail. Enters: headers as they come, in any order that nodes produce. Leaves: blocks with logs applied one by
// one, blocks reverted, blocks made final. Always holds: the applied and not reverted blocks are one hash-linked chain
// on the finalized block; logs are asked for by block hash, so an orphan's logs are never taken for another block's.
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Logs;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Indexer.Ingest;

/// <summary>Follows the head from a finalized block on.</summary>
public sealed class HeadFollower(EthereumClient client, IngestionOptions options, ChainLink finalized)
{
    /// <summary>The most missing headers in one question.</summary>
    public const ulong MaxMissedAtOnce = 256;

    private readonly OmissionWatch _watch = new(client, options);
    private readonly IContractSource _source = options.Followed;

    // Headers announced and not applied yet, because their blooms are needed once more. Cleared when it grows too
    // large.
    private readonly Dictionary<Hash32, BlockHeader> _announced = [];

    private HeadChain _chain = HeadChain.From(finalized);
    private int _below;

    /// <summary>The chain as followed so far.</summary>
    public HeadChain Chain => _chain;

    /// <summary>Takes one header as a node sent it.</summary>
    public IAsyncEnumerable<ChainUpdate> TakeAsync(BlockHeader head, CancellationToken cancellation) =>
        TakeAsync(Announced(head), isFollowed: false, cancellation);

    /// <summary>
    /// Takes one header: fills gaps before it, finds forks below it, asks for the logs of new blocks.
    /// </summary>
    public IAsyncEnumerable<ChainUpdate> TakeAsync(ChainLink head, CancellationToken cancellation) =>
        TakeAsync(head, isFollowed: false, cancellation);

    private async IAsyncEnumerable<ChainUpdate> TakeAsync(
        ChainLink head, bool isFollowed, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The loop ends: a gap shrinks with each applied block, and a branch grows at most to MaxReorgDepth.
        ImmutableArray<ChainLink> branch = [head];
        while (true)
        {
            switch (_chain.Judge(branch))
            {
                case HeadStep.Duplicate:
                    yield break;
                case HeadStep.Gap gap:
                    var before = _chain.Tip;
                    // The head itself follows on the last missing block.
                    foreach (var link in await MissedAsync(gap, cancellation).ConfigureAwait(false))
                    {
                        var updates = TakeAsync(link, isFollowed: true, cancellation).ConfigureAwait(false);
                        await foreach (var update in updates) yield return update;
                        // If this link did not apply, the next one cannot follow on it: each would ask again for all
                        // links before it.
                        if (_chain.Tip.Number < link.Number) yield break;
                    }

                    // The answer has a hole: the chain got shorter meanwhile, and its next header will show how.
                    if (_chain.Tip == before) yield break;
                    break;
                case HeadStep.MissingParent missing:
                    var parent = await client.GetHeaderAsync(missing.Hash, cancellation).ConfigureAwait(false);
                    // The node forgot its announced branch: it is on another one by now.
                    if (parent is null) yield break;
                    if (branch.Length == options.MaxReorgDepth) throw TooDeep(branch);
                    branch = branch.Insert(0, Announced(parent));
                    break;
                case HeadStep.BelowFinality below:
                    await StopUnlessBehindAsync(below, cancellation).ConfigureAwait(false);
                    yield break;
                case HeadStep.Next next:
                    if (await ApplyAsync(branch[^1], cancellation).ConfigureAwait(false) is not { } applied)
                        yield break;
                    (_chain, _below) = (next.Chain, 0);
                    yield return applied with { IsFollowed = isFollowed };
                    if (MakeFinal() is { } final) yield return final;
                    yield break;
                case HeadStep.Reorg reorg:
                    _chain = ((HeadStep.Reorg)_chain.CutTo(reorg.Ancestor)).Chain;
                    yield return new ChainUpdate.Reverted(reorg.Ancestor, reorg.Dropped, branch[^1].Number);
                    foreach (var link in reorg.Added)
                    {
                        var updates = TakeAsync(
                            link, isFollowed || link != reorg.Added[^1], cancellation).ConfigureAwait(false);
                        await foreach (var update in updates) yield return update;
                    }

                    yield break;
            }
        }
    }

    /// <summary>Believes a node that names a known, older block as its newest: the chain got shorter.</summary>
    public ChainUpdate? Shorten(ChainLink newest)
    {
        if (_chain.CutTo(newest) is not HeadStep.Reorg reorg) return null;
        _chain = reorg.Chain;
        return new ChainUpdate.Reverted(reorg.Ancestor, reorg.Dropped, reorg.Ancestor.Number);
    }

    /// <summary>
    /// Reads a new block's logs; null if the node no longer knows the block. A node may announce a block before its
    /// index has all of the logs, so it is asked again, a named number of times.
    /// </summary>
    private async Task<ChainUpdate.Applied?> ApplyAsync(ChainLink block, CancellationToken cancellation)
    {
        _announced.Remove(block.Hash, out var header);
        header ??= await client.GetHeaderAsync(block.Hash, cancellation).ConfigureAwait(false);
        if (header is null) return null;
        // Earlier registrations from here on came from another branch, or from this block while its logs were
        // unavailable.
        _source.Forget(block.Number);
        string? fault = null;
        for (var attempt = 0; attempt < options.MaxContradictions; attempt++)
        {
            if (attempt > 0)
            {
                client.Rpc.PassOver();
                await Task.Delay(options.PollInterval, cancellation).ConfigureAwait(false);
            }

            var known = _source.Known;
            if (await LogsAsync(block, known, cancellation).ConfigureAwait(false) is not { } logs) return null;
            if (!RangeLogs.TryTake(block.Number, block.Number, logs, out var range, out var contradiction))
            {
                fault = contradiction;
                logs.Dispose();
                continue;
            }

            fault = range!.Blocks.Count == 1 && range.Blocks[0].Hash != block.Hash
                ? $"expected logs of {block}, found those of {range.Blocks[0].Hash}"
                : await _watch.FindAsync(range, [header], known, cancellation).ConfigureAwait(false);
            if (fault is null && _source.Learn(range))
            {
                // Each such round learns one more contract, and a block has at most as many as logs, so the rounds end.
                range.Dispose();
                attempt = -1;
                continue;
            }

            if (fault is null)
                return new ChainUpdate.Applied(
                    block, range.WithTimes(new Dictionary<ulong, ulong> { [block.Number] = block.Timestamp }));
            range.Dispose();
        }

        // If the block was orphaned meanwhile, its receipts are another block's: the next header will show it.
        if (await client.GetHeaderAsync(block.Hash, cancellation).ConfigureAwait(false) is null) return null;
        throw new RpcException(
            RpcFault.Malformed, string.Join(", ", client.Rpc.Endpoints), "eth_getLogs", $"for {block}: {fault}");
    }

    private async Task<LogBatch?> LogsAsync(ChainLink block, KnownContracts known, CancellationToken cancellation)
    {
        try
        {
            var filter = new LogFilter { BlockHash = block.Hash, Addresses = known.Addresses };
            return await client.GetLogsAsync(filter, cancellation).ConfigureAwait(false);
        }
        catch (RpcException gone) when (gone.Fault == RpcFault.Refused)
        {
            // The block was orphaned between its announcement and our question.
            return null;
        }
    }

    private ChainLink Announced(BlockHeader header)
    {
        if (_announced.Count > 2 * (int)MaxMissedAtOnce) _announced.Clear();
        _announced[header.Hash] = header;
        return ChainLink.Of(header);
    }

    /// <summary>The links of missing numbers, as far as the node has them without a hole.</summary>
    private async Task<ChainLink[]> MissedAsync(HeadStep.Gap gap, CancellationToken cancellation)
    {
        var last = Math.Min(gap.To, gap.From + MaxMissedAtOnce - 1);
        var headers = await client.GetHeadersAsync(gap.From, last, cancellation).ConfigureAwait(false);
        return [.. headers.TakeWhile(header => header is not null).Select(header => Announced(header!))];
    }

    private ChainUpdate.Finalized? MakeFinal()
    {
        if (options.FinalityByTag || _chain.Tip.Number <= options.FinalityDepth) return null;
        return MakeFinal(_chain.Tip.Number - options.FinalityDepth);
    }

    private ChainUpdate.Finalized? MakeFinal(ulong number)
    {
        var before = _chain;
        _chain = _chain.Finalize(number);
        return _chain == before ? null : new ChainUpdate.Finalized(_chain.Finalized);
    }

    /// <summary>Asks for the node's finalized block and finalizes ours of that number, if the hashes agree.</summary>
    public async Task<ChainUpdate?> FinalizeByTagAsync(CancellationToken cancellation)
    {
        var final = await client.GetHeaderAsync(BlockTag.Finalized, cancellation).ConfigureAwait(false);
        if (final is null || final.Number <= _chain.Finalized.Number || final.Number > _chain.Tip.Number) return null;
        // Another branch became final: its headers will come first, as a reorg.
        return _chain.Agrees(final.Number, final.Hash) ? MakeFinal(final.Number) : null;
    }

    /// <summary>
    /// Asks the node for the block at our finalized number. Another hash there must stop the indexer. So must a missing
    /// block, if it is missing in too many announcements in a row. The same hash, or a block that is missing for a
    /// while, means a lagging node or an overtaken announcement: nothing is applied, and a later header decides.
    /// </summary>
    private async Task StopUnlessBehindAsync(HeadStep.BelowFinality below, CancellationToken cancellation)
    {
        var theirs = await client.GetHeaderAsync(below.Finalized.Number, cancellation).ConfigureAwait(false);
        if (theirs is not null && theirs.Hash != below.Finalized.Hash)
            throw new ReorgBelowFinalityException(below.Finalized, $"{ChainLink.Of(theirs)}");
        _below = theirs is null ? _below + 1 : 0;
        if (_below >= options.BelowFinalityAnnouncements)
            throw new ReorgBelowFinalityException(
                below.Finalized,
                $"a chain that stays shorter: {_below} announcements in a row, the last of {below.Found}");
    }

    private ReorgBelowFinalityException TooDeep(ImmutableArray<ChainLink> branch) =>
        new(_chain.Finalized, $"a branch of more than {options.MaxReorgDepth} blocks down to {branch[0]}");
}
