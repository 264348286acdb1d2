// Reads the members of a specification strictly. Enters: untrusted JSON values. Leaves: the work, or a FormatException
// that names the member. Always holds: nothing is guessed; each limit lies between 1 and its maximum.
using System.Globalization;
using System.Text.Json;
using EventSourced.Ethereum;
using EventSourced.Sandbox.Receipts;

namespace EventSourced.Workers.Documents;

internal static class SpecificationText
{
    private const int MostArguments = 64;
    private const int MostFiles = 64;

    private static readonly string[] OfWork =
        ["module", "input", "arguments", "environment", "files", "randomSeed", "clock", "limits"];

    private static readonly string[] OfLimits = ["fuel", "memoryBytes", "callDepth", "outputBytes"];

    /// <summary>A text; null: there is none.</summary>
    internal static string? Find(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null) return null;
        return member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : throw new FormatException($"{name}: expected text, found {member.ValueKind}");
    }

    internal static Work ReadWork(JsonElement work)
    {
        Check(work, "work", OfWork);
        var input = Find(work, "input") ?? throw new FormatException("work.input: expected a CID, found none");
        var clock = Object(work, "clock");
        if (clock is { } given) Check(given, "work.clock", ["startNanoseconds", "stepNanoseconds"]);
        return new Work(ContentIds.HashOf(input, "work.input"))
        {
            Module = Find(work, "module") is { } module ? ContentIds.HashOf(module, "work.module") : null,
            Arguments = Arguments(work),
            Environment = Map(work, "environment", (value, _) => value),
            Files = Map(work, "files", ContentIds.HashOf),
            RandomSeed = Number(work, "randomSeed"),
            ClockStartNanoseconds = clock is { } start ? Number(start, "startNanoseconds") : 0,
            ClockStepNanoseconds = clock is { } step ? Number(step, "stepNanoseconds") : 0,
            Limits = Limits(work),
        };
    }

    private static void Check(JsonElement parent, string where, string[] known)
    {
        foreach (var member in parent.EnumerateObject())
        {
            if (Array.IndexOf(known, member.Name) < 0)
                throw new FormatException($"{where}: expected {string.Join(", ", known)}, found '{member.Name}'");
        }
    }

    private static JsonElement? Object(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null) return null;
        return member.ValueKind == JsonValueKind.Object
            ? member : throw new FormatException($"work.{name}: expected an object, found {member.ValueKind}");
    }

    private static string[] Arguments(JsonElement work)
    {
        if (!work.TryGetProperty("arguments", out var list) || list.ValueKind == JsonValueKind.Null) return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostArguments)
            throw new FormatException(
                $"work.arguments: expected at most {MostArguments} texts, found {list.ValueKind}");
        return [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
            ? item.GetString()!
            : throw new FormatException($"work.arguments: expected text, found {item.ValueKind}"))];
    }

    private static Dictionary<string, T> Map<T>(JsonElement work, string name, Func<string, string, T> read)
    {
        var map = new Dictionary<string, T>();
        if (Object(work, name) is not { } found) return map;
        foreach (var member in found.EnumerateObject())
        {
            var where = $"work.{name}.{member.Name}";
            if (map.Count == MostFiles)
                throw new FormatException($"work.{name}: expected at most {MostFiles}, found more");
            if (member.Value.ValueKind != JsonValueKind.String)
                throw new FormatException($"{where}: expected text, found {member.Value.ValueKind}");
            map.Add(member.Name, read(member.Value.GetString()!, where));
        }

        return map;
    }

    private static ulong Number(JsonElement parent, string name)
    {
        if (Find(parent, name) is not { } text) return 0;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw new FormatException($"{name}: expected decimal digits of 64 bits, found '{text}'");
    }

    private static ExecutionLimits Limits(JsonElement work)
    {
        if (Object(work, "limits") is not { } limits) return Work.Usual;
        Check(limits, "work.limits", OfLimits);
        return new ExecutionLimits
        {
            Fuel = Limit(limits, "fuel", Work.Usual.Fuel, Work.Most.Fuel),
            MemoryBytes = Limit(limits, "memoryBytes", Work.Usual.MemoryBytes, Work.Most.MemoryBytes),
            CallDepth = Limit(limits, "callDepth", Work.Usual.CallDepth, Work.Most.CallDepth),
            OutputBytes = Limit(limits, "outputBytes", Work.Usual.OutputBytes, Work.Most.OutputBytes),
        };
    }

    private static long Limit(JsonElement limits, string name, long usual, long most)
    {
        if (!limits.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null) return usual;
        return member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var value) && value >= 1
            && value <= most
            ? value : throw new FormatException($"work.limits.{name}: expected 1 to {most}, found {member}");
    }
}
