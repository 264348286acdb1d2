// A party's contribution to the seed of a dispute: a secret, first hidden, then revealed. Enters: the dispute's events
// about it, with the block that the seed waits for. Leaves: one row a party and block. Always holds: a secret is
// revealed once, after it was committed.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Court;

/// <summary>The parties' contributions to seeds.</summary>
public static class SeedContributions
{
    // Events

    /// <summary>A party committed a hidden secret for a seed.</summary>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Round">The round.</param>
    /// <param name="Attempt">The attempt.</param>
    /// <param name="SeedBlock">The block that the seed waits for.</param>
    /// <param name="Party">The address that speaks for the side: the agent's owner, or the principal.</param>
    /// <param name="Commitment">The hash of the secret.</param>
    public sealed record SeedSealed(
        ulong DisputeId, byte Round, byte Attempt, ulong SeedBlock, Address Party, Word Commitment)
        : DerivedEvent;

    /// <summary>A party revealed its secret.</summary>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Round">The round.</param>
    /// <param name="Attempt">The attempt.</param>
    /// <param name="SeedBlock">The block that the seed waited for.</param>
    /// <param name="Party">The address that speaks for the side: the agent's owner, or the principal.</param>
    /// <param name="Secret">The secret.</param>
    public sealed record SeedOpened(
        ulong DisputeId, byte Round, byte Attempt, ulong SeedBlock, Address Party, Word Secret)
        : DerivedEvent;

    /// <summary>Routes a contribution's events to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("seed-contribution", Evolve)
        .On<SeedSealed>(e => KeyOf(e.DisputeId, e.Round, e.Attempt, e.SeedBlock, e.Party))
        .On<SeedOpened>(e => KeyOf(e.DisputeId, e.Round, e.Attempt, e.SeedBlock, e.Party));

    // State

    /// <summary>A party's secret for the seed of a draw.</summary>
    /// <param name="Key">Dispute, round, attempt, block and party: `3-1-1-192-0xabc…`.</param>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Round">The round.</param>
    /// <param name="Attempt">The attempt.</param>
    /// <param name="SeedBlock">The block that the seed waits for.</param>
    /// <param name="Party">The address that speaks for the side: the agent's owner, or the principal.</param>
    /// <param name="Commitment">The hash of the secret.</param>
    /// <param name="Secret">The secret; zero while it is hidden.</param>
    /// <param name="IsRevealed">Whether the secret is revealed.</param>
    /// <param name="CommittedAt">The time at which the secret was committed.</param>
    /// <param name="RevealedAt">The time at which the secret was revealed; 0: it is hidden.</param>
    public sealed record State(
        string Key,
        ulong DisputeId,
        byte Round,
        byte Attempt,
        ulong SeedBlock,
        Address Party,
        Word Commitment,
        Word Secret,
        bool IsRevealed,
        Instant CommittedAt,
        Instant RevealedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, SeedSealed e) => new State(
            KeyOf(e.DisputeId, e.Round, e.Attempt, e.SeedBlock, e.Party), e.DisputeId, e.Round, e.Attempt, e.SeedBlock,
            e.Party, e.Commitment, default, false, at.Time, default),
        ({ IsRevealed: false }, SeedOpened e) =>
            state with { Secret = e.Secret, IsRevealed = true, RevealedAt = at.Time },
        _ => null,
    };

    private static string KeyOf(ulong disputeId, byte round, byte attempt, ulong seedBlock, Address party) =>
        $"{disputeId}-{round}-{attempt}-{seedBlock}-{party}";
}
