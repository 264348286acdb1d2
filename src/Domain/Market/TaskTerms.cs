// The terms that a task was created with and that never change: its windows, its specification and the parameters that
// it keeps. Enters: the creation alone. Leaves: one row a task, so that the task's own row, which changes often, stays
// small. Always holds: no second creation.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Market;

/// <summary>The terms and rules of a task.</summary>
public static class TaskTerms
{
    // Events

    /// <summary>Routes the creation to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("task-terms", Evolve)
        .Also<TaskCreated>(e => e.TaskId);

    // State

    /// <summary>
    /// The fixed terms of a task: windows, specification, and the parameters that were in force at its creation.
    /// </summary>
    /// <param name="TaskId">The task.</param>
    /// <param name="SpecHash">The hash of the specification.</param>
    /// <param name="SpecUri">The place where the specification can be read.</param>
    /// <param name="BidWindow">The number of seconds for which the first round takes bids.</param>
    /// <param name="RevealWindow">The number of seconds for which a sealed auction reveals; 0 in every other
    /// mode.</param>
    /// <param name="StartWindow">The number of seconds within which the winner must start.</param>
    /// <param name="DeliverWindow">The number of seconds that the winner has to deliver, counted from its
    /// start.</param>
    /// <param name="ReviewWindow">The number of seconds for which the client may review.</param>
    /// <param name="LeaseTtl">The number of seconds for which the winner's lease lives without a heartbeat.</param>
    /// <param name="Grace">The number of seconds after the lease's expiry from which anybody may end the lease.</param>
    /// <param name="Fee">The protocol's fee on the price, in hundredths of a percent.</param>
    /// <param name="YieldRate">The cost of giving the work back, in hundredths of a percent of half the bond.</param>
    /// <param name="NoStartRate">The cost of not starting in time.</param>
    /// <param name="LapseRate">The cost of letting the lease lapse.</param>
    /// <param name="MissedRate">The cost of a missed delivery.</param>
    /// <param name="UnrevealedRate">The cost of a bid that is never revealed.</param>
    /// <param name="PriceWeight">The weight of the price in a bid's score.</param>
    /// <param name="ReputationWeight">The weight of the reputation in a bid's score.</param>
    /// <param name="RecencyWeight">The weight of recent work in a bid's score.</param>
    /// <param name="MaxRounds">The highest number of bidding rounds.</param>
    /// <param name="RecencyHalfLife">The half-life of recency, in seconds.</param>
    /// <param name="ReputationHalf">The reputation that earns half of the highest possible reputation score.</param>
    public sealed record State(
        ulong TaskId,
        Word SpecHash,
        string SpecUri,
        uint BidWindow,
        uint RevealWindow,
        uint StartWindow,
        uint DeliverWindow,
        uint ReviewWindow,
        uint LeaseTtl,
        uint Grace,
        ushort Fee,
        ushort YieldRate,
        ushort NoStartRate,
        ushort LapseRate,
        ushort MissedRate,
        ushort UnrevealedRate,
        ushort PriceWeight,
        ushort ReputationWeight,
        ushort RecencyWeight,
        ushort MaxRounds,
        uint RecencyHalfLife,
        UInt128 ReputationHalf);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, TaskCreated e) => Create(e, e.Terms, e.Rules),
        _ => null,
    };

    private static State Create(TaskCreated e, Terms terms, Rules rules) => new(
        e.TaskId, terms.SpecHash, terms.SpecURI, terms.BidWindow,
        // The market keeps this window for sealed auctions alone: other modes have nothing to reveal.
        terms.Mode == (byte)Tasks.Mode.Sealed ? terms.RevealWindow : 0,
        terms.StartWindow, terms.DeliverWindow, terms.ReviewWindow, terms.LeaseTtl, terms.Grace,
        rules.Fee, rules.YieldRate, rules.NoStartRate, rules.LapseRate, rules.MissedRate, rules.UnrevealedRate,
        rules.WPrice, rules.WRep, rules.WRec, rules.MaxRounds, rules.RecHalfLife, rules.RepK);
}
