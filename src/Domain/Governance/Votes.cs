// A vote on a proposal. Enters: the vote, from its proposal's stream. Leaves: what `hasVoted` answers, and how and
// why. Always holds: one vote a voter and proposal; it never changes.
namespace EventSourced.Domain;

/// <summary>One vote.</summary>
public static class Votes
{
    // Events

    /// <summary>How a vote reaches its row.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("vote", Evolve)
        .Also<VoteCast>(e => KeyOf(e.ProposalId, e.Voter))
        .Also<VoteCastWithParams>(e => KeyOf(e.ProposalId, e.Voter));

    /// <summary>The key of a vote.</summary>
    public static string KeyOf(Word proposalId, Address voter) => $"{proposalId}-{voter}";

    // State

    /// <summary>What a vote says; the numbers are the governor's. Stored; never renumber.</summary>
    public enum Support : byte
    {
        /// <summary>No.</summary>
        Against,

        /// <summary>Yes.</summary>
        For,

        /// <summary>Neither; counts for the quorum.</summary>
        Abstain,
    }

    /// <summary>A vote.</summary>
    /// <param name="Id">Proposal and voter: 0x…-0x….</param>
    /// <param name="ProposalId">The proposal.</param>
    /// <param name="Voter">Who votes.</param>
    /// <param name="Support">What it says.</param>
    /// <param name="Weight">The voter's stake at the snapshot.</param>
    /// <param name="Reason">Why, in the voter's words.</param>
    /// <param name="Params">Parameters that came with it; they change nothing.</param>
    /// <param name="CastAt">When.</param>
    public sealed record State(
        string Id, Word ProposalId, Address Voter, Support Support, UInt128 Weight, string Reason, Bytes Params, Instant CastAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, VoteCast { Support: <= (byte)Support.Abstain } e) => new State(
            KeyOf(e.ProposalId, e.Voter), e.ProposalId, e.Voter, (Support)e.Support, e.Weight, e.Reason, default, at.Time),
        (null, VoteCastWithParams { Support: <= (byte)Support.Abstain } e) => new State(
            KeyOf(e.ProposalId, e.Voter), e.ProposalId, e.Voter, (Support)e.Support, e.Weight, e.Reason, e.Params, at.Time),
        _ => null,
    };
}
