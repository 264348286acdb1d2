// Calls of the council: approvals of one attempt, three of them, seven days.
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Governance;

public class CouncilTests
{
    private const ulong Week = 7 * 86_400;
    private const ulong Start = 1_000_000;
    private static readonly Word Call = Hash(9);

    [Fact]
    public void Three_approvals_of_one_attempt_make_a_call()
    {
        var chain = Chain().Happens(Approved(1, Start), Approved(2, Start)).After(60).Happens(Approved(3, Start), new CouncilCallExecuted(Call, Stranger));
        Assert.Equal(
            new CouncilCalls.State(
                Call, Owner, new Bytes([1]), Hash(2), 1, 3, Start + Week, true, Stranger, Start, Start + 60),
            chain.Of(CouncilCalls.Fold, Call));
        Assert.Equal(
            new CouncilApprovals.State($"{Call}-{Person(3)}", Call, Person(3), 1, Start + 60),
            chain.Of(CouncilApprovals.Fold, $"{Call}-{Person(3)}"));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void After_seven_days_approvals_start_anew()
    {
        var chain = Chain().Happens(Approved(1, Start), Approved(2, Start)).Until(Start + Week).Happens(Approved(1, Start + Week));
        var call = chain.Of(CouncilCalls.Fold, Call);
        Assert.Equal((2U, (byte)1, new Instant(Start + 2 * Week)), (call.Attempt, call.Approvals, call.ExpiresAt));
        Assert.Equal(2U, chain.Of(CouncilApprovals.Fold, $"{Call}-{Person(1)}").Attempt);
        Assert.Equal(1U, chain.Of(CouncilApprovals.Fold, $"{Call}-{Person(2)}").Attempt);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Two_approvals_late_ones_and_a_second_time_are_not_enough()
    {
        var two = Chain().Happens(Approved(1, Start), Approved(2, Start)).Of(CouncilCalls.Fold, Call);
        var executed = new CouncilCallExecuted(Call, Stranger);
        Assert.Null(CouncilCalls.Fold.Evolve(two, executed, new At(1, Start)));
        var three = two with { Approvals = 3 };
        Assert.Null(CouncilCalls.Fold.Evolve(three, executed, new At(1, Start + Week)));
        var made = CouncilCalls.Fold.Evolve(three, executed, new At(1, Start + Week - 1))!;
        Assert.Null(CouncilCalls.Fold.Evolve(made, executed, new At(1, Start)));
        Assert.Null(CouncilCalls.Fold.Evolve(made, Approved(4, Start), new At(1, Start)));
        Assert.Null(CouncilCalls.Fold.Evolve(null, executed, new At(1, Start)));
        Assert.Null(CouncilCalls.Fold.Evolve(null, Approved(1, Start), new At(1, Start + 1)));
        Assert.Null(CouncilCalls.Fold.Evolve(two, Approved(3, Start + 1), new At(1, Start + 1)));
        Assert.Null(CouncilCalls.Fold.Evolve(two, Approved(3, Start), new At(1, Start + Week)));
    }

    [Fact]
    public void Nobody_approves_twice_in_one_attempt()
    {
        var chain = Chain().Happens(Approved(1, Start), Approved(1, Start));
        Assert.Equal([$"council-approval-{Call}-{Person(1)}: CouncilApprovalCounted"], chain.Violations);
    }

    [Fact]
    public void Members_approve_once_an_attempt_and_anyone_executes()
    {
        var call = Chain().Happens(Approved(1, Start), Approved(2, Start), Approved(3, Start)).Of(CouncilCalls.Fold, Call);
        CouncilCalls.Approve Approve(bool member, uint last = 0) => new(Owner, Call, member, last);
        Granted(CouncilCalls.Decide(null, Approve(true), Start));
        Granted(CouncilCalls.Decide(call, Approve(true), Start));
        Granted(CouncilCalls.Decide(call, Approve(true, 1), Start + Week));
        Refused("OnlyMember", CouncilCalls.Decide(call, Approve(false), Start));
        Refused("AlreadyApproved", CouncilCalls.Decide(call, Approve(true, 1), Start));
        Refused("AlreadyExecuted", CouncilCalls.Decide(call with { IsExecuted = true }, Approve(true), Start));
        Granted(CouncilCalls.Decide(call, new CouncilCalls.Execute(Stranger, Call, 3), Start));
        Refused("NotEnoughApprovals", CouncilCalls.Decide(call, new CouncilCalls.Execute(Stranger, Call, 2), Start));
        Refused("NotEnoughApprovals", CouncilCalls.Decide(null, new CouncilCalls.Execute(Stranger, Call, 3), Start));
        Refused("ApprovalsExpired", CouncilCalls.Decide(call, new CouncilCalls.Execute(Stranger, Call, 3), Start + Week));
        Refused("AlreadyExecuted", CouncilCalls.Decide(call with { IsExecuted = true }, new CouncilCalls.Execute(Stranger, Call, 3), Start));
        Assert.Throws<ArgumentException>(() => CouncilCalls.Decide(call, new Tasks.Cancel(Owner, 1), Start));
    }

    private static SmallChain Chain() => new(Start, CouncilCalls.Fold, CouncilApprovals.Fold);

    private static CouncilCallApproved Approved(byte member, ulong from) =>
        new(Call, Person(member), Owner, new Bytes([1]), Hash(2), from + Week);
}
