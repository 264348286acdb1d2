// Compiled ABIs as solc writes them. Enters: one JSON entry. Leaves: a signature with its parameters; a "tuple" takes
// its fields from `components`.
using System.Text.Json;

namespace EventSourced.Ethereum.Abi;

internal static class AbiJson
{
    private const int MaxDepth = AbiType.MaxDepth;

    public static AbiSignature? Read(JsonElement entry)
    {
        var kind = entry.TryGetProperty("type", out var type) ? type.GetString() : "function";
        return kind switch
        {
            "function" =>
                new AbiFunction(Text(entry, "name"), Parameters(entry, "inputs", 0), Parameters(entry, "outputs", 0)),
            "event" => new AbiEvent(Text(entry, "name"), Parameters(entry, "inputs", 0), IsAnonymous(entry)),
            "error" => new AbiError(Text(entry, "name"), Parameters(entry, "inputs", 0)),
            "constructor" or "fallback" or "receive" => null,
            _ => throw new FormatException(
                $"expected an ABI entry of a function, event, error, constructor, fallback or receive, found '{kind}'"),
        };
    }

    public static IReadOnlyList<AbiParameter> Parameters(JsonElement entry, string name, int depth) =>
        entry.TryGetProperty(name, out var list)
            ? [.. list.EnumerateArray().Select(parameter => Parameter(parameter, depth))]
            : [];

    private static bool IsAnonymous(JsonElement entry) =>
        entry.TryGetProperty("anonymous", out var anonymous) && anonymous.ValueKind == JsonValueKind.True;

    private static AbiParameter Parameter(JsonElement parameter, int depth)
    {
        if (depth > MaxDepth) throw new FormatException($"expected structs at most {MaxDepth} deep, found one more");
        var name = parameter.TryGetProperty("name", out var named) ? named.GetString() ?? "" : "";
        var type = Text(parameter, "type");
        var indexed = parameter.TryGetProperty("indexed", out var flag) && flag.ValueKind == JsonValueKind.True;
        if (!type.StartsWith("tuple", StringComparison.Ordinal))
            return new AbiParameter(name, AbiType.Parse(type), indexed);
        var fields = Parameters(parameter, "components", depth + 1);
        var tuple = new AbiType.Tuple([.. fields.Select(field => field.Type)]);
        return new AbiParameter(name, AbiTypeParser.Arrays(tuple, type.AsSpan(5)), indexed, fields);
    }

    private static string Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.GetString() is { } text
            ? text
            : throw new FormatException($"expected the field '{name}' in an ABI entry, found none");
}
