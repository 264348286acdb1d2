// One answer of a validator; none is ever overwritten. The chain does not number answers: the place of an answer in the
// chain is its name, and their order is the order in which the registry's `responseAt` counts them.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>One answer to a validation.</summary>
public static class Verdicts
{
    // Events

    /// <summary>Turns answers, which stand in their validation's stream, into rows.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("verdict", Evolve)
        .Also<ValidationResponse>(KeyOf);

    // State

    /// <summary>A validator's answer to a request.</summary>
    /// <param name="Key">The request's hash, the block and the log, joined.</param>
    /// <param name="RequestHash">The request.</param>
    /// <param name="Validator">The address that answered.</param>
    /// <param name="AgentId">The agent whose work was checked.</param>
    /// <param name="Response">The answer, 0 to 100.</param>
    /// <param name="ResponseUri">The place where the answer can be read.</param>
    /// <param name="ResponseHash">The hash of the answer.</param>
    /// <param name="Tag">The tag of the answer.</param>
    /// <param name="Block">The block in which it was given.</param>
    /// <param name="LogIndex">The answer's place among the logs of the block.</param>
    /// <param name="RespondedAt">The time of the answer.</param>
    public sealed record State(
        string Key,
        Word RequestHash,
        Address Validator,
        ulong AgentId,
        byte Response,
        string ResponseUri,
        Word ResponseHash,
        string Tag,
        ulong Block,
        uint LogIndex,
        Instant RespondedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, ValidationResponse e) => new State(
            KeyOf(e, at), e.RequestHash, e.ValidatorAddress, e.AgentId, e.Response, e.ResponseURI, e.ResponseHash,
            e.Tag, at.Block, at.LogIndex, at.Time),
        _ => null,
    };

    private static string KeyOf(ValidationResponse e, At at) => $"{e.RequestHash}-{at.Block}-{at.LogIndex}";
}
