// Payment channels.
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Work;

public class ChannelTests
{
    private const ulong Start = 1_000_000;
    private const byte Wallet = 1;
    private const byte ChannelAccount = 9;

    private static SmallChain Open() => SmallChain.Whole(Start).Happens(
        new ChannelOpened(1, Client, Owner, Stranger, 600, Start + 5_000), Deposit(100));

    private static Moved Deposit(UInt128 amount) => Move(Account(Wallet, 1), Account(ChannelAccount, 1), 1, amount, 31);

    private static Channels.State Channel(SmallChain chain) => chain.Of(Channels.Fold, 1UL);

    [Fact]
    public void What_is_redeemed_only_grows_and_never_passes_the_deposits()
    {
        var chain = Open().Happens(new ChannelRedeemed(1, 60, 3), Deposit(50), new ChannelRedeemed(1, 150, 4));
        Assert.Equal(((UInt128)150, (UInt128)150, (UInt128)4),
            Channel(chain) is var channel ? (channel.Deposited, channel.Redeemed, channel.Nonce) : default);
        Assert.Empty(chain.Violations);
        Assert.Single(Open().Happens(new ChannelRedeemed(1, 101, 1)).Violations);
        Assert.Single(Open().Happens(new ChannelRedeemed(1, 60, 3), new ChannelRedeemed(1, 60, 4)).Violations);
        Assert.Single(Open().Happens(new ChannelRedeemed(1, 60, 3), new ChannelRedeemed(1, 70, 2)).Violations);
    }

    [Fact]
    public void A_closed_channel_has_given_the_rest_back()
    {
        var chain = Open().Happens(new ChannelRedeemed(1, 60, 3), new ChannelClosing(1, Client, Start + 600)).After(10)
            .Happens(new ChannelRedeemed(1, 70, 3), new ChannelClosed(1),
                Move(Account(ChannelAccount, 1), Account(Wallet, 1), 1, 30, 26));
        Assert.Equal(
            (Channels.Status.Closed, (UInt128)30, new Instant(Start + 10), Client), Channel(chain) is var channel
            ? (channel.Status, channel.Refunded, channel.ClosedAt, channel.ClosingBy) : default);
        Assert.Empty(chain.Violations);
        Assert.Single(chain.Happens(new ChannelClosed(1)).Violations);
        Assert.Single(Open().Happens(
            new ChannelClosed(1), Move(Account(ChannelAccount, 1), Account(Wallet, 1), 1, 99, 26)).Violations);
    }

    [Fact]
    public void A_config_is_told_once_and_refunds_shrink_what_can_be_redeemed()
    {
        var chain = Open().Happens(
            new ChannelConfigured(1, Hash(7), Stranger, Owner, Hash(8)), new ChannelRedeemed(1, 60, 0),
            new ChannelRefunded(1, 10, 0), Move(Account(ChannelAccount, 1), Account(Wallet, 1), 1, 10, 26));
        var channel = Channel(chain);
        Assert.Equal((Hash(7), Owner, (UInt128)1, (UInt128)10),
            (channel.ConfigId, channel.ReceiverAuthorizer, channel.Refunds, channel.Refunded));
        chain.Happens(new ChannelRedeemed(1, 90, 0), new ChannelClosed(1));
        Assert.Empty(chain.Violations);
        Assert.Single(Open().Happens(new ChannelRefunded(1, 60, 0), new ChannelRedeemed(1, 60, 1)).Violations);
        Assert.Single(Open().Happens(new ChannelRefunded(1, 60, 1)).Violations);
        Assert.Single(Open().Happens(new ChannelRefunded(1, 101, 0)).Violations);
        Assert.Single(Open().Happens(Move(Account(ChannelAccount, 1), Account(Wallet, 1), 1, 10, 26)).Violations);
    }

    [Fact]
    public void A_channel_that_gave_deposits_back_closes_with_the_rest()
    {
        var chain = Open().Happens(
            new ChannelRedeemed(1, 60, 1), new ChannelRefunded(1, 10, 0),
            Move(Account(ChannelAccount, 1), Account(Wallet, 1), 1, 10, 26), new ChannelClosed(1),
            Move(Account(ChannelAccount, 1), Account(Wallet, 1), 1, 30, 26));
        Assert.Empty(chain.Violations);
        Assert.Equal((UInt128)40, Channel(chain).Refunded);
    }

    [Fact]
    public void Claims_and_refunds_are_refused_in_the_words_of_the_contract()
    {
        var plain = Channel(Open());
        var channel =
            Channel(Open().Happens(
                new ChannelConfigured(1, Hash(7), Stranger, Stranger, Hash(8)), new ChannelRedeemed(1, 60, 0)));
        Refused("UnknownConfig", Channels.Decide(plain, new Channels.Claim(Owner, 1, 70, 70), Start));
        Granted(Channels.Decide(channel, new Channels.Claim(Owner, 1, 70, 80), Start));
        Granted(Channels.Decide(channel, new Channels.Claim(Stranger, 1, 70, 80), Start));
        Refused("NotTheReceiver", Channels.Decide(channel, new Channels.Claim(Client, 1, 70, 80), Start));
        Refused("AboveVoucher", Channels.Decide(channel, new Channels.Claim(Owner, 1, 81, 80), Start));
        Refused("NotIncreasing", Channels.Decide(channel, new Channels.Claim(Owner, 1, 60, 80), Start));
        Refused("ExceedsDeposits", Channels.Decide(channel, new Channels.Claim(Owner, 1, 101, 101), Start));
        Granted(Channels.Decide(channel, new Channels.Refund(Owner, 1, 5), Start));
        Refused("NothingToRefund", Channels.Decide(channel, new Channels.Refund(Owner, 1, 0), Start));
        Granted(Channels.Decide(plain, new Channels.CloseTogether(Owner, 1, 70, Start + 1), Start));
        Refused("OnlyPayee", Channels.Decide(plain, new Channels.CloseTogether(Client, 1, 70, Start + 1), Start));
        Refused("SignatureExpired", Channels.Decide(plain, new Channels.CloseTogether(Owner, 1, 70, Start), Start));
        Refused("NotIncreasing", Channels.Decide(channel, new Channels.CloseTogether(Owner, 1, 59, Start + 1), Start));
        Refused("ExceedsDeposits", Channels.Decide(plain, new Channels.CloseTogether(Owner, 1, 101, Start + 1), Start));
    }

    [Fact]
    public void Money_for_other_things_leaves_channels_alone()
    {
        var chain = Open().Happens(
            Move(Account(Wallet, 1), Account(12, 1), 1, 5, 31), Move(Account(12, 1), Account(Wallet, 1), 1, 5, 26));
        Assert.Equal((UInt128)100, Channel(chain).Deposited);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Expiry_and_the_end_of_a_close_are_told_once()
    {
        var chain = Open().After(5_000);
        Assert.Equal(Channels.Overdue.Expiry, Channel(chain).Overdue);
        chain.Happens(new ChannelClosing(1, Stranger, Start + 5_600));
        Assert.Equal(Channels.Overdue.None, Channel(chain).Overdue);
        Assert.Equal(Channels.Overdue.Close, Channel(chain.After(600)).Overdue);
        Assert.Equal(2, chain.After(1).Followed.Count);
    }

    [Fact]
    public void Commands_are_refused_in_the_words_of_the_contract()
    {
        var open = Channel(Open().Happens(new ChannelRedeemed(1, 60, 3)));
        var closing = Channel(Open().Happens(new ChannelClosing(1, Client, Start + 600)));
        var closed = Channel(Open().Happens(new ChannelClosed(1)));
        Refused("WrongStatus", Channels.Decide(null, new Channels.Close(Owner, 1), Start));
        Granted(Channels.Decide(open, new Channels.TopUp(Client, 1, 5), Start));
        Refused("EmptyDeposit", Channels.Decide(open, new Channels.TopUp(Client, 1, 0), Start));
        Refused("OnlyPayer", Channels.Decide(open, new Channels.TopUp(Owner, 1, 5), Start));
        Refused("WrongStatus", Channels.Decide(closing, new Channels.TopUp(Client, 1, 5), Start));
        Granted(Channels.Decide(open, new Channels.Redeem(Owner, 1, 100, 4), Start));
        Refused("OnlyPayee", Channels.Decide(open, new Channels.Redeem(Client, 1, 100, 4), Start));
        Refused("NotIncreasing", Channels.Decide(open, new Channels.Redeem(Owner, 1, 60, 4), Start));
        Refused("StaleNonce", Channels.Decide(open, new Channels.Redeem(Owner, 1, 100, 3), Start));
        Refused("ExceedsDeposits", Channels.Decide(open, new Channels.Redeem(Owner, 1, 101, 4), Start));
        Refused("WrongStatus", Channels.Decide(closed, new Channels.Redeem(Owner, 1, 100, 4), Start));
        Granted(Channels.Decide(closing, new Channels.CloseByPayee(Owner, 1), Start));
        Granted(Channels.Decide(open, new Channels.StartClose(Client, 1), Start));
        Refused("TooEarly", Channels.Decide(open, new Channels.StartClose(Stranger, 1), Start));
        Refused("WrongStatus", Channels.Decide(open, new Channels.Close(Stranger, 1), Start));
        Refused("TooEarly", Channels.Decide(closing, new Channels.Close(Stranger, 1), Start + 599));
        Granted(Channels.Decide(closing, new Channels.Close(Stranger, 1), Start + 600));
        Assert.Throws<ArgumentException>(() => Channels.Decide(open, new Bounties.CloseBounty(Owner, 1), Start));
    }
}
