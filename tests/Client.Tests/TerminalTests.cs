// Agents and clients at a terminal: each command of es agent and es task is a process of its own with a key file, as
// people start it. What it says and how it ends is compared with the index.
using EventSourced.Chain.Signing;
using EventSourced.Commands.Tests;
using EventSourced.Ethereum;
using EventSourced.Host.Tests;
using EventSourced.Testing;

namespace EventSourced.Client.Tests;

[Collection(ClientTests.Name)]
public sealed class TerminalTests : IDisposable
{
    private const string Password = "correct horse";
    private readonly CommandWorld _world;
    private readonly string _folder = Directory.CreateTempSubdirectory("terminal-").FullName;

    public TerminalTests(CommandWorld world)
    {
        _world = world;
        File.WriteAllText(At("password"), $"{Password}\n");
        File.WriteAllText(At("text"), "what it is about");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_task_lives_from_registration_to_acceptance_at_a_terminal()
    {
        await _world.CourtAsync();
        var (poster, worker) = (await _world.WithCreditsAsync(2_000), await _world.WithCreditsAsync(1_000));
        using var look = _world.ClientOf(poster);
        using var lookAgents = _world.ClientOf(worker);
        await SaysAsync(worker, "agents.register", "agent", "register", "--uri", "ipfs://terminal");
        var agent = Assert.Single(await lookAgents.UntilAgentsAsync(1)).AgentId;
        await SaysAsync(worker, "stake.bond", "agent", "stake", "--agent", agent, "--credits", "500.0");
        var posted = await SaysAsync(
            poster, "tasks.create", "task", "post", "--credits", "100", "--bond", "24", "--spec", At("text"),
            "--spec-uri", "ipfs://spec", "--agent", agent);
        var task = System.Text.RegularExpressions.Regex.Match(posted, "task +│ ([0-9]+)").Groups[1].Value;
        Assert.NotEmpty(task);
        await SaysAsync(
            worker, "tasks.placeBid", "agent", "bid", "--task", task, "--agent", agent, "--credits", "70.5");
        await look.UntilAsync(UInt256.Parse(task), "MATCHED");
        await SaysAsync(
            worker, "leases.heartbeat", "agent", "work", "--task", task, "--result", At("text"), "--result-uri",
            "ipfs://result");
        await look.UntilAsync(UInt256.Parse(task), "VERIFYING");
        await SaysAsync(poster, "tasks.accept", "task", "accept", "--task", task);
        Assert.Equal("70500000000000000000", (await look.UntilAsync(UInt256.Parse(task), "FINALIZED")).Price);
        await SaysAsync(
            poster, $"task-{task} FINALIZED bids 1 agent {agent} price 70.5 credits", "task", "watch", "--task", task);
        var (code, refused) = await RunAsync(
            poster, "task", "dispute", "--task", task, "--claim", At("text"));
        Assert.Equal(1, code);
        Assert.Contains("es dispute: ", refused, StringComparison.Ordinal);
        Assert.Contains("expected", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_is_made_once_and_acts()
    {
        var (code, made) = await HostProcess.RunAsync("agent", "key", At("key"), "--password-file", At("password"));
        Assert.Equal(0, code);
        var address = Address.Parse(made.Trim());
        using var key = KeyFile.Decrypt(await File.ReadAllTextAsync(At("key")), Password);
        Assert.Equal(address, key.Address);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("key")));
        (code, made) = await HostProcess.RunAsync("agent", "key", At("key"), "--password-file", At("password"));
        Assert.True(code == 2, made);
        (code, var said) = await HostProcess.RunAsync(
            "agent", "register", "--uri", "ipfs://fresh", "--key", At("key"), "--password-file", At("password"),
            "--at", $"{_world.Http.BaseAddress}", "--deployment", _world.Chain.Deployment);
        Assert.True(code == 0, said);
        using var client = new EconomyClient(_world.Http, Signer.Of(key), _world.Options());
        await Eventually.TrueAsync(async () => (await client.AgentsAsync(address)).Count == 1);
    }

    [Fact]
    public async Task What_is_wrong_is_said_and_has_a_code_and_no_key_is_shown()
    {
        var person = await _world.SomebodyAsync();
        var (code, said) = await RunAsync(person, "task", "accept", "--task", "999999");
        Assert.Equal(1, code);
        Assert.Contains("UnknownTask: expected", said, StringComparison.Ordinal);
        (code, said) = await RunAsync(person, "agent", "stake", "--agent", "1", "--credits", "1,5");
        Assert.Equal(2, code);
        Assert.Contains("--credits: expected credits as 12.5, found '1,5'", said, StringComparison.Ordinal);
        (code, said) = await HostProcess.RunAsync("task", "accept", "--task", "1");
        Assert.Equal(2, code);
        Assert.Contains("key: expected the path of a key file", said, StringComparison.Ordinal);
        await File.WriteAllTextAsync(At("wrong"), "another\n");
        (code, said) = await HostProcess.RunAsync(
            "task", "accept", "--task", "1", "--key", KeyOf(person), "--password-file", At("wrong"));
        Assert.Equal(2, code);
        Assert.Contains("expected the password of this key file", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, said, StringComparison.Ordinal);
    }

    private async Task<string> SaysAsync(Person person, string expected, params string[] arguments)
    {
        var (code, said) = await RunAsync(person, arguments);
        Assert.True(code == 0, $"expected {string.Join(' ', arguments)} to end well, found {code}: {said}");
        Assert.Contains(expected, said, StringComparison.Ordinal);
        return said;
    }

    private Task<(int Code, string Output)> RunAsync(Person person, params string[] arguments) => HostProcess.RunAsync(
    [
        .. arguments, "--key", KeyOf(person), "--password-file", At("password"), "--at", $"{_world.Http.BaseAddress}",
        "--deployment", _world.Chain.Deployment,
    ]);

    private string KeyOf(Person person)
    {
        var path = At($"{person.Address}");
        if (!File.Exists(path)) File.WriteAllText(path, KeyFile.Encrypt(person.Key, Password, 1 << 10));
        return path;
    }

    private string At(string name) => Path.Combine(_folder, name);
}
