// What a call of the council would do: data and salt, which never change and may be large. Enters: approvals. Leaves:
// what `execute` has to be given. Always holds: the id of a call is the hash of all this, so every approval says the
// same.
namespace EventSourced.Domain;

/// <summary>The words of one call of the council.</summary>
public static class CouncilCalldata
{
    // Events

    /// <summary>How a call's words reach it.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("council-calldata", Evolve)
        .Also<CouncilCallApproved>(e => e.CallId);

    // State

    /// <summary>The words of a call.</summary>
    /// <param name="CallId">The call.</param>
    /// <param name="Target">Which contract it calls.</param>
    /// <param name="Data">With which data.</param>
    /// <param name="Salt">What tells it from an equal call.</param>
    public sealed record State(Word CallId, Address Target, Bytes Data, Word Salt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, CouncilCallApproved e) => new State(e.CallId, e.Target, e.Data, e.Salt),
        (_, CouncilCallApproved e) when e.Target == state.Target && e.Salt == state.Salt && e.Data == state.Data => state,
        _ => null,
    };
}
