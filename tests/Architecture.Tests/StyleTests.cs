// The style of the house that a program can check: names, sizes, purity.
using System.Text.RegularExpressions;

namespace EventSourced.Architecture.Tests;

public partial class StyleTests
{
    private const int LongestFile = 500;
    private const int LongestLine = 120;
    private const int LongestFunction = 70;

    // A table reads better whole, and so does a permutation that is written out.
    private static readonly string[] Tables =
        ["lib/Ethereum/Values/Keccak256.Permutation.cs", "src/Domain/Market/Tasks.cs"];

    [Fact]
    public void Files_stay_below_500_lines() =>
        Assert.Empty(Repository.Sources("src", "lib", "tests", "bench")
            .Select(file => (File: Repository.Relative(file), Lines: File.ReadLines(file).Count()))
            .Where(found => found.Lines > LongestFile));

    [Fact]
    public void Functions_stay_below_70_lines_but_for_the_tables_that_are_named()
    {
        var functions = Repository.Sources(
            "src", "lib", "tests", "bench", "tools").SelectMany(FunctionLengths.Of).ToList();
        Assert.True(functions.Count > 2_000, $"expected the functions of the whole tree, found {functions.Count}");
        Assert.Equal(
            Tables,
            functions.Where(found => found.Lines > LongestFunction).Select(found => found.Where.Split(':')[0]));
    }

    // A message or a statement is not better for being cut: what stands in quotation marks does not count.
    [Fact]
    public void Lines_stay_within_120_characters_beside_their_texts() =>
        Assert.Empty(Repository.Sources("src", "lib", "tests", "bench", "tools").SelectMany(LongLines));

    private static IEnumerable<string> LongLines(string file)
    {
        var number = 0;
        var isText = false;
        foreach (var line in File.ReadLines(file))
        {
            ++number;
            var starts = isText;
            if (RawQuotes().Count(line) % 2 == 1) isText = !isText;
            if (line.Length > LongestLine && !starts && TextsAside().Replace(line, "").Length > LongestLine)
                yield return $"{Repository.Relative(file)}:{number}: {line.Length} characters";
        }
    }

    [Fact]
    public void No_type_hides_behind_a_name_that_says_nothing() =>
        Assert.Empty(Repository.Sources("src", "lib")
            .SelectMany(file => EmptyName().Matches(
                File.ReadAllText(file)).Select(match => $"{Repository.Relative(file)}: {match.Value}")));

    [Fact]
    public void Domain_and_projections_are_deterministic() =>
        Assert.Empty(Repository.Sources("src/Domain", "src/Projections")
            .SelectMany(file => Impure().Matches(WordsAside().Replace(File.ReadAllText(file), "")).Select(
                match => $"{Repository.Relative(file)}: {match.Value}")));

    [Fact]
    public void Domain_awaits_nothing_and_takes_no_package()
    {
        Assert.Empty(Repository.Sources(
            "src/Domain").Where(file => Awaits().IsMatch(File.ReadAllText(file))).Select(Repository.Relative));
        Assert.DoesNotContain("PackageReference",
            File.ReadAllText(Path.Combine(Repository.Root, "src/Domain/Domain.csproj")), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\b(class|record|struct|interface) \w*(Manager|Service|Helper|Helpers|Utils|Util|Common)\b")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset)\.(Utc)?Now\b|\bGuid\.NewGuid\b|\bnew Random\b|\bRandom\.Shared\b|\b(double|float|decimal)\b|\bEnvironment\.TickCount|\bStopwatch\b")]
    private static partial Regex Impure();

    // Comments and texts may speak of decimals.
    [GeneratedRegex(@"//[^\n]*|""[^""\n]*""")]
    private static partial Regex WordsAside();

    [GeneratedRegex("\"{3}")]
    private static partial Regex RawQuotes();

    [GeneratedRegex(@"""{3}.*?(""{3}|$)|""(?:[^""\\]|\\.)*""")]
    private static partial Regex TextsAside();

    [GeneratedRegex(@"\bawait\b|\basync\b")]
    private static partial Regex Awaits();
}
