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

    /// <summary>What somebody voted; the numbers are the governor's. Stored; never renumber.</summary>
    public enum Support : byte
    {
        /// <summary>Against it.</summary>
        Against,

        /// <summary>For it.</summary>
        For,

        /// <summary>Neither; counts for the quorum.</summary>
        Abstain,
    }

    /// <summary>A vote.</summary>
    /// <param name="Key">Proposal and voter.</param>
    /// <param name="ProposalId">The proposal.</param>
    /// <param name="Voter">Who.</param>
    /// <param name="Support">What.</param>
    /// <param name="Weight">With how much.</param>
    /// <param name="Reason">Why, by its own word.</param>
    /// <param name="Params">Parameters of the vote, which the governor does not read.</param>
    /// <param name="CastAt">When.</param>
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
