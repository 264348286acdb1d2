// What a task was created with and what never changes: its windows, its specification and the parameters that it keeps.
// Enters: the creation alone. Leaves: one row a task, so that the task's own row, which changes often, stays small.
// Always holds: no second creation.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Market;

/// <summary>The terms and rules of a task.</summary>
public static class TaskTerms
{
    // Events

    /// <summary>How the creation reaches it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("task-terms", Evolve)
        .Also<TaskCreated>(e => e.TaskId);

    // State

    /// <summary>Terms and rules beside those of the task's own row.</summary>
    /// <param name="TaskId">The task.</param>
    /// <param name="SpecHash">The hash of what is wanted.</param>
    /// <param name="SpecUri">Where it can be read.</param>
    /// <param name="BidWindow">For how many seconds the first round takes bids.</param>
    /// <param name="RevealWindow">For how many seconds a sealed auction reveals; 0 in every other mode.</param>
    /// <param name="StartWindow">Within how many seconds the winner must start.</param>
    /// <param name="DeliverWindow">Within how many seconds after that it must deliver.</param>
    /// <param name="ReviewWindow">For how many seconds the client may review.</param>
    /// <param name="LeaseTtl">For how many seconds the winner's lease lives without a heartbeat.</param>
    /// <param name="Grace">How many seconds after its expiry anybody may end the lease.</param>
    /// <param name="Fee">The protocol's part of the price, in hundredths of a percent.</param>
    /// <param name="YieldRate">What giving back costs, in hundredths of a percent of half the bond.</param>
    /// <param name="NoStartRate">What not starting costs.</param>
    /// <param name="LapseRate">What letting the lease lapse costs.</param>
    /// <param name="MissedRate">What a missed delivery costs.</param>
    /// <param name="UnrevealedRate">What a bid that is never revealed costs.</param>
    /// <param name="PriceWeight">How much the price weighs in a bid's score.</param>
    /// <param name="ReputationWeight">How much the reputation weighs.</param>
    /// <param name="RecencyWeight">How much recent work weighs.</param>
    /// <param name="MaxRounds">The most rounds of bidding.</param>
    /// <param name="RecencyHalfLife">After how many seconds recency has halved.</param>
    /// <param name="ReputationHalf">The score that is worth half of the best one.</param>
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
        // The market keeps the window of a sealed auction alone: no other has anything to reveal.
        terms.Mode == (byte)Tasks.Mode.Sealed ? terms.RevealWindow : 0,
        terms.StartWindow, terms.DeliverWindow, terms.ReviewWindow, terms.LeaseTtl, terms.Grace,
        rules.Fee, rules.YieldRate, rules.NoStartRate, rules.LapseRate, rules.MissedRate, rules.UnrevealedRate,
        rules.WPrice, rules.WRep, rules.WRec, rules.MaxRounds, rules.RecHalfLife, rules.RepK);
}
