// How somebody stands on the chain before the world goes on. Enters: an actor's address and agent. Leaves: money,
// stake, seat; of somebody who has only just been recruited, nothing, without a question.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.World;

/// <summary>What an actor has.</summary>
public sealed record Standing(UInt256 Wallet, UInt256 Deposited, UInt256 Staked, ulong AttestedUntil, bool Seated)
{
    private const int CreditKind = 1;

    /// <summary>Of somebody who has just arrived.</summary>
    public static Standing None { get; } = new(UInt256.Zero, UInt256.Zero, UInt256.Zero, 0, false);

    public static async Task<Standing> OfAsync(
        EthereumClient client, Contracts contracts, Agent somebody, CancellationToken cancellation)
    {
        var (agent, owner) = (somebody.Id, somebody.Owner);
        var account = Hash32.FromUInt256(((UInt256)(ulong)CreditKind << 248) | UInt256.FromBigEndianShort(owner.Bytes));
        return new Standing(
            (await AskAsync("Credit", "balanceOf", owner)).AsUInt256(),
            (await AskAsync("Vault", "balanceOf", account)).AsUInt256(),
            agent == 0 ? UInt256.Zero : (await AskAsync("Stake", "stakeOf", agent)).AsUInt256(),
            agent == 0 ? 0 : (ulong)(await AskAsync("VerifierPool", "attestationOf", agent)).AsItems()[2].AsUInt256(),
            agent != 0 && (await AskAsync("VerifierPool", "isMember", agent)).AsBoolean());

        async Task<AbiValue> AskAsync(string contract, string function, AbiValue argument)
        {
            var found = contracts[contract].Function(function);
            var answer = await client
                .CallAsync(new CallRequest(contracts[contract].Address, found.EncodeCall(argument)), BlockTag.Latest,
                    cancellation);
            return found.DecodeResult(answer)[0];
        }
    }
}
