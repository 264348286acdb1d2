// The table of commands as JSON: for GET /v1/commands, for OpenAPI, for the tools of MCP. Enters: the table. Leaves:
// objects and schemas of JSON. Always holds: parameters and their order are the contract's.
using System.Globalization;
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Api.Commands.Limits;
using EventSourced.Ethereum.Abi;

namespace EventSourced.Api.Commands.Http;

/// <summary>Describes commands.</summary>
internal static class Described
{
    /// <summary>Every command.</summary>
    public static JsonObject Table() => new() { ["commands"] = new JsonArray([.. CommandTable.All.Select(Entry)]) };

    /// <summary>One command.</summary>
    public static JsonObject Entry(CommandEntry entry) => new()
    {
        ["name"] = entry.Name,
        ["contract"] = entry.Contract.Name,
        ["function"] = entry.Function.Canonical,
        ["sender"] = entry.Sender.Words,
        ["effect"] = entry.Effect,
        ["isRelayed"] = entry.Contract.TakesForwarded,
        ["isDecidedByState"] = entry.Command is not null,
        ["arguments"] = Schema(entry.Function.Inputs),
    };

    /// <summary>The schema of an address.</summary>
    public static JsonObject Address() => Text("^0x[0-9a-fA-F]{40}$", "An address.");

    /// <summary>The schema of named values.</summary>
    public static JsonObject Schema(IReadOnlyList<AbiParameter> parameters) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(parameters.Select((parameter, i) => KeyValuePair.Create(
            CommandEntry.NameOf(parameter, i), (JsonNode?)Schema(parameter.Type, parameter.Fields ?? [])))),
        ["required"] = new JsonArray(
            [.. parameters.Select((parameter, i) => (JsonNode)CommandEntry.NameOf(parameter, i))]),
        ["additionalProperties"] = false,
    };

    private static JsonObject Schema(AbiType type, IReadOnlyList<AbiParameter> fields) => type switch
    {
        AbiType.Unsigned t => Text("^(0|[1-9][0-9]*)$", $"A whole number of at most {t.Bits} bits, as decimal text."),
        AbiType.Signed t =>
            Text("^(0|-?[1-9][0-9]*)$", $"A whole number of at most {t.Bits} bits with its sign, as decimal text."),
        AbiType.Boolean => new JsonObject { ["type"] = "boolean" },
        AbiType.AddressType => Address(),
        AbiType.FixedBytes t =>
            Text(string.Create(CultureInfo.InvariantCulture, $"^0x[0-9a-fA-F]{{{2 * t.Length}}}$"),
                $"{t.Length} bytes."),
        AbiType.Bytes => Text("^0x([0-9a-fA-F]{2})*$", "Bytes."),
        AbiType.Tuple => Schema(fields),
        AbiType.DynamicArray t => List(t.Element, fields, 0, LimitTable.Items.Most),
        AbiType.FixedArray t => List(t.Element, fields, t.Length, t.Length),
        _ => new JsonObject { ["type"] = "string" },
    };

    private static JsonObject List(AbiType element, IReadOnlyList<AbiParameter> fields, long least, long most) => new()
    {
        ["type"] = "array",
        ["items"] = Schema(element, fields),
        ["minItems"] = least,
        ["maxItems"] = most,
    };

    private static JsonObject Text(string pattern, string description) =>
        new() { ["type"] = "string", ["pattern"] = pattern, ["description"] = description };
}
