// Transactions as they go out: EIP-1559, and EIP-7702 with authorizations. Enters: a key, the chain, the nonce, fees, a
// call. Leaves: the bytes that the chain holds. Always holds: nonce and fees are the caller's, so a caller with many
// transactions counts for itself, and nothing is asked of a node.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using Nethereum.Model;

namespace EventSourced.Chain.Sending;

/// <summary>The price of a unit of gas, in wei: the tip, and the tip with the base fee.</summary>
public readonly record struct Fees(UInt256 MaxPriorityFeePerGas, UInt256 MaxFeePerGas);

/// <summary>The call of a transaction; without a contract it creates one.</summary>
public sealed record Call(Address? To, ReadOnlyMemory<byte> Data, ulong GasLimit)
{
    /// <summary>The wei that go along.</summary>
    public UInt256 Value { get; init; }
}

/// <summary>Builds and signs transactions.</summary>
public static class Transactions
{
    /// <summary>A transaction with fees by EIP-1559, signed and encoded.</summary>
    public static byte[] Sign(SigningKey key, ulong chainId, ulong nonce, Fees fees, Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var transaction = new Transaction1559(
            chainId, nonce, fees.MaxPriorityFeePerGas.ToBigInteger(), fees.MaxFeePerGas.ToBigInteger(), call.GasLimit,
            call.To?.ToString(), call.Value.ToBigInteger(), Words.ToHex(call.Data.Span), []);
        return Signed(key, transaction);
    }

    /// <summary>A transaction that brings authorizations of EIP-7702 with it.</summary>
    public static byte[] Sign(
        SigningKey key, ulong chainId, ulong nonce, Fees fees, Call call,
        params IReadOnlyList<Authorisation7702Signed> authorizations)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (authorizations.Count == 0)
            throw new ArgumentException("expected at least one authorization, found none", nameof(authorizations));
        var to = call.To
            ?? throw new ArgumentException("expected a contract or an account, found a creation", nameof(call));
        var transaction = new Transaction7702(
            chainId, nonce, fees.MaxPriorityFeePerGas.ToBigInteger(), fees.MaxFeePerGas.ToBigInteger(), call.GasLimit,
            to.ToString(), call.Value.ToBigInteger(), Words.ToHex(call.Data.Span), [], [.. authorizations]);
        return Signed(key, transaction);
    }

    /// <summary>The address of the contract that an account's transaction with this nonce creates.</summary>
    public static Address Created(Address creator, ulong nonce) =>
        Address.Parse(Nethereum.Util.ContractUtils.CalculateContractAddress(creator.ToString(), nonce));

    private static byte[] Signed(SigningKey key, SignedTypeTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(key);
        var signature = key.Sign(new Hash32(transaction.RawHash));
        transaction.SetSignature(new Nethereum.Model.Signature(
            Words.Trimmed(signature.R), Words.Trimmed(signature.S), signature.YParity == 0 ? [] : [signature.YParity]));
        return transaction.GetRLPEncoded();
    }
}
