// Somebody with a key who acts by HTTP alone. Enters: commands with arguments. Leaves: what the commands answered and
// what became of them. Always holds: the key signs here; only signatures leave.
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourced.Chain.Sending;
using EventSourced.Chain.Signing;
using EventSourced.Ethereum;
using EventSourced.Testing;

namespace EventSourced.Commands.Tests;

/// <summary>An answer of HTTP with its JSON.</summary>
internal sealed record Answered(int Status, JsonNode Body, Uri? Location, bool IsReplay, string? RetryAfter)
{
    public string Code => (string?)Body["code"] ?? "";

    public override string ToString() => $"{Status} {Body.ToJsonString()}";
}

/// <summary>A signed request of ERC-2771 before it is sent: tests change it.</summary>
internal sealed record Signing(
    string Command, ulong ChainId, Address Forwarder, ForwardRequest Request, byte[] Signature)
{
    public JsonObject Body => new()
    {
        ["mode"] = "relay",
        ["chainId"] = ChainId,
        ["forwarder"] = Forwarder.ToString(),
        ["request"] = new JsonObject
        {
            ["from"] = Request.From.ToString(),
            ["to"] = Request.To.ToString(),
            ["value"] = "0",
            ["gas"] = $"{Request.GasLimit}",
            ["nonce"] = $"{Request.Nonce}",
            ["deadline"] = $"{Request.DeadlineSeconds}",
            ["data"] = Hex.ToText(Request.Data.Span),
        },
        ["signature"] = Hex.ToText(Signature),
    };
}

/// <summary>Somebody.</summary>
internal sealed class Person(CommandWorld world, SigningKey key, HttpClient? http = null)
{
    private readonly HttpClient _http = http ?? world.Http;

    public Address Address => key.Address;

    public SigningKey Key => key;

    /// <summary>The agent that it has, once it has registered one.</summary>
    public ulong Agent { get; set; }

    public async Task<Answered> PostAsync(string path, JsonNode body, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        return await AskAsync(request);
    }

    public async Task<Answered> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await AskAsync(request);
    }

    public Task<Answered> TryPrepareAsync(string command, JsonObject arguments) => PostAsync(
        $"v1/commands/{command}",
        new JsonObject
        {
            ["mode"] = "prepare",
            ["as"] = Address.ToString(),
            ["arguments"] = arguments.DeepClone(),
        });

    public async Task<JsonNode> PrepareAsync(string command, JsonObject arguments)
    {
        var answer = await TryPrepareAsync(command, arguments);
        Assert.True(answer.Status == 200, $"expected {command} to be prepared, found {answer}\n{world.Faults}");
        return answer.Body;
    }

    /// <summary>Prepares a command and signs its request.</summary>
    public async Task<Signing> SignAsync(string command, JsonObject arguments)
    {
        var relay = (await PrepareAsync(command, arguments))["relay"]!;
        var given = relay["request"]!;
        var request = new ForwardRequest(
            Address.Parse((string)given["from"]!), Address.Parse((string)given["to"]!), Number(given["gas"]),
            Number(given["nonce"]), Number(given["deadline"]), Hex.ToBytes((string)given["data"]!));
        var (chain, forwarder) = ((ulong)relay["chainId"]!, Address.Parse((string)relay["forwarder"]!));
        return new Signing(command, chain, forwarder, request, key.Sign(request.Digest(chain, forwarder)).ToBytes());
    }

    public Task<Answered> TryRelayAsync(Signing signing, string? idempotencyKey = null) =>
        PostAsync($"v1/commands/{signing.Command}", signing.Body, idempotencyKey);

    /// <summary>Prepares, signs, has it relayed, and waits until a block holds it.</summary>
    public async Task<JsonNode> RelayAsync(string command, JsonObject arguments)
    {
        var answer = await TryRelayAsync(await SignAsync(command, arguments));
        Assert.True(answer.Status == 202, $"expected {command} to be taken, found {answer}\n{world.Faults}");
        return await HappenedAsync(answer.Location!);
    }

    /// <summary>Prepares and signs a transaction of its own.</summary>
    public async Task<byte[]> SignTransactionAsync(string command, JsonObject arguments)
    {
        var given = (await PrepareAsync(command, arguments))["transaction"]!;
        return Transactions.Sign(
            key, Quantity(given["chainId"]), Quantity(given["nonce"]),
            new Fees(Quantity(given["maxPriorityFeePerGas"]), Quantity(given["maxFeePerGas"])),
            new Call(Address.Parse((string)given["to"]!), Hex.ToBytes((string)given["data"]!), Quantity(given["gas"])));
    }

    /// <summary>Sends a transaction of its own, and waits until a block holds it.</summary>
    public async Task<JsonNode> SendAsync(string command, JsonObject arguments)
    {
        var answer = await PostAsync(
            "v1/transactions", new JsonObject { ["raw"] = Hex.ToText(await SignTransactionAsync(command, arguments)) });
        Assert.True(answer.Status == 202, $"expected {command} to be taken, found {answer}\n{world.Faults}");
        return await HappenedAsync(answer.Location!);
    }

    /// <summary>Asks GraphQL.</summary>
    public async Task<JsonNode> QueryAsync(string query)
    {
        var answer = await PostAsync("graphql", new JsonObject { ["query"] = query });
        Assert.True(answer.Body["errors"] is null, $"expected an answer to {query}, found {answer}");
        return answer.Body["data"]!;
    }

    /// <summary>Asks GraphQL until the index has what is asked for.</summary>
    public async Task<JsonNode> UntilAsync(string query, Func<JsonNode, bool> isThere)
    {
        JsonNode? found = null;
        await Eventually.TrueAsync(
            async () => isThere(found = await QueryAsync(query)), () => $"{query}: {found?.ToJsonString()}");
        return found!;
    }

    private async Task<JsonNode> HappenedAsync(Uri location)
    {
        Answered? status = null;
        await Eventually.TrueAsync(
            async () =>
                (string?)(status = await GetAsync(location.ToString().TrimStart('/'))).Body["status"] is "included"
                    or "finalized" or "failed" or "expired",
            () => $"{status}\n{world.Faults}");
        Assert.True((bool?)status!.Body["succeeded"] == true, $"expected it to happen, found {status}");
        return status.Body;
    }

    private async Task<Answered> AskAsync(HttpRequestMessage request)
    {
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new Answered(
            (int)answer.StatusCode, JsonNode.Parse(text)!, answer.Headers.Location,
            answer.Headers.Contains("Idempotent-Replayed"),
            answer.Headers.TryGetValues("Retry-After", out var wait) ? wait.First() : null);
    }

    private static ulong Number(JsonNode? node) => ulong.Parse((string)node!);

    private static ulong Quantity(JsonNode? node) => Convert.ToUInt64((string)node!, 16);
}
