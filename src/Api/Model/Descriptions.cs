// What types, fields and enum values mean, in the words of the domain's own documentation: descriptions.json is generated from its XML
// documentation, checked in, and compared by a test. Always holds: asking for what has no words is a fault, so that nothing is shown
// without a description.
using System.Collections.Frozen;
using System.Text.Json;

namespace EventSourced.Api.Model;

/// <summary>The descriptions of the read models.</summary>
internal static class Descriptions
{
    private static readonly FrozenDictionary<string, string> Words = Load();

    /// <summary>The words for <c>Task</c>, <c>Task.agentId</c>, <c>TaskStatus</c> or <c>TaskStatus.BIDDING</c>.</summary>
    internal static string Of(string name) => Words.TryGetValue(name, out var words)
        ? words
        : throw new KeyNotFoundException($"expected a description of {name}, found none; generate src/Api/Model/descriptions.json anew");

    private static FrozenDictionary<string, string> Load()
    {
        using var json = typeof(Descriptions).Assembly.GetManifestResourceStream("descriptions.json")
            ?? throw new InvalidOperationException("expected descriptions.json in the assembly, found none");
        return JsonSerializer.Deserialize<Dictionary<string, string>>(json)!.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
