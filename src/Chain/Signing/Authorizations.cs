// EIP-7702: an account names the contract whose code it runs from now on. Enters: the account's key, the chain, the
// contract and the account's next nonce. Leaves: an authorization that anybody may put into a transaction.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using Nethereum.Model;

namespace EventSourced.Chain.Signing;

/// <summary>Signs authorizations of EIP-7702.</summary>
public static class Authorizations
{
    /// <summary>Signs that the key's account runs a contract's code; the zero address takes the code away.</summary>
    public static Authorisation7702Signed Sign(SigningKey key, ulong chainId, Address contract, ulong nonce)
    {
        ArgumentNullException.ThrowIfNull(key);
        var authorization = new Authorisation7702 { ChainId = chainId, Address = contract.ToString(), Nonce = nonce };
        var signature = key.Sign(new Hash32(Authorisation7702RLPEncoderAndHasher.EncodeAndHash(authorization)));
        // Numbers on the wire have no leading zeros: a parity of 0 is no byte at all.
        return new Authorisation7702Signed(
            authorization, Words.Trimmed(signature.R), Words.Trimmed(signature.S),
            signature.YParity == 0 ? [] : [signature.YParity]);
    }
}
