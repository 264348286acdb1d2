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
    private KeptChain? _kept;

    /// <summary>The log that the chain gives.</summary>
    internal MadeLog Made { get; } = new(head is null ? null : question.Log, head?.Size ?? 0);

    /// <summary>The root over all states.</summary>
    internal Word StateRoot { get; private set; }

    /// <summary>The block that was folded last.</summary>
    internal ulong Block { get; private set; }

    /// <summary>How many blocks came from the auditor's folder, where an earlier audit kept them.</summary>
    internal ulong KeptBlocks { get; private set; }

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

    /// <summary>The check of storage by proofs, where it was asked for; <see cref="ProveAsync"/> runs it.</summary>
    internal StorageCheck? Storage { get; private set; }

    /// <summary>Where the leaf came from that is to be explained.</summary>
    internal LeafOrigin? Origin { get; private set; }

    /// <summary>Folds the chain up to a block.</summary>
    internal async Task RunAsync(ulong to, CancellationToken cancellation)
    {
        var deployment = question.Deployment!;
        var book = await Genesis.ReadAsync(deployment, node, question.Ingestion, cancellation).ConfigureAwait(false);
        var options = question.Ingestion with { Source = book };
        _kept = question.Keep is { } folder ? new KeptChain(folder, book.Identity, Strictness) : null;
        var run = new Run(
            book, new LogDecoder(book), deployment.FirstBlock, to,
            new Queue<ulong>(
                await AnchoredAsync(book, deployment.FirstBlock, to, cancellation).ConfigureAwait(false)));
        var next = await ResumeAsync(run, cancellation).ConfigureAwait(false);
        var backfill = new Backfill(new RangeReader(node, options), options);
        await foreach (var range in backfill.ReadAsync(next, to, cancellation).ConfigureAwait(false))
        {
            using (range)
            {
                if (Receipts is not null) await Receipts.CheckAsync(range, book, cancellation).ConfigureAwait(false);
                await TakeAsync(run, range, cancellation).ConfigureAwait(false);
                // What was found to be a lie is asked for again the next time.
                if (_kept is not null && (Made.First ?? Receipts?.First) is null)
                    await _kept.KeepAsync(range, Receipts?.Last ?? default, cancellation).ConfigureAwait(false);
                if (IsEnded) break;
            }
        }

        await Made.EndAsync(cancellation).ConfigureAwait(false);
        KeepRoots(run.Anchored, ulong.MaxValue);
        StateRoot = _fold.StateRoot();
        if (question.Proofs > 0) Storage = new StorageCheck(node, book, question.Proofs);
    }

    /// <summary>Compares rows with the storage of the contracts at the block that was folded last.</summary>
    internal Task ProveAsync(ulong block, string? hash, CancellationToken cancellation) =>
        Storage!.RunAsync(_fold, block, hash, cancellation);

    // What is true of the whole run.
    private sealed record Run(
        ContractBook Book, LogDecoder Decoding, ulong First, ulong To, Queue<ulong> Anchored);

    private bool IsEnded => question.StopsAtFirst && (Made.First ?? Receipts?.First) is not null;

    // Everything that decides whether a range is taken for true.
    private string Strictness =>
        $"{(Receipts is null ? $"{question.Ingestion.Omissions}" : "Receipts")}{(question.Ingestion.VerifyBlockHashes ? "" : "-unhashed")}";

    // Folds what an earlier audit kept, and answers the block from which on the node is asked.
    private async Task<ulong> ResumeAsync(Run run, CancellationToken cancellation)
    {
        var next = run.First;
        if (_kept is null) return next;
        foreach (var place in await _kept.FindAsync(node, next, run.To, cancellation).ConfigureAwait(false))
        {
            if (await _kept.ReadAsync(place, cancellation).ConfigureAwait(false) is not { } kept) return next;
            using (kept.Range)
            {
                // It was read with the contracts that it names, so it is whole as it is.
                run.Book.Learn(kept.Range);
                Receipts?.Resume(kept.Last, (long)(place.To - place.From + 1));
                await TakeAsync(run, kept.Range, cancellation).ConfigureAwait(false);
            }

            next = place.To + 1;
            KeptBlocks = next - run.First;
            if (IsEnded) return run.To + 1;
        }

        return next;
    }

    private async Task TakeAsync(Run run, RangeLogs range, CancellationToken cancellation)
    {
        foreach (var block in range.Blocks)
        {
            if (run.Decoding.Decode(range, block) is not { Events.Count: > 0 } events) continue;
            KeepRoots(run.Anchored, block.Number);
            await TakeAsync(range, block, events, cancellation).ConfigureAwait(false);
        }

        (Block, Logs) = (range.To, Logs + range.Logs.Count);
        question.Progress?.Invoke((long)(range.To - run.First + 1), (long)(run.To - run.First + 1));
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
