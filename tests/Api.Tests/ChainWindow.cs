// A node that shows a chain up to a block only. Enters: requests to a node. Leaves: its answers, as if the chain ended
// at the block. Always holds: what lies behind the block cannot be seen by any method that the indexer calls, so that
// what it writes is what it wrote when the chain was there.
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace EventSourced.Api.Tests;

internal sealed class ChainWindow(long last) : DelegatingHandler(new SocketsHttpHandler())
{
    private const string NoSuchBlock = "0xffffffffff";
    private long _last = last;

    /// <summary>The newest block that is shown.</summary>
    public long Last
    {
        get => Volatile.Read(ref _last);
        set => Volatile.Write(ref _last, value);
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var last = Last;
        var asked = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        foreach (var call in Calls(asked)) Narrow(call, last);
        request.Content = new StringContent(asked.ToJsonString(), Encoding.UTF8, "application/json");
        var heads = Calls(asked).Where(call => (string?)call["method"] == "eth_blockNumber").Select(
            call => call["id"]!.ToJsonString()).ToHashSet();
        var response = await base.SendAsync(request, cancellationToken);
        if (heads.Count == 0) return response;
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        foreach (
            var one in Calls(answer).Where(one => heads.Contains(one["id"]!.ToJsonString()))) one["result"] = Hex(last);
        response.Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json");
        return response;
    }

    private static IEnumerable<JsonNode> Calls(JsonNode json) =>
        json is JsonArray many ? many.Select(one => one!) : [json];

    private static void Narrow(JsonNode call, long last)
    {
        if ((string?)call["method"] is not ("eth_getBlockByNumber" or "eth_getBlockReceipts")) return;
        var block = (string)call["params"]![0]!;
        if (block == "latest") call["params"]![0] = Hex(last);
        else if (block.StartsWith("0x", StringComparison.Ordinal)
            && long.Parse(block.AsSpan(2), NumberStyles.HexNumber,
                CultureInfo.InvariantCulture) > last) call["params"]![0] = NoSuchBlock;
    }

    private static string Hex(long number) => $"0x{number:x}";
}
