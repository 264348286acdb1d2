// Stake that is leaving. It waits, and it can be slashed while it waits. Once it is due, anybody may have it paid to
// the agent's owner. Enters: the stake's events, and the moves of its account of the vault. Always holds: the amount
// held never grows after the start, and is nothing once the owner is paid.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one unbonding.</summary>
public static class Unbondings
{
    // Events

    /// <summary>An unbonding is due. From now on anybody may have it paid to the agent's owner.</summary>
    /// <param name="UnbondId">The unbonding.</param>
    /// <param name="Due">The moment at which the deadline fell.</param>
    public sealed record UnbondingMatured(ulong UnbondId, Instant Due) : DerivedEvent;

    /// <summary>Routes the stake's events and moves of money to an unbonding.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("unbonding", Evolve)
        .On<UnbondingStarted>(e => e.UnbondId)
        .On<UnbondingEnded>(e => e.UnbondId)
        .On<UnbondingMatured>(e => e.UnbondId)
        .Also<Moved>(OfAccount)
        .Deadlines(NextDeadline, (unbonding, due) => new UnbondingMatured(unbonding.UnbondId, due.Due));

    // State

    /// <summary>The status of an unbonding; stored, never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>The unbonding waits for its time, or for its release.</summary>
        Waiting,

        /// <summary>The stake was paid to the agent's owner.</summary>
        Released,

        /// <summary>Slashes took all of it.</summary>
        Slashed,
    }

    /// <summary>Stake that an agent takes out, in its waiting time.</summary>
    /// <param name="UnbondId">The unbonding's number, from 1.</param>
    /// <param name="AgentId">The agent whose stake leaves.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="Amount">The amount that began to leave.</param>
    /// <param name="Held">The amount that is left.</param>
    /// <param name="StartedAt">The time at which the unbonding began.</param>
    /// <param name="ReleaseAt">The time from which it can be released.</param>
    /// <param name="EndedAt">The time at which the unbonding ended; 0: it waits.</param>
    /// <param name="IsMature">Whether the unbonding is due and not released yet.</param>
    public sealed record State(
        ulong UnbondId,
        ulong AgentId,
        Status Status,
        UInt128 Amount,
        UInt128 Held,
        Instant StartedAt,
        Instant ReleaseAt,
        Instant EndedAt,
        bool IsMature);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, UnbondingStarted e) =>
            new State(e.UnbondId, e.AgentId, Status.Waiting, 0, 0, at.Time, e.ReleaseAt, default, false),
        (null, _) => null,
        // The stake announces the start before it moves the money, and announces a release before it pays.
        ({ Status: Status.Waiting, Amount: var amount }, Moved e) when amount == 0 && IsInto(state, e) =>
            state with { Amount = e.Amount, Held = e.Amount },
        ({ Status: Status.Waiting }, Moved e)
            when !IsInto(state, e) && e.To == Accounts.Burn && e.Amount <= state.Held =>
            state with { Held = state.Held - e.Amount },
        ({ Status: Status.Released, Held: var held }, Moved e)
            when !IsInto(state, e) && Accounts.KindOf(e.To) == Accounts.Kind.Credit && e.Amount == held =>
                state with { Held = 0 },
        ({ Status: Status.Waiting }, UnbondingEnded e) when e.AgentId == state.AgentId => End(state, at),
        ({ Status: Status.Waiting, IsMature: false }, UnbondingMatured) => state with { IsMature = true },
        _ => null,
    };

    private static State? End(State unbonding, in At at)
    {
        var isEmpty = unbonding.Held == 0;
        if (unbonding.Amount == 0 || (!isEmpty && at.Time < unbonding.ReleaseAt)) return null;
        return unbonding with
        {
            Status = isEmpty ? Status.Slashed : Status.Released,
            EndedAt = at.Time,
            IsMature = false,
        };
    }

    private static bool OfAccount(Moved e, out ulong unbondId) =>
        Accounts.TryNumber(e.From, Accounts.Kind.Unbonding, out unbondId)
        || Accounts.TryNumber(e.To, Accounts.Kind.Unbonding, out unbondId);

    private static bool IsInto(State unbonding, Moved e) => e.To == Accounts.Unbonding(unbonding.UnbondId);

    private static Deadline? NextDeadline(State unbonding) =>
        unbonding is { Status: Status.Waiting, IsMature: false } ? new Deadline(unbonding.ReleaseAt, 1) : null;

    // Commands

    /// <summary>Pays an unbonding to the agent's owner.</summary>
    public sealed record Release(Address By, ulong UnbondId) : Command(By);

    // Decide

    /// <summary>Predicts the stake's answer to a command at a moment.</summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (null or { Status: not Status.Waiting }, Release c) =>
            Decision.Refuse("UnknownUnbonding", "an unbonding that waits", $"{c.UnbondId}"),
        ({ } waiting, Release) => now >= waiting.ReleaseAt
            ? Decision.Grant
            : Decision.Refuse("TooEarly", $"a time from {waiting.ReleaseAt}", $"{now}"),
        _ => throw new ArgumentException(
            $"expected a command to an unbonding, found {command.GetType().Name}", nameof(command)),
    };
}
