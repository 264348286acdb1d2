// Who was given credits by the faucet of a test chain, and when it may ask again. Always holds: nobody is given twice
// in a pause.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Money;

/// <summary>The aggregate of one recipient of the faucet.</summary>
public static class FaucetRecipients
{
    // Events

    /// <summary>How portions reach a recipient.</summary>
    public static Fold<Address, State> Fold { get; } = new Fold<Address, State>("faucet-recipient", Evolve)
        .On<Dripped>(e => e.Recipient);

    // State

    /// <summary>A recipient.</summary>
    /// <param name="Recipient">Who.</param>
    /// <param name="Received">How many base units in all.</param>
    /// <param name="Portions">How many portions in all.</param>
    /// <param name="NextAt">When it may ask again.</param>
    /// <param name="LastAt">When it last received.</param>
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

    /// <summary>Says what the faucet would answer to a command at a moment.</summary>
    public static Decision Decide(State? recipient, Command command, Instant now) => (recipient, command) switch
    {
        (_, not Drip) =>
            throw new ArgumentException(
                $"expected a command to the faucet, found {command.GetType().Name}", nameof(command)),
        ({ } known, _) when now < known.NextAt => Decision.Refuse("TooSoon", $"a time from {known.NextAt}", $"{now}"),
        _ => Decision.Grant,
    };
}
