// The table of lies in docs/audit.md: every test that it names is there. Enters: the page, the tests' sources. Leaves:
// nothing, or the names that no test has.
using System.Text.RegularExpressions;

namespace EventSourced.Architecture.Tests;

public sealed partial class TamperTableTests
{
    [Fact]
    public void Every_test_that_the_table_of_lies_names_is_there()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/audit.md"));
        var named = TestName().Matches(page).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.True(named.Count >= 15, $"expected a table of tests in docs/audit.md, found {named.Count}");
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText).ToList();
        Assert.Empty(named.Where(name => !sources.Any(
            source => source.Contains($"public async Task {name}(", StringComparison.Ordinal))));
    }

    [GeneratedRegex(@"\| `([A-Z][a-zA-Z0-9]*(?:_[a-zA-Z0-9]+)+)` \|$", RegexOptions.Multiline)]
    private static partial Regex TestName();
}
