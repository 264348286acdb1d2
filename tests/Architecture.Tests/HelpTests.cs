// The launcher's help is complete: each verb of ./es is a function es_<verb> of tools/launcher, and each has its line.
using System.Text.RegularExpressions;

namespace EventSourced.Architecture.Tests;

public partial class HelpTests
{
    public static TheoryData<string> Verbs => [.. Launcher.Verbs];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_lists_every_verb(string verb) =>
        Assert.Contains(verb, Listed(await HelpAsync()));

    [Fact]
    public async Task Help_lists_no_verb_that_is_not_there() =>
        Assert.Empty(Listed(await HelpAsync()).Except(Launcher.Verbs));

    private static async Task<string> HelpAsync()
    {
        var (code, output, _) = await Bash.RunAsync("./es help", Repository.Root);
        Assert.Equal(0, code);
        return output;
    }

    // A line begins with ./es and one verb, or several with bars between them.
    private static string[] Listed(string help) =>
        [.. Lines().Matches(help).SelectMany(line => line.Groups[1].Value.Split('|', StringSplitOptions.TrimEntries))];

    [GeneratedRegex(@"^  \./es ([a-z]+(?: \| [a-z]+)*)", RegexOptions.Multiline)]
    private static partial Regex Lines();
}

/// <summary>What the launcher can do, read from its scripts.</summary>
internal static partial class Launcher
{
    public static IReadOnlyList<string> Verbs { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tools/launcher"), "*.sh")
            .SelectMany(file => Functions().Matches(File.ReadAllText(file)))
            .Select(function => function.Groups[1].Value.Replace('_', '-'))
            .Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"^es_(\w+)\(\)", RegexOptions.Multiline)]
    private static partial Regex Functions();
}
