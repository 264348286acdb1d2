// The timelock: its delay, its roles, and operations that wait, are executed in order, expire, or are cancelled and
// come again.
using EventSourced.Domain.Events;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;
using static EventSourced.Domain.Tests.Governance.GovernanceSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Governance;

public class TimelockTests
{
    private static SmallChain Waiting() =>
        Economy().Happens(Scheduled(0), Scheduled(1), new CallSalt(Operation, Hash(9)));

    private static Timelocks.State Whole(SmallChain chain) => chain.Of(Timelocks.Fold, Timelocks.Key);

    private static TimelockOperations.State Row(SmallChain chain) => chain.Of(TimelockOperations.Fold, Operation);

    [Fact]
    public void The_delay_changes_from_where_it_stood()
    {
        var chain = Economy().After(1).Happens(new MinDelayChange(Delay, Day)).Sound();
        Assert.Equal(((UInt128)Day, chain.Now), (Whole(chain).MinDelay, Whole(chain).ChangedAt));
        Economy().Forbids(new MinDelayChange(Day, Delay));
        Economy().Forbids(new TimelockChange(Person(31), Person(32)));
        Assert.Equal(Person(32), Whole(Economy().Happens(new TimelockChange(Person(30), Person(32))).Sound()).Location);
    }

    [Fact]
    public void Nothing_is_scheduled_before_there_is_a_delay_and_nothing_queued_before_it_is_scheduled()
    {
        new SmallChain(Start, Timelocks.Fold).Forbids(Scheduled(0));
        new SmallChain(
            Start, Timelocks.Fold).Happens(new MinDelayChange(0, Delay)).Forbids(new ProposalQueued(Id, Eta));
    }

    [Fact]
    public void Calls_of_an_operation_are_scheduled_together()
    {
        var row = Row(Waiting().Sound());
        Assert.Equal((TimelockOperations.Status.Waiting, 2U, 0U, Hash(9), new Instant(Start + Delay)),
            (row.Status, row.Calls, row.CallsMade, row.Salt, row.ReadyAt));
        Economy().Forbids(Scheduled(1));
        Economy().Happens(Scheduled(0)).Forbids(Scheduled(2));
        Economy().Happens(Scheduled(0)).After(1).Forbids(Scheduled(1));
        Waiting().Forbids(Scheduled(2));
        Waiting().Forbids(new CallSalt(Operation, Hash(9)));
        Waiting().Forbids(Scheduled(0));
    }

    [Fact]
    public void Calls_are_made_in_their_order_inside_the_window()
    {
        Waiting().Until(Start + Delay - 1).Forbids(Made(0));
        Waiting().Until(Start + Delay).Forbids(Made(1));
        Waiting().Until(Start + Delay + Window).Forbids(Made(0));
        var chain = Waiting().Until(Start + Delay + Window - 1).Happens(Made(0));
        Assert.Equal((TimelockOperations.Status.Waiting, 1U), (Row(chain).Status, Row(chain).CallsMade));
        chain.Happens(Made(1)).Sound();
        Assert.Equal((TimelockOperations.Status.Done, chain.Now), (Row(chain).Status, Row(chain).EndedAt));
        Assert.Equal(chain.Now, chain.Of(TimelockCalls.Fold, TimelockCalls.KeyOf(Operation, 1)).ExecutedAt);
        chain.Forbids(new Cancelled(Operation));
    }

    [Fact]
    public void What_is_made_is_what_was_scheduled()
    {
        var ready = Waiting().Until(Start + Delay);
        ready.Forbids(Made(0) with { Target = Stranger });
        Waiting().Until(Start + Delay).Forbids(Made(0) with { Data = default });
        Waiting().Until(Start + Delay).Forbids(Made(0) with { Value = new UInt256(0, 9) });
    }

    [Fact]
    public void What_was_cancelled_may_be_scheduled_again()
    {
        var chain = Waiting().After(5).Happens(new Cancelled(Operation)).Sound();
        Assert.Equal((TimelockOperations.Status.Unset, chain.Now), (Row(chain).Status, Row(chain).EndedAt));
        chain.After(5).Happens(Scheduled(0), Scheduled(1), new CallSalt(Operation, Hash(9))).Sound();
        Assert.Equal(
            (TimelockOperations.Status.Waiting, chain.Now.Plus(Delay), default),
            (Row(chain).Status, Row(chain).ReadyAt, Row(chain).EndedAt));
        Waiting().Happens(new Cancelled(Operation)).Forbids(new Cancelled(Operation));
        Economy().Forbids(new Cancelled(Operation));
    }

    [Fact]
    public void An_operation_without_calls_is_known_by_its_salt()
    {
        var row = Row(Economy().Happens(new CallSalt(Operation, Hash(9))).Until(Start + 10 * Window).Sound());
        Assert.Equal((TimelockOperations.Status.Waiting, 0U, TimelockOperations.Overdue.None), (row.Status, row.Calls,
            row.Overdue));
    }

    [Fact]
    public void Time_makes_an_operation_ready_and_then_void()
    {
        var chain = Waiting().Until(Start + Delay).Sound();
        Assert.Equal((TimelockOperations.Overdue.Delay, TimelockOperations.Status.Ready),
            (Row(chain).Overdue, TimelockOperations.StateAt(Row(chain), chain.Now)));
        Assert.Equal(TimelockOperations.Status.Waiting, TimelockOperations.StateAt(Row(chain), Start));
        Assert.Equal(new Instant(Start + Delay + Window), TimelockOperations.ExpiryOf(Row(chain)));
        Assert.Equal(TimelockOperations.Overdue.Execution, Row(chain.Until(Start + Delay + Window).Sound()).Overdue);
        Assert.Equal(default, TimelockOperations.ExpiryOf(Row(chain.Happens(new Cancelled(Operation)).Sound())));
    }

    [Fact]
    public void A_role_is_granted_to_who_lacks_it_and_revoked_from_who_has_it()
    {
        var (role, key) = (Hash(7), TimelockRoles.KeyOf(Hash(7), Owner));
        var chain = Economy().Happens(new TimelockRoleGranted(role, Owner, Client)).Sound();
        Assert.True(chain.Of(TimelockRoles.Fold, key).IsHeld);
        chain.Happens(new TimelockRoleRevoked(role, Owner, Stranger)).Sound();
        Assert.Equal(
            (false, Stranger), (chain.Of(TimelockRoles.Fold, key).IsHeld, chain.Of(TimelockRoles.Fold, key).Sender));
        chain.Happens(
            new TimelockRoleGranted(role, Owner, Client)).Forbids(new TimelockRoleGranted(role, Owner, Client));
        Economy().Forbids(new TimelockRoleRevoked(role, Owner, Client));
    }

    [Fact]
    public void Decide_answers_who_executes_as_the_timelock_would()
    {
        var row = Row(Waiting());
        var execute = new TimelockOperations.Execute(Stranger, Operation, false);
        Granted(TimelockOperations.Decide(row, execute, Start + Delay));
        Refused("TimelockUnexpectedOperationState", TimelockOperations.Decide(row, execute, Start + Delay - 1));
        Refused("OperationExpired", TimelockOperations.Decide(row, execute, Start + Delay + Window));
        Refused("TimelockUnexpectedOperationState", TimelockOperations.Decide(null, execute, Start));
        Refused("TimelockUnexecutedPredecessor", TimelockOperations.Decide(row with { Predecessor = Hash(8) }, execute,
            Start + Delay));
        Granted(TimelockOperations.Decide(
            row with { Predecessor = Hash(8) }, execute with { IsPredecessorDone = true }, Start + Delay));
    }

    [Fact]
    public void Decide_answers_who_cancels_as_the_timelock_would()
    {
        var row = Row(Waiting());
        Granted(TimelockOperations.Decide(row, new TimelockOperations.Cancel(Owner, Operation, true), Start));
        Refused("AccessControlUnauthorizedAccount",
            TimelockOperations.Decide(row, new TimelockOperations.Cancel(Owner, Operation, false), Start));
        Refused("TimelockUnexpectedOperationState", TimelockOperations.Decide(
            row with { Status = TimelockOperations.Status.Done }, new TimelockOperations.Cancel(Owner, Operation,
            true), Start));
        Assert.Throws<ArgumentException>(
            () => TimelockOperations.Decide(row, new Breakers.Reset(Owner, default, true), Start));
    }
}
