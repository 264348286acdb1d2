// A payment channel: a deposit that its payee redeems by vouchers, each for a greater sum in all. Enters: its events,
// and the deposits that moved. Leaves: its state. Always holds: what is redeemed only grows and never passes the
// deposits that were not given back; it closes once.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Work;

/// <summary>The aggregate of one channel.</summary>
public static class Channels
{
    // Events

    /// <summary>One of the channel's deadlines passed: somebody may move it on now.</summary>
    /// <param name="ChannelId">The channel.</param>
    /// <param name="Deadline">Which: see <see cref="Overdue"/>.</param>
    /// <param name="Due">When it was due.</param>
    public sealed record ChannelDeadlinePassed(ulong ChannelId, byte Deadline, Instant Due) : DerivedEvent;

    /// <summary>How the channel's events reach it.</summary>
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

    /// <summary>Where a channel stands; the numbers are the contract's. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>Not used.</summary>
        None,

        /// <summary>Open.</summary>
        Open,

        /// <summary>About to close; redeeming goes on.</summary>
        Closing,

        /// <summary>Closed.</summary>
        Closed,
    }

    /// <summary>The deadline that passed last without anybody acting. Stored; never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>None since the last step.</summary>
        None,

        /// <summary>The channel expired: anybody may start its close.</summary>
        Expiry,

        /// <summary>The window of the close is over: anybody may finish it.</summary>
        Close,
    }

    /// <summary>A channel.</summary>
    /// <param name="ChannelId">The channel's number, from 1.</param>
    /// <param name="Payer">Who pays.</param>
    /// <param name="Payee">Who is paid.</param>
    /// <param name="Signer">Who signs vouchers.</param>
    /// <param name="ChallengeWindow">How many seconds a close takes.</param>
    /// <param name="OpenedAt">When it was opened.</param>
    /// <param name="ExpiresAt">From when on anybody may start its close.</param>
    /// <param name="Status">Where it stands.</param>
    /// <param name="Deposited">What the payer has put in, in all.</param>
    /// <param name="Redeemed">What the payee has received, in all.</param>
    /// <param name="Nonce">The number of the last voucher.</param>
    /// <param name="Refunded">What went back to the payer.</param>
    /// <param name="ClosingBy">Who started the close.</param>
    /// <param name="ClosableAt">From when on it may be finished; 0: it has not begun.</param>
    /// <param name="ClosedAt">When it closed; 0: it has not.</param>
    /// <param name="Overdue">The deadline that passed without anybody acting.</param>
    /// <param name="ConfigId">Its id in x402's form; 0: it has none.</param>
    /// <param name="PayerAuthorizer">Who signs x402's vouchers; 0: the payer, by whatever rule it has.</param>
    /// <param name="ReceiverAuthorizer">Who claims and refunds for the payee; 0: nobody.</param>
    /// <param name="Salt">What tells configs of the same parties apart.</param>
    /// <param name="Refunds">How often the payee's side gave deposits back; the nonce of the next refund.</param>
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
        // Its money follows a refund, which has told it already.
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

    /// <summary>The payee redeems a voucher that has no nonce of its own: x402's form.</summary>
    public sealed record Claim(Address By, ulong ChannelId, UInt128 TotalClaimed, UInt128 MaxClaimableAmount)
        : Command(By);

    /// <summary>The payee's side gives deposits back, as far as they are there.</summary>
    public sealed record Refund(Address By, ulong ChannelId, UInt128 Amount) : Command(By);

    /// <summary>The payee closes at a sum that the signer signed.</summary>
    public sealed record CloseTogether(Address By, ulong ChannelId, UInt128 Cumulative, Instant ValidUntil)
        : Command(By);

    /// <summary>The payee closes at once.</summary>
    public sealed record CloseByPayee(Address By, ulong ChannelId) : Command(By);

    /// <summary>The payer, or anybody once the channel expired, starts the close.</summary>
    public sealed record StartClose(Address By, ulong ChannelId) : Command(By);

    /// <summary>Somebody finishes the close.</summary>
    public sealed record Close(Address By, ulong ChannelId) : Command(By);

    // Decide

    /// <summary>
    /// Says what the contract would answer to a command at a moment, as far as the channel alone decides it.
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
