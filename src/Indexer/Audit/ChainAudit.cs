// The chain's side of an audit: logs -> events -> leaves, compared with the served log. Enters: a node. Leaves: the
// made log, the root over all states, the roots anchored on the chain, the origin of a leaf. Always holds: decode and
// fold are the indexer's; nothing is taken from the audited log.
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

/// <summary>Roots that were posted on the chain.</summary>
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

    /// <summary>The log made from the chain.</summary>
    internal MadeLog Made { get; } = new(head is null ? null : question.Log, head?.Size ?? 0);

    /// <summary>The root over all states.</summary>
    internal Word StateRoot { get; private set; }

    /// <summary>The last folded block.</summary>
    internal ulong Block { get; private set; }

    /// <summary>The number of blocks that came from the auditor's folder, where an earlier audit kept them.</summary>
    internal ulong KeptBlocks { get; private set; }

    /// <summary>The number of logs of our contracts.</summary>
    internal long Logs { get; private set; }

    /// <summary>The posted roots.</summary>
    internal List<Anchor> Anchors { get; } = [];

    /// <summary>The accepted candidates.</summary>
    internal HashSet<ulong> Accepted { get; } = [];

    /// <summary>The root over all states at the end of each anchored block.</summary>
    internal Dictionary<ulong, Word> StateRoots { get; } = [];

    /// <summary>The number of events up to each anchored block.</summary>
    internal Dictionary<ulong, long> Counts { get; } = [];

    /// <summary>The check of receipts, if the question asks for it.</summary>
    internal ReceiptCheck? Receipts { get; } = question.Receipts ? new ReceiptCheck(node) : null;

    /// <summary>
    /// The check of storage by proofs, if the question asks for it; <see cref="ProveAsync"/> runs it.
    /// </summary>
    internal StorageCheck? Storage { get; private set; }

    /// <summary>The origin of the leaf that is to be explained.</summary>
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
                // A range found to be a lie is not kept, so the next audit asks for it again.
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

    /// <summary>Compares rows with the storage of the contracts at the last folded block.</summary>
    internal Task ProveAsync(ulong block, string? hash, CancellationToken cancellation) =>
        Storage!.RunAsync(_fold, block, hash, cancellation);

    // The values that hold for the whole run.
    private sealed record Run(
        ContractBook Book, LogDecoder Decoding, ulong First, ulong To, Queue<ulong> Anchored);

    private bool IsEnded => question.StopsAtFirst && (Made.First ?? Receipts?.First) is not null;

    // Names everything that decides whether a range is believed.
    private string Strictness =>
        $"{(Receipts is null ? $"{question.Ingestion.Omissions}" : "Receipts")}{(question.Ingestion.VerifyBlockHashes ? "" : "-unhashed")}";

    // Folds the ranges of an earlier audit, and answers the block from which the node is asked.
    private async Task<ulong> ResumeAsync(Run run, CancellationToken cancellation)
    {
        var next = run.First;
        if (_kept is null) return next;
        foreach (var place in await _kept.FindAsync(node, next, run.To, cancellation).ConfigureAwait(false))
        {
            if (await _kept.ReadAsync(place, cancellation).ConfigureAwait(false) is not { } kept) return next;
            using (kept.Range)
            {
                // The range was read with all the contracts that it names, so it is complete.
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

    // An anchor comes after the blocks of its roots, so a first pass collects those blocks. A node that hides an anchor
    // there gains nothing: the audit reports every anchor whose root was not made here.
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

        // Anybody may post, at a price, so only the first blocks up to a limit are compared.
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
