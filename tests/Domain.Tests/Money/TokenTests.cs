// The credit token outside of the vault, the faucet, and the forwarder that relays requests.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Market;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Ledger;

public class TokenTests
{
    [Fact]
    public void Tokens_are_minted_and_sent()
    {
        var chain = Chain().Happens(new CreditTransfer(default, Client, 100), new CreditTransfer(Client, Owner, 30));
        Assert.Equal((UInt128)70, chain.Of(CreditHolders.Fold, Client).Balance);
        Assert.Equal((UInt128)30, chain.Of(CreditHolders.Fold, Owner).Balance);
        Assert.Null(chain.Find(CreditHolders.Fold, default));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Whoever_has_nothing_may_send_nothing_and_gets_no_row_by_it()
    {
        var chain = Chain().Happens(new CreditTransfer(Stranger, Client, 0));
        Assert.Equal((UInt128)0, chain.Of(CreditHolders.Fold, Client).Balance);
        Assert.Null(chain.Find(CreditHolders.Fold, Stranger));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Who_sends_itself_something_keeps_it()
    {
        var chain = Chain().Happens(new CreditTransfer(default, Client, 100), new CreditTransfer(Client, Client, 100));
        Assert.Equal((UInt128)100, chain.Of(CreditHolders.Fold, Client).Balance);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Nobody_sends_more_than_it_has_and_nothing_goes_to_nobody()
    {
        var holder = Chain().Happens(
            new CreditTransfer(default, Client, UInt128.MaxValue)).Of(CreditHolders.Fold, Client);
        Assert.Null(
            CreditHolders.Fold.Evolve(holder with { Balance = 9 }, new CreditTransfer(Client, Owner, 10), default));
        Assert.Null(CreditHolders.Fold.Evolve(holder, new CreditTransfer(Owner, Client, 1), default));
        Assert.Null(CreditHolders.Fold.Evolve(holder, new CreditTransfer(Owner, Stranger, 1), default));
        Assert.Null(CreditHolders.Fold.Evolve(holder, new CreditTransfer(Client, default, 1), default));
        Assert.Null(CreditHolders.Fold.Evolve(null, new CreditTransfer(Client, default, 1), default));
    }

    [Fact]
    public void Permits_are_used_one_by_one_by_holders_and_by_those_who_have_nothing()
    {
        var chain = Chain().Happens(new CreditNonceUsed(Owner, 0), new CreditNonceUsed(Owner, 1));
        Assert.Equal((UInt128)2, chain.Of(CreditHolders.Fold, Owner).PermitNonce);
        Assert.Empty(chain.Violations);
        chain.Happens(new CreditNonceUsed(Owner, 1), new CreditNonceUsed(Client, 1));
        Assert.Equal(
            [$"credit-holder-{Owner}: CreditNonceUsed", $"credit-holder-{Client}: CreditNonceUsed"], chain.Violations);
    }

    [Fact]
    public void An_allowance_is_the_last_one_that_was_told()
    {
        var unlimited = new UInt256(UInt128.MaxValue, UInt128.MaxValue);
        var key = Allowances.KeyOf(Client, Owner);
        var chain = Chain().Happens(new CreditApproval(Client, Owner, unlimited)).After(9)
            .Happens(new CreditApproval(Client, Owner, new UInt256(0, 3)));
        Assert.Equal(
            new Allowances.State(key, Client, Owner, new UInt256(0, 3), 1_009), chain.Of(Allowances.Fold, key));
        Assert.Null(Allowances.Fold.Evolve(null, new CreditApproval(Client, default, unlimited), default));
    }

    [Fact]
    public void An_authorization_is_spent_once()
    {
        var key = CreditAuthorizations.KeyOf(Client, Hash(1));
        var chain = Chain().Happens(new AuthorizationUsed(Client, Hash(1)), new AuthorizationCanceled(Client, Hash(2)));
        var used = chain.Of(CreditAuthorizations.Fold, key);
        Assert.Equal(
            new CreditAuthorizations.State(key, Client, Hash(1), CreditAuthorizations.Status.Used, 1_000), used);
        chain.Happens(new AuthorizationCanceled(Client, Hash(1)), new AuthorizationUsed(Client, Hash(2)));
        Assert.Equal(2, chain.Violations.Count);
        Granted(Transfer(null, Stranger, isReceipt: false, 1_000));
        Granted(Transfer(null, Owner, isReceipt: true, 1_000));
        Refused("OnlyRecipient", Transfer(null, Stranger, isReceipt: true, 1_000));
        Refused("AuthorizationNotYetValid", Transfer(null, Owner, isReceipt: false, 999));
        Refused("AuthorizationExpired", Transfer(null, Owner, isReceipt: false, 1_001));
        Refused("AuthorizationUsedOrCanceled", Transfer(used, Owner, isReceipt: false, 1_000));
        var cancel = new CreditAuthorizations.CancelAuthorization(Stranger, Client, Hash(1));
        Granted(CreditAuthorizations.Decide(null, cancel, 1));
        Refused("AuthorizationUsedOrCanceled", CreditAuthorizations.Decide(used, cancel, 1));
        Assert.Throws<ArgumentException>(() => CreditAuthorizations.Decide(used, new Tasks.Cancel(Client, 1), 1));

        static Decision Transfer(
            CreditAuthorizations.State? state, Address by, bool isReceipt, ulong now) => CreditAuthorizations.Decide(
            state,
                new CreditAuthorizations.TransferWithAuthorization(by, Client, Owner, 999, 1_001, Hash(1), isReceipt),
                now);
    }

    [Fact]
    public void A_transfer_needs_a_receiver_and_the_tokens()
    {
        var holder = Chain().Happens(new CreditTransfer(default, Client, 10)).Of(CreditHolders.Fold, Client);
        Granted(CreditHolders.Decide(holder, new CreditHolders.Transfer(Client, Owner, 10)));
        Granted(CreditHolders.Decide(null, new CreditHolders.Transfer(Client, Owner, 0)));
        Refused("ERC20InvalidReceiver", CreditHolders.Decide(holder, new CreditHolders.Transfer(Client, default, 1)));
        Refused(
            "ERC20InsufficientBalance", CreditHolders.Decide(holder, new CreditHolders.Transfer(Client, Owner, 11)));
        Assert.Throws<ArgumentException>(() => CreditHolders.Decide(holder, new Tasks.Cancel(Client, 1)));
    }

    [Fact]
    public void The_faucet_gives_once_an_hour()
    {
        var chain = Chain().Happens(
            new Dripped(Client, 1_000, 4_600)).Until(4_600).Happens(new Dripped(Client, 1_000, 8_200));
        var recipient = chain.Of(FaucetRecipients.Fold, Client);
        Assert.Equal(new FaucetRecipients.State(Client, 2_000, 2, 8_200, 4_600), recipient);
        chain.Until(8_199).Happens(new Dripped(Client, 1_000, 11_800));
        Assert.Equal([$"faucet-recipient-{Client}: Dripped"], chain.Violations);
        var drip = new FaucetRecipients.Drip(Owner, Client);
        Refused("TooSoon", FaucetRecipients.Decide(recipient, drip, 8_199));
        Granted(FaucetRecipients.Decide(recipient, drip, 8_200));
        Granted(FaucetRecipients.Decide(null, drip, 1));
        Assert.Throws<ArgumentException>(() => FaucetRecipients.Decide(null, new Tasks.Cancel(Client, 1), 1));
    }

    [Fact]
    public void Requests_are_counted_even_where_one_runs_inside_of_another()
    {
        // The inner request has the later nonce and is told first.
        var chain = Chain().Happens(
            new ExecutedForwardRequest(Client, 1, false), new ExecutedForwardRequest(Client, 0, true));
        var signer = chain.Of(ForwarderSigners.Fold, Client);
        Assert.Equal(new ForwarderSigners.State(Client, 2, 1, 1_000), signer);
        Assert.Empty(chain.Violations);
        Granted(ForwarderSigners.Decide(signer, new ForwarderSigners.Execute(Client, 2, 1_000), 1_000));
        Granted(ForwarderSigners.Decide(null, new ForwarderSigners.Execute(Client, 0, 1_000), 1_000));
        Refused("ERC2771ForwarderExpiredRequest",
            ForwarderSigners.Decide(signer, new ForwarderSigners.Execute(Client, 2, 999), 1_000));
        Refused("ERC2771ForwarderInvalidSigner",
            ForwarderSigners.Decide(signer, new ForwarderSigners.Execute(Client, 1, 1_000), 1_000));
        Assert.Throws<ArgumentException>(() => ForwarderSigners.Decide(signer, new Tasks.Cancel(Client, 1), 1));
        Assert.Null(ForwarderSigners.Fold.Evolve(signer, new CreditNonceUsed(Client, 0), default));
    }

    private static SmallChain Chain() =>
        new(1_000, CreditHolders.Fold, Allowances.Fold, CreditAuthorizations.Fold, FaucetRecipients.Fold,
            ForwarderSigners.Fold);
}
