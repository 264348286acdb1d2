// The balance of an account of the vault, from the moves of money alone. Enters: every Moved, at the account that paid
// and at the account that received. Leaves: a balance. Always holds: no balance falls under zero, and all balances with
// BURN sum to the tokens in the vault. EXTERNAL accounts lie outside: they have no balance and no row.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Money;

/// <summary>The aggregate of one account of the vault.</summary>
public static class Balances
{
    // Events

    /// <summary>Routes moves of money to the two accounts.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("account", Evolve)
        .On<Moved>(HomeOf)
        .Also<Moved>(OtherOf);

    /// <summary>
    /// The account whose stream stores a move: the payer's where it is a subject such as a task or a dispute; else the
    /// receiver's where it is one; else the wallet that paid, else the wallet that received.
    /// </summary>
    public static Word HomeOf(Moved moved)
    {
        ArgumentNullException.ThrowIfNull(moved);
        var (from, to) = (Accounts.KindOf(moved.From), Accounts.KindOf(moved.To));
        // A wallet pays and is paid a thousand times, a task, a bid or a dispute a few times. In the stream of its
        // subject a move is read together with the subject's history; in the wallet's stream it would be one more line
        // among many.
        if (IsSubject(from)) return moved.From;
        if (IsSubject(to)) return moved.To;
        return from == Accounts.Kind.Credit ? moved.From : moved.To;
    }

    // State

    /// <summary>An account of the vault.</summary>
    /// <param name="Account">The account: its kind and id in one word.</param>
    /// <param name="Kind">The account's kind.</param>
    /// <param name="Id">The account's id; the kind gives its meaning.</param>
    /// <param name="Holder">The address that owns the account, where the account is a wallet.</param>
    /// <param name="Balance">The amount that the account holds, in base units.</param>
    /// <param name="Moves">The number of times money moved out of it or into it.</param>
    /// <param name="OpenedAt">The time at which the account first received money.</param>
    /// <param name="LastMovedAt">The time at which money last moved out of it or into it.</param>
    public sealed record State(
        Word Account,
        Accounts.Kind Kind,
        UInt256 Id,
        Address Holder,
        UInt128 Balance,
        ulong Moves,
        Instant OpenedAt,
        Instant LastMovedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        // An account receives before it pays.
        (null, Moved { Amount: var amount } e) when amount != 0 && e.From != e.To => Open(e, at),
        (null, _) => null,
        (_, Moved { Amount: var amount } e) when amount != 0 => Move(state, e, at),
        _ => null,
    };

    private static State Open(Moved e, At at) => new(
        e.To, Accounts.KindOf(e.To), Accounts.IdOf(e.To), Accounts.HolderOf(e.To), e.Amount, 1, at.Time, at.Time);

    private static State? Move(State account, Moved e, At at)
    {
        var (pays, receives) = (account.Account == e.From, account.Account == e.To);
        if (pays && account.Balance < e.Amount) return null;
        var left = pays ? account.Balance - e.Amount : account.Balance;
        var next = receives ? left + e.Amount : left;
        return next < left || (!pays && !receives)
            ? null
            : account with { Balance = next, Moves = account.Moves + 1, LastMovedAt = at.Time };
    }

    private static bool OtherOf(Moved e, out Word other)
    {
        other = HomeOf(e) == e.From ? e.To : e.From;
        return e.From != e.To && Accounts.KindOf(other) != Accounts.Kind.External;
    }

    private static bool IsSubject(Accounts.Kind kind) => kind is not (Accounts.Kind.External or Accounts.Kind.Credit);

    // Commands

    /// <summary>Takes tokens out of the signer's wallet.</summary>
    public sealed record Withdraw(Address By, UInt128 Amount, Address Recipient) : Command(By);

    // Decide

    /// <summary>Predicts the vault's answer to a command about a wallet.</summary>
    public static Decision Decide(State? wallet, Command command) => (wallet, command) switch
    {
        (_, Withdraw { Recipient.IsZero: true }) => Decision.Refuse("ZeroRecipient", "a recipient", "the zero address"),
        (_, Withdraw c) when c.Amount == 0 => Decision.Refuse("NothingToMove", "an amount above 0", "0"),
        (_, Withdraw c) => (wallet?.Balance ?? 0) is var held && held < c.Amount
            ? Decision.Refuse("InsufficientBalance", $"at least {c.Amount}", $"{held}")
            : Decision.Grant,
        _ => throw new ArgumentException(
            $"expected a command to a wallet, found {command.GetType().Name}", nameof(command)),
    };
}
