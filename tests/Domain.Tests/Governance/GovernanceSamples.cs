// A proposal with two calls in the timelock, told as the chain tells it.
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Governance;

/// <summary>Sample histories of proposals.</summary>
internal static class GovernanceSamples
{
    internal const ulong Start = 1_000_000;
    internal const ulong Day = 86_400;
    internal const ulong VoteStart = Start + Day;
    internal const ulong VoteEnd = VoteStart + 7 * Day;
    internal const ulong Eta = VoteEnd + 3 * Day;
    internal static readonly Word Id = Hash(1);
    internal static readonly Word Operation = Hash(2);

    internal static Fold[] Folds =>
    [
        Proposals.Fold, ProposalCalls.Fold, ProposalTexts.Fold, Votes.Fold, GovernorSigners.Fold, Timelocks.Fold,
        TimelockOperations.Fold, TimelockCalls.Fold, TimelockRoles.Fold, StakeTotals.Fold, Balances.Fold,
    ];

    /// <summary>A governor and a timelock, and a thousand of stake.</summary>
    internal static SmallChain Deployed() => new SmallChain(Start, Folds).Happens(
        new TimelockChange(default, Person(30)), new MinDelayChange(0, 2 * Day),
        Move(Accounts.External(Client), Accounts.Credit(Client), 0, 5_000, (byte)Reason.Deposit),
        Move(Accounts.Credit(Client), Accounts.Stake(7), 7, 1_000, (byte)Reason.Stake));

    internal static SmallChain Proposed() => Deployed().Happens(Created(), new QuorumFixed(Id, 400));

    internal static SmallChain Voting() => Proposed().Until(VoteStart + 1);

    internal static SmallChain Carried() => Voting().Happens(Vote(1, 1, 100), Vote(2, 0, 60)).Until(VoteEnd + 1);

    internal static SmallChain Queued() => Carried().Until(VoteEnd + Day).Happens(
        Scheduled(0), Scheduled(1), new CallSalt(Operation, Hash(3)), new ProposalQueued(Id, Eta));

    internal static Proposals.State Proposal(this SmallChain chain) => chain.Of(Proposals.Fold, Id);

    internal static TimelockOperations.State Waiting(this SmallChain chain) => chain.Of(TimelockOperations.Fold, Operation);

    internal static ProposalCreated Created() => new(
        Id, Client, [Person(40), Person(41)], [default, new UInt256(0, 5)], ["", ""], [new Bytes([1]), new Bytes([2])],
        VoteStart, VoteEnd, "why");

    internal static VoteCast Vote(byte voter, byte support, UInt128 weight) => new(Person(voter), Id, support, weight, "so");

    internal static CallScheduled Scheduled(ulong index) => new(
        Operation, index, Person((byte)(40 + index)), new UInt256(0, index * 5), new Bytes([(byte)(index + 1)]), default, 2 * Day);

    internal static CallExecuted Executed(ulong index) =>
        new(Operation, index, Person((byte)(40 + index)), new UInt256(0, index * 5), new Bytes([(byte)(index + 1)]));

    internal static Moved Bond(UInt128 amount) =>
        new(Accounts.Credit(Client), Accounts.Proposal(Id), Id, amount, (byte)Reason.SpendBond);

    internal static Moved BondTo(Word account, UInt128 amount) => new(Accounts.Proposal(Id), account, Id, amount, (byte)Reason.BondReturn);
}
