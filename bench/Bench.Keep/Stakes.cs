// Somebody who unbonds stake in many pieces. Enters: a chain with the economy. Leaves: so many unbondings, and a leap
// of time over all of them. Always holds: each transaction succeeded.
using EventSourced.Chain.Sending;
using EventSourced.DevNode;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using EventSourced.World;

namespace EventSourced.BenchKeep;

internal sealed class Stakes(WorldChain chain, Contracts contracts) : IDisposable
{
    private const ulong Gas = 1_500_000;
    private const ulong PiecesOfAgent = 4;
    private const ulong AgentsOfBlock = 25;
    private const ulong MostUnbondingSeconds = 60 * 86_400;
    private static readonly UInt256 Credit = 1_000_000_000_000_000_000UL;

    private readonly SigningKey _owner = SigningKey.Parse(AnvilNode.RichKey);
    private ulong _nonce;

    /// <summary>Bonds stake and unbonds it in pieces of a credit.</summary>
    public async Task LeaveAsync(int count, CancellationToken cancellation)
    {
        _nonce = await chain.Client.GetNonceAsync(_owner.Address, BlockTag.Pending, cancellation);
        var all = Credit * ((ulong)count + 100);
        var left = count;
        await SendAsync("Credit", "approve", [contracts["Vault"].Address, all], cancellation);
        await SendAsync("Vault", "deposit", [all], cancellation);
        // An agent has a few pieces on their way at once, no more; agents share a block.
        await chain.Anvil.SetAutomineAsync(false, cancellation);
        for (ulong agent = 1; left > 0; agent++)
        {
            if (agent % AgentsOfBlock == 0) await chain.Anvil.MineAsync(cancellation);
            await SendAsync("AgentRegistry", "register", ["ipfs://bench"], cancellation, isAwaited: false);
            await SendAsync("Stake", "bond", [agent, Credit * PiecesOfAgent], cancellation, isAwaited: false);
            for (var piece = 0UL; piece < PiecesOfAgent && left > 0; piece++, left--)
                await SendAsync("Stake", "unbond", [agent, Credit], cancellation, isAwaited: false);
        }

        await chain.Anvil.MineAsync(cancellation);
    }

    /// <summary>Lets so much time pass that every piece is due.</summary>
    /// <returns>The second of the first block in which it is.</returns>
    public async Task<long> PassAsync(CancellationToken cancellation)
    {
        var head = (await chain.Client.GetHeaderAsync(BlockTag.Latest, cancellation))!;
        var due = head.Timestamp + MostUnbondingSeconds;
        await chain.Anvil.SetNextBlockTimestampAsync(due, cancellation);
        await chain.Anvil.MineAsync(cancellation);
        return (long)due;
    }

    public void Dispose() => _owner.Dispose();

    private async Task SendAsync(
        string contract, string function, IReadOnlyList<AbiValue> arguments, CancellationToken cancellation,
        bool isAwaited = true)
    {
        var raw = Transactions.Sign(
            _owner, AnvilNode.ChainId, _nonce++, new Fees(0UL, 2_000_000_000UL),
            new Call(contracts[contract].Address, contracts[contract].Encode(function, arguments), Gas));
        var hash = await chain.Client.SendAsync(raw, cancellation);
        if (!isAwaited) return;
        var receipt = await chain.Client.WaitForReceiptAsync(hash, cancellation);
        if (!receipt.Succeeded)
            throw new InvalidOperationException($"expected {contract}.{function} to succeed, found a revert");
    }
}
