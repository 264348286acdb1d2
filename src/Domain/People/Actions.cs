// What an agent did, and what came of it: the proof of agency. Always holds: an action never changes, and an outcome,
// once there, neither; both are those that the contract's `actionOf` answers.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one action of an agent.</summary>
public static class Actions
{
    // Events

    /// <summary>How records reach an action.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("action", Evolve)
        .On<ActionRecorded>(e => e.ActionId)
        .On<OutcomeRecorded>(e => e.ActionId);

    // State

    /// <summary>An action.</summary>
    /// <param name="ActionId">The action's number, from 1.</param>
    /// <param name="AgentId">Who acted.</param>
    /// <param name="Kind">What sort of action, in the agent's own word.</param>
    /// <param name="DataHash">The hash of what was done.</param>
    /// <param name="DataUri">Where it is described.</param>
    /// <param name="OutcomeHash">The hash of what came of it; zero: not yet told.</param>
    /// <param name="OutcomeUri">Where that is described.</param>
    /// <param name="RecordedAt">When the action was recorded.</param>
    /// <param name="OutcomeAt">When the outcome was; 0: not yet.</param>
    public sealed record State(
        ulong ActionId,
        ulong AgentId,
        Word Kind,
        Word DataHash,
        string DataUri,
        Word OutcomeHash,
        string OutcomeUri,
        Instant RecordedAt,
        Instant OutcomeAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, ActionRecorded { DataHash.IsZero: false } e) =>
            new State(e.ActionId, e.AgentId, e.Kind, e.DataHash, e.Uri, default, "", at.Time, default),
        ({ OutcomeHash.IsZero: true }, OutcomeRecorded { OutcomeHash.IsZero: false } e) =>
            state with { OutcomeHash = e.OutcomeHash, OutcomeUri = e.Uri, OutcomeAt = at.Time },
        _ => null,
    };

    // Commands

    /// <summary>Records what an agent did.</summary>
    public sealed record RecordAction(Address By, ulong AgentId, Word DataHash) : Command(By);

    /// <summary>Records what came of it.</summary>
    public sealed record RecordOutcome(Address By, ulong ActionId, Word OutcomeHash) : Command(By);

    // Decide

    /// <summary>
    /// Says what the contract would answer to a command; whether the signer may act for the agent is the agent's to
    /// say.
    /// </summary>
    public static Decision Decide(State? action, Command command) => (action, command) switch
    {
        (_, RecordAction { DataHash.IsZero: true }) => Decision.Refuse("ZeroHash", "a hash", "zero"),
        (_, RecordAction) => Decision.Grant,
        (null, RecordOutcome c) => Decision.Refuse("UnknownAction", "an action of that number", $"{c.ActionId}"),
        (_, RecordOutcome { OutcomeHash.IsZero: true }) => Decision.Refuse("ZeroHash", "a hash", "zero"),
        ({ OutcomeHash.IsZero: false }, RecordOutcome) =>
            Decision.Refuse("OutcomeIsRecorded", "an action without an outcome", $"outcome {action.OutcomeHash}"),
        (_, RecordOutcome) => Decision.Grant,
        _ => throw new ArgumentException(
            $"expected a record of an action, found {command.GetType().Name}", nameof(command)),
    };
}
