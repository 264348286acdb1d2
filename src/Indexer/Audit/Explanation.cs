// The reason for a leaf: the log of the chain, its decoded event, its derivation, its place in its stream, and the path
// from the leaf to the root. Enters: a finished audit that was asked for the leaf. Leaves: lines for people.
using System.Globalization;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using EventSourced.Indexer.Fold;
using EventSourced.Indexer.Ingest;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Audit;

/// <summary>The origin of a leaf.</summary>
/// <param name="Leaf">The leaf.</param>
/// <param name="Event">The record.</param>
/// <param name="Lines">Log and derivation.</param>
internal sealed record LeafOrigin(string Leaf, string Event, IReadOnlyList<string> Lines)
{
    internal static LeafOrigin Of(RangeLogs range, BlockOfLogs block, PendingEvent pending, At at, string leaf)
    {
        var lines = new List<string>();
        for (var i = block.First; i < block.First + block.Count; i++)
        {
            var log = range.Logs[i];
            if (log.LogIndex != at.LogIndex) continue;
            lines.Add($"log      {log.LogIndex} of block {log.BlockNumber} ({log.BlockHash}), transaction {log.TransactionHash}");
            lines.Add($"         contract {log.Address}, topics {string.Join(' ', log.Topics.ToArray().Select(topic => $"{topic}"))}");
            lines.Add($"         data {Hex.ToText(range.Logs.Data(i).Span)}");
        }

        lines.Add(pending.Happened is not DerivedEvent ? "decode   by the catalog, from that log alone"
            : at.Ordinal == 0 ? "derive   the log itself is what no catalog knows"
            : string.Create(CultureInfo.InvariantCulture,
                $"derive   event {at.Ordinal} that follows at that place: from a deadline that the block's time passed, or from the event before it"));
        return new LeafOrigin(leaf, $"{pending.Happened}", lines);
    }
}

/// <summary>Explains a leaf.</summary>
internal static class Explanation
{
    internal static async Task<IReadOnlyList<string>> OfAsync(
        AuditQuestion question, ChainAudit fold, SignedCheckpoint? signed, CancellationToken cancellation)
    {
        if (question.Explain is not { } index) return [];
        if (fold.Origin is not { } origin)
            return [string.Create(CultureInfo.InvariantCulture,
                $"leaf     {index}: expected one of 0 to {fold.Made.Size - 1}, found none there")];
        var proof = await fold.Made.Prover().IncludeAsync(index, cancellation).ConfigureAwait(false);
        var isSigned = signed is not null && signed.Checkpoint.Size == fold.Made.Size
            && signed.Checkpoint.Root == fold.Made.Root;
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"leaf     {index}: {origin.Leaf}"), .. origin.Lines,
            $"event    {origin.Event}", $"hash     {proof.Leaf}",
            .. isSigned
                ? new TlogProof(proof.Index, proof.Siblings, signed!).ToString().TrimEnd('\n').Split('\n').Select(
                    (line, i) => (i == 0 ? "proof    " : "         ") + line)
                : proof.Siblings.Select((sibling, i) => (i == 0 ? "proof    " : "         ") + sibling)
                    .Append($"root     {fold.Made.Root}"),
        ];
    }
}
