// A holder of the credit token: its balance outside of the vault, and the nonce of its next permit. Enters: transfers,
// at both sides, and used nonces. Leaves: balance and nonce. Always holds: no balance falls under zero; nonces are used
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
    /// Routes the token's events to a holder. Transfers stand in the receiver's stream, because every transfer has a
    /// receiver.
    /// </summary>
    public static Fold<Address, State> Fold { get; } = new Fold<Address, State>("credit-holder", Evolve)
        .On<CreditTransfer>(e => e.To)
        .On<CreditNonceUsed>(e => e.Owner)
        .Also<CreditTransfer>(SenderOf);

    // State

    /// <summary>A holder of the credit token.</summary>
    /// <param name="Holder">The holder's address.</param>
    /// <param name="Balance">The balance outside of the vault, in base units.</param>
    /// <param name="PermitNonce">The nonce of the next permit.</param>
    /// <param name="FirstSeenAt">The time at which the holder first received tokens or signed.</param>
    /// <param name="LastMovedAt">The time at which the holder last received or sent tokens; 0: never.</param>
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

    // Minted tokens have no sender. A transfer to oneself changes one row. A holder that never had tokens can send
    // none.
    private static bool SenderOf(CreditTransfer e, out Address sender)
    {
        sender = e.From;
        return !e.From.IsZero && e.From != e.To && e.Value != 0;
    }

    // Commands

    /// <summary>Sends tokens.</summary>
    public sealed record Transfer(Address By, Address To, UInt128 Value) : Command(By);

    // Decide

    /// <summary>Predicts the token's answer to a command.</summary>
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
