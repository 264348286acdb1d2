// The ledger's read models: accounts and transfers of the vault, holders of the token.
using EventSourced.Domain;

namespace EventSourced.Projections.Models;

internal static class Ledger
{
    internal static IReadOnlyList<ReadModel> All { get; } =
    [
        new ReadModel<Word, Balances.State>(Balances.Fold, "Account", isState: true)
            .Index(nameof(Balances.State.Holder)),
        new ReadModel<ulong, Transfers.Row>(Transfers.Fold, "Transfer", isState: false)
            .Index(nameof(Transfers.Row.FromAccount), nameof(Transfers.Row.TransferId))
            .Index(nameof(Transfers.Row.ToAccount), nameof(Transfers.Row.TransferId)),
        new ReadModel<Address, CreditHolders.State>(CreditHolders.Fold, "CreditHolder", isState: true),
        new ReadModel<string, Allowances.State>(Allowances.Fold, "Allowance", isState: true)
            .Index(nameof(Allowances.State.Owner)),
        new ReadModel<Address, FaucetRecipients.State>(FaucetRecipients.Fold, "FaucetRecipient", isState: true),
        new ReadModel<Address, ForwarderSigners.State>(ForwarderSigners.Fold, "ForwarderSigner", isState: true),
    ];
}
