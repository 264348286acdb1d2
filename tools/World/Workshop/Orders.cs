// The work that there is to do. Enters: the repository's agents, and its texts, sources and pictures. Leaves: orders: a
// module, an input, arguments, and a title for people. Always holds: every input is a real one; the same draw gives the
// same order.
using System.Globalization;

namespace EventSourced.World;

/// <summary>One piece of work.</summary>
/// <param name="Capability">What an agent must be able to do.</param>
/// <param name="Title">What is asked, for people.</param>
/// <param name="Input">The input's file.</param>
/// <param name="Arguments">What the module is told.</param>
public sealed record Order(string Capability, string Title, string Input, IReadOnlyList<string> Arguments);

/// <summary>What clients of the workshop ask for.</summary>
public sealed class Orders
{
    private const long MostInputBytes = 256 * 1024;

    /// <summary>The six reference agents: what each can do, and its module.</summary>
    public static IReadOnlyList<(string Capability, string Module)> Trades { get; } =
    [
        ("summarize", "summarizer"), ("audit", "auditor"), ("describe", "caption"), ("digest", "hash"),
        ("multiply", "matrix"), ("repeat", "echo"),
    ];

    private readonly IReadOnlyList<Order> _texts;
    private readonly IReadOnlyList<Order> _sources;
    private readonly IReadOnlyList<Order> _others;

    public Orders(string root)
    {
        var samples = Path.Combine(root, "agents", "samples");
        var texts = Files(Path.Combine(root, "docs"), "*.md").Append(Path.Combine(samples, "article.txt")).ToList();
        var sources = Files(Path.Combine(root, "contracts", "src"), "*.sol")
            .Append(Path.Combine(samples, "vault.sol")).ToList();
        _texts =
        [
            .. texts.SelectMany(file => new[] { 2, 3, 5 }.Select(count => new Order(
                "summarize", $"Summarize {Path.GetFileName(file)} in {count} sentences", file, [Number(count)]))),
        ];
        _sources = [.. sources.Select(file => new Order("audit", $"Audit {Path.GetFileName(file)}", file, []))];
        _others =
        [
            .. new[] { "lamp.bmp", "meadow.ppm" }.Select(picture => new Order(
                "describe", $"Describe the picture {picture}", Path.Combine(samples, picture), [])),
            .. sources.Select(file => new Order(
                "digest", $"Keccak-256 of {Path.GetFileName(file)}", file, ["keccak256"])),
            new Order("multiply", "Multiply the matrices", Path.Combine(samples, "matrices.txt"), []),
            .. texts.Select(file => new Order("repeat", $"Repeat {Path.GetFileName(file)}", file, [])),
        ];
    }

    /// <summary>The next order.</summary>
    public Order Draw(Random random)
    {
        var kind = random.Next(10);
        var from = kind < 4 ? _texts : kind < 7 ? _sources : _others;
        return from[random.Next(from.Count)];
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        new DirectoryInfo(folder).EnumerateFiles(pattern, SearchOption.AllDirectories)
            .Where(file => file.Length is > 0 and <= MostInputBytes && !file.FullName.Contains("node_modules"))
            .Select(file => file.FullName)
            .Order(StringComparer.Ordinal);

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
