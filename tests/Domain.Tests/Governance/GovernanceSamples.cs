// What the tests of governance begin with: a chain with every fold of governance, and the life of one proposal, step by
// step.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Governance;

/// <summary>Sample things of governance.</summary>
internal static class GovernanceSamples
{
    internal const ulong Day = 86_400;
    internal const ulong Start = 1_000_000;
    internal const ulong VoteStart = Start + Day;
    internal const ulong VoteEnd = VoteStart + 7 * Day;
    internal const ulong Delay = 2 * Day;
    internal const ulong Eta = VoteEnd + 1 + Delay;
    internal const ulong Window = 30 * Day;
    internal const byte Against = 0;
    internal const byte For = 1;
    internal const byte Abstain = 2;

    internal static readonly Word Id = Hash(1);
    internal static readonly Word Operation = Hash(2);
    internal static readonly Address Target = Person(20);
    internal static readonly Bytes Data = new([1, 2, 3]);
    internal static readonly Word BondAccount = Accounts.Proposal(Id);

    internal static Fold[] Folds =>
    [
        Parameters.Fold, Breakers.Fold, BreakerTrips.Fold, Guardians.Fold, Contracts.Fold, CouncilSeats.Fold,
        CouncilCalls.Fold, CouncilApprovals.Fold, Timelocks.Fold, TimelockOperations.Fold, TimelockCalls.Fold,
        TimelockRoles.Fold, Proposals.Fold, ProposalCalls.Fold, ProposalTexts.Fold, Votes.Fold, GovernorSigners.Fold,
        VoteTotals.Fold,
    ];

    /// <summary>A governed economy in which 1000 credits are staked.</summary>
    internal static SmallChain Economy() => new SmallChain(Start, Folds).Happens(
        new MinDelayChange(0, Delay), new TimelockChange(default, Person(30)),
        new DelegateVotesChanged(Client, 0, 1_000 * Credit));

    internal static ProposalCreated Created() =>
        new(Id, Client, [Target], [new UInt256(0, 5)], [""], [Data], VoteStart, VoteEnd, "spend less");

    /// <summary>A proposal that needs 40 credits of votes.</summary>
    internal static SmallChain Pending() => Economy().Happens(Created(), new QuorumFixed(Id, 400));

    internal static SmallChain Active() => Pending().Until(VoteStart + 1);

    internal static SmallChain Voted(ulong against, ulong inFavour, ulong abstaining) => Active()
        .Happens(Vote(11, Against, against), Vote(12, For, inFavour), Vote(13, Abstain, abstaining)).Until(VoteEnd + 1);

    internal static SmallChain Succeeded() => Voted(20, 30, 10);

    internal static SmallChain Queued() => Succeeded().Happens(
        Scheduled(0), Scheduled(1), new CallSalt(Operation, Hash(9)), new ProposalQueued(Id, Eta));

    internal static SmallChain Ready() => Queued().Until(Eta);

    internal static SmallChain Executed() => Ready().Happens(Made(0), Made(1), new ProposalExecuted(Id));

    internal static VoteCast Vote(byte voter, byte support, ulong credits) =>
        new(Person(voter), Id, support, credits * Credit, "because");

    internal static CallScheduled Scheduled(ulong index) =>
        new(Operation, index, Target, new UInt256(0, index), Data, default, Delay);

    internal static CallExecuted Made(ulong index) => new(Operation, index, Target, new UInt256(0, index), Data);

    internal static Moved Bonded(UInt128 amount) => new(Accounts.Credit(Client), BondAccount, Id, amount, 37);

    internal static Moved Returned(UInt128 amount) => new(BondAccount, Accounts.Credit(Client), Id, amount, 18);

    internal static Moved Lost(UInt128 amount) => new(BondAccount, Accounts.Treasury, Id, amount, 37);

    internal static Proposals.State Proposal(this SmallChain chain) => chain.Of(Proposals.Fold, Id);

    internal static Proposals.Status Stands(this SmallChain chain) => Proposals.StateAt(chain.Proposal(), chain.Now);

    /// <summary>That nothing impossible happened.</summary>
    internal static SmallChain Sound(this SmallChain chain)
    {
        Assert.Empty(chain.Violations);
        return chain;
    }

    /// <summary>That events must not happen here.</summary>
    internal static void Forbids(this SmallChain chain, params ChainEvent[] events)
    {
        chain.Sound().Happens(events);
        Assert.NotEmpty(chain.Violations);
    }
}
