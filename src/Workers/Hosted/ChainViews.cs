// The contracts' own answers, for questions on which the index may lag behind: a lease before a heartbeat, a task after
// a refusal. Enters: ids. Leaves: answers of the newest block. Always holds: nothing is written; each answer is one
// call.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using EventSourced.Workers.Acting;

namespace EventSourced.Workers.Hosted;

/// <summary>A live work lease.</summary>
/// <param name="LeaseId">Its id.</param>
/// <param name="ExpiresAt">The time until which it lives without a heartbeat.</param>
/// <param name="Ttl">The seconds by which a heartbeat prolongs it.</param>
/// <param name="Heartbeats">The number of its heartbeats so far.</param>
public sealed record LiveLease(ulong LeaseId, ulong ExpiresAt, ulong Ttl, ulong Heartbeats);

/// <summary>Asks contracts.</summary>
public sealed class ChainViews(Stage stage, EthereumClient node)
{
    private static readonly AbiFunction StateOf = AbiFunction.Parse(
        "function stateOf(uint256 taskId) view returns (uint8)");

    private static readonly AbiFunction LiveLeaseOf = AbiFunction.Parse(
        "function liveLeaseOf(uint256 taskId) view returns (uint256)");

    // A struct that consists of words alone has the layout of its members.
    private static readonly AbiFunction LeaseOf = AbiFunction.Parse(
        "function leaseOf(uint256 leaseId) view returns (uint64 taskId, uint64 agentId, uint40 expiresAt, uint16 ttl, uint8 cause, uint64 seq)");

    private static readonly AbiFunction Clerk = AbiFunction.Parse("function clerk() view returns (address)");

    private Address? _clerk;

    /// <summary>The status of a task, as the market's own number.</summary>
    public async Task<byte> TaskStateAsync(ulong taskId, CancellationToken cancellation)
    {
        var answer = await CallAsync("TaskMarket", StateOf, cancellation, taskId).ConfigureAwait(false);
        return (byte)answer[0].AsUInt256();
    }

    /// <summary>The live lease of a task; null: none.</summary>
    public async Task<LiveLease?> LeaseAsync(ulong taskId, CancellationToken cancellation)
    {
        var found = await CallAsync("WorkLeases", LiveLeaseOf, cancellation, taskId).ConfigureAwait(false);
        if (!found[0].AsUInt256().TryToUInt64(out var leaseId) || leaseId == 0) return null;
        var lease = await CallAsync("WorkLeases", LeaseOf, cancellation, leaseId).ConfigureAwait(false);
        return new LiveLease(leaseId, Number(lease[2]), Number(lease[3]), Number(lease[5]));
    }

    /// <summary>The court's clerk. Deliveries are signed for its address.</summary>
    public async Task<Address> ClerkAsync(CancellationToken cancellation)
    {
        _clerk ??= (await CallAsync("Disputes", Clerk, cancellation).ConfigureAwait(false))[0].AsAddress();
        return _clerk.Value;
    }

    private static ulong Number(AbiValue value) => value.AsUInt256().TryToUInt64(out var number)
        ? number : throw new AbiException("a number of 64 bits", value.ToString() ?? "", "an answer of a contract");

    private async Task<IReadOnlyList<AbiValue>> CallAsync(
        string contract, AbiFunction called, CancellationToken cancellation, params IReadOnlyList<AbiValue> arguments)
    {
        var answer = await node.CallAsync(
            new CallRequest(stage[contract], called.EncodeCall(arguments)), BlockTag.Latest, cancellation)
            .ConfigureAwait(false);
        return called.DecodeResult(answer);
    }
}
