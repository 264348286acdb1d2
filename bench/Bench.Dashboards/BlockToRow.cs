// From a block to its rows, a block a second as a chain makes them. Enters: a host that follows the chain. Leaves:
// for each block the time from the order to mine it until a reader, told by PostgreSQL's notification, finds the
// changed row. Always holds: what is counted was read and is right; the next block is mined after that.
using System.Diagnostics;
using System.Text.Json;
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum.Json;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using EventSourced.World;
using Npgsql;

namespace EventSourced.BenchDashboards;

internal sealed class BlockToRow(WorldChain chain, NpgsqlDataSource source)
{
    public const int TransfersOfBlock = 10;
    private const int Blocks = 60;
    private const int WarmUp = 5;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Address _receiver = new(new byte[19].Append((byte)7).ToArray());

    public async Task<List<double>> MeasureAsync(CancellationToken cancellation)
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
        for (var block = 0; block < WarmUp + Blocks; block++)
        {
            var before = (long)(await read.ExecuteScalarAsync(cancellation))!;
            await TransferAsync(credit, cancellation);
            var watch = Stopwatch.StartNew();
            await chain.Anvil.MineAsync(cancellation);
            while ((long)(await read.ExecuteScalarAsync(cancellation))! != before + TransfersOfBlock)
                if (!await connection.WaitAsync(Limit, cancellation))
                    throw new TimeoutException($"expected the transfers of a block within {Limit}, found none");
            if (block >= WarmUp) milliseconds.Add(watch.Elapsed.TotalMilliseconds);
            if (watch.Elapsed < Pace) await Task.Delay(Pace - watch.Elapsed, cancellation);
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
            var i = 0; i < TransfersOfBlock; i++) await chain.Client.Rpc.CallAsync(call, JsonValues.Hash, cancellation);
    }

    private static string First(ref Utf8JsonReader reader)
    {
        string? first = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) first ??= reader.GetString();
        return first ?? throw new InvalidOperationException("expected an account of the node, found none");
    }
}
