// The chain's side of an audit: logs -> events -> leaves, beside the log that is served. Enters: a node. Leaves: the
// made log, the root over all states, the roots that were anchored on the chain, what a leaf came from. Always holds:
// decode and fold are the indexer's; nothing is taken from the log that is audited.
using System.Buffers;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Fold;
using EventSourced.Indexer.Ingest;
using EventSourced.Tables;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Audit;

/// <summary>Roots that somebody posted on the chain.</summary>
internal readonly record struct Anchor(ulong Block, ulong CandidateId, ulong Epoch, Roots Roots);

/// <summary>Folds the chain and compares.</summary>
internal sealed class ChainAudit(AuditQuestion question, EthereumClient node, Checkpoint? head) : IDisposable
{
    /// <summary>The state of a candidate that stands for its epoch.</summary>
    private const byte AcceptedState = 3;

    private const int MostAnchored = 10_000;

    private readonly DryFold _fold = new();
    private readonly ArrayBufferWriter<byte> _leaf = new();

    /// <summary>The log that the chain gives.</summary>
    internal MadeLog Made { get; } = new(head is null ? null : question.Log, head?.Size ?? 0);

    /// <summary>The root over all states.</summary>
    internal Word StateRoot { get; private set; }

    /// <summary>The block that was folded last.</summary>
    internal ulong Block { get; private set; }

    /// <summary>How many logs of our contracts there were.</summary>
    internal long Logs { get; private set; }

    /// <summary>The roots that were posted.</summary>
    internal List<Anchor> Anchors { get; } = [];

    /// <summary>The candidates that were accepted.</summary>
    internal HashSet<ulong> Accepted { get; } = [];

    /// <summary>The root over all states at the end of each block that somebody anchored.</summary>
    internal Dictionary<ulong, Word> StateRoots { get; } = [];

    /// <summary>How many events there are up to each of those blocks.</summary>
    internal Dictionary<ulong, long> Counts { get; } = [];

    /// <summary>The check of receipts, where it was asked for.</summary>
    internal ReceiptCheck? Receipts { get; } = question.Receipts ? new ReceiptCheck(node) : null;

    /// <summary>Where the leaf came from that is to be explained.</summary>
    internal LeafOrigin? Origin { get; private set; }

    /// <summary>Folds the chain up to a block.</summary>
    internal async Task RunAsync(ulong to, CancellationToken cancellation)
    {
        var deployment = question.Deployment!;
        var book = await Genesis.ReadAsync(deployment, node, question.Ingestion, cancellation).ConfigureAwait(false);
        var options = question.Ingestion with { Source = book };
        var decoding = new LogDecoder(book);
        var anchored = new Queue<ulong>(
            await AnchoredAsync(book, deployment.FirstBlock, to, cancellation).ConfigureAwait(false));
        var backfill = new Backfill(new RangeReader(node, options), options);
        await foreach (var range in backfill.ReadAsync(deployment.FirstBlock, to, cancellation).ConfigureAwait(false))
        {
            using (range)
            {
                if (Receipts is not null) await Receipts.CheckAsync(range, book, cancellation).ConfigureAwait(false);
                foreach (var block in range.Blocks)
                {
                    if (decoding.Decode(range, block) is not { Events.Count: > 0 } events) continue;
                    KeepRoots(anchored, block.Number);
                    await TakeAsync(range, block, events, cancellation).ConfigureAwait(false);
                }

                (Block, Logs) = (range.To, Logs + range.Logs.Count);
                question.Progress?.Invoke(
                    (long)(range.To - deployment.FirstBlock + 1), (long)(to - deployment.FirstBlock + 1));
                if (question.StopsAtFirst && (Made.First ?? Receipts?.First) is not null) break;
            }
        }

        await Made.EndAsync(cancellation).ConfigureAwait(false);
        KeepRoots(anchored, ulong.MaxValue);
        StateRoot = _fold.StateRoot();
    }

    // Roots are anchored behind the blocks of which they speak: those blocks are asked for first. A node that hides one
    // gains nothing: an anchor whose root was not made here is told of.
    private async Task<IEnumerable<ulong>> AnchoredAsync(
        ContractBook book, ulong from, ulong to, CancellationToken cancellation)
    {
        var addresses = book.Of(ContractName.EpochCheckpoints).Select(one => one.Location).Distinct().ToArray();
        if (addresses.Length == 0) return [];
        var options = question.Ingestion with
        {
            Contracts = addresses,
            Source = null,
            Omissions = OmissionCheck.Trust,
            VerifyBlockHashes = false,
        };
        var decoding = new LogDecoder(book);
        var blocks = new SortedSet<ulong>();
        var reading = new Backfill(new RangeReader(node, options), options);
        await foreach (var range in reading.ReadAsync(from, to, cancellation).ConfigureAwait(false))
        {
            using (range)
            {
                foreach (var block in range.Blocks)
                    foreach (var one in decoding.Decode(range, block).Events)
                        if (one.Happened is CandidatePosted posted && posted.Roots.ToBlock <= to)
                            blocks.Add(posted.Roots.ToBlock);
            }
        }

        // Anybody may post, at a price: the first so many are compared.
        return blocks.Take(MostAnchored);
    }

    private void KeepRoots(Queue<ulong> anchored, ulong before)
    {
        while (anchored.TryPeek(out var block) && block < before)
            (StateRoots[anchored.Dequeue()], Counts[block]) = (_fold.StateRoot(), Made.Size);
    }

    public void Dispose() => _fold.Dispose();

    private async Task TakeAsync(RangeLogs range, BlockOfLogs block, BlockEvents events, CancellationToken cancellation)
    {
        foreach (var pending in await _fold.FoldAsync(events, cancellation).ConfigureAwait(false))
        {
            var at = EventIdentity.PlaceOf(pending.Id, pending.Time);
            var place = new LeafPlace(pending.Stream.KeyUtf8.ToArray(), pending.Version, at, events.Hash);
            _leaf.ResetWrittenCount();
            EventLeaf.Write(_leaf, pending.Happened, place);
            if (Made.Size == question.Explain)
                Origin = LeafOrigin.Of(
                    range, block, pending, at, System.Text.Encoding.UTF8.GetString(_leaf.WrittenSpan));
            await Made.AddAsync(_leaf.WrittenSpan, cancellation).ConfigureAwait(false);
            switch (pending.Happened)
            {
                case CandidatePosted posted:
                    Anchors.Add(new Anchor(at.Block, posted.CandidateId, posted.Epoch, posted.Roots));
                    break;
                case CandidateSettled { State: AcceptedState } settled:
                    Accepted.Add(settled.CandidateId);
                    break;
            }
        }
    }
}
