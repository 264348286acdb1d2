// An agent's action and its outcome: the proof of agency. Always holds: an action never changes, nor does an outcome
// once it is there; both are those that the contract's `actionOf` answers.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one action of an agent.</summary>
public static class Actions
{
    // Events

    /// <summary>Routes records to an action.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("action", Evolve)
        .On<ActionRecorded>(e => e.ActionId)
        .On<OutcomeRecorded>(e => e.ActionId);

    // State

    /// <summary>An action that an agent recorded.</summary>
    /// <param name="ActionId">The action's number, from 1.</param>
    /// <param name="AgentId">The agent that acted.</param>
    /// <param name="Kind">The sort of action, in the agent's own word.</param>
    /// <param name="DataHash">The hash of the action's data.</param>
    /// <param name="DataUri">The place where the action is described.</param>
    /// <param name="OutcomeHash">The hash of the outcome; zero: not yet told.</param>
    /// <param name="OutcomeUri">The place where the outcome is described.</param>
    /// <param name="RecordedAt">The time at which the action was recorded.</param>
    /// <param name="OutcomeAt">The time at which the outcome was recorded; 0: not yet.</param>
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

    /// <summary>Records an action of an agent.</summary>
    public sealed record RecordAction(Address By, ulong AgentId, Word DataHash) : Command(By);

    /// <summary>Records the outcome of an action.</summary>
    public sealed record RecordOutcome(Address By, ulong ActionId, Word OutcomeHash) : Command(By);

    // Decide

    /// <summary>
    /// Predicts the contract's answer to a command. The agent's own state decides whether the signer may act for it.
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
