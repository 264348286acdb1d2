// One call that a proposal would make, with its data. Enters: the proposal's statement of the call. Always holds: it
// never changes.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one call of a proposal.</summary>
public static class ProposalCalls
{
    // Events

    /// <summary>Turns stated calls into rows.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("proposal-call", Evolve)
        .On<Proposals.ProposalCallStated>(KeyOf);

    // State

    /// <summary>A call that a proposal would make.</summary>
    /// <param name="Key">The proposal and the place, joined.</param>
    /// <param name="ProposalId">The proposal.</param>
    /// <param name="Index">The call's place among the proposal's calls, from 0.</param>
    /// <param name="Target">The contract that it calls.</param>
    /// <param name="Value">The amount of the chain's own coin that the call sends.</param>
    /// <param name="Data">The data of the call.</param>
    public sealed record State(string Key, Word ProposalId, ulong Index, Address Target, UInt256 Value, Bytes Data);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, Proposals.ProposalCallStated e) => new State(KeyOf(e), e.ProposalId, e.Index, e.Target, e.Value, e.Data),
        _ => null,
    };

    private static string KeyOf(Proposals.ProposalCallStated e) => $"{e.ProposalId}-{e.Index}";
}
