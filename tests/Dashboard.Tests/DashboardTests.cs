// The dashboard in a real Chromium, on a real host. Each file NAME.test.mjs of npm/ is a test of node; the sentences
// are in there.
using System.Text.RegularExpressions;

namespace EventSourced.Dashboard.Tests;

[Collection(BrowserTests.Name)]
public class DashboardTests(LivingHost host)
{
    [Theory]
    [InlineData("pages")]
    [InlineData("live")]
    [InlineData("past")]
    [InlineData("keyboard")]
    [InlineData("search")]
    [InlineData("weight")]
    [InlineData("wallet")]
    [InlineData("proof")]
    [InlineData("run")]
    [InlineData("restart")]
    public Task In_the_browser(string file) => Browser.RunAsync(host, file);
}

/// <summary>People come by their wallets to a chain where nobody lives yet.</summary>
[Collection(WalletTests.Name)]
public class DashboardWalletTests(EmptyHost host)
{
    [Theory]
    [InlineData("life")]
    public Task In_the_browser(string file) => Browser.RunAsync(host, file);
}

/// <summary>Runs a file of tests in the browser.</summary>
internal static partial class Browser
{
    public static async Task RunAsync(LivingHost host, string file)
    {
        await Npm.InstallAsync("src/Dashboard");
        await Npm.InstallAsync("tests/Dashboard.Tests/npm");
        var environment = new Dictionary<string, string>
        {
            ["DASHBOARD"] = host.Address.ToString().TrimEnd('/'),
            ["DOOR"] = host.Door.ToString().TrimEnd('/'),
        };
        var output = await Npm.RunAsync(
            Npm.Folder("tests/Dashboard.Tests/npm"), environment, "node", "--test", "--test-reporter=tap",
            $"{file}.test.mjs");
        var passed = Passed().Match(output);
        Assert.True(passed.Success && int.Parse(passed.Groups[1].ValueSpan, null) > 0, output);
    }

    [GeneratedRegex(@"^# pass (\d+)", RegexOptions.Multiline)]
    private static partial Regex Passed();
}

/// <summary>What needs no browser.</summary>
public class DashboardCodeTests
{
    [Fact]
    public async Task Every_type_holds()
    {
        await Npm.InstallAsync("tests/Dashboard.Tests/npm");
        await Npm.RunAsync(
            Npm.Folder("tests/Dashboard.Tests/npm"), new Dictionary<string, string>(), "node",
            "node_modules/typescript/bin/tsc", "-p", Npm.Folder("src/Dashboard/tsconfig.json"));
    }

    [Fact]
    public async Task A_log_that_was_rewritten_is_found_by_the_module_that_browsers_load() =>
        await Npm.RunAsync(
            Npm.Folder("tests/Dashboard.Tests/npm"), new Dictionary<string, string>(), "node", "--test",
            "log.test.mjs");

    [Fact]
    public async Task Figures_and_words_are_those_of_people() =>
        await Npm.RunAsync(
            Npm.Folder("tests/Dashboard.Tests/npm"), new Dictionary<string, string>(), "node", "--test",
            "format.test.mjs");
}
