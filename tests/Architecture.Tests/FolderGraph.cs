// Which folder of a project uses which other one. Enters: a project's sources and its compiled assembly. Leaves: the
// circles of its folders. Always holds: an arrow stands for a type, a signature or an instruction of the compiled code;
// what the compiler inlines (constants, enum values) makes none. A folder is the first below the project, with
// everything in it; files beside the project file are the folder "(root)".
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace EventSourced.Architecture.Tests;

/// <summary>The arrows between the folders of one project.</summary>
internal sealed partial class FolderGraph
{
    private readonly SortedDictionary<string, SortedSet<string>> _arrows = new(StringComparer.Ordinal);

    /// <summary>Reads a project by its folder from the repository's root.</summary>
    internal static FolderGraph Of(string project, string assembly)
    {
        var folders = FoldersOfTypes(project);
        var graph = new FolderGraph();
        using var file = File.OpenRead(assembly);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        foreach (var handle in metadata.TypeDefinitions)
        {
            if (FolderOf(metadata, handle, folders) is not { } from) continue;
            foreach (var used in new TypeUses(image, metadata).Of(handle))
                if (FolderOf(metadata, used, folders) is { } to && to != from) graph.Add(from, to);
        }

        return graph;
    }

    /// <summary>Every circle: folders that reach one another, in order, each circle whole.</summary>
    internal IReadOnlyList<string> Circles()
    {
        var reached = _arrows.Keys.ToDictionary(folder => folder, Reach);
        return [.. _arrows.Keys
            .Select(folder => string.Join(" <-> ", _arrows.Keys.Where(other =>
                other == folder || (reached[folder].Contains(other) && reached[other].Contains(folder)))))
            .Where(circle => circle.Contains(" <-> ", StringComparison.Ordinal))
            .Distinct()];
    }

    /// <summary>The arrows, a line each.</summary>
    public override string ToString() =>
        string.Join('\n', _arrows.SelectMany(pair => pair.Value.Select(to => $"{pair.Key} -> {to}")));

    private void Add(string from, string to)
    {
        if (!_arrows.TryGetValue(from, out var targets)) _arrows.Add(
            from, targets = new SortedSet<string>(StringComparer.Ordinal));
        targets.Add(to);
    }

    private HashSet<string> Reach(string from)
    {
        var reached = new HashSet<string>();
        var next = new Stack<string>([from]);
        while (next.TryPop(out var folder))
            foreach (var to in _arrows.GetValueOrDefault(folder) ?? [])
                if (reached.Add(to)) next.Push(to);
        return reached;
    }

    // A type by its full name, and the folder of the first file that declares it.
    private static Dictionary<string, string> FoldersOfTypes(string project)
    {
        var root = Path.Combine(Repository.Root, project);
        var folders = new Dictionary<string, string>();
        foreach (var file in Directory.EnumerateFiles(
            root, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var parts = Path.GetRelativePath(root, file).Replace('\\', '/').Split('/');
            if (parts[0] is "obj" or "bin") continue;
            var text = File.ReadAllText(file);
            var space = Space().Match(text).Groups[1].Value;
            foreach (Match type in Declaration().Matches(text))
                folders.TryAdd($"{space}.{type.Groups[1].Value}", parts.Length == 1 ? "(root)" : parts[0]);
        }

        return folders;
    }

    private static string? FolderOf(
        MetadataReader metadata, TypeDefinitionHandle handle, Dictionary<string, string> folders)
    {
        var type = metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil) type = metadata.GetTypeDefinition(type.GetDeclaringType());
        var name = metadata.GetString(type.Name).Split('`')[0];
        return folders.GetValueOrDefault($"{metadata.GetString(type.Namespace)}.{name}");
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Space();

    // Types at the left margin: nested ones belong to theirs.
    [GeneratedRegex(
        @"^(?:(?:public|internal|file|static|abstract|sealed|readonly|ref|partial|unsafe) )*(?:class|record struct|record class|record|struct|interface|enum|delegate [\w.<>\[\]?, ]+?) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
