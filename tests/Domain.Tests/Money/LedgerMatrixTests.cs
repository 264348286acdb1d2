// Every event of the ledger on every sample of a state, as one reviewed table.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Ledger;

public class LedgerMatrixTests
{
    private static readonly At Now = new(100, 1_000, 3);

    [Fact]
    public void Every_event_of_the_ledger_is_decided_in_every_state()
    {
        var (outside, wallet, escrow) = (Accounts.External(Client), Accounts.Credit(Client), Accounts.Task(7));
        var account = Balances.Fold.Evolve(null, Move(outside, wallet, 0, 10, 0), Now)!;
        var text = Matrix.Of(
            Balances.Fold, Now, state => $"{state.Kind} {state.Id} with {state.Balance}, {state.Moves} moves",
            [null, account, account with { Balance = 0 }],
            Move(outside, wallet, 0, 5, 0), Move(wallet, escrow, 7, 10, 3), Move(wallet, wallet, 0, 1, 38),
            Move(outside, wallet, 0, 0, 0));
        var holder = CreditHolders.Fold.Evolve(null, new CreditTransfer(default, Client, 10), Now)!;
        text += Matrix.Of(CreditHolders.Fold, Now, state => $"{state.Balance}, nonce {state.PermitNonce}",
            [null, holder, holder with { Balance = 0, PermitNonce = 1 }],
            new CreditTransfer(default, Client, 5), new CreditTransfer(Client, Owner, 10),
            new CreditNonceUsed(Client, 0), new CreditNonceUsed(Client, 1));
        var allowance = Allowances.Fold.Evolve(null, new CreditApproval(Client, Owner, new UInt256(0, 1)), Now)!;
        text += Matrix.Of(Allowances.Fold, Now, state => $"{state.Value}", [null, allowance],
            new CreditApproval(Client, Owner, new UInt256(0, 2)),
            new CreditApproval(default, Owner, new UInt256(0, 2)));
        var spent = CreditAuthorizations.Fold.Evolve(null, new AuthorizationUsed(Client, Hash(1)), Now)!;
        text += Matrix.Of(CreditAuthorizations.Fold, Now, state => $"{state.Status} at {state.SpentAt}", [null, spent],
            new AuthorizationUsed(Client, Hash(1)), new AuthorizationCanceled(Client, Hash(1)));
        var recipient = FaucetRecipients.Fold.Evolve(null, new Dripped(Client, 5, 1_000), Now)!;
        text += Matrix.Of(FaucetRecipients.Fold, Now, state => $"{state.Portions} portions, next at {state.NextAt}",
            [null, recipient, recipient with { NextAt = 1_001 }], new Dripped(Client, 5, 4_600));
        var signer = ForwarderSigners.Fold.Evolve(null, new ExecutedForwardRequest(Client, 0, true), Now)!;
        text += Matrix.Of(
            ForwarderSigners.Fold, Now, state => $"nonce {state.Nonce}, {state.Failed} failed", [null, signer],
            new ExecutedForwardRequest(Client, 1, true), new ExecutedForwardRequest(Client, 1, false));
        Snapshot.Matches(text);
    }
}
