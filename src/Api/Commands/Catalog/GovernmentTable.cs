// Commands of governance: proposals and votes, the timelock, the council, the guardians' breaker.
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;
using static EventSourced.Api.Commands.Catalog.CommandEntry;
using static EventSourced.Api.Commands.Catalog.Sender;

namespace EventSourced.Api.Commands.Catalog;

internal static class GovernmentTable
{
    private const int MostApprovals = 64;
    private static readonly Sender Voter = Only(
        "anyone; a vote weighs what the sender's agents had bonded when the vote began");

    internal static IReadOnlyList<CommandEntry> All { get; } =
    [
        Row("proposals.propose", "AgentGovernor.propose", Only("whose agents have bonded enough"),
            "Proposes {description}; a bond may be locked."),
        Row<Proposals.CastVote>(
            "proposals.castVote", "AgentGovernor.castVote", Voter, On.Proposal, w => VoteAsync(w, w.By),
            "Votes {support} on a proposal: 0 against, 1 for, 2 abstaining."),
        Row<Proposals.CastVote>("proposals.castVoteWithReason", "AgentGovernor.castVoteWithReason", Voter, On.Proposal,
            w => VoteAsync(w, w.By),
            "Votes {support} on a proposal with a reason: 0 against, 1 for, 2 abstaining."),
        Row<Proposals.CastVote>(
            "proposals.castVoteWithReasonAndParams", "AgentGovernor.castVoteWithReasonAndParams", Voter, On.Proposal,
            w => VoteAsync(w, w.By),
                "Votes {support} on a proposal with a reason and parameters: 0 against, 1 for, 2 abstaining."),
        Row<Proposals.CastVote>("proposals.castVoteBySig", "AgentGovernor.castVoteBySig", Anyone, On.Proposal,
            w => VoteAsync(w, w.Party("voter")),
            "Brings the vote {support} that {voter} has signed."),
        Row<Proposals.CastVote>("proposals.castVoteWithReasonAndParamsBySig",
            "AgentGovernor.castVoteWithReasonAndParamsBySig", Anyone, On.Proposal,
            w => VoteAsync(w, w.Party("voter")),
                "Brings the vote {support} that {voter} has signed, with a reason and parameters."),
        Row<Proposals.Queue>(
            "proposals.queue", "AgentGovernor.queue", Anyone, On.ProposedCalls, w => new(w.By, Words.ProposalId(w)),
            "Puts a carried proposal into the timelock."),
        Row<Proposals.Execute>(
            "proposals.execute", "AgentGovernor.execute", Anyone, On.ProposedCalls, w => new(w.By, Words.ProposalId(w)),
            "Has the calls of a queued proposal made."),
        Row<Proposals.Cancel>(
            "proposals.cancel", "AgentGovernor.cancel", Only("the proposer, before the vote"), On.ProposedCalls,
            w => new(w.By, Words.ProposalId(w), false, false), "Takes a proposal back before its vote begins."),
        Row<Proposals.ReleaseBond>("proposals.releaseBond", "AgentGovernor.releaseBond", Anyone, On.Proposal,
            w => new(w.By, w.Word("proposalId")), "Settles the bond of an ended proposal."),

        Row<TimelockOperations.Execute>("timelock.execute", "Timelock.execute", Anyone, On.ScheduledCall,
            w => ExecuteAsync(w, Words.OperationId(w)), "Makes the call of a ready operation to {target}."),
        Row<TimelockOperations.Execute>("timelock.executeBatch", "Timelock.executeBatch", Anyone, On.ScheduledCalls,
            w => ExecuteAsync(w, Words.BatchId(w)), "Makes the calls of a ready operation."),

        Row<CouncilCalls.Approve>("council.approve", "Council.approve", Councillor, On.CouncilCall, ApproveAsync,
            "Approves a call of the council to {target}; three approvals let anyone make it."),
        Row<CouncilCalls.Execute>("council.execute", "Council.execute", Anyone, On.CouncilCall, async w => new(
                w.By, Words.CallId(w), await ApprovalsAsync(w).ConfigureAwait(false)),
            "Makes a call to {target} that the council has approved."),

        Row<Breakers.Trip>("breaker.trip", "Breaker.trip", Only("a guardian"), On.Breaker, async w => new(
                w.By, w.Word("scope"), w.Byte("level"), w.Id("duration"),
                await w.Rows.FindAsync(Guardians.Fold, w.By).ConfigureAwait(false) is { IsTrusted: true }),
            "Stops openings (level 1) or openings and timeouts (level 2) in a scope for {duration} seconds."),
    ];

    private static async ValueTask<Proposals.CastVote> VoteAsync(Wish w, Address voter) => new(
        voter, w.Word("proposalId"), w.Byte("support"),
        await w.Rows.FindAsync(Votes.Fold, Votes.KeyOf(w.Word("proposalId"), voter)).ConfigureAwait(false) is not null);

    private static async ValueTask<TimelockOperations.Execute> ExecuteAsync(Wish w, Word id) => new(
        w.By, id,
        await w.Rows.FindAsync(TimelockOperations.Fold, w.Word("predecessor")).ConfigureAwait(false)
            is { Status: TimelockOperations.Status.Done });

    private static async ValueTask<CouncilCalls.Approve> ApproveAsync(Wish w)
    {
        var id = Words.CallId(w);
        var seats = await SeatsAsync(w).ConfigureAwait(false);
        var approval = await w.Rows.FindAsync(CouncilApprovals.Fold, $"{id}-{w.By}").ConfigureAwait(false);
        return new CouncilCalls.Approve(w.By, id, seats.Contains(w.By), approval?.Attempt ?? 0);
    }

    private static async ValueTask<byte> ApprovalsAsync(Wish w)
    {
        var id = Words.CallId(w);
        if (await w.Rows.FindAsync(CouncilCalls.Fold, id).ConfigureAwait(false) is not { } call) return 0;
        var seats = await SeatsAsync(w).ConfigureAwait(false);
        var approvals = await w.Rows.WhereAsync(
            CouncilApprovals.Fold, nameof(CouncilApprovals.State.CallId), id, MostApprovals)
            .ConfigureAwait(false);
        return (byte)approvals.Count(approval => approval.Attempt == call.Attempt && seats.Contains(approval.Member));
    }

    private static async ValueTask<IReadOnlyList<Address>> SeatsAsync(Wish w)
    {
        var seats = new List<Address>();
        for (var seat = 0UL; seat < CouncilSeats.Seats; seat++)
            if (await w.Rows.FindAsync(CouncilSeats.Fold, seat).ConfigureAwait(false) is { } taken) seats
                .Add(taken.Member);
        return seats;
    }
}
