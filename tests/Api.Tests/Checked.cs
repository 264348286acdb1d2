// Files that are generated and checked in. A test compares; ES_ACCEPT=1 writes them anew, for a reviewer to read the
// difference.
using EventSourced.World;

namespace EventSourced.Api.Tests;

internal static class Checked
{
    public static bool IsAccepting => Environment.GetEnvironmentVariable("ES_ACCEPT") == "1";

    public static string Path(string file) => System.IO.Path.Combine(WorldChain.Root, file);

    /// <summary>The checked-in text; accepts the found one first, where that is asked for.</summary>
    public static string Text(string file, string found)
    {
        if (IsAccepting)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(file))!);
            File.WriteAllText(Path(file), found);
        }

        return File.Exists(Path(file)) ? File.ReadAllText(Path(file)) : "";
    }
}
