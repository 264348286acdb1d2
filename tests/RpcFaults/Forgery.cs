// Answers that look right and are not: what a node would say that lies about one thing. Enters: parts of true answers.
// Leaves: forged ones. Always holds: the form stays what it was, so only the contents can give it away.
using System.Text.Json.Nodes;

namespace EventSourced.RpcFaults;

internal static class Forgery
{
    private const string TransferTopic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

    // A word whose last digit is another: more, where that is possible.
    internal static IEnumerable<JsonNode> OfTransfer(IReadOnlyList<JsonNode> logs)
    {
        var last = logs.LastOrDefault(log =>
            log["topics"]![0]!.GetValue<string>() == TransferTopic && log["data"]!.GetValue<string>().Length == 66);
        if (last is not null) last["data"] = Other(last["data"]!.GetValue<string>(), 65);
        return logs;
    }

    internal static JsonNode OfStateRoot(JsonNode header)
    {
        var forged = header.DeepClone();
        forged["stateRoot"] = Other(header["stateRoot"]!.GetValue<string>(), 9);
        return forged;
    }

    internal static JsonNode OfAccount(JsonNode proof)
    {
        var forged = proof.DeepClone();
        ForgeLast(forged["accountProof"]!.AsArray());
        return forged;
    }

    internal static JsonNode OfSlot(JsonNode proof)
    {
        var forged = proof.DeepClone();
        ForgeLast(forged["storageProof"]![0]!["proof"]!.AsArray());
        return forged;
    }

    internal static JsonNode Shorter(JsonNode proof)
    {
        var forged = proof.DeepClone();
        var nodes = forged["storageProof"]![0]!["proof"]!.AsArray();
        nodes.RemoveAt(nodes.Count - 1);
        return forged;
    }

    private static void ForgeLast(JsonArray nodes)
    {
        var node = nodes[^1]!.GetValue<string>();
        nodes[^1] = Other(node, node.Length - 1);
    }

    private static string Other(string hex, int at) => $"{hex[..at]}{(hex[at] == 'f' ? 'e' : 'f')}{hex[(at + 1)..]}";
}
