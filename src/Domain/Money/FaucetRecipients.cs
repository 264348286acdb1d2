// A recipient of credits from the faucet of a test chain, with the time of its next portion. Always holds: nobody
// receives twice within one pause.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Money;

/// <summary>The aggregate of one recipient of the faucet.</summary>
public static class FaucetRecipients
{
    // Events

    /// <summary>Routes portions to a recipient.</summary>
    public static Fold<Address, State> Fold { get; } = new Fold<Address, State>("faucet-recipient", Evolve)
        .On<Dripped>(e => e.Recipient);

    // State

    /// <summary>A recipient of the faucet.</summary>
    /// <param name="Recipient">The recipient's address.</param>
    /// <param name="Received">The amount that it received in all, in base units.</param>
    /// <param name="Portions">The number of portions that it received.</param>
    /// <param name="NextAt">The time from which it may ask again.</param>
    /// <param name="LastAt">The time of its last portion.</param>
    public sealed record State(Address Recipient, UInt128 Received, ulong Portions, Instant NextAt, Instant LastAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, Dripped e) => new State(e.Recipient, e.Amount, 1, e.NextAt, at.Time),
        (not null, Dripped e) when at.Time >= state.NextAt =>
            state with
            {
                Received = state.Received + e.Amount,
                Portions = state.Portions + 1,
                NextAt = e.NextAt,
                LastAt = at.Time,
            },
        _ => null,
    };

    // Commands

    /// <summary>Asks for a portion.</summary>
    public sealed record Drip(Address By, Address Recipient) : Command(By);

    // Decide

    /// <summary>Predicts the faucet's answer to a command at a moment.</summary>
    public static Decision Decide(State? recipient, Command command, Instant now) => (recipient, command) switch
    {
        (_, not Drip) =>
            throw new ArgumentException(
                $"expected a command to the faucet, found {command.GetType().Name}", nameof(command)),
        ({ } known, _) when now < known.NextAt => Decision.Refuse("TooSoon", $"a time from {known.NextAt}", $"{now}"),
        _ => Decision.Grant,
    };
}
