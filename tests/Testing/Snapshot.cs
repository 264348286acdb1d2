// Snapshot tests with the file habit of Verify: what a test produces is compared with NAME.verified.txt beside the
// test; a difference leaves NAME.received.txt and fails. Accept a change by renaming received to verified.
using System.Runtime.CompilerServices;
using Xunit;

namespace EventSourced.Testing;

/// <summary>Compares a text with the reviewed text that is checked in beside the test.</summary>
public static class Snapshot
{
    /// <summary>Fails unless <paramref name="actual"/> equals the verified file of this test.</summary>
    public static void Matches(
        string actual,
        string? name = null,
        string extension = "txt",
        [CallerFilePath] string file = "",
        [CallerMemberName] string member = "")
    {
        var stem = Path.Combine(
            Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}.{name ?? member}");
        var verified = $"{stem}.verified.{extension}";
        var received = $"{stem}.received.{extension}";
        var found = Normalized(actual);
        var expected = File.Exists(verified) ? Normalized(File.ReadAllText(verified)) : null;
        if (expected == found)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, found);
        Assert.Fail(expected is null
            ? $"expected a reviewed snapshot at {verified}, found none; this run's text is at {received}"
            : $"expected the text of {verified}, found {FirstDifference(expected, found)}; the whole is at {received}");
    }

    private static string Normalized(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

    private static string FirstDifference(string expected, string found)
    {
        var expectedLines = expected.Split('\n');
        var foundLines = found.Split('\n');
        var line = expectedLines.Zip(foundLines).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {line + 1}: '{expectedLines.ElementAtOrDefault(line)}' became '{foundLines.ElementAtOrDefault(line)}'";
    }
}
