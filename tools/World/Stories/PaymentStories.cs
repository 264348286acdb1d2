// Payments by signature: x402's vouchers through a channel, and transfers of the token by ERC-3009. Each story is one
// iterator.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.World;

/// <summary>Stories of payments that somebody else brings on chain.</summary>
public sealed class PaymentStories(Cast cast, Random random)
{
    private const ulong WithdrawDelay = 900;
    private const string ConfigType =
        "ChannelConfig(address payer,address payerAuthorizer,address receiver,address receiverAuthorizer,address token,uint40 withdrawDelay,bytes32 salt)";

    private const string TransferType =
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";

    // x402's clients sign for this address on every chain.
    private static readonly Address X402 = Address.Parse("0x4020074e9dF2ce1deE5A9C1b5c3f541D02a10003");

    private Contract Channels => cast.Contracts["Channels"];

    private Contract Credit => cast.Contracts["Credit"];

    /// <summary>
    /// A channel of an x402 config: two claims, a refund, and a close in which a last claim comes through.
    /// </summary>
    public IEnumerable<Beat> Vouchers()
    {
        using var signer = new SigningKey(Keccak256.Hash($"voucher signer {random.Next()}").Bytes);
        var (payer, payee) = (cast.Client(random), cast.Worker(random));
        var channel = cast.Channels.Next();
        byte[] salt = [.. Channels.Address.Bytes, .. Keccak256.Hash($"salt {channel}").Bytes[..12]];
        AbiValue[] fields =
        [
            cast.Addresses[payer], signer.Address, payee.Owner, payee.Owner, Credit.Address, WithdrawDelay, salt,
        ];
        var config = AbiValue.Of(fields);
        var form = new TypedDomain("x402 Batch Settlement", cast.Contracts.ChainId, X402);
        var id = form.Digest(ConfigType, fields);
        yield return Beat.Do(payer, Channels, "deposit", config, Cast.Credits(20));
        yield return Beat.Do(payer, Channels, "deposit", config, Cast.Credits(5));
        yield return Claim(6, 4);
        yield return Claim(9, 9);
        yield return Beat.Do(payee.Actor, Channels, "refund", config, Cast.Credits(3));
        var startedAt = cast.Now;
        yield return Beat.Do(payer, Channels, "startClose", channel);
        yield return Claim(12, 11);
        yield return new Beat.Until(startedAt + WithdrawDelay);
        yield return Beat.Do(payee.Actor, Channels, "close", channel);

        Beat Claim(ulong most, ulong total)
        {
            var voucher = form.By(
                signer, "Voucher(bytes32 channelId,uint128 maxClaimableAmount)", id, Cast.Credits(most));
            return Beat.Do(payee.Actor, Channels, "claim", AbiValue.Of(AbiValue.Of(
                AbiValue.Of(config, Cast.Credits(most)), voucher.ToBytes(), Cast.Credits(total))));
        }
    }

    /// <summary>
    /// A key that never sends a transaction is given tokens, pays some of them by signature, and takes one payment
    /// back.
    /// </summary>
    public IEnumerable<Beat> Authorizations()
    {
        using var key = new SigningKey(Keccak256.Hash($"authorizer {random.Next()}").Bytes);
        var (client, shop) = (cast.Client(random), cast.Worker(random));
        var form = new TypedDomain("EventSourced Credit", cast.Contracts.ChainId, Credit.Address);
        var (first, second) = (Cast.Word($"first {random.Next()}"), Cast.Word($"second {random.Next()}"));
        var validBefore = cast.Now + 86_400;
        yield return Beat.Do(client, cast.Contracts["Vault"], "withdraw", Cast.Credits(3), key.Address);
        var paid = form.By(key, TransferType, key.Address, shop.Owner, Cast.Credits(2), 0UL, validBefore, first);
        yield return Beat.Do(
            shop.Actor, Credit, "transferWithAuthorization", key.Address, shop.Owner, Cast.Credits(2), 0UL, validBefore,
            first, paid.ToBytes());
        var canceled = form.By(key, "CancelAuthorization(address authorizer,bytes32 nonce)", key.Address, second);
        yield return Beat.Do(client, Credit, "cancelAuthorization", key.Address, second, canceled.ToBytes());
    }
}
