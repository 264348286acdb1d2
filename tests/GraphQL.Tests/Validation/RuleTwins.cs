// One rule, one file, one twin test: this test finds a rule without its twin.
using System.Runtime.CompilerServices;

namespace EventSourced.GraphQL.Tests.Validation;

public sealed class RuleTwins
{
    [Theory]
    [InlineData("Rules")]
    [InlineData("SchemaRules")]
    public void Every_rule_has_a_file_and_a_twin_test(string folder)
    {
        var rules = Names(Path.Combine(Here(), "../../../lib/GraphQL/Validation", folder), "");
        var twins = Names(Path.Combine(Here(), folder), "Tests");
        Assert.Equal(rules, twins);
    }

    private static IEnumerable<string> Names(string folder, string suffix) =>
        Directory.GetFiles(folder, "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)[..^suffix.Length])
            .Order();

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
