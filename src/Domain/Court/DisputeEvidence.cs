// What the parties of a dispute said, in order. Enters: each word, numbered by its dispute. Leaves: one row each, for they are
// long and many. Always holds: a word is said once and never changed.
namespace EventSourced.Domain;

/// <summary>The evidence of disputes.</summary>
public static class DisputeEvidence
{
    // Events

    /// <summary>A word of evidence has its number.</summary>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Number">Its number in the dispute, from 1.</param>
    /// <param name="Party">Who said it.</param>
    /// <param name="Text">What was said, or where it can be read.</param>
    public sealed record EvidenceFiled(ulong DisputeId, ulong Number, Address Party, string Text) : DerivedEvent;

    /// <summary>How evidence reaches it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("evidence", Evolve)
        .On<EvidenceFiled>(e => $"{e.DisputeId}-{e.Number}");

    // State

    /// <summary>A word of evidence.</summary>
    /// <param name="Id">Dispute and number: `3-1`.</param>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Number">Its number in the dispute, from 1.</param>
    /// <param name="Party">Who said it.</param>
    /// <param name="Text">What was said, or where it can be read.</param>
    /// <param name="FiledAt">When.</param>
    public sealed record State(string Id, ulong DisputeId, ulong Number, Address Party, string Text, Instant FiledAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, EvidenceFiled e) => new State($"{e.DisputeId}-{e.Number}", e.DisputeId, e.Number, e.Party, e.Text, at.Time),
        _ => null,
    };
}
