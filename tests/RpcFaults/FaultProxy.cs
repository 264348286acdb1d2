// A JSON-RPC proxy that fails on purpose. Enters: an upstream node and a plan. Leaves: the node's replies, spoiled as
// the plan says. Bound to loopback on a port of its own; counts what it did, so that a test can show that its fault
// happened.
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourced.RpcFaults;

/// <summary>A fault-injecting proxy before a real node.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    // Longer than anybody waits for an answer; a request that outlives it is cut.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    private readonly HttpClient _node;
    private readonly WebApplication _web;
    private readonly ConcurrentDictionary<Fault, int> _counts = new();

    private FaultProxy(Uri node, FaultPlan plan, WebApplication web)
    {
        _node = new HttpClient { BaseAddress = node };
        _web = web;
        Plan = plan;
    }

    /// <summary>The plan in force; may be changed at any time.</summary>
    public FaultPlan Plan { get; set; }

    /// <summary>How long <see cref="Fault.Delay"/> waits.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Where clients reach the proxy.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>How often a fault was injected.</summary>
    public int CountOf(Fault fault) => _counts.GetValueOrDefault(fault);

    /// <summary>Starts a proxy before a node.</summary>
    public static async Task<FaultProxy> StartAsync(Uri node, FaultPlan plan)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        var proxy = new FaultProxy(node, plan, web);
        web.Run(proxy.ServeAsync);
        await web.StartAsync();
        proxy.Endpoint = new Uri(
            web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return proxy;
    }

    /// <summary>Stops the proxy; requests under way are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await _web.StopAsync(now.Token);
        await _web.DisposeAsync();
        _node.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var cancel = context.RequestAborted;
        using var reader = new StreamReader(context.Request.Body);
        var request = JsonNode.Parse(await reader.ReadToEndAsync(cancel))!;
        var method = ((request as JsonArray)?.FirstOrDefault() ?? request)["method"]!.GetValue<string>();
        var fault = Plan(method);
        if (await RefusesAsync(context, fault, request))
        {
            if (fault != Fault.Silence) Count(fault);
            return;
        }

        if (fault == Fault.StaleProof && Asks(request, "eth_getProof")) Stale(request);
        using var reply = await _node.PostAsync(
            string.Empty, new StringContent(request.ToJsonString(), null, "application/json"), cancel);
        var body = await reply.Content.ReadAsStringAsync(cancel);
        var spoiled = Spoil(fault, request, body);
        if (spoiled != body || fault == Fault.StaleProof) Count(fault);
        var bytes = System.Text.Encoding.UTF8.GetBytes(spoiled);
        context.Response.StatusCode = (int)reply.StatusCode;
        context.Response.ContentType = "application/json";
        if (fault == Fault.Truncate)
        {
            Count(fault);
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), cancel);
            await context.Response.Body.FlushAsync(cancel);
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(bytes, cancel);
    }

    // Faults that need no reply of the node. True when the request is answered (or cut).
    private async Task<bool> RefusesAsync(HttpContext context, Fault fault, JsonNode request)
    {
        var response = context.Response;
        switch (fault)
        {
            case Fault.Refuse:
                context.Abort();
                return true;
            case Fault.Silence:
                // Counted first: whoever asked goes away, and nothing after that is reached.
                Count(fault);
                await Task.Delay(
                    LongestSilence, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                context.Abort();
                return true;
            case Fault.Delay:
                Count(fault);
                await Task.Delay(Delay, context.RequestAborted);
                return false;
            case Fault.RateLimit:
                response.StatusCode = 429;
                response.Headers.RetryAfter = "1";
                await response.WriteAsync(
                    """{"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"rate limit exceeded"}}""");
                return true;
            case Fault.Unavailable:
                response.StatusCode = 503;
                return true;
            case Fault.Html:
                response.ContentType = "text/html";
                await response.WriteAsync("<html><body>502 Bad Gateway</body></html>");
                return true;
            case Fault.TooManyGeth or Fault.TooManyErigon or Fault.TooManyAlchemy or Fault.TooManyInfura
                when IsLogs(request):
                await response.WriteAsync(TooMany(fault, request));
                return true;
            default:
                return false;
        }
    }

    private static string Spoil(Fault fault, JsonNode request, string body) => fault switch
    {
        Fault.HalfJson => body[..(body.Length / 2)],
        Fault.WrongChainId when Asks(request, "eth_chainId") => WithResult(body, _ => "0xdead"),
        Fault.NullBlock when Asks(request, "eth_getBlockByNumber") || Asks(request, "eth_getBlockByHash") =>
            WithResult(body, _ => null),
        Fault.DuplicateLogs when IsLogs(request) => WithLogs(body, logs => logs.Concat(logs)),
        Fault.ReorderLogs when IsLogs(request) => WithLogs(body, logs => logs.Reverse()),
        Fault.DropLogs when IsLogs(request) => WithLogs(body, logs => logs.SkipLast(Math.Max(1, logs.Count / 3))),
        Fault.DropAllLogs when IsLogs(request) => WithLogs(body, _ => []),
        Fault.OrphanLogs when IsLogs(request) => WithLogs(body, logs => logs.Select(Orphaned)),
        Fault.InventLog when IsLogs(request) => WithLogs(body, logs => logs.Append(Invented(logs[^1]))),
        Fault.ForgeTransfer when IsLogs(request) => WithLogs(body, Forgery.OfTransfer),
        Fault.ForgeStateRoot when Asks(request, "eth_getBlockByNumber") => WithResult(body, Forgery.OfStateRoot),
        Fault.ForgeAccountProof when Asks(request, "eth_getProof") => WithResult(body, Forgery.OfAccount),
        Fault.ForgeSlotProof when Asks(request, "eth_getProof") => WithResult(body, Forgery.OfSlot),
        Fault.ShortenProof when Asks(request, "eth_getProof") => WithResult(body, Forgery.Shorter),
        Fault.ShuffleBatch when JsonNode.Parse(body) is JsonArray { Count: > 1 } batch =>
            Reversed(batch).ToJsonString(),
        _ => body,
    };

    private static bool Asks(JsonNode request, string method) =>
        request is JsonArray batch
            ? batch.Any(one => one!["method"]!.GetValue<string>() == method)
            : request["method"]!.GetValue<string>() == method;

    private static bool IsLogs(JsonNode request) => Asks(request, "eth_getLogs");

    private static string WithResult(string body, Func<JsonNode, JsonNode?> change)
    {
        var reply = JsonNode.Parse(body)!;
        foreach (var one in reply is JsonArray batch ? batch.ToList() : [reply])
            if (one is JsonObject answer && answer["result"] is { } result) answer["result"] = change(result);
        return reply.ToJsonString();
    }

    private static string WithLogs(string body, Func<IReadOnlyList<JsonNode>, IEnumerable<JsonNode>> change) =>
        WithResult(body, result => result is JsonArray logs && logs.Count > 0
            ? new JsonArray([.. change([.. logs.Select(log => log!)]).Select(log => log.DeepClone())])
            : result.DeepClone());

    // The last parameter is the block.
    private static void Stale(JsonNode request)
    {
        var parameters = request["params"]!.AsArray();
        var block = Convert.ToInt64(parameters[^1]!.GetValue<string>(), 16) - 1;
        parameters[^1] = "0x" + block.ToString("x", CultureInfo.InvariantCulture);
    }

    private static JsonNode Orphaned(JsonNode log)
    {
        var orphan = log.DeepClone();
        orphan["blockHash"] = "0x" + new string('e', 64);
        return orphan;
    }

    // Behind every log of its block, so that nothing that did happen contradicts it.
    private static JsonNode Invented(JsonNode log)
    {
        var invented = log.DeepClone();
        invented["logIndex"] = "0xfff0";
        return invented;
    }

    private static JsonArray Reversed(JsonArray batch) => new([.. batch.Reverse().Select(one => one!.DeepClone())]);

    // The words of the providers, as their users see them; only Alchemy and Infura name a range that would do.
    private static string TooMany(Fault fault, JsonNode request)
    {
        var filter = request["params"]![0]!;
        var from = Convert.ToInt64(filter["fromBlock"]!.GetValue<string>(), 16);
        var to = Convert.ToInt64(filter["toBlock"]!.GetValue<string>(), 16);
        var middle = "0x" + ((from + to) / 2).ToString("x", CultureInfo.InvariantCulture);
        var (code, message) = fault switch
        {
            Fault.TooManyGeth => (-32005, "query returned more than 10000 results"),
            Fault.TooManyErigon => (-32000, "query returned more than 20000 results"),
            Fault.TooManyAlchemy =>
                (-32602,
                    $"Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the response size, or you can request any block range with a cap of 10K logs in the response. Based on your parameters and the response size limit, this block range should work: [0x{from:x}, {middle}]"),
            _ => (-32005, $"query returned more than 10000 results. Try with this block range [0x{from:X}, {middle}]."),
        };
        return new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = request["id"]?.DeepClone(),
            ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
        }.ToJsonString();
    }

    private void Count(Fault fault) => _counts.AddOrUpdate(fault, 1, (_, count) => count + 1);
}
