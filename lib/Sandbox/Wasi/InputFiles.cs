// The file system of a guest: a tree in memory that only the host wrote. Enters: paths with content, before the run.
// Leaves: files and folders by normalized path. Always holds: a path has no '.', no '..' and no empty part; every
// folder on the way to a file exists; children are listed in ordinal order.
namespace EventSourced.Sandbox.Wasi;

/// <summary>Files for reading, by path from the root.</summary>
public sealed class InputFiles
{
    /// <summary>Files and folders that one guest may see.</summary>
    public const int NodeLimit = 10_000;

    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal) { [""] = new Node("", 0, null) };

    /// <summary>Paths and contents of all files, in ordinal order.</summary>
    public IEnumerable<(string Path, ReadOnlyMemory<byte> Content)> All =>
        from pair in _nodes
        where pair.Value.Content is not null
        orderby pair.Key
        select (pair.Key, pair.Value.Content!.Value);

    /// <summary>Adds a file and the folders above it.</summary>
    public void Add(string path, ReadOnlyMemory<byte> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Normalize("", path) is not { Length: > 0 } normal || normal != path)
            throw new ArgumentException($"expected a path such as 'data/input.csv', found '{path}'", nameof(path));
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
            Put(path[..slash], null);
        Put(path, content);
    }

    /// <summary>The node at a normalized path, or null.</summary>
    internal Node? Find(string path) => _nodes.GetValueOrDefault(path);

    /// <summary>The entries of a folder, in ordinal order.</summary>
    internal List<Node> Children(string folder)
    {
        var prefix = folder.Length == 0 ? "" : folder + "/";
        return
        [
            .. from pair in _nodes
               where pair.Key.Length > prefix.Length
                   && pair.Key.StartsWith(prefix, StringComparison.Ordinal)
                   && !pair.Key.AsSpan(prefix.Length).Contains('/')
               orderby pair.Key
               select pair.Value,
        ];
    }

    /// <summary>The path of <paramref name="path"/> seen from a folder, or null where it leads out of it.</summary>
    internal static string? Normalize(string folder, string path)
    {
        if (path.StartsWith('/'))
            return null;
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count == 0)
                return null;
            else
                parts.RemoveAt(parts.Count - 1);
        }

        return string.Join('/', folder.Length == 0 ? parts : parts.Prepend(folder));
    }

    private void Put(string path, ReadOnlyMemory<byte>? content)
    {
        if (_nodes.TryGetValue(path, out var there))
        {
            if (content is null && there.Content is null)
                return;
            throw new ArgumentException($"expected each path once, found '{path}' again", nameof(path));
        }

        if (_nodes.Count >= NodeLimit)
            throw new ArgumentException($"expected at most {NodeLimit} files, found one more", nameof(path));
        _nodes.Add(path, new Node(path, (ulong)_nodes.Count, content));
    }

    /// <summary>A file, or a folder where there is no content.</summary>
    internal sealed record Node(string Path, ulong Number, ReadOnlyMemory<byte>? Content)
    {
        public bool IsFolder => Content is null;

        public string Name => Path[(Path.LastIndexOf('/') + 1)..];
    }
}
