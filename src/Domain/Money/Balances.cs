// What an account of the vault holds, by the moves of money alone. Enters: every Moved, at the account that paid and at
// the one that received. Leaves: a balance. Always holds: no balance falls under zero, and all balances with BURN sum
// to the tokens in the vault. EXTERNAL accounts lie outside: they have no balance and no row.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Money;

/// <summary>The aggregate of one account of the vault.</summary>
public static class Balances
{
    // Events

    /// <summary>How moves of money reach the two accounts.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("account", Evolve)
        .On<Moved>(HomeOf)
        .Also<Moved>(OtherOf);

    /// <summary>
    /// The account in whose stream a move is stored: what the money was for, first where it was, then where it went;
    /// else the wallet that paid, else the one that received.
    /// </summary>
    public static Word HomeOf(Moved moved)
    {
        ArgumentNullException.ThrowIfNull(moved);
        var (from, to) = (Accounts.KindOf(moved.From), Accounts.KindOf(moved.To));
        // A wallet pays and is paid a thousand times; a task, a bid or a dispute a few: in the stream of the thing a
        // move is read together with its history, in the wallet's it would only be one more line.
        if (IsSubject(from)) return moved.From;
        if (IsSubject(to)) return moved.To;
        return from == Accounts.Kind.Credit ? moved.From : moved.To;
    }

    // State

    /// <summary>An account.</summary>
    /// <param name="Account">The account: kind and id in one word.</param>
    /// <param name="Kind">Its kind.</param>
    /// <param name="Id">Its id; its meaning is given by the kind.</param>
    /// <param name="Holder">Whose wallet it is, where it is one.</param>
    /// <param name="Balance">What it holds, in base units.</param>
    /// <param name="Moves">How often money moved out of it or into it.</param>
    /// <param name="OpenedAt">When it first received.</param>
    /// <param name="LastMovedAt">When money last moved out of it or into it.</param>
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
        // Nothing pays before it has received.
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

    /// <summary>Says what the vault would answer to a command about a wallet.</summary>
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
