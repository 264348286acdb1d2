// The terms that a dispute keeps for its whole life, so that no later change of a parameter touches it. Enters: the
// event beside its opening. Leaves: one row a dispute. Always holds: it is written once.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Court;

/// <summary>The terms of a dispute.</summary>
public static class DisputeTerms
{
    // Events

    /// <summary>Routes the terms to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("dispute-terms", Evolve)
        .Also<DisputeBonded>(e => e.DisputeId);

    // State

    /// <summary>The fixed terms of a dispute.</summary>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Principal">The address that may challenge without an agent: the client, owner or sponsor of the
    /// subject.</param>
    /// <param name="IsDeterministic">Whether the truth can be computed. Dissent costs more in that case.</param>
    /// <param name="Strikes">The number of recent rulings against the respondent, at most 2. Each makes the panels
    /// larger.</param>
    /// <param name="Pledge">The account that the respondent's bond came from.</param>
    /// <param name="Bond">The bond that each side puts up.</param>
    /// <param name="MinSeat">The least amount that a seat pledges. A seat of revision 1.1 has no least bond: this is
    /// then 0.</param>
    /// <param name="MaxSeat">The most that a seat pledges.</param>
    /// <param name="CommitWindow">The number of seconds in which verifiers commit hidden votes.</param>
    /// <param name="RevealWindow">The number of seconds in which verifiers reveal their votes.</param>
    /// <param name="AppealWindow">The number of seconds for which a ruling may be appealed.</param>
    /// <param name="DrawWindow">The number of seconds within which a panel must be drawn.</param>
    /// <param name="AbsentSlash">The penalty for an unrevealed vote, in hundredths of a percent of the seat's
    /// pledge.</param>
    /// <param name="IncoherentSlash">The penalty for a vote against the ruling, in hundredths of a percent of the
    /// seat's pledge.</param>
    /// <param name="WithdrawCut">The price of taking a challenge back, in hundredths of a percent of the bond.</param>
    public sealed record State(
        ulong DisputeId,
        Address Principal,
        bool IsDeterministic,
        byte Strikes,
        Word Pledge,
        UInt128 Bond,
        UInt128 MinSeat,
        UInt128 MaxSeat,
        uint CommitWindow,
        uint RevealWindow,
        uint AppealWindow,
        uint DrawWindow,
        ushort AbsentSlash,
        ushort IncoherentSlash,
        ushort WithdrawCut);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, DisputeBonded { DisputeId: var id, Terms: var kept }) => new State(
            id, kept.Principal, kept.Deterministic, kept.Strikes, kept.Pledge, kept.Bond, kept.MinSeat, kept.MaxSeat,
            kept.CommitWindow, kept.RevealWindow, kept.AppealWindow, kept.DrawWindow, kept.AbsentSlash,
            kept.IncoherentSlash, kept.WithdrawCut),
        _ => null,
    };
}
