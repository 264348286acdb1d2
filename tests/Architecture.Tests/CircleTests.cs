// The folders of a project read in one direction: none of them reaches back to one that reaches it.
namespace EventSourced.Architecture.Tests;

public class CircleTests
{
    // Circles that nobody has untied yet. A circle that goes is taken off this list with it.
    private static readonly Dictionary<string, string[]> Tied = new()
    {
    };

    public static TheoryData<string> Projects => [.. Repository.References.Keys
        .Where(folder => folder.StartsWith("src/", StringComparison.Ordinal)
            || folder.StartsWith("lib/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_folders_of_a_project_form_no_circle_but_those_that_are_listed(string project)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, $"EventSourced.{project.Split('/')[1]}.dll");
        Assert.True(File.Exists(assembly),
            $"expected the assembly of {project} beside the tests, found none: reference it from their project");
        var graph = FolderGraph.Of(project, assembly);
        var expected = Tied.GetValueOrDefault(project) ?? [];
        var found = graph.Circles();
        Assert.True(
            found.SequenceEqual(expected),
            $"{project}: expected the circles [{string.Join("; ", expected)}], found [{string.Join("; ", found)}]\n{graph}");
    }

    [Fact]
    public void Only_projects_that_are_there_are_listed_with_circles() =>
        Assert.Empty(Tied.Keys.Except(Repository.References.Keys));

    [Fact]
    public void A_circle_of_three_folders_is_found_whole()
    {
        var assembly = typeof(CircleTests).Assembly.Location;
        Assert.Contains(
            "One <-> Three <-> Two", FolderGraph.Of("tests/Architecture.Tests/Circles", assembly).Circles());
    }
}
