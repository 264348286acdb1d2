// The roots of an epoch, made from the chain alone. A poster posts by them; a signer compares by them. Enters: a node,
// a block or a candidate. Leaves: the roots of log and states, or the difference of a candidate's. Always holds: it is
// the fold of es audit; nothing is taken from a log, a database or the candidate itself.
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;
using EventSourced.Indexer.Prove;
using EventSourced.Tables;

namespace EventSourced.Indexer.Audit;

/// <summary>Makes an epoch's roots.</summary>
public static class EpochFold
{
    /// <summary>Folds the chain up to a block.</summary>
    public static async Task<EpochRoots> OfAsync(AuditQuestion question, ulong to, CancellationToken cancellation)
    {
        using var fold = await FoldAsync(question, to, cancellation).ConfigureAwait(false);
        return new EpochRoots(new Word(fold.Made.Root.Bytes), fold.StateRoot, to, (ulong)fold.Made.Size);
    }

    /// <summary>
    /// Folds the chain up to a block, and compares the roots of a candidate posted by then; null: they equal the
    /// chain's.
    /// </summary>
    /// <exception cref="FormatException">There is no such candidate by then.</exception>
    public static async Task<Difference?> CompareAsync(
        AuditQuestion question, ulong candidate, ulong to, CancellationToken cancellation)
    {
        using var fold = await FoldAsync(question, to, cancellation).ConfigureAwait(false);
        var posted = fold.Anchors.Where(one => one.CandidateId == candidate).ToList();
        if (posted is not [{ Roots: var roots } anchor]) throw new FormatException(
            $"expected candidate {candidate} up to block {to}, found {fold.Anchors.Count} others");
        var made = roots.EventCount <= (ulong)fold.Made.Size
            ? new Word((await fold.Made.Prover().RootAsync((long)roots.EventCount, cancellation)
                .ConfigureAwait(false)).Bytes)
            : default;
        // The count must be the block's: a longer or a shorter log has a valid root of its own, too.
        var count = fold.Counts.GetValueOrDefault(roots.ToBlock, -1);
        var state = fold.StateRoots.TryGetValue(roots.ToBlock, out var root) ? $"{root}" : "one that was not made";
        var expected = $"log root {made} of {count} events, state root {state}";
        var found = $"log root {roots.LogRoot} of {roots.EventCount} events, state root {roots.StateRoot}";
        return expected == found
            ? null
            : new Difference(
                $"candidate {candidate} for epoch {anchor.Epoch}, blocks {roots.FromBlock} to {roots.ToBlock}",
                expected, found);
    }

    private static async Task<ChainAudit> FoldAsync(
        AuditQuestion question, ulong to, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        var fold = new ChainAudit(question with { Log = null }, question.Node!, null);
        try
        {
            await fold.RunAsync(to, cancellation).ConfigureAwait(false);
            return fold;
        }
        catch
        {
            fold.Dispose();
            throw;
        }
    }
}
