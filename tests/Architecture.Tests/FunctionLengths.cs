// How long the functions of a source file are. Enters: its lines, in the house's layout: a brace on a line of its own,
// four spaces a level, one namespace a file. Leaves: the functions of its types and of the types in them.
using System.Text.RegularExpressions;

namespace EventSourced.Architecture.Tests;

/// <summary>One function: where it begins and how many lines stand between its braces.</summary>
internal sealed record FunctionLength(string Where, int Lines);

/// <summary>Measures functions.</summary>
internal static partial class FunctionLengths
{
    internal static IEnumerable<FunctionLength> Of(string file)
    {
        var lines = File.ReadAllLines(file);
        for (var index = 0; index < lines.Length; index++)
        {
            if (Opening().Match(lines[index]) is not { Success: true } opening) continue;
            var margin = opening.Groups[1].Value;
            var head = index - 1;
            while (head > 0 && !IsAt(lines[head], margin)) head--;
            if (head < 0 || IsType().IsMatch(string.Join(' ', lines[head..index]))) continue;
            var end = Array.FindIndex(
                lines, index, line => line.StartsWith(margin + "}", StringComparison.Ordinal));
            if (end > 0) yield return new FunctionLength($"{Repository.Relative(file)}:{head + 1}", end - index - 1);
        }
    }

    private static bool IsAt(string line, string margin) =>
        line.Length > margin.Length && line.StartsWith(margin, StringComparison.Ordinal) && line[margin.Length] != ' ';

    [GeneratedRegex(@"^( {4}| {8})\{$")]
    private static partial Regex Opening();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum) \w+")]
    private static partial Regex IsType();
}
