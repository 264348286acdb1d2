// A payment channel: a deposit that its payee redeems by vouchers, each voucher for a greater total. Enters: its
// events, and the deposits that moved. Leaves: its state. Always holds: the redeemed amount only grows and never passes
// the deposits that were not given back; the channel closes once.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Work;

/// <summary>The aggregate of one channel.</summary>
public static class Channels
{
    // Events

    /// <summary>One of the channel's deadlines passed. From now on somebody may take the next step.</summary>
    /// <param name="ChannelId">The channel.</param>
    /// <param name="Deadline">The kind of deadline: see <see cref="Overdue"/>.</param>
    /// <param name="Due">The moment at which the deadline fell.</param>
    public sealed record ChannelDeadlinePassed(ulong ChannelId, byte Deadline, Instant Due) : DerivedEvent;

    /// <summary>Routes the channel's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("channel", Evolve)
        .On<ChannelOpened>(e => e.ChannelId)
        .On<ChannelRedeemed>(e => e.ChannelId)
        .On<ChannelClosing>(e => e.ChannelId)
        .On<ChannelClosed>(e => e.ChannelId)
        .On<ChannelConfigured>(e => e.ChannelId)
        .On<ChannelRefunded>(e => e.ChannelId)
        .On<ChannelDeadlinePassed>(e => e.ChannelId)
        .Also<Moved>(OfMoney)
        .Deadlines(NextDeadline, (channel, due) => new ChannelDeadlinePassed(channel.ChannelId, due.Kind, due.Due));

    // State

    /// <summary>The status of a channel; the numbers are the contract's. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>This value is not used.</summary>
        None,

        /// <summary>The channel is open.</summary>
        Open,

        /// <summary>The channel is about to close; vouchers can still be redeemed.</summary>
        Closing,

        /// <summary>The channel is closed.</summary>
        Closed,
    }

    /// <summary>The last deadline that passed without any action; stored, never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>No deadline has passed since the last step.</summary>
        None,

        /// <summary>The channel expired: anybody may start its close.</summary>
        Expiry,

        /// <summary>The window of the close is over: anybody may finish it.</summary>
        Close,
    }

    /// <summary>A payment channel from a payer to a payee.</summary>
    /// <param name="ChannelId">The channel's number, from 1.</param>
    /// <param name="Payer">The address that pays.</param>
    /// <param name="Payee">The address that is paid.</param>
    /// <param name="Signer">The address that signs vouchers.</param>
    /// <param name="ChallengeWindow">The number of seconds that a close takes.</param>
    /// <param name="OpenedAt">The time at which the channel was opened.</param>
    /// <param name="ExpiresAt">The time from which anybody may start its close.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="Deposited">The total that the payer has deposited.</param>
    /// <param name="Redeemed">The total that the payee has received.</param>
    /// <param name="Nonce">The number of the last voucher.</param>
    /// <param name="Refunded">The amount that went back to the payer.</param>
    /// <param name="ClosingBy">The address that started the close.</param>
    /// <param name="ClosableAt">The time from which it may be finished; 0: it has not begun.</param>
    /// <param name="ClosedAt">The time at which the channel closed; 0: it has not.</param>
    /// <param name="Overdue">The last deadline that passed without any action since the last step.</param>
    /// <param name="ConfigId">The channel's id in x402's form; 0: it has none.</param>
    /// <param name="PayerAuthorizer">The address that signs x402's vouchers; 0: the payer itself, by its own rule for
    /// signatures.</param>
    /// <param name="ReceiverAuthorizer">The address that claims and refunds for the payee; 0: nobody.</param>
    /// <param name="Salt">The salt that tells configurations of the same parties apart.</param>
    /// <param name="Refunds">The number of refunds by the payee's side; also the nonce of the next refund.</param>
    public sealed record State(
        ulong ChannelId,
        Address Payer,
        Address Payee,
        Address Signer,
        uint ChallengeWindow,
        Instant OpenedAt,
        Instant ExpiresAt,
        Status Status,
        UInt128 Deposited,
        UInt128 Redeemed,
        UInt128 Nonce,
        UInt128 Refunded,
        Address ClosingBy,
        Instant ClosableAt,
        Instant ClosedAt,
        Overdue Overdue,
        Word ConfigId = default,
        Address PayerAuthorizer = default,
        Address ReceiverAuthorizer = default,
        Word Salt = default,
        UInt128 Refunds = default);

    // Evolve

    private const byte Refunded = 26;
    private const byte ChannelDeposit = 31;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, ChannelOpened e) => new State(
            e.ChannelId, e.Payer, e.Payee, e.Signer, e.ChallengeWindow, at.Time, e.ExpiresAt, Status.Open, 0, 0, 0, 0,
            default, default, default, Overdue.None),
        (null, _) => null,
        ({ Status: Status.Open }, Moved { Reason: ChannelDeposit } e) =>
            state with { Deposited = state.Deposited + e.Amount },
        // A cooperative close repeats the last nonce.
        ({ Status: Status.Open or Status.Closing }, ChannelRedeemed e)
            when e.Cumulative > state.Redeemed && e.Cumulative <= state.Deposited - state.Refunded
                && e.Nonce >= state.Nonce =>
            state with { Redeemed = e.Cumulative, Nonce = e.Nonce },
        ({ Status: Status.Open }, ChannelClosing e) =>
            state with { Status = Status.Closing, ClosingBy = e.By, ClosableAt = e.ClosableAt, Overdue = Overdue.None },
        ({ Status: Status.Open or Status.Closing }, ChannelClosed) =>
            state with { Status = Status.Closed, ClosedAt = at.Time, Overdue = Overdue.None },
        ({ Status: Status.Closed }, Moved { Reason: Refunded } e)
            when e.Amount == state.Deposited - state.Redeemed - state.Refunded =>
            state with { Refunded = state.Refunded + e.Amount },
        ({ Status: Status.Open, ConfigId.IsZero: true }, ChannelConfigured { ConfigId.IsZero: false } e) => state with
        {
            ConfigId = e.ConfigId,
            PayerAuthorizer = e.PayerAuthorizer,
            ReceiverAuthorizer = e.ReceiverAuthorizer,
            Salt = e.Salt,
        },
        ({ Status: Status.Open or Status.Closing }, ChannelRefunded e)
            when e.Nonce == state.Refunds && e.Amount <= state.Deposited - state.Redeemed - state.Refunded =>
            state with { Refunded = state.Refunded + e.Amount, Refunds = state.Refunds + 1 },
        // The move of money follows a refund event, which has told it already.
        ({ Status: Status.Open or Status.Closing }, Moved { Reason: Refunded }) when state.Refunds != 0 => state,
        (_, ChannelDeadlinePassed e) when NextDeadline(state)?.Kind == e.Deadline =>
            state with { Overdue = (Overdue)e.Deadline },
        _ => null,
    };

    private static bool OfMoney(Moved e, out ulong channelId)
    {
        channelId = 0;
        return e.Reason switch
        {
            ChannelDeposit => Accounts.TryNumber(e.To, Accounts.Kind.Channel, out channelId),
            Refunded => Accounts.TryNumber(e.From, Accounts.Kind.Channel, out channelId),
            _ => false,
        };
    }

    private static Deadline? NextDeadline(State channel) => (channel.Status, channel.Overdue) switch
    {
        (Status.Open, Overdue.None) => new Deadline(channel.ExpiresAt, (byte)Overdue.Expiry),
        (Status.Closing, Overdue.None) => new Deadline(channel.ClosableAt, (byte)Overdue.Close),
        _ => null,
    };

    // Commands

    /// <summary>The payer adds money.</summary>
    public sealed record TopUp(Address By, ulong ChannelId, UInt128 Amount) : Command(By);

    /// <summary>The payee redeems a voucher.</summary>
    public sealed record Redeem(Address By, ulong ChannelId, UInt128 Cumulative, ulong Nonce) : Command(By);

    /// <summary>The payee redeems a voucher in x402's form, which has no nonce of its own.</summary>
    public sealed record Claim(Address By, ulong ChannelId, UInt128 TotalClaimed, UInt128 MaxClaimableAmount)
        : Command(By);

    /// <summary>The payee's side gives deposits back, as far as the channel still holds them.</summary>
    public sealed record Refund(Address By, ulong ChannelId, UInt128 Amount) : Command(By);

    /// <summary>The payee closes at a sum that the signer signed.</summary>
    public sealed record CloseTogether(Address By, ulong ChannelId, UInt128 Cumulative, Instant ValidUntil)
        : Command(By);

    /// <summary>The payee closes at once.</summary>
    public sealed record CloseByPayee(Address By, ulong ChannelId) : Command(By);

    /// <summary>Starts the close: the payer may do it, or anybody once the channel expired.</summary>
    public sealed record StartClose(Address By, ulong ChannelId) : Command(By);

    /// <summary>Finishes the close; anybody may do it.</summary>
    public sealed record Close(Address By, ulong ChannelId) : Command(By);

    // Decide

    /// <summary>
    /// Predicts the contract's answer to a command at a moment, as far as the channel alone decides it.
    /// </summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (null, _) => Decision.Refuse("WrongStatus", "a channel of that number", "none"),
        ({ Status: not Status.Open }, TopUp or StartClose) => Wrong(state, "an open one"),
        ({ Status: not Status.Closing }, Close) => Wrong(state, "a closing one"),
        ({ Status: Status.Closed }, _) => Wrong(state, "one that is not closed"),
        (_, TopUp) when command.By != state.Payer =>
            Decision.Refuse("OnlyPayer", $"the payer {state.Payer}", $"{command.By}"),
        (_, TopUp c) => c.Amount == 0 ? Decision.Refuse("EmptyDeposit", "some amount", "0") : Decision.Grant,
        (_, Redeem or CloseByPayee or CloseTogether) when command.By != state.Payee =>
            Decision.Refuse("OnlyPayee", $"the payee {state.Payee}", $"{command.By}"),
        (_, CloseTogether c) when now >= c.ValidUntil =>
            Decision.Refuse("SignatureExpired", $"a time before {c.ValidUntil}", $"{now}"),
        (_, CloseTogether c) when c.Cumulative < state.Redeemed =>
            Decision.Refuse("NotIncreasing", $"at least {state.Redeemed}", $"{c.Cumulative}"),
        (_, CloseTogether c) => Covered(state, c.Cumulative),
        ({ ConfigId.IsZero: true }, Claim or Refund) =>
            Decision.Refuse("UnknownConfig", "a channel of a config", "another"),
        (_, Claim or Refund) when command.By != state.Payee && command.By != state.ReceiverAuthorizer =>
            Decision.Refuse("NotTheReceiver", $"{state.Payee} or {state.ReceiverAuthorizer}", $"{command.By}"),
        (_, Refund c) => c.Amount == 0 || state.Deposited - state.Redeemed == state.Refunded
            ? Decision.Refuse("NothingToRefund", "some amount", "0") : Decision.Grant,
        (_, Claim c) when c.TotalClaimed > c.MaxClaimableAmount =>
            Decision.Refuse("AboveVoucher", $"at most {c.MaxClaimableAmount}", $"{c.TotalClaimed}"),
        (_, Claim c) when c.TotalClaimed <= state.Redeemed =>
            Decision.Refuse("NotIncreasing", $"more than {state.Redeemed}", $"{c.TotalClaimed}"),
        (_, Claim c) => Covered(state, c.TotalClaimed),
        (_, Redeem c) when c.Cumulative <= state.Redeemed =>
            Decision.Refuse("NotIncreasing", $"more than {state.Redeemed}", $"{c.Cumulative}"),
        (_, Redeem c) when c.Nonce <= state.Nonce =>
            Decision.Refuse("StaleNonce", $"more than {state.Nonce}", $"{c.Nonce}"),
        (_, Redeem c) => Covered(state, c.Cumulative),
        (_, CloseByPayee) => Decision.Grant,
        (_, StartClose) =>
            command.By == state.Payer ? Decision.Grant : Moments.From(now, state.ExpiresAt) ?? Decision.Grant,
        (_, Close) => Moments.From(now, state.ClosableAt) ?? Decision.Grant,
        _ => throw new ArgumentException(
            $"expected a command to a channel, found {command.GetType().Name}", nameof(command)),
    };

    private static Decision Covered(State channel, UInt128 cumulative) =>
        channel.Deposited - channel.Refunded is var deposits && cumulative > deposits
            ? Decision.Refuse("ExceedsDeposits", $"at most {deposits}", $"{cumulative}") : Decision.Grant;

    private static Decision Wrong(State channel, string needed) =>
        Decision.Refuse("WrongStatus", needed, $"one that is {channel.Status}");
}
