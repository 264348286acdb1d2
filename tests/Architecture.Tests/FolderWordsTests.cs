// The table of RATIONALE.md that joins the folder words of the contracts, the domain and the read models, held against
// the folders. Always holds: each folder of either side stands in the table once, and each named file is there.
using System.Text.RegularExpressions;

namespace EventSourced.Architecture.Tests;

public partial class FolderWordsTests
{
    // Folders that serve all rooms and belong to none.
    private static readonly string[] OfAllRooms = ["interfaces", "libraries", "Events", "Folding", "Values"];

    [Fact]
    public void Every_folder_of_the_contracts_stands_in_the_table_once() =>
        Assert.Equal(Folders("contracts/src"), Column(1));

    [Fact]
    public void Every_folder_of_the_domain_stands_in_the_table_once() =>
        Assert.Equal(Folders("src/Domain"), Column(2));

    [Fact]
    public void Every_read_model_file_in_the_table_exists()
    {
        var files = Column(3);
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.True(
            File.Exists(Path.Combine(Repository.Root, "src/Projections", file)), $"expected src/Projections/{file}"));
    }

    private static string[] Folders(string room) =>
        [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, room))
            .Select(folder => Path.GetFileName(folder)!)
            .Where(folder => folder is not ("bin" or "obj") && !OfAllRooms.Contains(folder))
            .Order(StringComparer.Ordinal)];

    private static string[] Column(int number) =>
        [.. Rows().Matches(File.ReadAllText(Path.Combine(Repository.Root, "RATIONALE.md")))
            .SelectMany(row => Words().Matches(row.Value.Split('|')[number]))
            .Select(word => word.Groups[1].Value)
            .Order(StringComparer.Ordinal)];

    // A row names a file of read models in its third column.
    [GeneratedRegex(@"^\|[^|\n]*\|[^|\n]*\|[^|\n]*\.cs`[^|\n]*\|.*$", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Words();
}
