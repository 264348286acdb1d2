// Whether a request was signed by whom it names. Enters: a signed request. Leaves: nothing, or the problem by its name.
// Always holds: the curve decides first, without asking anybody; a contract is asked only where the curve names
// somebody else, with bounded gas; a signature that was made for another chain or another contract is named so, not
// merely called wrong.
using EventSourced.Chain.Encoding;
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Api.Commands.Checks;

/// <summary>Checks signatures.</summary>
internal sealed class SignatureCheck(Economy economy, EthereumClient node)
{
    private const ulong ContractGas = 200_000;
    private const int DelegationBytes = 23;

    private static readonly AbiFunction IsValid =
        AbiFunction.Parse("function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)");

    // Chains for which a wallet may have signed by mistake: Ethereum and its test chains, the large layers above it,
    // development nodes.
    private static readonly ulong[] OtherChains = [1, 10, 56, 100, 137, 324, 1337, 8453, 31337, 42161, 59144, 84532,
        421614, 560048, 11155111];

    /// <summary>The problem of a signature whose numbers are wrong.</summary>
    public static Problem Named(SignatureFault fault) => fault is SignatureFault.HighS
        ? Problem.Unsigned(
            "SignatureMalleated", "s in the lower half of the curve's order (EIP-2)", "s in the upper half")
        : Problem.Unsigned(
            "SignatureMalformed", $"{Signature.ByteCount} bytes r, s, v: r and s within the curve's order, v 27 or 28",
            $"{fault}");

    /// <summary>
    /// Whether the curve says that the sender signed; the problem where the signature itself is malformed.
    /// </summary>
    public bool IsOwn(Payload.Forward forward, out Problem? problem)
    {
        problem = null;
        if (!Signature.TryParse(forward.Signature.Span, out var signature, out var fault))
        {
            problem = forward.Signature.Length == Signature.ByteCount ? Named(fault) : null;
            return false;
        }

        return signature.TryRecover(forward.Request.Digest(economy.ChainId, economy.Forwarder), out var signer, out _)
            && signer == forward.Request.From;
    }

    /// <summary>
    /// Why a signature that is not the sender's own does not count: a contract's, or somebody else's.
    /// </summary>
    public async Task<Problem> NameAsync(Payload.Forward forward, CancellationToken cancellation)
    {
        var (request, digest) = (forward.Request, forward.Request.Digest(economy.ChainId, economy.Forwarder));
        var code = await node.GetCodeAsync(request.From, BlockTag.Latest, cancellation).ConfigureAwait(false);
        // An account of EIP-7702 has code and signs by its key as before.
        if (code.Length is > 0 and not DelegationBytes)
        {
            return await IsValidAsync(request.From, digest, forward.Signature, cancellation).ConfigureAwait(false)
                ? Problem.Unsigned(
                    "SignatureOfContract",
                    "an account that signs by a key, for the forwarder asks no contract; a contract sends a transaction",
                    $"the contract {request.From}, which says by ERC-1271 that it signed")
                : Problem.Unsigned("SignatureRefusedByContract",
                    $"a signature that the contract {request.From} confirms by ERC-1271", "one that it does not");
        }

        if (!Signature.TryParse(forward.Signature.Span, out var signature, out var fault)) return Named(fault);
        foreach (var chain in OtherChains)
            if (chain != economy.ChainId && Signed(request.Digest(chain, economy.Forwarder)))
                return Problem.Unsigned(
                    "SignatureForOtherChain", $"a signature for chain {economy.ChainId}", $"one for chain {chain}");
        if (Signed(request.Digest(economy.ChainId, request.To)))
            return Problem.Unsigned("SignatureForOtherContract", $"a signature for the forwarder {economy.Forwarder}",
                $"one for {request.To}");
        signature.TryRecover(digest, out var signer, out _);
        return Problem.Unsigned("SignatureForged", $"the signature of {request.From}", $"one of {signer}");

        bool Signed(Hash32 other) => signature.TryRecover(other, out var found, out _) && found == request.From;
    }

    // What the contract answers is believed only as the one word that says yes.
    private async Task<bool> IsValidAsync(
        Address contract, Hash32 digest, ReadOnlyMemory<byte> signature, CancellationToken cancellation)
    {
        try
        {
            var answer = await node.CallAsync(
                new CallRequest(contract, IsValid.EncodeCall(digest, signature.ToArray())) { Gas = ContractGas },
                BlockTag.Latest, cancellation).ConfigureAwait(false);
            return answer.Length == 32 && answer.AsSpan(0, 4).SequenceEqual(IsValid.Hash.Bytes[..4])
                && answer.AsSpan(4).IndexOfAnyExcept((byte)0) < 0;
        }
        catch (RpcException refused) when (!refused.IsTransient)
        {
            return false;
        }
    }
}
