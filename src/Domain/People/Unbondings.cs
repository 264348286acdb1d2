// Stake on its way out: it waits, can be slashed while it does, and is paid to the agent's owner by whoever asks once
// it is due. Enters: the stake's events, and the moves of its account of the vault. Always holds: what is held never
// grows after the start, and is nothing once the owner is paid.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one unbonding.</summary>
public static class Unbondings
{
    // Events

    /// <summary>An unbonding is due: anybody may have it paid to the agent's owner.</summary>
    /// <param name="UnbondId">The unbonding.</param>
    /// <param name="Due">When it was due.</param>
    public sealed record UnbondingMatured(ulong UnbondId, Instant Due) : DerivedEvent;

    /// <summary>How the stake's events and moves of money reach an unbonding.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("unbonding", Evolve)
        .On<UnbondingStarted>(e => e.UnbondId)
        .On<UnbondingEnded>(e => e.UnbondId)
        .On<UnbondingMatured>(e => e.UnbondId)
        .Also<Moved>(OfAccount)
        .Deadlines(NextDeadline, (unbonding, due) => new UnbondingMatured(unbonding.UnbondId, due.Due));

    // State

    /// <summary>Where an unbonding stands. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>It waits, or waits to be released.</summary>
        Waiting,

        /// <summary>Released to the agent's owner.</summary>
        Released,

        /// <summary>Slashed until nothing was left.</summary>
        Slashed,
    }

    /// <summary>An unbonding.</summary>
    /// <param name="UnbondId">The unbonding's number, from 1.</param>
    /// <param name="AgentId">Whose stake.</param>
    /// <param name="Status">Where it stands.</param>
    /// <param name="Amount">How much began to leave.</param>
    /// <param name="Held">How much is left of it.</param>
    /// <param name="StartedAt">When it began.</param>
    /// <param name="ReleaseAt">From when on it can be released.</param>
    /// <param name="EndedAt">When it ended; 0: it waits.</param>
    /// <param name="IsMature">Whether it is due and nobody has asked for it yet.</param>
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
        // The stake tells the start, then moves the money; it tells a release before it pays.
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

    /// <summary>Has an unbonding paid to the agent's owner.</summary>
    public sealed record Release(Address By, ulong UnbondId) : Command(By);

    // Decide

    /// <summary>Says what the stake would answer to a command at a moment.</summary>
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
