// The council: its seats, calls that need three approvals of one attempt, and what it says to who asks.
using EventSourced.Domain.Events;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;
using static EventSourced.Domain.Tests.Governance.GovernanceSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Governance;

public class CouncilTests
{
    private const ulong Week = 7 * Day;

    private static CouncilCallApproved Approval(byte member, ulong expiresAt = Start + Week) =>
        new(Id, Person(member), Target, Data, Hash(9), expiresAt);

    private static CouncilCalls.State Call(SmallChain chain) => chain.Of(CouncilCalls.Fold, Id);

    private static SmallChain Approved() => Economy().Happens(Approval(60), Approval(61), Approval(62));

    [Fact]
    public void A_seat_passes_from_member_to_member_and_is_never_empty()
    {
        var chain = Economy().Happens(
            new CouncilMemberSet(4, Owner)).After(1).Happens(new CouncilMemberSet(4, Client)).Sound();
        Assert.Equal((Client, 2UL, chain.Now),
            (chain.Of(CouncilSeats.Fold, 4UL).Member, chain.Of(CouncilSeats.Fold, 4UL).Members,
                chain.Of(CouncilSeats.Fold,
            4UL).SeatedAt));
        chain.Forbids(new CouncilMemberSet(4, Client));
        Economy().Forbids(new CouncilMemberSet(5, Owner));
        Economy().Forbids(new CouncilMemberSet(0, default));
    }

    [Fact]
    public void Three_approvals_of_one_attempt_make_a_call_possible()
    {
        Economy().Happens(Approval(60), Approval(61)).Forbids(new CouncilCallExecuted(Id, Stranger));
        var chain = Approved().After(1).Happens(new CouncilCallExecuted(Id, Stranger)).Sound();
        Assert.Equal((true, Stranger, chain.Now, (byte)3),
            (Call(chain).IsExecuted, Call(chain).ExecutedBy, Call(chain).ExecutedAt, Call(chain).Approvals));
        Assert.Equal((Target, Data, Hash(9)), (Call(chain).Target, Call(chain).Data, Call(chain).Salt));
        chain.Forbids(new CouncilCallExecuted(Id, Stranger));
        Approved().Happens(new CouncilCallExecuted(Id, Stranger)).Forbids(Approval(63));
        Approved().Until(Start + Week).Forbids(new CouncilCallExecuted(Id, Stranger));
        Economy().Forbids(new CouncilCallExecuted(Id, Stranger));
    }

    [Fact]
    public void Approvals_of_one_attempt_share_its_week()
    {
        Economy().Forbids(Approval(60, Start + Week + 1));
        Economy().Happens(Approval(60)).After(1).Forbids(Approval(61, Start + 1 + Week));
        Economy().Happens(Approval(60)).Until(Start + Week).Forbids(Approval(61));
    }

    [Fact]
    public void After_the_week_approvals_start_anew()
    {
        var chain = Economy().Happens(Approval(60), Approval(61)).Until(Start + Week).Happens(Approval(60,
            Start + 2 * Week)).Sound();
        Assert.Equal((2U, (byte)1, new Instant(Start + 2 * Week)), (Call(chain).Attempt, Call(chain).Approvals,
            Call(chain).ExpiresAt));
        Assert.Equal(2U, chain.Of(CouncilApprovals.Fold, $"{Id}-{Person(60)}").Attempt);
        Assert.Equal(1U, chain.Of(CouncilApprovals.Fold, $"{Id}-{Person(61)}").Attempt);
    }

    [Fact]
    public void Nobody_approves_twice_in_one_attempt() => Economy().Happens(Approval(60)).Forbids(Approval(60));

    [Fact]
    public void Decide_answers_members_as_the_council_would()
    {
        var call = Call(Approved());
        var approve = new CouncilCalls.Approve(Person(63), Id, true, 0);
        Granted(CouncilCalls.Decide(null, approve, Start));
        Granted(CouncilCalls.Decide(call, approve, Start));
        Refused("OnlyMember", CouncilCalls.Decide(call, approve with { IsMember = false }, Start));
        Refused("AlreadyApproved", CouncilCalls.Decide(call, approve with { ApprovedIn = 1 }, Start + Week - 1));
        Granted(CouncilCalls.Decide(call, approve with { ApprovedIn = 1 }, Start + Week));
        Refused("AlreadyExecuted", CouncilCalls.Decide(call with { IsExecuted = true }, approve, Start));
    }

    [Fact]
    public void Decide_answers_who_makes_a_call_as_the_council_would()
    {
        var call = Call(Approved());
        var execute = new CouncilCalls.Execute(Stranger, Id, 3);
        Granted(CouncilCalls.Decide(call, execute, Start + Week - 1));
        Refused("ApprovalsExpired", CouncilCalls.Decide(call, execute, Start + Week));
        Refused("NotEnoughApprovals", CouncilCalls.Decide(call, execute with { PresentApprovals = 2 }, Start));
        Refused("NotEnoughApprovals", CouncilCalls.Decide(null, execute, Start));
        Refused("AlreadyExecuted", CouncilCalls.Decide(call with { IsExecuted = true }, execute, Start));
        Assert.Throws<ArgumentException>(
            () => CouncilCalls.Decide(call, new Breakers.Reset(Owner, default, true), Start));
    }
}
