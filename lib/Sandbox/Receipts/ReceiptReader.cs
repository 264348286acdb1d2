// Reading a receipt strictly. Enters: a JSON value. Leaves: a receipt, or a FormatException that names the member.
// Always holds: every member of the schema is there, and no other.
using System.Globalization;
using System.Text.Json;

namespace EventSourced.Sandbox.Receipts;

internal static class ReceiptReader
{
    private static readonly string[] Names =
    [
        "arguments", "clock", "engineVersion", "environment", "errorOutputHash", "exit", "files", "fuelUsed",
        "inputHash", "limits", "memoryPeakBytes", "moduleHash", "outputHash", "randomSeed", "receiptHash", "schema",
    ];

    public static Receipt Read(JsonElement root)
    {
        CheckNames(root, "the receipt", Names);
        var (clock, limits) = (Member(root, "clock"), Member(root, "limits"));
        CheckNames(clock, "clock", "startNanoseconds", "stepNanoseconds");
        CheckNames(limits, "limits", "callDepth", "fuel", "memoryBytes", "outputBytes");
        if (Text(root, "schema") is var schema && schema != Receipt.Schema)
            throw new FormatException($"schema: expected {Receipt.Schema}, found {schema}");
        return new Receipt
        {
            EngineVersion = Text(root, "engineVersion"),
            ModuleHash = Hash(root, "moduleHash"),
            InputHash = Hash(root, "inputHash"),
            OutputHash = Hash(root, "outputHash"),
            ErrorOutputHash = Hash(root, "errorOutputHash"),
            Arguments = [.. Arguments(root)],
            Environment = Map(root, "environment", Text),
            Files = Map(root, "files", Hash),
            RandomSeed = Unsigned(root, "randomSeed"),
            ClockStartNanoseconds = Unsigned(clock, "startNanoseconds"),
            ClockStepNanoseconds = Unsigned(clock, "stepNanoseconds"),
            Limits = new ExecutionLimits
            {
                CallDepth = Number(limits, "callDepth"),
                Fuel = Number(limits, "fuel"),
                MemoryBytes = Number(limits, "memoryBytes"),
                OutputBytes = Number(limits, "outputBytes"),
            },
            Exit = Exit(Member(root, "exit")),
            FuelUsed = Number(root, "fuelUsed"),
            MemoryPeakBytes = Number(root, "memoryPeakBytes"),
        };
    }

    public static string Hash(JsonElement parent, string name)
    {
        var hash = Text(parent, name);
        return hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower)
            ? hash
            : throw new FormatException($"{name}: expected 64 lower-case hexadecimal digits, found '{hash}'");
    }

    private static ExecutionExit Exit(JsonElement exit)
    {
        var kind = Text(exit, "kind");
        if (kind == "exited")
        {
            CheckNames(exit, "exit", "code", "kind");
            return Member(exit, "code").TryGetInt32(out var code)
                ? ExecutionExit.Exited(code)
                : throw new FormatException($"exit.code: expected 32 bits, found {Member(exit, "code")}");
        }

        CheckNames(exit, "exit", "kind", "reason");
        return kind is "trapped" or "refused"
            ? new ExecutionExit(kind, null, Text(exit, "reason"))
            : throw new FormatException($"exit.kind: expected exited, trapped or refused, found '{kind}'");
    }

    private static IEnumerable<string> Arguments(JsonElement root)
    {
        var list = Member(root, "arguments");
        if (list.ValueKind != JsonValueKind.Array)
            throw new FormatException($"arguments: expected an array, found {list.ValueKind}");
        return list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
            ? item.GetString()!
            : throw new FormatException($"arguments: expected text, found {item.ValueKind}"));
    }

    private static Dictionary<string, string> Map(
        JsonElement root, string name, Func<JsonElement, string, string> read)
    {
        var map = Member(root, name);
        return map.ValueKind == JsonValueKind.Object
            ? map.EnumerateObject().ToDictionary(member => member.Name, member => read(map, member.Name))
            : throw new FormatException($"{name}: expected an object, found {map.ValueKind}");
    }

    private static void CheckNames(JsonElement element, string where, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{where}: expected an object, found {element.ValueKind}");
        foreach (var member in element.EnumerateObject())
        {
            if (!names.Contains(member.Name))
                throw new FormatException($"{where}: expected no member '{member.Name}', found one");
        }

        foreach (var name in names)
            Member(element, name);
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member)
            ? member
            : throw new FormatException($"{name}: expected this member, found none");

    private static string Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } text
            ? text.GetString()!
            : throw new FormatException($"{name}: expected text, found {Member(parent, name).ValueKind}");

    private static ulong Unsigned(JsonElement parent, string name) =>
        ulong.TryParse(Text(parent, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{name}: expected decimal digits of 64 bits, found '{Text(parent, name)}'");

    private static long Number(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } number
            && number.TryGetInt64(out var value)
            && value is >= 0 and <= ExecutionLimits.Most
            ? value
            : throw new FormatException(
                $"{name}: expected a whole number up to {ExecutionLimits.Most}, found {Member(parent, name)}");
}
