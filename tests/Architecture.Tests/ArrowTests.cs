// The arrows of the house: which project may reference which. Read from the project files, so that nobody can forget.
using System.Text.RegularExpressions;

namespace EventSourced.Architecture.Tests;

public partial class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["src/Domain"] = [],
        ["src/Marten"] = ["src/Domain"],
        ["src/Projections"] = ["src/Domain"],
        ["src/Tables"] = ["src/Domain", "src/Projections", "lib/MartenBulk"],
        ["src/Indexer"] =
        [
            "src/Domain", "src/Projections", "src/Tables", "src/Marten", "lib/MartenBulk", "lib/Ethereum",
            "lib/Transparency",
        ],
        ["src/Chain"] = ["src/Domain", "lib/Ethereum"],
        ["src/Commands"] = ["src/Domain", "src/Chain", "lib/Ethereum"],
        ["src/Api"] =
        [
            "src/Domain", "src/Projections", "src/Tables", "src/Commands", "src/Chain", "lib/Content", "lib/GraphQL",
            "lib/GraphQL.Sql", "lib/Ethereum", "lib/Transparency",
        ],
        ["src/Workers"] =
        [
            "src/Domain", "src/Projections", "src/Tables", "src/Commands", "src/Chain", "lib/Content", "lib/Ethereum",
            "lib/Sandbox",
        ],
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
    public void A_library_references_nothing_of_ours_but_what_it_is_named_to(
        string library)
    {
        string[] allowed = library switch
        {
            "lib/GraphQL.Sql" => ["lib/GraphQL"],
            "lib/Sandbox" => ["lib/Metering"],
            "lib/Client" => ["lib/Content", "lib/Ethereum"],
            _ => [],
        };
        Assert.Equal(allowed, Repository.References[library]);
    }

    [Fact]
    public void Nothing_in_src_or_lib_references_tests_or_benches() =>
        Assert.DoesNotContain(
            Repository.References
                .Where(pair => pair.Key.StartsWith("src/", StringComparison.Ordinal)
                    || pair.Key.StartsWith("lib/", StringComparison.Ordinal)),
            pair =>
                pair.Value.Any(folder => folder.StartsWith("tests/", StringComparison.Ordinal)
                    || folder.StartsWith("bench/", StringComparison.Ordinal)));

    private static readonly string[] TableRooms = ["src/Tables/", "src/Marten/", "src/Commands/CommandTables.cs"];

    // The roles meet in tables whose names are said once. The package for programs of others makes Marten's tables;
    // the journal of commands has some of the same names in a schema of its own.
    [Fact]
    public void No_other_room_of_the_system_names_a_shared_table() =>
        Assert.Empty(Repository.Sources("src")
            .Where(file => !TableRooms.Any(
                room => Repository.Relative(file).StartsWith(room, StringComparison.Ordinal)))
            .SelectMany(file => File.ReadLines(file)
                .Where(line => SharedTable().IsMatch(Comment().Replace(line, "")))
                .Select(line => $"{Repository.Relative(file)}: {line.Trim()}")));

    [Fact]
    public void Projections_are_declarations_and_know_no_database()
    {
        Assert.DoesNotContain(
            "PackageReference", File.ReadAllText(Path.Combine(Repository.Root, "src/Projections/Projections.csproj")),
            StringComparison.Ordinal);
        Assert.Empty(Repository.Sources("src/Projections")
            .Where(file => File.ReadAllText(file).Contains("Npgsql", StringComparison.Ordinal))
                .Select(Repository.Relative));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "EventSourced.sln")).Replace('\\', '/');
        Assert.Empty(
            Repository.References.Keys.Where(folder => !solution.Contains($"\"{folder}/", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"\b(es|mt)_(block|indexer|reorg|orphaned_events|batch|events|streams|log|log_tile|state_root)\b")]
    private static partial Regex SharedTable();

    [GeneratedRegex("//.*$")]
    private static partial Regex Comment();
}
