// The repository as the architecture tests see it: its root, its projects, its sources.
using System.Xml.Linq;

namespace EventSourced.Architecture.Tests;

internal static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>
    /// Every project by its folder, "lib/Ethereum", with the folders of the projects that it references.
    /// </summary>
    public static IReadOnlyDictionary<string, string[]> References { get; } =
        new[] { "src", "lib", "tests", "bench", "tools" }
            .Select(room => Path.Combine(Root, room))
            .Where(Directory.Exists)
            .SelectMany(room => Directory.EnumerateFiles(room, "*.csproj", SearchOption.AllDirectories))
            .ToDictionary(Folder, ReferencesOf);

    public static IEnumerable<string> Sources(params string[] rooms) =>
        rooms.SelectMany(
            room => Directory.EnumerateFiles(Path.Combine(Root, room), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/") && !file.Contains("/bin/")
                && !file.EndsWith(".g.cs", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string Folder(string project) => Relative(Path.GetDirectoryName(project)!);

    private static string[] ReferencesOf(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFullPath(
                Path.Combine(Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value)))
            .Select(Folder)
            .Order(StringComparer.Ordinal)];

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "EventSourced.sln"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("expected EventSourced.sln above the tests, found none"));
}
