// The same half hour in C#: the block of docs/commands/README.md is this file's code, word by word, and it runs here
// against a real host.
using EventSourced.Commands.Tests;
using EventSourced.Ethereum;
using EventSourced.World;

namespace EventSourced.Client.Tests;

[Collection(ClientTests.Name)]
public class HalfHourTests(CommandWorld world)
{
    private const string Begin = "        // begin\n";
    private const string End = "        // end\n";

    [Fact]
    public async Task The_half_hour_in_CSharp_runs_and_says_what_it_ought_to()
    {
        var person = await world.SomebodyAsync();
        var said = new StringWriter();
        await RunAsync(world.Http.BaseAddress!, person.Key, said);
        Assert.Contains("Registers an agent of the sender", $"{said}", StringComparison.Ordinal);
        Assert.Contains("included in block", $"{said}", StringComparison.Ordinal);
        Assert.Contains("UnknownTask: expected", $"{said}", StringComparison.Ordinal);
        Assert.Matches("agent [0-9]+ at ipfs://my-card", $"{said}");
    }

    [Fact]
    public async Task The_page_shows_the_code_that_runs()
    {
        var root = WorldChain.Root;
        var code = await File.ReadAllTextAsync(Path.Combine(root, "tests/Client.Tests/HalfHourTests.cs"));
        var start = code.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var block = string.Join('\n', code[start..code.IndexOf(End, start, StringComparison.Ordinal)].Split('\n')
            .Select(line => line.Length > 8 ? line[8..] : ""));
        var page = await File.ReadAllTextAsync(Path.Combine(root, "docs/commands/README.md"));
        Assert.Contains($"```csharp\n{block}```\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_packages_readme_shows_code_that_runs()
    {
        var person = await world.SomebodyAsync();
        var said = new StringWriter();
        await ReadmeAsync(world.Http.BaseAddress!, person.Key, said);
        Assert.Matches("Registers an agent of the sender.* In block [0-9]+\\.", $"{said}");
        string[] page = await File.ReadAllLinesAsync(Path.Combine(WorldChain.Root, "lib/Client/README.md"));
        string[] shown = [.. page.SkipWhile(line => line != "```csharp").Skip(1).TakeWhile(line => line != "```")];
        var code = await File.ReadAllTextAsync(Path.Combine(WorldChain.Root, "tests/Client.Tests/HalfHourTests.cs"));
        Assert.NotEmpty(shown);
        Assert.All(shown, line => Assert.Contains($"        {line}\n", code, StringComparison.Ordinal));
    }

    private static async Task ReadmeAsync(Uri host, SigningKey key, TextWriter output)
    {
        using var http = new HttpClient { BaseAddress = host }; // as http://127.0.0.1:18080/
        using var client = new EconomyClient(http, Signer.Of(key), new ClientOptions { LongestLife = null });
        var status = await client.DoAsync(new Commands.Agents.Register("ipfs://my-card"), Stage.Included);
        await output.WriteLineAsync($"{status.Effect} In block {status.Block}.");
    }

    private static async Task RunAsync(Uri host, SigningKey key, TextWriter output)
    {
        // begin
        using var http = new HttpClient { BaseAddress = host };
        // The key stays here. A wallet, a hardware module or another library's account signs as well:
        // Signer.OfTypedData(address, (json, cancellation) => ...), Signer.Of(address, (hash, cancellation) => ...).
        using var client = new EconomyClient(http, Signer.Of(key), new ClientOptions { LongestLife = null });

        // What would it do? Nothing is changed.
        var register = new Commands.Agents.Register("ipfs://my-card");
        var prepared = await client.PrepareAsync(register);
        await output.WriteLineAsync($"{prepared.Effect} It would be agent {prepared.Outcome.Number("agentId")}.");

        // Prepare, check, sign, hand in under a key of its own; tried again where an answer is lost, and taken once.
        var taken = await client.SendAsync(register);
        await foreach (var status in client.WatchAsync(taken.Id))
        {
            await output.WriteLineAsync($"{status.Command} {status.Status} in block {status.Block}");
            if (status.IsAt(Stage.Included)) break;
        }

        // The index has it a moment later.
        for (var look = 0; look < 100 && (await client.AgentsAsync(client.Address)).Count == 0; look++)
            await Task.Delay(100);
        foreach (var agent in await client.AgentsAsync(client.Address))
            await output.WriteLineAsync($"agent {agent.AgentId} at {agent.Uri}");

        // Any command of the catalog goes by its name, and a refusal says why, in the contract's own word.
        try
        {
            await client.SendAsync("tasks.accept", new() { ["taskId"] = "999999" });
        }
        catch (CommandRefusedException refusal)
        {
            var problem = refusal.Problem;
            await output.WriteLineAsync($"{problem.Code}: expected {problem.Expected}, found {problem.Found}");
        }

        // end
    }
}
