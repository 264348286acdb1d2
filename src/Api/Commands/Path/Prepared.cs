// What somebody has to sign for a command. Enters: a command that state and chain would grant. Leaves: an unsigned
// transaction of EIP-1559, the typed data of EIP-712 for the relayer, results, cost and effect. Always holds: no key is
// asked for and none comes here.
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Limits;
using EventSourced.Chain.Signing;
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using Address = EventSourced.Ethereum.Address;

namespace EventSourced.Api.Commands.Path;

/// <summary>A command to be signed.</summary>
internal sealed class Prepared(
    CommandEntry entry, Economy economy, Address sender, byte[] data, Verdict verdict, Simulated simulated)
{
    /// <summary>For how many seconds a request holds, where nobody says otherwise.</summary>
    public const ulong UsualSeconds = 600;

    // What the state may cost more when the block comes.
    private const ulong GasPercent = 130;
    private const ulong GasSpare = 40_000;

    private static readonly (string Name, string Type)[] Domain =
        [("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address")];

    private static readonly (string Name, string Type)[] Request =
    [
        ("from", "address"), ("to", "address"), ("value", "uint256"), ("gas", "uint256"), ("nonce", "uint256"),
        ("deadline", "uint48"), ("data", "bytes"),
    ];

    private ulong Gas => Math.Min(simulated.GasUsed * GasPercent / 100 + GasSpare, (ulong)LimitTable.Gas.Most);

    /// <summary>As an answer.</summary>
    public Reply Reply(ulong transactionNonce, ulong? requestNonce, GasPrices prices, Instant now, ulong seconds)
    {
        var body = new JsonObject
        {
            ["command"] = entry.Name,
            ["as"] = sender.ToString(),
            ["effect"] = verdict.Effect,
            ["decidedAtBlock"] = verdict.Block,
            ["outcome"] = new JsonObject
            {
                ["isGranted"] = true,
                ["gasUsed"] = simulated.GasUsed,
                ["results"] = Results(),
            },
            ["cost"] = new JsonObject
            {
                ["gas"] = Gas,
                ["maxFeePerGasWei"] = prices.MaxFeePerGas.ToString(),
                ["mostWei"] = (prices.MaxFeePerGas * Gas).ToString(),
                ["relayedWei"] = "0",
            },
            ["transaction"] = Transaction(transactionNonce, prices),
        };
        if (requestNonce is { } nonce) body["relay"] = Relay(nonce, (ulong)now.Seconds + seconds);
        return new Reply(200, body);
    }

    private JsonObject Results()
    {
        var results = new JsonObject();
        for (var i = 0; i < simulated.Results.Count; i++)
            results[CommandEntry.NameOf(entry.Function.Outputs[i], i)] = simulated.Results[i] is AbiValue.Text text
                ? text.Value : simulated.Results[i].ToString();
        return results;
    }

    private JsonObject Transaction(ulong nonce, GasPrices prices) => new()
    {
        ["type"] = "0x2",
        ["chainId"] = Hex.Quantity(economy.ChainId),
        ["nonce"] = Hex.Quantity(nonce),
        ["to"] = economy[entry.Contract.Name].ToString(),
        ["value"] = "0x0",
        ["gas"] = Hex.Quantity(Gas),
        ["maxFeePerGas"] = prices.MaxFeePerGas.ToQuantity(),
        ["maxPriorityFeePerGas"] = prices.MaxPriorityFeePerGas.ToQuantity(),
        ["data"] = Hex.ToText(data),
    };

    // What the relay takes back with a signature, and the typed data to sign.
    private JsonObject Relay(ulong nonce, ulong deadline)
    {
        var request = new JsonObject
        {
            ["from"] = sender.ToString(),
            ["to"] = economy[entry.Contract.Name].ToString(),
            ["value"] = "0",
            ["gas"] = $"{Gas}",
            ["nonce"] = $"{nonce}",
            ["deadline"] = $"{deadline}",
            ["data"] = Hex.ToText(data),
        };
        return new JsonObject
        {
            ["chainId"] = economy.ChainId,
            ["forwarder"] = economy.Forwarder.ToString(),
            ["request"] = request.DeepClone(),
            ["typedData"] = new JsonObject
            {
                ["types"] = new JsonObject { ["EIP712Domain"] = Types(Domain), ["ForwardRequest"] = Types(Request) },
                ["primaryType"] = "ForwardRequest",
                ["domain"] = new JsonObject
                {
                    ["name"] = ForwardRequest.DomainName,
                    ["version"] = "1",
                    ["chainId"] = economy.ChainId,
                    ["verifyingContract"] = economy.Forwarder.ToString(),
                },
                ["message"] = request,
            },
        };
    }

    private static JsonArray Types((string Name, string Type)[] members) =>
        [.. members.Select(member => new JsonObject { ["name"] = member.Name, ["type"] = member.Type })];
}
