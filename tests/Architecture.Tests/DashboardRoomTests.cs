// The room src/Dashboard holds files for browsers and no project: src/Api carries them. Enters: its files. Leaves: what
// breaks the rules of the house there.
using System.Text.RegularExpressions;

namespace EventSourced.Architecture.Tests;

public partial class DashboardRoomTests
{
    private const int LongestFile = 500;
    private const int LongestLine = 120;

    private static readonly string Web = Path.Combine(Repository.Root, "src/Dashboard/web");

    private static readonly string[] Files = Directory.GetFiles(Web, "*", SearchOption.AllDirectories);

    private static IEnumerable<string> Modules => Files.Where(file => file.EndsWith(".js", StringComparison.Ordinal));

    [Fact]
    public void The_api_carries_the_dashboard() =>
        Assert.Contains(
            "../Dashboard/web/**", File.ReadAllText(Path.Combine(Repository.Root, "src/Api/Api.csproj")),
            StringComparison.Ordinal);

    [Fact]
    public void A_module_imports_modules_of_the_dashboard_alone()
    {
        var imports = Modules.SelectMany(file => Import().Matches(File.ReadAllText(file)).Select(match =>
            Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, match.Groups[1].Value)))).ToList();
        Assert.True(imports.Count > 50, $"expected the imports of the dashboard, found {imports.Count}");
        Assert.Empty(imports.Where(path => !path.StartsWith(Web, StringComparison.Ordinal) || !File.Exists(path)));
    }

    [Fact]
    public void Text_is_never_read_as_markup_or_code() =>
        Assert.Empty(Modules.Where(file => Markup().IsMatch(File.ReadAllText(file))).Select(Repository.Relative));

    [Fact]
    public void Nothing_comes_from_another_host() =>
        Assert.Empty(Files.Where(file => Elsewhere().IsMatch(File.ReadAllText(file).Replace(
            "http://www.w3.org/2000/svg", "", StringComparison.Ordinal))).Select(Repository.Relative));

    [Fact]
    public void Files_stay_below_500_lines_and_lines_within_120_characters_beside_their_texts() =>
        Assert.Empty(Files.Where(file => !file.EndsWith(".svg", StringComparison.Ordinal)).SelectMany(file =>
        {
            var lines = File.ReadAllLines(file);
            var name = Repository.Relative(file);
            return lines.Select((line, index) => (line, number: index + 1))
                .Where(found => Texts().Replace(found.line, "").Length > LongestLine)
                .Select(found => $"{name}:{found.number}")
                .Concat(lines.Length > LongestFile ? [$"{name}: {lines.Length} lines"] : []);
        }));

    [Fact]
    public void Every_module_opens_with_what_enters_what_leaves_and_what_always_holds() =>
        Assert.Empty(Modules.Where(file => !Paragraph().IsMatch(File.ReadAllText(file))).Select(Repository.Relative));

    [GeneratedRegex(@"(?:from |import\()'(\.[^']+)'")]
    private static partial Regex Import();

    [GeneratedRegex(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")]
    private static partial Regex Markup();

    [GeneratedRegex(@"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}/", RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"'[^']*'|`[^`]*`|`[^`]*$")]
    private static partial Regex Texts();

    [GeneratedRegex(@"\A// [\s\S]*?Enters:[\s\S]*?Leaves:[\s\S]*?Always\s+(?://\s*)?holds:")]
    private static partial Regex Paragraph();
}
