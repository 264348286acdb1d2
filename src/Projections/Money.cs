// Read models of money: accounts and transfers of the vault, holders of the token.
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Projections;

internal static class Money
{
    internal static IReadOnlyList<ReadModel> All { get; } =
    [
        new ReadModel<Word, Balances.State>(Balances.Fold, "Account", isState: true)
            .None(nameof(Balances.State.LastMovedAt))
            .Counts(nameof(Balances.State.Id))
            .Index(nameof(Balances.State.Holder))
            .One("creditHolder", "credit_holder", nameof(Balances.State.Holder))
            .Many("outgoing", "transfer", "from_account")
            .Many("incoming", "transfer", "to_account"),
        new ReadModel<ulong, Transfers.Row>(Transfers.Fold, "Transfer", isState: false)
            .Serial()
            .Index(nameof(Transfers.Row.FromAccount), nameof(Transfers.Row.TransferId))
            .Index(nameof(Transfers.Row.ToAccount), nameof(Transfers.Row.TransferId))
            .One("payer", "account", nameof(Transfers.Row.FromAccount))
            .One("payee", "account", nameof(Transfers.Row.ToAccount)),
        new ReadModel<Address, CreditHolders.State>(CreditHolders.Fold, "CreditHolder", isState: true)
            .None(nameof(CreditHolders.State.LastMovedAt))
            .Counts(nameof(CreditHolders.State.PermitNonce))
            .Many("accounts", "account", "holder")
            .Many("allowances", "allowance", "owner")
            .Many("authorizations", "credit_authorization", "authorizer")
            .Many("agents", "agent", "owner")
            .Many("operators", "agent_operator", "owner")
            .Many("tasks", "task", "client")
            .Many("jobs", "job", "client")
            .One("clientHistory", "client", nameof(CreditHolders.State.Holder))
            .Many("bounties", "bounty", "sponsor")
            .Many("workflows", "workflow", "client")
            .Many("payingChannels", "channel", "payer")
            .Many("payeeChannels", "channel", "payee"),
        new ReadModel<string, Allowances.State>(Allowances.Fold, "Allowance", isState: true)
            .Index(nameof(Allowances.State.Owner))
            .One("ownerHolder", "credit_holder", nameof(Allowances.State.Owner)),
        new ReadModel<string, CreditAuthorizations.State>(
            CreditAuthorizations.Fold, "CreditAuthorization", isState: true)
            .None(nameof(CreditAuthorizations.State.SpentAt))
            .Index(nameof(CreditAuthorizations.State.Authorizer))
            .One("authorizerHolder", "credit_holder", nameof(CreditAuthorizations.State.Authorizer)),
        new ReadModel<Address, FaucetRecipients.State>(FaucetRecipients.Fold, "FaucetRecipient", isState: true)
            .None(nameof(FaucetRecipients.State.NextAt))
            .One("holder", "credit_holder", nameof(FaucetRecipients.State.Recipient)),
        new ReadModel<Address, ForwarderSigners.State>(ForwarderSigners.Fold, "ForwarderSigner", isState: true)
            .Counts(nameof(ForwarderSigners.State.Nonce)),
    ];
}
