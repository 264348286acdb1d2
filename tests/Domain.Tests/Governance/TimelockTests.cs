// The timelock: its delay, its operations and its roles, with and without a proposal behind them.
using static EventSourced.Domain.Tests.Governance.GovernanceSamples;
using static EventSourced.Domain.Tests.Samples;
using Status = EventSourced.Domain.TimelockOperations.Status;

namespace EventSourced.Domain.Tests.Governance;

public class TimelockTests
{
    [Fact]
    public void The_timelock_knows_where_it_is_how_long_it_delays_and_what_it_was_given_last()
    {
        var chain = Deployed();
        Assert.Equal(new Timelocks.State("timelock", Person(30), 2 * Day, default, Start), chain.Of(Timelocks.Fold, Timelocks.Key));
        chain.After(1).Happens(new MinDelayChange(2 * Day, 3 * Day), Scheduled(0));
        Assert.Equal(
            new Timelocks.State("timelock", Person(30), 3 * Day, Operation, Start + 1), chain.Of(Timelocks.Fold, Timelocks.Key));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Changes_start_where_the_last_one_ended_and_nothing_is_queued_before_it_is_scheduled()
    {
        var timelock = Deployed().Of(Timelocks.Fold, Timelocks.Key);
        Assert.Null(Timelocks.Fold.Evolve(timelock, new MinDelayChange(1, 2), default));
        Assert.Null(Timelocks.Fold.Evolve(timelock, new TimelockChange(Owner, Client), default));
        Assert.Null(Timelocks.Fold.Evolve(timelock, new ProposalQueued(Id, Eta), default));
        Assert.Null(Timelocks.Fold.Evolve(null, Scheduled(0), default));
        Assert.Null(Timelocks.Fold.Evolve(timelock, new CreditNonceUsed(Owner, 0), default));
    }

    [Fact]
    public void An_operation_waits_is_ready_and_is_done_once_all_its_calls_were_made()
    {
        var chain = Scheduled();
        Assert.Equal(
            new TimelockOperations.State(
                Operation, Status.Waiting, default, 2, 0, default, Hash(3), Start, Start + 2 * Day, default, TimelockOperations.Overdue.None),
            chain.Waiting());
        Assert.Equal(Status.Waiting, TimelockOperations.StateAt(chain.Waiting(), Start + 2 * Day - 1));
        Assert.Equal(Status.Ready, TimelockOperations.StateAt(chain.Waiting(), Start + 2 * Day));
        Assert.Equal(new Instant(Start + 32 * Day), TimelockOperations.ExpiryOf(chain.Waiting()));
        chain.Until(Start + 2 * Day).Happens(Executed(0));
        Assert.Equal((Status.Waiting, 1U), (chain.Waiting().Status, chain.Waiting().CallsMade));
        chain.Happens(Executed(1));
        Assert.Equal((Status.Done, new Instant(Start + 2 * Day)), (chain.Waiting().Status, chain.Waiting().EndedAt));
        Assert.Equal(default, TimelockOperations.ExpiryOf(chain.Waiting()));
        Assert.Empty(chain.Followed.OfType<Proposals.ProposalOperationMoved>());
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Calls_are_scheduled_together_and_made_in_their_order_and_time()
    {
        var waiting = Scheduled().Waiting();
        var ready = new At(9, Start + 2 * Day);
        Assert.Null(TimelockOperations.Fold.Evolve(waiting, Scheduled(2), new At(1, Start)));
        Assert.Null(TimelockOperations.Fold.Evolve(waiting with { Salt = default }, Scheduled(3), new At(1, Start)));
        Assert.Null(TimelockOperations.Fold.Evolve(waiting with { Salt = default }, Scheduled(2), new At(2, Start + 1)));
        Assert.Null(TimelockOperations.Fold.Evolve(waiting, new CallSalt(Operation, Hash(4)), new At(1, Start)));
        Assert.Null(TimelockOperations.Fold.Evolve(waiting, Executed(1), ready));
        Assert.Null(TimelockOperations.Fold.Evolve(waiting with { CallsMade = 2 }, Executed(0) with { Index = 2 }, ready));
        Assert.Null(TimelockOperations.Fold.Evolve(waiting, Executed(0), new At(8, Start + 2 * Day - 1)));
        Assert.Null(TimelockOperations.Fold.Evolve(null, Executed(0), ready));
        Assert.Null(TimelockOperations.Fold.Evolve(null, Scheduled(1), ready));
        Assert.Null(TimelockOperations.Fold.Evolve(waiting with { Status = Status.Done }, new Cancelled(Operation), ready));
        Assert.Null(TimelockOperations.Fold.Evolve(waiting, new TimelockOperations.OperationDeadlinePassed(Operation, 2, Start), ready));
    }

    [Fact]
    public void An_operation_without_calls_is_known_by_its_salt_and_has_no_deadline()
    {
        var chain = Deployed().Happens(new CallSalt(Operation, Hash(3)));
        Assert.Equal((Status.Waiting, 0U, Hash(3)), (chain.Waiting().Status, chain.Waiting().Calls, chain.Waiting().Salt));
        Assert.Empty(chain.Until(Start + 99 * Day).Followed);
        Assert.Equal(Status.Unset, chain.Happens(new Cancelled(Operation)).Waiting().Status);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void What_was_executed_is_what_was_scheduled()
    {
        var call = Scheduled().Of(TimelockCalls.Fold, TimelockCalls.KeyOf(Operation, 0));
        Assert.NotNull(TimelockCalls.Fold.Evolve(call, Executed(0), default));
        Assert.Null(TimelockCalls.Fold.Evolve(call, Executed(0) with { Target = Owner }, default));
        Assert.Null(TimelockCalls.Fold.Evolve(call, Executed(0) with { Value = new UInt256(0, 9) }, default));
        Assert.Null(TimelockCalls.Fold.Evolve(call, Executed(0) with { Data = default }, default));
        Assert.Null(TimelockCalls.Fold.Evolve(null, Executed(0), default));
        Assert.Null(TimelockCalls.Fold.Evolve(call with { ExecutedAt = Start }, Executed(0), default));
    }

    [Fact]
    public void A_role_is_granted_and_revoked_in_turns()
    {
        var key = TimelockRoles.KeyOf(Hash(1), Owner);
        var (granted, revoked) = (new TimelockRoleGranted(Hash(1), Owner, Client), new TimelockRoleRevoked(Hash(1), Owner, Stranger));
        var chain = Deployed().Happens(granted);
        var role = chain.Of(TimelockRoles.Fold, key);
        Assert.Equal(new TimelockRoles.State(key, Hash(1), Owner, true, Client, Start), role);
        Assert.Null(TimelockRoles.Fold.Evolve(role, granted, default));
        Assert.Null(TimelockRoles.Fold.Evolve(null, revoked, default));
        chain.Happens(revoked);
        Assert.Equal((false, Stranger), (chain.Of(TimelockRoles.Fold, key).IsHeld, chain.Of(TimelockRoles.Fold, key).Sender));
        Assert.True(chain.Happens(granted).Of(TimelockRoles.Fold, key).IsHeld);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Anyone_executes_what_is_ready_and_cancellers_cancel_what_is_pending()
    {
        var waiting = Scheduled().Waiting();
        var execute = new TimelockOperations.ExecuteOperation(Owner, Operation, false);
        var cancel = new TimelockOperations.CancelOperation(Owner, Operation, true);
        Granted(TimelockOperations.Decide(waiting, execute, Start + 2 * Day));
        Refused("TimelockUnexpectedOperationState", TimelockOperations.Decide(waiting, execute, Start + 2 * Day - 1));
        Refused("OperationExpired", TimelockOperations.Decide(waiting, execute, Start + 32 * Day));
        Refused("TimelockUnexpectedOperationState", TimelockOperations.Decide(null, execute, Start));
        Refused("TimelockUnexpectedOperationState", TimelockOperations.Decide(waiting with { Status = Status.Done }, cancel, Start));
        Refused("TimelockUnexecutedPredecessor", TimelockOperations.Decide(waiting with { Predecessor = Hash(8) }, execute, Start + 2 * Day));
        Granted(TimelockOperations.Decide(
            waiting with { Predecessor = Hash(8) }, execute with { IsPredecessorDone = true }, Start + 2 * Day));
        Granted(TimelockOperations.Decide(waiting, cancel, Start));
        Refused("AccessControlUnauthorizedAccount", TimelockOperations.Decide(waiting, cancel with { IsCanceller = false }, Start));
        Assert.Throws<ArgumentException>(() => TimelockOperations.Decide(waiting, new Tasks.Cancel(Owner, 1), Start));
    }

    private static SmallChain Scheduled() => Deployed().Happens(
        GovernanceSamples.Scheduled(0), GovernanceSamples.Scheduled(1), new CallSalt(Operation, Hash(3)));

    private static CallScheduled Scheduled(ulong index) => GovernanceSamples.Scheduled(index);
}
