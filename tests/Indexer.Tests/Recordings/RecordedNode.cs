// A node that knows one recorded chain and nothing else. Enters: JSON-RPC over HTTP, one question or a batch. Leaves:
// the answers that the node gave once, picked by number, hash, address and first topic. Bound to loopback on a port of
// its own.
using System.Text.Json.Nodes;
using EventSourced.Indexer.Decode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourced.Indexer.Tests.Recordings;

/// <summary>Serves a recorded chain.</summary>
internal sealed class RecordedNode : IAsyncDisposable
{
    private readonly RecordedChain _recorded;
    private readonly Dictionary<string, RecordedBlock> _byHash;
    private readonly WebApplication _web;

    private RecordedNode(RecordedChain recorded, WebApplication web)
    {
        (_recorded, _web) = (recorded, web);
        _byHash = recorded.Blocks.ToDictionary(block => block.Hash);
        Deployment = Path.Combine(Path.GetTempPath(), $"deployment-{Guid.NewGuid():N}.json");
        File.WriteAllText(Deployment, recorded.Deployment.ToJsonString());
    }

    /// <summary>Where it answers.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>The file that names the contracts.</summary>
    public string Deployment { get; }

    public static async Task<RecordedNode> StartAsync(RecordedChain recorded)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        var node = new RecordedNode(recorded, builder.Build());
        node._web.Run(node.ServeAsync);
        await node._web.StartAsync();
        node.Endpoint = new Uri(
            node._web.Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        File.Delete(Deployment);
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = JsonNode.Parse(await reader.ReadToEndAsync(context.RequestAborted))!;
        JsonNode reply = request is JsonArray batch
            ? new JsonArray([.. batch.Select(one => Reply(one!))]) : Reply(request);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(reply.ToJsonString(), context.RequestAborted);
    }

    private JsonObject Reply(JsonNode request)
    {
        var reply = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = request["id"]?.DeepClone() };
        var (method, parameters) = (request["method"]!.GetValue<string>(), request["params"]?.AsArray() ?? []);
        switch (method)
        {
            case "eth_chainId":
                reply["result"] = $"0x{_recorded.Deployment["chainId"]!.GetValue<ulong>():x}";
                break;
            case "eth_blockNumber":
                reply["result"] = _recorded.Blocks[^1].Block["number"]!.DeepClone();
                break;
            case "eth_getBlockByNumber":
                reply["result"] = At(parameters[0]!)?.Block.DeepClone();
                break;
            case "eth_getBlockByHash":
                reply["result"] = _byHash.GetValueOrDefault(parameters[0]!.GetValue<string>())?.Block.DeepClone();
                break;
            case "eth_getLogs":
                reply["result"] = new JsonArray([.. LogsOf(parameters[0]!).Select(log => log.DeepClone())]);
                break;
            case "eth_getBlockReceipts":
                reply["result"] = At(parameters[0]!) is { } block ? Receipts(block) : null;
                break;
            default:
                reply["error"] = new JsonObject
                {
                    ["code"] = -32601,
                    ["message"] = $"the recording has no answer to {method}",
                };
                break;
        }

        return reply;
    }

    // A recorded chain has ended: its newest block is every tag but the first.
    private RecordedBlock? At(JsonNode block) => block.GetValue<string>() switch
    {
        "earliest" => _recorded.Blocks[0],
        "latest" or "pending" => _recorded.Blocks[^1],
        "safe" or "finalized" => null,
        _ => RecordedChain.Quantity(block) is var number && number < (ulong)_recorded.Blocks.Count
            ? _recorded.Blocks[(int)number] : null,
    };

    private IEnumerable<JsonNode> LogsOf(JsonNode filter)
    {
        var addresses = filter["address"] switch
        {
            JsonArray many => many.Select(one => one!.GetValue<string>().ToLowerInvariant()).ToHashSet(),
            { } one => [one.GetValue<string>().ToLowerInvariant()],
            null => null,
        };
        var topic = (filter["topics"] as JsonArray)?.FirstOrDefault();
        var topics = topic is JsonArray some ? some.Select(one => one!.GetValue<string>()).ToHashSet()
            : topic is not null ? [topic.GetValue<string>()]
            : null;
        return BlocksOf(filter).SelectMany(block => block.Logs).Select(log => log!)
            .Where(
                log => addresses is null || addresses.Contains(log["address"]!.GetValue<string>().ToLowerInvariant()))
            .Where(log => topics is null
                || (log["topics"]!.AsArray() is [{ } first, ..] && topics.Contains(first.GetValue<string>())));
    }

    private IEnumerable<RecordedBlock> BlocksOf(JsonNode filter)
    {
        if (filter["blockHash"] is { } hash)
            return _byHash.TryGetValue(hash.GetValue<string>(), out var one) ? [one] : [];
        var (from, to) = (At(filter["fromBlock"]!), At(filter["toBlock"]!));
        return from is null || to is null
            ? [] : _recorded.Blocks.Skip((int)from.Number).Take((int)(to.Number - from.Number) + 1);
    }

    private static JsonArray Receipts(RecordedBlock block) => new([
        .. block.Logs.GroupBy(log => log!["transactionHash"]!.GetValue<string>()).Select(logs => new JsonObject
        {
            ["transactionHash"] = logs.Key,
            ["blockHash"] = block.Hash,
            ["logs"] = new JsonArray([.. logs.Select(log => log!.DeepClone())]),
        }),
    ]);
}
