// The arrows of the house: which project may reference which. Read from the project files, so that nobody can forget.
namespace EventSourced.Architecture.Tests;

public class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["src/Domain"] = [],
        ["src/Projections"] = ["src/Domain", "lib/EventStore"],
        ["src/Indexer"] = ["src/Domain", "src/Projections", "lib/EventStore", "lib/Ethereum", "lib/Transparency"],
        ["src/Chain"] = ["src/Domain", "lib/Ethereum"],
        ["src/Api"] = ["src/Domain", "src/Projections", "lib/EventStore", "lib/GraphQL", "lib/Ethereum", "lib/Transparency"],
        ["src/Workers"] = ["src/Domain", "src/Projections", "lib/EventStore", "lib/Ethereum", "lib/Wasm"],
    };

    public static TheoryData<string> SystemProjects => [.. Allowed.Keys];

    public static TheoryData<string> Libraries =>
        [.. Repository.References.Keys.Where(folder => folder.StartsWith("lib/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(SystemProjects))]
    public void A_project_of_the_system_references_only_what_its_arrows_allow(string project) =>
        Assert.Empty(Repository.References[project].Except(Allowed[project]));

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_references_nothing_of_ours(string library) =>
        Assert.Empty(Repository.References[library]);

    [Fact]
    public void Nothing_in_src_or_lib_references_tests_or_benches() =>
        Assert.DoesNotContain(
            Repository.References.Where(pair => pair.Key.StartsWith("src/", StringComparison.Ordinal) || pair.Key.StartsWith("lib/", StringComparison.Ordinal)),
            pair => pair.Value.Any(folder => folder.StartsWith("tests/", StringComparison.Ordinal) || folder.StartsWith("bench/", StringComparison.Ordinal)));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "EventSourced.sln")).Replace('\\', '/');
        Assert.Empty(Repository.References.Keys.Where(folder => !solution.Contains($"\"{folder}/", StringComparison.Ordinal)));
    }
}
