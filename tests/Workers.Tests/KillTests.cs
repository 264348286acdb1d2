// Hosts that are killed (SIGKILL) at random moments while commands come. Enters: ES_KILLS (how often; few by default;
// ./es sim kills sets it), the seed. Leaves: a table of outcomes, also in the file that ES_SIM_REPORT names. Always
// holds: every command that was accepted happened once on the chain, or is reported as not happened and did not.
using System.Globalization;
using EventSourced.Chain.Signing;
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Host.Tests;
using EventSourced.Testing;
using Xunit.Abstractions;

namespace EventSourced.Workers.Tests;

[Collection(ShoreTests.Name)]
public sealed class KillTests(Shore shore, ITestOutputHelper output)
{
    private const string Password = "not a secret";
    private const int Hosts = 2;
    private const int LongestPauseMs = 600;
    private const int MostOpen = 150;
    private const int Told = 10;
    private static readonly TimeSpan BetweenCommands = TimeSpan.FromMilliseconds(20);

    private static int Kills =>
        int.TryParse(Environment.GetEnvironmentVariable("ES_KILLS"), CultureInfo.InvariantCulture, out var kills)
            ? kills : 4;

    [Fact]
    public async Task Hosts_that_are_killed_at_random_moments_lose_and_double_no_command()
    {
        var seed = Seed.FromEnvironment();
        Say($"seed {seed.Value}, {Kills} kills of {Hosts} hosts on one account; again with ES_SEED={seed.Value} ES_KILLS={Kills}");
        var random = seed.Generator();
        await using var office = await Office.OpenAsync(shore);
        using var account = await shore.AccountAsync();
        var folder = Directory.CreateTempSubdirectory("es-kill-").FullName;
        var hosts = new HostProcess?[Hosts];
        var people = new Dictionary<Guid, SigningKey>();
        using var enough = new CancellationTokenSource();
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "password"), Password);
            await File.WriteAllTextAsync(
                Path.Combine(folder, "account.json"), KeyFile.Encrypt(account, Password, n: 2));
            // Blocks come by themselves, as on a chain, whether or not a transaction does.
            await shore.Anvil.SetAutomineAsync(false, CancellationToken.None);
            await shore.Anvil.SetIntervalMiningAsync(1, CancellationToken.None);
            for (var host = 0; host < Hosts; host++) hosts[host] = Start(office, folder);
            var load = LoadAsync(office, people, enough.Token);
            for (var kill = 0; kill < Kills; kill++)
            {
                var victims = random.Next(4) == 0 ? Enumerable.Range(0, Hosts).ToArray() : [random.Next(Hosts)];
                foreach (var victim in victims) await WorksAsync(hosts[victim]!, load);
                await Task.Delay(random.Next(LongestPauseMs));
                await Task.WhenAll(victims.Select(victim => hosts[victim]!.KillAsync()));
                foreach (var victim in victims)
                {
                    await hosts[victim]!.DisposeAsync();
                    hosts[victim] = Start(office, folder);
                }

                if ((kill + 1) % Told == 0) Say($"{kill + 1,6} kills, {people.Count} commands so far");
            }

            await enough.CancelAsync();
            await load;
            await office.DrainAsync();
            await JudgeAsync(office, people, account);
        }
        catch (Exception failure)
        {
            throw new SeededFailureException(
                seed,
                new InvalidOperationException(
                        $"{failure.Message}\n{string.Join('\n', hosts.Select(host => host?.Output))}", failure));
        }
        finally
        {
            foreach (var host in hosts.OfType<HostProcess>()) await host.DisposeAsync();
            foreach (var person in people.Values) person.Dispose();
            Directory.Delete(folder, recursive: true);
            await shore.Anvil.SetIntervalMiningAsync(0, CancellationToken.None);
            await shore.CalmAsync();
        }
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("ES_SIM_REPORT") is { Length: > 0 } report)
            File.AppendAllText(report, line + "\n");
    }

    private static Task WorksAsync(HostProcess host, Task load) => Eventually.TrueAsync(
        () => host.Output.Contains("workers_started", StringComparison.Ordinal), () => host.Output, load);

    private HostProcess Start(Office office, string folder) => HostProcess.Start(
        "serve", "--roles", "workers", "--port", "0", "--database", office.Database, "--rpc",
        shore.Chain.Endpoint.ToString(), "--deployment", shore.Chain.Deployment, "--finality", "4", "--relayer-keys",
        folder, "--relayer-password", Path.Combine(folder, "password"));

    // Each command is another person's, so that the chain says of each whether it happened.
    private static async Task LoadAsync(
        Office office, Dictionary<Guid, SigningKey> people, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(BetweenCommands, CancellationToken.None);
            if (await office.CountAsync(
                $"select count(*) from {CommandTables.Command} where phase < 4") > MostOpen) continue;
            var person = SigningKey.Generate();
            people[await office.AcceptAsync(office.Register(person, 0, "key"))] = person;
        }
    }

    private async Task JudgeAsync(Office office, Dictionary<Guid, SigningKey> people, SigningKey account)
    {
        var outcomes = new SortedDictionary<(Phase Phase, ulong Times), int>();
        foreach (var (id, person) in people)
        {
            var key = ((await office.StatusAsync(id)).Phase, await shore.AgentsOfAsync(person.Address));
            outcomes[key] = outcomes.GetValueOrDefault(key) + 1;
        }

        foreach (var ((phase, times), count) in outcomes)
            Say($"{count,6} commands: reported as {phase}, happened {times} times");
        var replaced = await office.CountAsync(
            $"select count(*) - count(distinct nonce) from {CommandTables.Transaction}");
        Say($"{await shore.UsedAsync(account.Address),6} nonces used, {replaced} transactions beside the first of a nonce");
        Assert.All(outcomes.Keys, outcome => Assert.True(
            outcome is (Phase.Finalized, 1) or (Phase.Failed or Phase.Expired, 0), $"{outcome}"));
        Assert.Equal(people.Count, outcomes.Values.Sum());
        // No gap: every nonce that was begun is used.
        Assert.Equal(
            (long)await shore.UsedAsync(account.Address),
            await office.CountAsync($"select count(*) from {CommandTables.Nonce} where state = 3"));
    }
}
