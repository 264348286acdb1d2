// ERC-2771: a request that one account brings on chain, with its gas, for another one without. Enters: the asker, the
// target and the call. Leaves: the signature that the contract Forwarder asks for.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.Chain.Signing;

/// <summary>A call that another account brings on chain.</summary>
/// <param name="From">The address that asks; the target sees it as its caller.</param>
/// <param name="To">The contract that is called.</param>
/// <param name="GasLimit">How much gas the call may use.</param>
/// <param name="Nonce">The next nonce of the signer, by the Forwarder's own count.</param>
/// <param name="DeadlineSeconds">The last second in which the request holds.</param>
/// <param name="Data">The call.</param>
public sealed record ForwardRequest(
    Address From, Address To, ulong GasLimit, ulong Nonce, ulong DeadlineSeconds, ReadOnlyMemory<byte> Data)
{
    private const string Type =
        "ForwardRequest(address from,address to,uint256 value,uint256 gas,uint256 nonce,uint48 deadline,bytes data)";

    /// <summary>How the Forwarder calls itself in its EIP-712 domain.</summary>
    public const string DomainName = "EventSourced Forwarder";

    /// <summary>The hash of the request, for the signature.</summary>
    public Hash32 Digest(ulong chainId, Address forwarder) => new TypedDomain(DomainName, chainId, forwarder).Digest(
        Type, From, To, 0UL, GasLimit, Nonce, DeadlineSeconds, Data.ToArray());

    /// <summary>The argument of the Forwarder's execute: the request and its signature.</summary>
    public AbiValue SignedBy(SigningKey key, ulong chainId, Address forwarder)
    {
        ArgumentNullException.ThrowIfNull(key);
        var signature = key.Sign(Digest(chainId, forwarder)).ToBytes();
        return AbiValue.Of(From, To, 0UL, GasLimit, DeadlineSeconds, Data.ToArray(), signature);
    }
}
