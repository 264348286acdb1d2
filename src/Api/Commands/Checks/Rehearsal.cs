// What the chain would do with a call now. Enters: a call in the name of its sender. Leaves: its results and its gas,
// or the contract's refusal by the error's name and arguments. Always holds: it runs on the pending block, so what the
// node already knows counts; what comes back is read by our own strict decoder, and data that no contract of ours would
// give is shown as such.
using System.Buffers.Binary;
using System.Collections.Frozen;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Chain.Contracts;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Api.Commands.Checks;

/// <summary>The result of a rehearsed call.</summary>
/// <param name="Results">The call's results; empty if only its gas was asked.</param>
/// <param name="GasUsed">The gas that it takes.</param>
internal sealed record Simulated(IReadOnlyList<AbiValue> Results, ulong GasUsed);

/// <summary>Rehearses calls.</summary>
internal sealed class Rehearsal(Economy economy, EthereumClient node)
{
    private static readonly FrozenDictionary<uint, AbiError> Errors = ContractInterfaces.All
        .SelectMany(contract => contract.Errors)
        .Append(AbiError.Reason).Append(AbiError.Panic).DistinctBy(error => error.Canonical)
        .ToFrozenDictionary(error => BinaryPrimitives.ReadUInt32BigEndian(error.Hash.Bytes));

    /// <summary>Calls as the sender would by itself.</summary>
    public Task<(Simulated? Simulated, Problem? Problem)> OwnAsync(
        CommandEntry entry, Address sender, ReadOnlyMemory<byte> data, ulong? gas, CancellationToken cancellation) =>
        GuardedAsync(entry, async () =>
        {
            var call = new CallRequest(economy[entry.Contract.Name], data) { From = sender, Gas = gas };
            var answer = node.CallAsync(call, BlockTag.Pending, cancellation);
            var estimate = node.EstimateGasAsync(sender, call.To, data, call.Value, cancellation);
            var results = await answer.ConfigureAwait(false);
            return new Simulated(entry.Function.DecodeResult(results), await estimate.ConfigureAwait(false));
        });

    /// <summary>
    /// Calls as the forwarder does for the sender: the sender stands behind the call. Nobody reads its results, so the
    /// gas is asked alone, which names a refusal as well and halves the node's work.
    /// </summary>
    public Task<(Simulated? Simulated, Problem? Problem)> ForwardedAsync(
        CommandEntry entry, Address sender, ReadOnlyMemory<byte> data, ulong? gas,
        CancellationToken cancellation) =>
        GuardedAsync(entry, async () => new Simulated(
            [],
            await node.EstimateGasAsync(
                economy.Forwarder, economy[entry.Contract.Name], (byte[])[.. data.Span, .. sender.Bytes], UInt256.Zero,
                cancellation, gas).ConfigureAwait(false)));

    /// <summary>A contract's refusal.</summary>
    public static Problem Refusal(ReadOnlySpan<byte> data)
    {
        const string expected = "a call that the contract grants";
        if (data.Length < 4 || !Errors.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(data), out var error))
            return new Problem(422, "Reverted", expected,
                data.IsEmpty
                    ? "a refusal without a reason"
                    : $"a refusal that no contract of ours gives: {Hex.ToText(data[..Math.Min(4, data.Length)])}");
        try
        {
            if (!error.TryDecode(data, out var values)) return new Problem(422, "Reverted", expected, "a refusal");
            var names = error.Inputs.Select(CommandEntry.NameOf);
            var arguments = names.Zip(
                values, (name, value) => (name, value)).ToDictionary(pair => pair.name, pair => Plain(pair.value));
            return new Problem(
                422, error.Name, expected,
                $"{error.Name}({string.Join(", ", arguments.Select(pair => $"{pair.Key}: {pair.Value}"))})")
            {
                Arguments = arguments,
            };
        }
        catch (AbiException)
        {
            return new Problem(422, "Reverted", expected, "a refusal that is no encoding of its error");
        }
    }

    private static async Task<(Simulated?, Problem?)> GuardedAsync(CommandEntry entry, Func<Task<Simulated>> rehearse)
    {
        try
        {
            return (await rehearse().ConfigureAwait(false), null);
        }
        catch (RpcException reverted) when (reverted.Fault == RpcFault.Reverted)
        {
            return (null, Refusal(reverted.RevertData.Span));
        }
        catch (RpcException refused) when (refused.Fault == RpcFault.Refused)
        {
            // Out of gas, or a sender without the wei: the node's own words are not for the client.
            return (null,
                new Problem(422, "SimulationRefused", "a call that the node can run with its gas and its sender's wei",
                    "one that it cannot"));
        }
        catch (AbiException)
        {
            return (null,
                new Problem(422, "SimulationRefused", $"the results of {entry.Function.Canonical}", "something else"));
        }
    }

    /// <summary>A value as text without quotes.</summary>
    public static string Plain(AbiValue value) =>
        value is AbiValue.Text text ? Problem.Shown(text.Value) : value.ToString()!;
}
