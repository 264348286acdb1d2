// The audit of a log, a chain, or both; neither is trusted. Enters: a question. Leaves: a finding per line, and the
// first difference by its place. Top-down: read the checkpoint and judge its signatures; fold the chain and compare
// every leaf and tile with the log's, or rebuild the log from its own entries; then roots, anchors, the past.
using System.Globalization;
using System.Runtime.InteropServices;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Prove;
using EventSourced.Indexer.Segments;
using EventSourced.Projections;
using EventSourced.Tables;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Audit;

/// <summary>Runs one audit.</summary>
public sealed class Auditor(AuditQuestion question)
{
    private readonly List<AuditLine> _lines = [];
    private Difference? _first;
    private ReadArchive? _archive;

    /// <summary>Audits.</summary>
    public async Task<AuditReport> RunAsync(CancellationToken cancellation)
    {
        var signed = question.Log is null ? null : await CheckpointAsync(question.Log, cancellation)
            .ConfigureAwait(false);
        IReadOnlyList<string> explanation = [];
        if (!Ended && question.Archive is { } place) await ArchiveAsync(place, cancellation).ConfigureAwait(false);
        if (Ended) return Report(explanation);
        signed ??= _archive?.Reader.Signed;
        if (question.Node is { } node) explanation = await FromChainAsync(node, signed, cancellation)
            .ConfigureAwait(false);
        else if (question.Log is { } log && signed is not null)
            await FromEntriesAsync(log, signed.Checkpoint, cancellation).ConfigureAwait(false);
        return Report(explanation);
    }

    private bool Ended => _first is not null && question.StopsAtFirst;

    private AuditReport Report(IReadOnlyList<string> explanation) => new(_lines, _first, explanation);

    private async Task<SignedCheckpoint?> CheckpointAsync(LogCopy log, CancellationToken cancellation)
    {
        try
        {
            var signed = SignedCheckpoint.Parse(await log.CheckpointAsync(cancellation).ConfigureAwait(false));
            var head = signed.Checkpoint;
            var policy = question.Policy;
            if (policy is null && await log.KeysAsync(cancellation).ConfigureAwait(false) is { Count: > 0 } own)
                policy =
                    TrustPolicy.Parse(System.Text.Encoding.UTF8.GetBytes(
                        string.Concat(own.Select(key => $"log {key}\n")) + "quorum none\n"));
            var size = Count(head.Size);
            if (policy is null)
            {
                _lines.Add(new AuditLine("checkpoint", null,
                    $"{head.Origin}, {size} leaves; nobody's signature was checked: no key was given"));
                return signed;
            }

            var verdict = policy.Judge(signed);
            if (!verdict.Holds) Differ("checkpoint", $"the checkpoint of {head.Origin}",
                "signatures by the keys that are trusted", verdict.Refusal!);
            else
                Hold("checkpoint",
                    $"{head.Origin}, {size} leaves, signed by {(question.Policy is null ? "the key that it names itself" : "a trusted key")}, "
                    + $"{verdict.Witnessed.Count} cosignatures by trusted witnesses");
            return signed;
        }
        catch (Exception fault) when (fault is FormatException)
        {
            Differ("checkpoint", $"the checkpoint at {log.Name}", "a signed checkpoint", fault.Message);
            return null;
        }
    }

    private async Task ArchiveAsync(FilePlace place, CancellationToken cancellation)
    {
        try
        {
            _archive = await ArchiveAudit.RunAsync(place, question.Policy, question.Progress, cancellation)
                .ConfigureAwait(false);
            var reader = _archive.Reader;
            Hold("archive", string.Create(
                CultureInfo.InvariantCulture,
                $"{_archive.Size:N0} events up to block {reader.Final.Number} in {reader.Contents.Segments.Count} segments, {reader.Bytes:N0} bytes: they give the root {reader.Signed.Checkpoint.Root}")
                + (_archive.Rows is { } rows
                    ? $"; {Count(rows)} rows, whose states give the root {reader.StateRoot}"
                    : "; its rows are of another version's read models, and were not read"));
        }
        catch (PlaceFaultException fault)
        {
            Differ("archive", fault.Where, fault.Expected, fault.Found);
        }
        catch (FormatException fault)
        {
            Differ("archive", $"the archive at {place.Name}", "a signed archive", fault.Message);
        }
    }

    private async Task<IReadOnlyList<string>> FromChainAsync(
        EthereumClient node, SignedCheckpoint? signed, CancellationToken cancellation)
    {
        var head = signed?.Checkpoint;
        var to = await LastBlockAsync(node, head, cancellation).ConfigureAwait(false);
        if (to is null || Ended) return [];
        using var fold = new ChainAudit(question, node, head);
        try
        {
            await fold.RunAsync(to.Value, cancellation).ConfigureAwait(false);
        }
        catch (RpcException fault) when (fault.Fault == RpcFault.Malformed)
        {
            Differ("chain", $"the node, behind block {fold.Block}", "answers that agree with the blocks' headers",
                fault.Message);
            return [];
        }

        if (fold.Receipts?.First is { } omitted) Differ("chain", omitted);
        else
            Hold("chain", Walked(fold, to.Value));
        if (fold.Made.First is { } leaf) Differ("leaves", leaf, fold.Made.Differing);
        else
            Hold("leaves", $"{Count(fold.Made.Size)} events made from the chain"
                + (head is null
                    ? "" : $", equal to the log's; {Count(fold.Made.Compared)} tiles and bundles compared"));
        if (head is not null && !Ended) CompareHead(head, fold);
        else if (head is null) Hold("roots", $"log {fold.Made.Root}, state {fold.StateRoot}");
        if (!Ended && fold.Storage is { } storage) await StorageAsync(fold, storage, to.Value, head, cancellation)
            .ConfigureAwait(false);
        if (!Ended) await AnchorsAsync(fold, cancellation).ConfigureAwait(false);
        if (!Ended) await SinceAsync(fold.Made.Prover(), fold.Made.Size, cancellation).ConfigureAwait(false);
        return await Explanation.OfAsync(question, fold, signed, cancellation).ConfigureAwait(false);
    }

    private static string Walked(ChainAudit fold, ulong to)
    {
        var kept = fold.KeptBlocks > 0 ? $" ({Count((long)fold.KeptBlocks)} of them kept from an earlier audit)" : "";
        var hashed = fold.Receipts is { } receipts
            ? $", the receipts of {Count(receipts.Blocks)} blocks hashed into their headers" : "";
        return $"blocks up to {to}{kept}, {Count(fold.Logs)} logs of our contracts{hashed}";
    }

    // Finds the checkpoint's final block at the node.
    private async Task<ulong?> LastBlockAsync(EthereumClient node, Checkpoint? head, CancellationToken cancellation)
    {
        if (head is not null && Checkpoints.FinalBlock(head) is { } stated)
        {
            var header = await node.GetHeaderAsync(stated.Number, cancellation).ConfigureAwait(false);
            if ($"{header?.Hash}" == stated.Hash) return stated.Number;
            Differ("chain", $"block {stated.Number}, the checkpoint's final one", stated.Hash,
                header is null ? "no such block at the node" : $"{header.Hash} at the node");
            return header is null ? null : stated.Number;
        }

        if (question.ToBlock is { } to) return to;
        var final = question.Ingestion.FinalityByTag
            ? await node.GetHeaderAsync(BlockTag.Finalized, cancellation).ConfigureAwait(false)
            : null;
        if (final is not null) return final.Number;
        var newest = await node.GetBlockNumberAsync(cancellation).ConfigureAwait(false);
        return newest - Math.Min(newest, question.Ingestion.FinalityDepth);
    }

    private void CompareHead(Checkpoint head, ChainAudit fold)
    {
        if (fold.Made.Size != head.Size || fold.Made.Root != head.Root)
            Differ("roots", $"the root of {Count(head.Size)} leaves",
                $"{fold.Made.Root} of {Count(fold.Made.Size)}, from the chain", $"{head.Root} in the checkpoint");
        else Hold("roots", $"log {head.Root}, from the chain and in the checkpoint");
        if (head.StateRoot is not { } state)
            _lines.Add(new AuditLine("state", null, "the checkpoint states no root of the states"));
        else if (Checkpoints.Models(head) is { } models
            && models != Checkpoints.ModelsOf(ReadModelSchema.FingerprintOf(ReadModels.All)))
            _lines.Add(new AuditLine("state", null,
                "not compared: the checkpoint speaks of the read models of another version of this program"));
        else if (Convert.ToHexStringLower(state.Bytes) is var found && $"{fold.StateRoot}" != $"0x{found}")
            Differ("state", $"the root of all states after leaf {head.Size - 1}",
                $"{fold.StateRoot}, folded from the chain",
                $"0x{found} in the checkpoint; es replay --verify, on its database, names the row");
        else Hold("state", $"root {fold.StateRoot}, folded from the chain and in the checkpoint");
    }

    // Compares the words of the contracts, proven under the header's state root, with the folded rows.
    private async Task StorageAsync(
        ChainAudit fold, StorageCheck storage, ulong to, Checkpoint? head, CancellationToken cancellation)
    {
        var hash = head is null ? null : Checkpoints.FinalBlock(head)?.Hash;
        await fold.ProveAsync(to, hash, cancellation).ConfigureAwait(false);
        if (storage.First is { } first) Differ("storage", first);
        else
            Hold("storage",
                $"{string.Join(", ", storage.Proven.Select(one => $"{Count(one.Words)} of {one.Kind}"))}: words of the contracts, proven under the state root of block {to}, and the rows are equal"
                + (storage.Replaced.Count == 0
                    ? "" : $"; not those of {string.Join(", ", storage.Replaced)}, which were replaced"));
    }

    private async Task AnchorsAsync(ChainAudit fold, CancellationToken cancellation)
    {
        var prover = fold.Made.Prover();
        Difference? first = null;
        var (wrong, unknown) = (0, 0);
        // Anybody may post: an unaccepted claim binds nobody.
        foreach (var anchor in fold.Anchors.Where(anchor => fold.Accepted.Contains(anchor.CandidateId)))
        {
            var count = anchor.Roots.EventCount;
            var expected = count <= (ulong)fold.Made.Size
                ? $"the root {await prover.RootAsync((long)count, cancellation).ConfigureAwait(false)} of {count} leaves"
                : $"at most {fold.Made.Size} leaves";
            var found = $"the root {new MerkleHash(anchor.Roots.LogRoot.ToArray())} of {count} leaves";
            if (fold.StateRoots.TryGetValue(anchor.Roots.ToBlock, out var state))
                (expected, found) = ($"{expected} and the state root {state} at block {anchor.Roots.ToBlock}",
                    $"{found} and the state root {anchor.Roots.StateRoot} at block {anchor.Roots.ToBlock}");
            else unknown++;
            if (expected == found) continue;
            wrong++;
            first ??= new Difference($"candidate {anchor.CandidateId} for epoch {anchor.Epoch}, posted in block {anchor.Block} and accepted", expected, found);
        }

        var text = $"{fold.Anchors.Count} candidates for an epoch on the chain, {fold.Accepted.Count} accepted";
        if (unknown > 0) text += $", {unknown} of them with a state root that was not compared";
        if (first is null) Hold("anchors", $"{text}; their roots of log and states are the chain's");
        else if (question.TellsOfAnchorsOnly) _lines.Add(
            new AuditLine("anchors", null, $"{text}, {wrong} of them with other roots than the chain's"));
        else Differ("anchors", first, wrong);
    }

    private async Task SinceAsync(TileProver prover, long size, CancellationToken cancellation)
    {
        if (_archive?.Reader.Signed.Checkpoint is { } archived && archived.Size <= size
            && await prover.RootAsync(archived.Size, cancellation).ConfigureAwait(false) is var root
            && root != archived.Root)
            Differ("archive", $"the first {Count(archived.Size)} leaves, which were archived",
                $"the root {archived.Root}", $"{root}: the archive is of another log");
        if (question.Since?.Checkpoint is { } old) await SinceAsync(prover, size, old, cancellation)
            .ConfigureAwait(false);
    }

    private async Task SinceAsync(TileProver prover, long size, Checkpoint old, CancellationToken cancellation)
    {
        var root = old.Size > size ? (MerkleHash?)null : await prover.RootAsync(old.Size, cancellation)
            .ConfigureAwait(false);
        if (root == old.Root) Hold("past", $"extends the checkpoint of {Count(old.Size)} leaves that was kept");
        else
            Differ("past", $"the first {Count(old.Size)} leaves, whose checkpoint was kept", $"the root {old.Root}",
                root is null ? $"a log of {Count(size)} leaves" : $"{root}: the log was forked");
    }

    private async Task FromEntriesAsync(LogCopy log, Checkpoint head, CancellationToken cancellation)
    {
        try
        {
            var difference = await LogCheck.RunAsync(
                log.TileAsync, head.Size, head.Root, done => question.Progress?.Invoke(done, head.Size), cancellation)
                    .ConfigureAwait(false);
            if (difference is { } found) Differ("tree", found.Where, found.Expected, found.Found);
            else Hold("tree", $"{Count(head.Size)} entries give every tile and the root {head.Root}");
        }
        catch (FormatException fault)
        {
            Differ("tree", $"the log at {log.Name}", "entries and tiles of the checkpoint's size", fault.Message);
        }

        _lines.Add(new AuditLine(
            "chain", null, "not read: no node was given, so nobody knows that the entries are the chain's"));
        if (!Ended) await SinceAsync(new TileProver(log.TileAsync, head.Size, head.Root), head.Size, cancellation)
            .ConfigureAwait(false);
    }

    private void Hold(string subject, string text) => _lines.Add(new AuditLine(subject, true, text));

    private void Differ(string subject, string where, string expected, string found) =>
        Differ(subject, new Difference(where, expected, found));

    private void Differ(string subject, Difference difference, long more = 1)
    {
        _first ??= difference;
        _lines.Add(
            new AuditLine(subject, false, more > 1 ? $"{difference} ({Count(more)} differ in all)" : $"{difference}"));
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
