// Commands of money: the token, the vault, the faucet, payment channels.
using EventSourced.Domain.Money;
using EventSourced.Domain.Work;
using static EventSourced.Api.Commands.Catalog.CommandEntry;
using static EventSourced.Api.Commands.Catalog.Sender;

namespace EventSourced.Api.Commands.Catalog;

internal static class MoneyTable
{
    private static readonly Sender Payee = Only("the channel's payee");
    private static readonly Sender Receiver = Only("the channel's receiver or its authorizer");
    private const string BySignature = "{value:credits} move from {from} to {to}, as {from} has signed.";

    internal static IReadOnlyList<CommandEntry> All { get; } =
    [
        Row("credit.approve", "Credit.approve", Anyone,
            "Lets {spender} take up to {value:credits} of the sender's tokens."),
        Row("credit.permit", "Credit.permit", Anyone,
            "Lets {spender} take up to {value:credits} of {owner}'s tokens, as {owner} has signed."),
        Row<CreditHolders.Transfer>("credit.transfer", "Credit.transfer", Anyone, On.Holder,
            w => new(w.By, w.Party("to"), w.Amount("value")), "Sends {value:credits} to {to}."),
        Row("credit.transferFrom", "Credit.transferFrom", Anyone,
            "Sends {value:credits} of {from} to {to}, out of what {from} has allowed the sender."),
        Row<CreditAuthorizations.TransferWithAuthorization>(
            "credit.transferWithAuthorization",
            "Credit.transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)",
            Anyone, On.Authorization, w => Signed(w, isReceipt: false), BySignature),
        Row<CreditAuthorizations.TransferWithAuthorization>(
            "credit.receiveWithAuthorization",
            "Credit.receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)",
            Only("the recipient"), On.Authorization, w => Signed(w, isReceipt: true), BySignature),
        Row<CreditAuthorizations.CancelAuthorization>(
            "credit.cancelAuthorization", "Credit.cancelAuthorization(address,bytes32,bytes)", Anyone,
            On.OwnAuthorization, w =>
                new(w.By, w.Party("authorizer"), w.Word("nonce")),
                "Takes the authorization {nonce} of {authorizer} back, as {authorizer} has signed."),

        Row("vault.deposit", "Vault.deposit", Anyone,
            "Brings {amount:credits} of the sender's tokens into its wallet in the vault."),
        Row("vault.depositFor", "Vault.depositFor", Anyone,
            "Brings {amount:credits} of the sender's tokens into the wallet of {holder} in the vault."),
        Row("vault.depositWithPermit", "Vault.depositWithPermit", Anyone,
            "Brings {amount:credits} of the sender's tokens into its wallet in the vault, by its signature of ERC-2612."),
        Row<Balances.Withdraw>("vault.withdraw", "Vault.withdraw", Anyone, On.Wallet,
            w => new(w.By, w.Amount("amount"), w.Party("recipient")),
                "Sends {amount:credits} from the sender's wallet in the vault to {recipient}."),
        Row<FaucetRecipients.Drip>(
            "faucet.drip", "Faucet.drip", Anyone, On.Recipient, w => new(w.By, w.Party("recipient")),
            "Sends a portion of test tokens to {recipient}."),

        Row("channels.open", "Channels.open", Anyone,
            "Opens a channel to {payee}; {amount:credits} move from the sender's wallet in the vault into it, until {expiresAt:time}."),
        Row("channels.deposit", "Channels.deposit", Anyone,
            "Opens or fills a channel of a config; {amount:credits} move from the payer's wallet in the vault into it."),
        Row<Channels.TopUp>("channels.topUp", "Channels.topUp", Only("the channel's payer"), On.Channel,
            w => new(w.By, w.Id("channelId"), w.Amount("amount")), "Adds {amount:credits} to channel {channelId}."),
        Row<Channels.Redeem>("channels.redeem", "Channels.redeem", Payee, On.Channel,
            w => new(w.By, w.Id("channelId"), w.Amount("cumulative"), w.Id("nonce")),
            "Pays the payee of channel {channelId} up to {cumulative:credits} in all, by a voucher."),
        Row("channels.claim", "Channels.claim", Receiver, "Pays what vouchers of channels of a config say."),
        Row("channels.claimWithSignature", "Channels.claimWithSignature", Anyone,
            "Pays what vouchers of channels of a config say, as their receiver's authorizer has signed."),
        Row("channels.refund", "Channels.refund", Receiver,
            "Gives {amount:credits} of a channel of a config back to its payer."),
        Row("channels.refundWithSignature", "Channels.refundWithSignature", Anyone,
            "Gives {amount:credits} of a channel of a config back to its payer, as its receiver's authorizer has signed."),
        Row<Channels.CloseTogether>("channels.closeTogether", "Channels.closeTogether", Payee, On.Channel,
            w => new(w.By, w.Id("channelId"), w.Amount("cumulative"), w.Moment("deadline")),
            "Closes channel {channelId} at {cumulative:credits} in all, as its signer has signed."),
        Row<Channels.CloseByPayee>(
            "channels.closeByPayee", "Channels.closeByPayee", Payee, On.Channel, w => new(w.By, w.Id("channelId")),
            "Closes channel {channelId}; what is not redeemed returns to the payer."),
        Row<Channels.StartClose>("channels.startClose", "Channels.startClose",
            Only("the channel's payer, or anyone once it expired"), On.Channel,
            w => new(w.By, w.Id("channelId")), "Starts the close of channel {channelId}."),
        Row<Channels.Close>("channels.close", "Channels.close", Anyone, On.Channel, w => new(w.By, w.Id("channelId")),
            "Finishes the close of channel {channelId}; the rest returns to the payer."),
    ];

    private static CreditAuthorizations.TransferWithAuthorization Signed(Wish w, bool isReceipt) => new(
        w.By, w.Party("from"), w.Party("to"), w.Moment("validAfter"), w.Moment("validBefore"), w.Word("nonce"),
        isReceipt);
}
