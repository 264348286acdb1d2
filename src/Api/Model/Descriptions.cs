// The meaning of types, fields and enum values, in the words of the domain's own documentation. descriptions.json is
// generated from the XML documentation and checked in, and a test compares it. Always holds: a name without words is
// a fault, so that the schema shows nothing without a description.
using System.Collections.Frozen;
using System.Text.Json;

namespace EventSourced.Api.Model;

/// <summary>The descriptions of the read models.</summary>
internal static class Descriptions
{
    private static readonly FrozenDictionary<string, string> Words = Load();

    /// <summary>The words for <c>Task</c>, <c>Task.agentId</c>, <c>TaskStatus</c> or
    /// <c>TaskStatus.BIDDING</c>.</summary>
    internal static string Of(string name) => Words.TryGetValue(name, out var words)
        ? words
        : throw new KeyNotFoundException(
            $"expected a description of {name}, found none; ./es api schema generates src/Api/Model/descriptions.json");

    private static FrozenDictionary<string, string> Load()
    {
        using var json = typeof(Descriptions).Assembly.GetManifestResourceStream("descriptions.json")
            ?? throw new InvalidOperationException("expected descriptions.json in the assembly, found none");
        return JsonSerializer.Deserialize<Dictionary<string, string>>(json)!.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
