// One vote on a proposal. Its event stands in its proposal's stream. Always holds: nobody votes twice on a proposal,
// and no vote changes.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>One vote.</summary>
public static class Votes
{
    // Events

    /// <summary>Turns votes into rows.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("vote", Evolve)
        .Also<VoteCast>(e => KeyOf(e.ProposalId, e.Voter))
        .Also<VoteCastWithParams>(e => KeyOf(e.ProposalId, e.Voter));

    /// <summary>The key: proposal and voter.</summary>
    public static string KeyOf(Word proposalId, Address voter) => $"{proposalId}-{voter}";

    // State

    /// <summary>A voter's choice; the numbers are the governor's. Stored; never renumber.</summary>
    public enum Support : byte
    {
        /// <summary>Against the proposal.</summary>
        Against,

        /// <summary>For the proposal.</summary>
        For,

        /// <summary>Neither; the vote counts for the quorum.</summary>
        Abstain,
    }

    /// <summary>A vote on a proposal.</summary>
    /// <param name="Key">The proposal and the voter, joined.</param>
    /// <param name="ProposalId">The proposal.</param>
    /// <param name="Voter">The voter's address.</param>
    /// <param name="Support">The voter's choice.</param>
    /// <param name="Weight">The number of votes that it carries.</param>
    /// <param name="Reason">The reason, in the voter's own words.</param>
    /// <param name="Params">The parameters of the vote, which the governor does not read.</param>
    /// <param name="CastAt">The time of the vote.</param>
    public sealed record State(
        string Key, Word ProposalId, Address Voter, Support Support, UInt128 Weight, string Reason, Bytes Params,
        Instant CastAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, VoteCast { Support: <= (byte)Support.Abstain } e) => new State(
            KeyOf(e.ProposalId, e.Voter), e.ProposalId, e.Voter, (Support)e.Support, e.Weight, e.Reason, default,
            at.Time),
        (null, VoteCastWithParams { Support: <= (byte)Support.Abstain } e) => new State(
            KeyOf(e.ProposalId, e.Voter), e.ProposalId, e.Voter, (Support)e.Support, e.Weight, e.Reason, e.Params,
            at.Time),
        _ => null,
    };
}
