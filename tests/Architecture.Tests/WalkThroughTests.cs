// The walk-throughs of CONTRIBUTING.md and the rooms of docs/architecture.md, held against the repository: what they
// name exists, what they quote stands where they say, and nothing that is there is left out.
using System.Text.RegularExpressions;

namespace EventSourced.Architecture.Tests;

public sealed partial class WalkThroughTests : IDisposable
{
    private const string Contributing = "CONTRIBUTING.md";
    private const string Architecture = "docs/architecture.md";

    private readonly string _checkout = Directory.CreateTempSubdirectory("es-walk-").FullName;

    public static TheoryData<string> Pages => [Contributing, Architecture];

    public void Dispose() => Directory.Delete(_checkout, recursive: true);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_file_that_a_page_names_exists(string page)
    {
        var files = Paths().Matches(Settled(page)).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.True(files.Count >= 5, $"expected files in {page}, found {files.Count}");
        Assert.Empty(files.Where(file => !Path.Exists(Path.Combine(Repository.Root, file))));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_verb_that_a_page_names_is_one_of_the_launcher(string page)
    {
        var verbs = Verbs().Matches(Read(page)).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(verbs);
        Assert.Empty(verbs.Except([.. Launcher.Verbs, "hello"]));
    }

    [Fact]
    public void Every_word_behind_a_verb_is_one_that_its_script_takes()
    {
        var commands = Words().Matches(Read(Contributing)).ToList();
        Assert.NotEmpty(commands);
        Assert.All(commands, command =>
        {
            var (verb, word) = (command.Groups[1].Value, command.Groups[2].Value);
            var script = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tools/launcher"), "*.sh")
                .Select(File.ReadAllText)
                .Single(text => text.Contains($"\nes_{verb}()", StringComparison.Ordinal));
            Assert.Matches($@"\b{word}\)", script);
        });
    }

    [Fact]
    public void Every_quoted_line_stands_in_the_file_that_it_is_quoted_from()
    {
        var quotes = Quotes().Matches(Read(Contributing));
        Assert.True(quotes.Count >= 5, $"expected quotes in {Contributing}, found {quotes.Count}");
        Assert.All(quotes, quote =>
        {
            var text = Flat(Read(quote.Groups[1].Value));
            var lines = quote.Groups[2].Value.Split(
                '\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            Assert.NotEmpty(lines);
            Assert.All(lines, line => Assert.Contains(Flat(line), text, StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task The_verb_of_the_walk_through_can_be_added_and_run()
    {
        var file = NewFile().Match(Read(Contributing));
        Assert.True(file.Success);
        Directory.CreateDirectory(Path.Combine(_checkout, "tools/launcher"));
        foreach (var part in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tools/launcher")))
            File.Copy(part, Path.Combine(_checkout, "tools/launcher", Path.GetFileName(part)));
        File.Copy(Path.Combine(Repository.Root, "es"), Path.Combine(_checkout, "es"));
        await File.WriteAllTextAsync(Path.Combine(_checkout, file.Groups[1].Value), file.Groups[2].Value);
        Assert.Equal((0, "hello, world\n", ""), await Bash.RunAsync("./es hello", _checkout));
        Assert.Equal((0, "hello, Ada\n", ""), await Bash.RunAsync("./es hello Ada", _checkout));
    }

    [Fact]
    public void Every_project_of_the_system_and_every_library_has_its_room_in_the_picture()
    {
        var page = Read(Architecture);
        Assert.Empty(Repository.References.Keys
            .Where(folder => folder.StartsWith("src/", StringComparison.Ordinal)
                || folder.StartsWith("lib/", StringComparison.Ordinal))
            .Where(folder => !page.Contains($"### {folder}\n", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_room_with_a_paragraph_is_a_folder() =>
        Assert.Empty(Rooms().Matches(Read(Architecture))
            .SelectMany(room => room.Groups[1].Value.Split(" and "))
            .Where(room => !Directory.Exists(Path.Combine(Repository.Root, room))));

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    // A file that the reader makes is not there yet.
    private static string Settled(string page) => NewFile().Replace(Read(page), "");

    private static string Flat(string text) => Spaces().Replace(text, " ").Trim();

    [GeneratedRegex(@"[`(]((?:src|lib|tests|tools|bench|contracts|docs)/[\w./-]+)[`)]")]
    private static partial Regex Paths();

    [GeneratedRegex(@"\./es ([a-z]+)")]
    private static partial Regex Verbs();

    [GeneratedRegex(@"\./es (contracts|catalog|api|db|chain) ([a-z]+)")]
    private static partial Regex Words();

    [GeneratedRegex(@"```(?:csharp|graphql)\n\s*(?://|#) in ([\w./]+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Quotes();

    [GeneratedRegex(@"```sh\n# in a new file ([\w./]+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex NewFile();

    [GeneratedRegex(@"^### ([\w./ ]+)$", RegexOptions.Multiline)]
    private static partial Regex Rooms();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
