// What a node answered once: every block of a chain and all of its logs, as JSON and unchanged, in one file. Enters: a
// node, or the file. Leaves: the file, or the answers. Always holds: a block stands on a line of its own, with its
// logs, in the order of the chain.
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using EventSourced.Indexer.Decode;

namespace EventSourced.Indexer.Tests.Recordings;

/// <summary>A block as the node told it, without its transactions, and its logs.</summary>
internal sealed record RecordedBlock(JsonObject Block, JsonArray Logs)
{
    public ulong Number { get; } = RecordedChain.Quantity(Block["number"]!);

    public string Hash { get; } = Block["hash"]!.GetValue<string>();
}

/// <summary>A recorded chain and the deployment.json of the economy on it.</summary>
internal sealed record RecordedChain(JsonObject Deployment, IReadOnlyList<RecordedBlock> Blocks)
{
    /// <summary>Asks a node for everything.</summary>
    public static async Task<RecordedChain> OfAsync(Uri node, string deployment)
    {
        using var http = new HttpClient { BaseAddress = node };
        var newest = Quantity(await AskAsync(http, "eth_blockNumber"));
        var filter = new JsonObject { ["fromBlock"] = "0x0", ["toBlock"] = Hex(newest) };
        var logs = (await AskAsync(http, "eth_getLogs", filter)).AsArray()
            .ToLookup(log => log!["blockHash"]!.GetValue<string>(), log => log!.DeepClone());
        var blocks = new List<RecordedBlock>();
        for (ulong number = 0; number <= newest; number++)
        {
            var block = (JsonObject)(await AskAsync(http, "eth_getBlockByNumber", Hex(number), false)).DeepClone();
            block["transactions"] = new JsonArray();
            blocks.Add(new RecordedBlock(block, [.. logs[block["hash"]!.GetValue<string>()]]));
        }

        return new RecordedChain(JsonNode.Parse(await File.ReadAllTextAsync(deployment))!.AsObject(), blocks);
    }

    /// <summary>Reads the file.</summary>
    public static RecordedChain Load(string path)
    {
        var lines = Lines(path).Select(line => JsonNode.Parse(line)!.AsObject()).ToArray();
        return new RecordedChain(
            lines[0]["deployment"]!.AsObject(),
            [.. lines.Skip(1).Select(line => new RecordedBlock(line["block"]!.AsObject(), line["logs"]!.AsArray()))]);
    }

    /// <summary>Writes the file.</summary>
    public void Save(string path) => Write(path, [
        new JsonObject { ["deployment"] = Deployment.DeepClone() }.ToJsonString(),
        .. Blocks.Select(one => new JsonObject
        {
            ["block"] = one.Block.DeepClone(),
            ["logs"] = one.Logs.DeepClone(),
        }.ToJsonString()),
    ]);

    internal static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(
            new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        while (reader.ReadLine() is { } line) yield return line;
    }

    internal static void Write(string path, IEnumerable<string> lines)
    {
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.SmallestSize));
        foreach (var line in lines) writer.Write(line + "\n");
    }

    internal static ulong Quantity(JsonNode value) =>
        ulong.Parse(value.GetValue<string>().AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Hex(ulong number) => "0x" + number.ToString("x", CultureInfo.InvariantCulture);

    private static async Task<JsonNode> AskAsync(HttpClient http, string method, params JsonNode[] parameters)
    {
        var request = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = method,
            ["params"] = new JsonArray(parameters),
        };
        using var reply = await http.PostAsync("", new StringContent(request.ToJsonString(), null, "application/json"));
        var answer = JsonNode.Parse(await reply.Content.ReadAsStringAsync())!;
        return answer["result"]
            ?? throw new InvalidOperationException($"expected an answer to {method}, found {answer["error"]}");
    }
}
