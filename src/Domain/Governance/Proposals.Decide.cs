// What proposers, voters, the council and anybody may do with a proposal. Enters: a proposal as folded, a wish, a
// moment. Leaves: what the governor would answer, refusals in its own words and in its order. Always holds: the
// moment counts, not the last block: a vote that has ended since is over.
namespace EventSourced.Domain;

public static partial class Proposals
{
    /// <summary>Where a proposal stands at a moment that may lie behind the last block.</summary>
    public static Status StatusAt(State proposal, Instant now)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        return proposal.Status switch
        {
            Status.Pending when now > proposal.VoteEnd => Status.Defeated,
            Status.Pending when now > proposal.VoteStart => Status.Active,
            Status.Active when now > proposal.VoteEnd && !IsAccepted(proposal) => Status.Defeated,
            Status.Active when now > proposal.VoteEnd => IsExpired(proposal, now) ? Status.Expired : Status.Succeeded,
            Status.Succeeded or Status.Queued when IsExpired(proposal, now) => Status.Expired,
            _ => proposal.Status,
        };
    }

    /// <summary>Whether the votes say that the bond is lost: a quorum voted, two thirds of it against.</summary>
    public static bool IsRejected(State proposal)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        var votes = proposal.AgainstVotes + proposal.ForVotes + proposal.AbstainVotes;
        return votes != 0 && votes >= proposal.Quorum && proposal.AgainstVotes * 3 >= votes * 2;
    }

    private static bool IsExpired(State proposal, Instant now) =>
        now >= (proposal.Eta.IsNone ? proposal.VoteEnd : proposal.Eta).Plus(EndingWindow);

    // Commands

    /// <summary>Makes a proposal of so many calls, with so many votes a second ago where so many are needed.</summary>
    public sealed record Propose(Address By, Word ProposalId, int Actions, UInt128 Votes, UInt128 Threshold) : Command(By);

    /// <summary>Votes: 0 against, 1 for, 2 abstain.</summary>
    public sealed record CastVote(Address By, Word ProposalId, byte Support, bool HasVoted) : Command(By);

    /// <summary>Puts an accepted proposal into the timelock.</summary>
    public sealed record Queue(Address By, Word ProposalId) : Command(By);

    /// <summary>Has its calls made.</summary>
    public sealed record Execute(Address By, Word ProposalId) : Command(By);

    /// <summary>The proposer takes it back before the vote, or the council cancels it.</summary>
    public sealed record Cancel(Address By, Word ProposalId, Address Council) : Command(By);

    /// <summary>Settles the bond of an ended proposal.</summary>
    public sealed record ReleaseBond(Address By, Word ProposalId) : Command(By);

    // Decide

    /// <summary>Says what the governor would answer to a command at a moment, as far as the proposal alone decides it.</summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (_, Propose c) => Made(state, c),
        (null, CastVote or Queue or Execute or Cancel or ReleaseBond) =>
            Decision.Refuse("GovernorNonexistentProposal", "a proposal of that id", "none"),
        (_, CastVote c) => In(state, Status.Active, now) ?? Ballot(c),
        (_, Queue) => In(state, Status.Succeeded, now) ?? Decision.Grant,
        (_, Execute) => In(state, Status.Queued, now) ?? (now >= state.Eta
            ? Decision.Grant
            : Decision.Refuse("TimelockUnexpectedOperationState", $"a time from {state.Eta}", $"{now}")),
        (_, Cancel c) => Canceled(state, c, StatusAt(state, now)),
        (_, ReleaseBond) when state.Bond == 0 => Decision.Refuse("NoBond", "a bond", "none"),
        (_, ReleaseBond) => IsOpen(StatusAt(state, now))
            ? Decision.Refuse("NotEnded", "an ended proposal", $"{StatusAt(state, now)}")
            : Decision.Grant,
        _ => throw new ArgumentException($"expected a command to a proposal, found {command?.GetType().Name}", nameof(command)),
    };

    private static Decision Made(State? state, Propose c) => c switch
    {
        _ when c.Votes < c.Threshold =>
            Decision.Refuse("GovernorInsufficientProposerVotes", $"at least {c.Threshold}", $"{c.Votes}"),
        { Actions: > MostActions } => Decision.Refuse("TooManyActions", $"at most {MostActions}", $"{c.Actions}"),
        { Actions: < 1 } => Decision.Refuse("GovernorInvalidProposalLength", "at least one call", "none"),
        _ => state is null
            ? Decision.Grant
            : Decision.Refuse("GovernorUnexpectedProposalState", "no proposal of that id", $"one that is {state.Status}"),
    };

    private static Decision Ballot(CastVote c) => c switch
    {
        { HasVoted: true } => Decision.Refuse("GovernorAlreadyCastVote", "a voter that has not voted", $"{c.By}"),
        { Support: > (byte)Votes.Support.Abstain } => Decision.Refuse("GovernorInvalidVoteType", "0, 1 or 2", $"{c.Support}"),
        _ => Decision.Grant,
    };

    private static Decision Canceled(State state, Cancel c, Status status) =>
        c.By != c.Council && (status != Status.Pending || c.By != state.Proposer)
            ? Decision.Refuse(
                "GovernorUnableToCancel", $"{state.Proposer} before the vote, or the council", $"{c.By}, the proposal {status}")
            : CanBeCanceled(status)
                ? Decision.Grant
                : Decision.Refuse("GovernorUnexpectedProposalState", "a proposal that has not ended", $"{status}");

    private static Decision? In(State state, Status needed, Instant now) => StatusAt(state, now) == needed
        ? null
        : Decision.Refuse("GovernorUnexpectedProposalState", $"{needed}", $"{StatusAt(state, now)}");
}
