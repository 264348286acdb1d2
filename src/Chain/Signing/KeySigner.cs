// Our signer where Nethereum asks for one. Enters: a key of lib/Ethereum and hashes. Leaves: signatures by the native
// curve, equal to Nethereum's own and about a hundred times sooner. Always holds: the parity comes with the signature,
// so Nethereum recovers no key to find it. Legacy transactions, whose v carries the chain's id, are not sent here.
using EventSourced.Ethereum;
using Nethereum.Model;
using Nethereum.Signer;
using Nethereum.Signer.Crypto;
using CurveNumber = Org.BouncyCastle.Math.BigInteger;

namespace EventSourced.Chain.Signing;

/// <summary>A key of ours as Nethereum's external signer.</summary>
public sealed class KeySigner(SigningKey key) : EthExternalSignerBase
{
    /// <summary>The address of the key.</summary>
    public Address Address => key.Address;

    /// <inheritdoc/>
    public override bool Supported1559 => true;

    /// <inheritdoc/>
    public override ExternalSignerTransactionFormat ExternalSignerTransactionFormat { get; protected set; } =
        ExternalSignerTransactionFormat.Hash;

    /// <inheritdoc/>
    public override bool CalculatesV { get; protected set; } = true;

    /// <inheritdoc/>
    public override Task<string> GetAddressAsync() => Task.FromResult(key.Address.ToString());

    /// <inheritdoc/>
    public override Task SignAsync(Transaction1559 transaction) => SignHashTransactionAsync(transaction);

    /// <inheritdoc/>
    public override Task SignAsync(Transaction7702 transaction) => SignHashTransactionAsync(transaction);

    /// <inheritdoc/>
    public override Task SignAsync(LegacyTransactionChainId transaction) => throw Legacy();

    /// <inheritdoc/>
    public override Task SignAsync(LegacyTransaction transaction) => throw Legacy();

    /// <inheritdoc/>
    public override Task<EthECDSASignature> SignEthereumMessageAsync(byte[] rawBytes)
    {
        var signed = Signed(SignedMessage.Hash(rawBytes));
        // Wallets write 27 and 28 under a message.
        signed.V = [(byte)(27 + signed.V[0])];
        return Task.FromResult(new EthECDSASignature(signed));
    }

    /// <inheritdoc/>
    protected override Task<byte[]> GetPublicKeyAsync() => Task.FromResult(key.PublicKey.ToArray());

    /// <inheritdoc/>
    protected override Task<ECDSASignature> SignExternallyAsync(byte[] bytes) =>
        Task.FromResult(Signed(new Hash32(bytes)));

    private ECDSASignature Signed(Hash32 hash)
    {
        var signature = key.Sign(hash);
        return new ECDSASignature(
            new CurveNumber(1, signature.R.Bytes.ToArray()), new CurveNumber(1, signature.S.Bytes.ToArray()))
        {
            V = [signature.YParity],
        };
    }

    private static NotSupportedException Legacy() =>
        new("expected a transaction of EIP-1559 or EIP-7702, found a legacy one");
}
