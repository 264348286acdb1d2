// Who lives in a town: people with keys, credit, agents and stake, and the file by which hosts act for some of them.
// Enters: the plan. Leaves: everybody on the chain, and the folder that hosts are told. Always holds: keys are made
// anew for each town.
using System.Globalization;
using System.Text.Json;
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Signing;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Workers.Documents;
using EventSourced.World;

namespace EventSourced.Economy.Tests;

public sealed partial class Town
{
    private async Task PeopleAsync()
    {
        await _shore.Client.Rpc.CallAsync(
            new RpcCall("anvil_autoImpersonateAccount", json => json.WriteBooleanValue(true)), RpcReaders.Anything,
            None);
        _mint = await _shore.Client.Rpc.CallAsync(
            new RpcCall("eth_accounts"),
            static (ref Utf8JsonReader reader) =>
            {
                using var accounts = JsonDocument.ParseValue(ref reader);
                return Address.Parse(accounts.RootElement[0].GetString()!);
            },
            None);
        await SendAsync(_mint, "Credit", "approve", _shore.Contracts["Vault"].Address, Cast.Credits(10_000_000));
        Clients = [.. Enumerable.Range(0, _plan.Clients).Select(_ => SigningKey.Generate())];
        foreach (var client in Clients)
            await DepositAsync(
                client.Address, 10 * Rich + (ulong)_plan.Workers * _plan.Capacity * 2 * Price / (ulong)_plan.Clients);
        var workers = new List<Person>();
        for (var worker = 0; worker < _plan.Workers; worker++) workers.Add(await AgentAsync(_plan.Capacity * Bond));
        Workers = workers;
        Caller = await AgentAsync();
        Liar = await AgentAsync();
        var verifiers = new List<Person>();
        for (var judge = 0; judge < Judges; judge++)
        {
            var verifier = await AgentAsync();
            await SendAsync(verifier.Key.Address, "VerifierPool", "join", verifier.AgentId);
            verifiers.Add(verifier);
        }

        Verifiers = verifiers;
    }

    private async Task DepositAsync(Address owner, ulong credits)
    {
        await _shore.Anvil.SetBalanceAsync(owner, 1_000_000_000_000_000_000UL, None);
        await SendAsync(_mint, "Vault", "depositFor", owner, Cast.Credits(credits));
    }

    private async Task<Person> AgentAsync(ulong more = 0)
    {
        var key = SigningKey.Generate();
        await DepositAsync(key.Address, Rich + more);
        await SendAsync(key.Address, "AgentRegistry", "register", $"ipfs://agent/{_agents + 1}");
        var person = new Person(key, ++_agents);
        Assert.Equal(key.Address, (await AskAsync("AgentRegistry", "ownerOf", person.AgentId))[0].AsAddress());
        await SendAsync(key.Address, "Stake", "bond", person.AgentId, Cast.Credits(Rich / 2 + more));
        return person;
    }

    private async Task RosterAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "password"), Password);
        Directory.CreateDirectory(Path.Combine(_folder, "relayer"));
        using var relayer = await _shore.AccountAsync();
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "relayer", "account.json"), KeyFile.Encrypt(relayer, Password, n: 2));
        var module = ContentIds.CidOf(await KeepAsync(Repository("agents/summarizer/summarizer.wasm")));
        var roster = new
        {
            agents = (object[])
            [
                .. await Task.WhenAll(Workers.Select(async worker => new
                {
                    id = worker.AgentId,
                    key = await KeyAsync(worker),
                    modules = new[] { module },
                    capabilities = new[] { "test" },
                    capacity = _plan.Capacity,
                    bid = new { percent = 80, least = "1" },
                })),
                new
                {
                    id = Caller.AgentId,
                    key = await KeyAsync(Caller),
                    endpoint = Web.Address,
                    capabilities = new[] { "test" },
                    capacity = 100,
                    bid = new { percent = 100, least = "1" },
                },
            ],
            verifiers = await Task.WhenAll(Verifiers.Select(async (verifier, at) => new
            {
                id = verifier.AgentId,
                key = await KeyAsync(verifier),
                challenge = at == 0,
            })),
        };
        await File.WriteAllTextAsync(Path.Combine(_folder, "hosted.json"), JsonSerializer.Serialize(roster));
    }

    private async Task<string> KeyAsync(Person person)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"agent-{person.AgentId}.json");
        await File.WriteAllTextAsync(Path.Combine(_folder, name), KeyFile.Encrypt(person.Key, Password, n: 2));
        return name;
    }
}
