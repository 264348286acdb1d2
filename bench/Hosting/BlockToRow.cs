// From a block to its rows. Enters: a host that follows the chain. Leaves: for each block the time from the order to
// mine it until a reader, told by PostgreSQL's notification, finds the changed row. Always holds: what is counted was
// read and is right; the next block is mined after that, and not before its pace allows.
using System.Diagnostics;
using System.Text.Json;
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum.Json;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using EventSourced.World;
using Npgsql;

namespace EventSourced.Hosting;

/// <summary>The blocks of a measurement.</summary>
/// <param name="Transfers">The transfers of each block.</param>
/// <param name="Blocks">The number of measured blocks.</param>
/// <param name="WarmUp">The number of blocks before them.</param>
/// <param name="Pace">The least time from one block to the next.</param>
public sealed record MinedBlocks(int Transfers, int Blocks, int WarmUp, TimeSpan Pace);

/// <summary>Measures the time from a block to its rows.</summary>
/// <param name="chain">The chain.</param>
/// <param name="source">The database that a host fills.</param>
/// <param name="mined">The blocks.</param>
public sealed class BlockToRow(WorldChain chain, NpgsqlDataSource source, MinedBlocks mined)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Address _receiver = new(new byte[19].Append((byte)7).ToArray());

    /// <summary>Mines the blocks and returns the milliseconds of each.</summary>
    public async Task<IReadOnlyList<double>> MeasureAsync(CancellationToken cancellation)
    {
        await chain.Anvil.SetAutomineAsync(false, cancellation);
        var credit = Contracts.Load(chain.Deployment, WorldChain.Root)["Credit"].Address;
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using (var listen = new NpgsqlCommand("listen es_batch", connection)) await listen
            .ExecuteNonQueryAsync(cancellation);
        await using var read = new NpgsqlCommand(
            "select coalesce((select balance from model.credit_holder where holder = $1), 0)::bigint", connection);
        read.Parameters.Add(new NpgsqlParameter { Value = _receiver.Bytes.ToArray() });
        await read.PrepareAsync(cancellation);
        var milliseconds = new List<double>();
        for (var block = 0; block < mined.WarmUp + mined.Blocks; block++)
        {
            var before = (long)(await read.ExecuteScalarAsync(cancellation))!;
            await TransferAsync(credit, cancellation);
            var watch = Stopwatch.StartNew();
            await chain.Anvil.MineAsync(cancellation);
            while ((long)(await read.ExecuteScalarAsync(cancellation))! != before + mined.Transfers)
                if (!await connection.WaitAsync(Limit, cancellation))
                    throw new TimeoutException($"expected the transfers of a block within {Limit}, found none");
            if (block >= mined.WarmUp) milliseconds.Add(watch.Elapsed.TotalMilliseconds);
            if (watch.Elapsed < mined.Pace) await Task.Delay(mined.Pace - watch.Elapsed, cancellation);
        }

        return milliseconds;
    }

    // The node's first account holds the supply and signs.
    private async Task TransferAsync(Address credit, CancellationToken cancellation)
    {
        var transfer = AbiFunction.Parse(
            "function transfer(address to, uint256 value) returns (bool)").EncodeCall(_receiver, 1UL);
        var from = await chain.Client.Rpc.CallAsync(new RpcCall("eth_accounts"), First, cancellation);
        var call = new RpcCall("eth_sendTransaction", json =>
        {
            json.WriteStartObject();
            json.WriteString("from", from);
            json.WriteString("to", credit.ToString());
            json.WriteString("data", "0x" + Convert.ToHexStringLower(transfer));
            json.WriteString("gas", "0x30000");
            json.WriteEndObject();
        });
        for (
            var i = 0; i < mined.Transfers; i++) await chain.Client.Rpc.CallAsync(call, JsonValues.Hash, cancellation);
    }

    private static string First(ref Utf8JsonReader reader)
    {
        string? first = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) first ??= reader.GetString();
        return first ?? throw new InvalidOperationException("expected an account of the node, found none");
    }
}
