// The text of a proposal. It stands apart from the proposal, whose row changes with every vote. Always holds: it never
// changes.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The text of one proposal.</summary>
public static class ProposalTexts
{
    // Events

    /// <summary>Turns a proposal's text into rows.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("proposal-text", Evolve)
        .Also<ProposalCreated>(e => e.ProposalId);

    // State

    /// <summary>The text of a proposal.</summary>
    /// <param name="ProposalId">The proposal.</param>
    /// <param name="Description">The proposer's text.</param>
    /// <param name="CreatedAt">The time at which the proposal was made.</param>
    public sealed record State(Word ProposalId, string Description, Instant CreatedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, ProposalCreated e) => new State(e.ProposalId, e.Description, at.Time),
        _ => null,
    };
}
