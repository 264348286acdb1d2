// A request to check an agent's work, and the latest answer to it; every answer has a row of its own in `verdict`.
// Always holds: a request has one validator for good; the latest answer is the one that the registry's
// `getValidationStatus` gives.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one validation.</summary>
public static class Validations
{
    // Events

    /// <summary>Routes the registry's events to a validation.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("validation", Evolve)
        .On<ValidationRequest>(e => e.RequestHash)
        .On<ValidationResponse>(e => e.RequestHash);

    // State

    /// <summary>A request to check an agent's work, with its latest answer.</summary>
    /// <param name="RequestHash">The hash that names the request.</param>
    /// <param name="Validator">The address that was asked to check.</param>
    /// <param name="AgentId">The agent whose work is checked.</param>
    /// <param name="RequestUri">The place where the request can be read.</param>
    /// <param name="Responses">The number of answers.</param>
    /// <param name="Response">The latest answer, 0 to 100.</param>
    /// <param name="ResponseUri">The place where the latest answer can be read.</param>
    /// <param name="ResponseHash">The hash of the latest answer.</param>
    /// <param name="Tag">The tag of the latest answer.</param>
    /// <param name="RequestedAt">The time of the request.</param>
    /// <param name="RespondedAt">The time of the latest answer; 0: not yet.</param>
    public sealed record State(
        Word RequestHash,
        Address Validator,
        ulong AgentId,
        string RequestUri,
        ulong Responses,
        byte Response,
        string ResponseUri,
        Word ResponseHash,
        string Tag,
        Instant RequestedAt,
        Instant RespondedAt);

    // Evolve

    private const byte Highest = 100;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, ValidationRequest { ValidatorAddress.IsZero: false, RequestHash.IsZero: false } e) => new State(
            e.RequestHash, e.ValidatorAddress, e.AgentId, e.RequestURI, 0, 0, "", default, "", at.Time, default),
        (not null, ValidationResponse { Response: <= Highest } e)
            when e.ValidatorAddress == state.Validator && e.AgentId == state.AgentId => state with
            {
                Responses = state.Responses + 1,
                Response = e.Response,
                ResponseUri = e.ResponseURI,
                ResponseHash = e.ResponseHash,
                Tag = e.Tag,
                RespondedAt = at.Time,
            },
        _ => null,
    };

    // Commands

    /// <summary>Asks a validator to check an agent's work.</summary>
    /// <param name="By">The address that asks, for the agent.</param>
    /// <param name="Validator">The address that is asked.</param>
    /// <param name="AgentId">The agent whose work is checked.</param>
    /// <param name="RequestHash">The hash that names the request.</param>
    /// <param name="ValidatorActsForAgent">Whether the validator may act for the agent, as <see cref="Agents.MayAct"/>
    /// says.</param>
    public sealed record Request(
        Address By, Address Validator, ulong AgentId, Word RequestHash, bool ValidatorActsForAgent) : Command(By);

    /// <summary>Answers a request.</summary>
    /// <param name="By">The validator.</param>
    /// <param name="RequestHash">The request.</param>
    /// <param name="Response">The answer, 0 to 100.</param>
    /// <param name="ValidatorActsForAgent">Whether the validator may by now act for the agent.</param>
    public sealed record Respond(Address By, Word RequestHash, byte Response, bool ValidatorActsForAgent) : Command(By);

    // Decide

    /// <summary>
    /// Predicts the registry's answer to a command. The agent's own state decides whether the signer may act for it.
    /// </summary>
    public static Decision Decide(State? validation, Command command) => (validation, command) switch
    {
        (_, Request { Validator.IsZero: true }) => Decision.Refuse("ZeroValidator", "a validator", "the zero address"),
        (_, Request { RequestHash.IsZero: true }) => Decision.Refuse("ZeroHash", "a hash", "zero"),
        // A request of another agent or to another validator does not stand in the way: this one gets its own hash.
        ({ } known, Request c) when known.AgentId == c.AgentId && known.Validator == c.Validator =>
            Decision.Refuse("RequestIsKnown", "a new request", $"{known.RequestHash}"),
        (_, Request { ValidatorActsForAgent: true } c) => Self(c.Validator),
        (_, Request) => Decision.Grant,
        (null, Respond c) => Decision.Refuse("UnknownRequest", "a request of that hash", $"{c.RequestHash}"),
        (_, Respond c) when c.By != validation.Validator =>
            Decision.Refuse("OnlyValidator", $"the validator {validation.Validator}", $"{c.By}"),
        (_, Respond { Response: > Highest } c) =>
            Decision.Refuse("ResponseOutOfBounds", $"at most {Highest}", $"{c.Response}"),
        (_, Respond { ValidatorActsForAgent: true } c) => Self(c.By),
        (_, Respond) => Decision.Grant,
        _ => throw new ArgumentException(
            $"expected a command to a validation, found {command.GetType().Name}", nameof(command)),
    };

    private static Decision Self(Address validator) =>
        Decision.Refuse("SelfValidation", "a validator that does not act for the agent", $"{validator}");
}
