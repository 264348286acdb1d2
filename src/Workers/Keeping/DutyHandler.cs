// The handler of duties. Enters: a duty from the durable inbox. Leaves: a command under the duty's key, or a note why
// it must wait, in one transaction with the mark "handled". Always holds: a duty that is no longer due is dropped
// quietly; a refusal that names a later time is believed; a thing whose commands failed too often is a dead letter.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Workers.Acting;
using Marten;

namespace EventSourced.Workers.Keeping;

/// <summary>Handles a <see cref="Duty"/>.</summary>
public static class DutyHandler
{
    // The contracts' refusal of a call that is not yet due. Its first argument is the second from which on it is due.
    private const string TooEarly = "TooEarly";

    /// <summary>Acts on a duty that is due.</summary>
    public static async Task HandleAsync(
        Duty duty, IDocumentSession session, KeeperDesk desk, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(duty);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(desk);
        await session.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        var connection = session.Connection!;
        if (await DutyTable.LockAsync(connection, duty, cancellation).ConfigureAwait(false) is not { } row) return;
        if (row.State == DutyState.GivenUp) throw GivenUp(duty, row, desk);
        if (row.State != DutyState.Told) return;
        if (desk.Work is not { } work || work.Keeper(duty.Keeper) is not { } keeper
            || work.Account() is not { } account)
        {
            Move(session, duty, row, DutyState.Waiting, new KeepingOptions().FirstPause);
            return;
        }

        try
        {
            await ActAsync(duty, session, row, work, keeper, account, cancellation).ConfigureAwait(false);
        }
        catch (RpcException fault) when (fault.IsTransient)
        {
            // A node that is away for a while causes no dead letters.
            work.Log.KeeperFaultSurvived(fault.Message);
            Move(session, duty, row, DutyState.Waiting, work.Options.NodePause, said: fault.Message);
        }
    }

    private static async Task ActAsync(
        Duty duty, IDocumentSession session, DutyRow row, KeeperWork work, Keeper keeper, Address account,
        CancellationToken cancellation)
    {
        var connection = session.Connection!;
        var now = await Moment.ReadAsync(connection, work.Actor, cancellation).ConfigureAwait(false);
        var due = now is null ? [] : await DutyTable.DueAsync(
            connection, keeper, now, 1, cancellation, duty).ConfigureAwait(false);
        if (due is not [var found])
        {
            session.QueueSqlCommand(DutyTable.Forget, duty.Keeper, duty.Thing, duty.Round, duty.DueSeconds);
            return;
        }

        var done = await work.Actor.CallAsync(
            work.DeedOf(keeper, found, row.Tries), account, session, cancellation).ConfigureAwait(false);
        Note(session, duty, row, work, keeper, done);
    }

    private static void Note(
        IDocumentSession session, Duty duty, DutyRow row, KeeperWork work, Keeper keeper, Done done)
    {
        switch (done)
        {
            case Done.Accepted { Id: var id }:
                work.Log.KeeperSent(duty.Keeper, duty.Thing, id);
                Move(session, duty, row, DutyState.Sent, TimeSpan.Zero, id);
                break;
            case Done.Known { Command.Id: var id }:
                Move(session, duty, row, DutyState.Sent, TimeSpan.Zero, id);
                break;
            case Done.Refused { Code: TooEarly } early:
                Move(session, duty, row, DutyState.Waiting, TimeSpan.Zero, from: early.FromSecond, said: early.Reason);
                break;
            case Done.Refused moot when keeper.Moot.Contains(moot.Code):
                // Nothing is left to do in this round, even if the index still shows the thing as due.
                Move(session, duty, row, DutyState.Over, TimeSpan.Zero, said: moot.Reason, block: long.MaxValue);
                break;
            case Done.Refused refused:
                work.Log.KeeperRefused(duty.Keeper, duty.Thing, refused.Reason);
                Move(
                    session, duty, row with { Refusals = row.Refusals + 1 }, DutyState.Waiting,
                    work.Options.FirstPause * (1 << Math.Min(row.Refusals, work.Options.MostDoublings)),
                    said: refused.Reason);
                break;
            case Done.Busy busy:
                Move(session, duty, row, DutyState.Waiting, busy.RetryAfter, said: "too many commands wait");
                break;
            default:
                throw new InvalidOperationException($"expected an answer of an actor, found {done.GetType().Name}");
        }
    }

    private static void Move(
        IDocumentSession session, Duty duty, DutyRow row, DutyState state, TimeSpan pause, Guid? command = null,
        long from = 0, string? said = null, long block = 0) =>
        session.QueueSqlCommand(
            DutyTable.Move, (short)state, Nullable(command), row.Refusals, from, Nullable(said), block, pause,
            duty.Keeper, duty.Thing, duty.Round, duty.DueSeconds);

    private static object Nullable<T>(T? value) => value is null ? DBNull.Value : value;

    private static DutyGivenUpException GivenUp(Duty duty, DutyRow row, KeeperDesk desk)
    {
        var reason = row.Said ?? "no reason is known";
        desk.Work?.Log.KeeperGaveUp(duty.Keeper, duty.Thing, row.Tries, reason);
        return new DutyGivenUpException(
            $"expected keeper {duty.Keeper} to clear {duty.Thing}, found that {row.Tries} commands failed: {reason}");
    }
}
