// "Did you mean": the names nearest to a misspelt one. The work is bounded: long names are not compared.
namespace EventSourced.GraphQL.Errors;

internal static class Suggestions
{
    private const int MaxSuggestions = 5;
    private const int MaxNameLength = 64;
    private const int MaxCandidates = 2_000;

    // " Did you mean "a" or "b"?", or nothing.
    public static string DidYouMean(string name, IEnumerable<string> candidates, string what = "")
    {
        var near = Nearest(name, candidates);
        return near.Count == 0 ? "" : $" Did you mean {what}{Listed([.. near.Select(n => $"\"{n}\"")])}?";
    }

    public static string DidYouMeanUnquoted(string name, IEnumerable<string> candidates) =>
        Nearest(name, candidates) is { Count: > 0 } near ? $" Did you mean {Listed(near)}?" : "";

    public static string Listed(IReadOnlyList<string> items, string conjunction = "or") => items.Count switch
    {
        1 => items[0],
        2 => $"{items[0]} {conjunction} {items[1]}",
        _ => $"{string.Join(", ", items.Take(items.Count - 1))}, {conjunction} {items[^1]}",
    };

    private static List<string> Nearest(string name, IEnumerable<string> candidates)
    {
        if (name.Length > MaxNameLength)
            return [];
        var threshold = (int)(name.Length * 0.4) + 1;
        return [.. candidates.Take(MaxCandidates)
            .Where(candidate =>
                candidate.Length <= MaxNameLength && Math.Abs(candidate.Length - name.Length) <= threshold)
            .Select(candidate => (candidate, distance: Distance(name, candidate)))
            .Where(pair => pair.distance <= threshold)
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Take(MaxSuggestions)
            .Select(pair => pair.candidate)];
    }

    // Edits from one name to the other: a letter added, removed, replaced, or swapped with its neighbour; case alone
    // is one.
    private static int Distance(string left, string right)
    {
        if (string.Equals(left, right, StringComparison.OrdinalIgnoreCase))
            return left == right ? 0 : 1;
        var a = left.ToLowerInvariant();
        var b = right.ToLowerInvariant();
        var before = new int[b.Length + 1];
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }
}
