// The evidence of a dispute's parties, in order. Enters: each piece, at its place in the chain. Leaves: one row each,
// because the texts are long and many. Always holds: evidence is filed once and never changed.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Court;

/// <summary>The evidence of disputes.</summary>
public static class DisputeEvidence
{
    // Events

    /// <summary>
    /// Routes evidence to its row. Evidence has no number of its own, so its place in the chain is its key.
    /// </summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("evidence", Evolve)
        .Also<Evidence>((e, at) => KeyOf(e, at));

    // State

    /// <summary>A piece of evidence that a party filed.</summary>
    /// <param name="Key">Dispute, block and place among the block's logs: `3-1042-7`.</param>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Block">The block in which it was filed.</param>
    /// <param name="LogIndex">Its place among the logs of the block.</param>
    /// <param name="Party">The party that filed it.</param>
    /// <param name="Text">The text of the evidence, or the place where it can be read.</param>
    /// <param name="FiledAt">The time of filing.</param>
    public sealed record State(
        string Key,
        ulong DisputeId,
        ulong Block,
        uint LogIndex,
        Address Party,
        string Text,
        Instant FiledAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, Evidence e) =>
            new State(KeyOf(e, at), e.DisputeId, at.Block, at.LogIndex, e.Party, e.EvidenceValue, at.Time),
        _ => null,
    };

    private static string KeyOf(Evidence e, in At at) => $"{e.DisputeId}-{at.Block}-{at.LogIndex}";
}
