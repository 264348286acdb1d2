// A holder of the credit token: what it has outside of the vault, and which permit it signs next. Enters: transfers, at
// both sides, and used nonces. Leaves: balance and nonce. Always holds: no balance falls under zero; nonces are used
// one by one.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Money;

/// <summary>The aggregate of one holder of the credit token.</summary>
public static class CreditHolders
{
    // Events

    /// <summary>
    /// How the token's events reach a holder. Transfers stand in the receiver's stream: there always is one.
    /// </summary>
    public static Fold<Address, State> Fold { get; } = new Fold<Address, State>("credit-holder", Evolve)
        .On<CreditTransfer>(e => e.To)
        .On<CreditNonceUsed>(e => e.Owner)
        .Also<CreditTransfer>(SenderOf);

    // State

    /// <summary>A holder.</summary>
    /// <param name="Holder">Who.</param>
    /// <param name="Balance">How many base units it has outside of the vault.</param>
    /// <param name="PermitNonce">The nonce of the next permit.</param>
    /// <param name="FirstSeenAt">When it first received or signed.</param>
    /// <param name="LastMovedAt">When it last received or sent; 0: never.</param>
    public sealed record State(
        Address Holder, UInt128 Balance, UInt128 PermitNonce, Instant FirstSeenAt, Instant LastMovedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, CreditTransfer { To.IsZero: false } e) => new State(e.To, e.Value, 0, at.Time, at.Time),
        (null, CreditNonceUsed { Nonce: 0 } e) => new State(e.Owner, 0, 1, at.Time, default),
        (null, _) => null,
        (_, CreditTransfer { To.IsZero: false } e) => Pass(state, e, at),
        (_, CreditNonceUsed e) when e.Nonce == state.PermitNonce => state with { PermitNonce = state.PermitNonce + 1 },
        _ => null,
    };

    private static State? Pass(State holder, CreditTransfer e, At at)
    {
        var (sends, receives) = (holder.Holder == e.From, holder.Holder == e.To);
        if (sends && holder.Balance < e.Value) return null;
        var left = sends ? holder.Balance - e.Value : holder.Balance;
        var next = receives ? left + e.Value : left;
        return next < left || (!sends && !receives) ? null : holder with { Balance = next, LastMovedAt = at.Time };
    }

    // Nobody sends what is minted; who sends itself something has one row; and nothing can be sent by who never had
    // anything.
    private static bool SenderOf(CreditTransfer e, out Address sender)
    {
        sender = e.From;
        return !e.From.IsZero && e.From != e.To && e.Value != 0;
    }

    // Commands

    /// <summary>Sends tokens.</summary>
    public sealed record Transfer(Address By, Address To, UInt128 Value) : Command(By);

    // Decide

    /// <summary>Says what the token would answer to a command.</summary>
    public static Decision Decide(State? holder, Command command) => (holder, command) switch
    {
        (_, Transfer { To.IsZero: true }) => Decision.Refuse("ERC20InvalidReceiver", "a receiver", "the zero address"),
        (_, Transfer c) => (holder?.Balance ?? 0) is var held && held < c.Value
            ? Decision.Refuse("ERC20InsufficientBalance", $"at least {c.Value}", $"{held}")
            : Decision.Grant,
        _ => throw new ArgumentException(
            $"expected a command to the token, found {command.GetType().Name}", nameof(command)),
    };
}
