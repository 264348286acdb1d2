// A town: a chain with the economy, people with agents, content, and hosts that act for them. Enters: nothing. Leaves:
// what tests need to post tasks, to deliver as a stranger, and to see what became of it. Always holds: everything is
// real: the node, the database, the hosts as processes; time passes when a test says so.
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Signing;
using EventSourced.Content;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Tests;
using EventSourced.Testing;
using EventSourced.Workers.Documents;
using EventSourced.Workers.Hosted;
using EventSourced.Workers.Tests;
using EventSourced.World;
using Npgsql;

namespace EventSourced.Economy.Tests;

/// <summary>Somebody with a key and an agent.</summary>
public sealed record Person(SigningKey Key, ulong AgentId);

/// <summary>How large a town is.</summary>
internal sealed record TownPlan
{
    /// <summary>Agents whose modules the hosts run.</summary>
    internal int Workers { get; init; } = 1;

    /// <summary>People who pay for tasks.</summary>
    internal int Clients { get; init; } = 1;

    /// <summary>Tasks that each of the agents may hold at once; each of them locks a bond.</summary>
    internal ulong Capacity { get; init; } = 100;

    /// <summary>What the first host does.</summary>
    internal string Roles { get; init; } = "indexer,workers";

    /// <summary>What every host is told beside.</summary>
    internal IReadOnlyList<string> More { get; init; } = [];
}

/// <summary>One town for all tests of a collection.</summary>
public sealed partial class Town : IAsyncLifetime
{
    internal const string Password = "not a secret";
    internal const uint BidWindow = 60;
    internal const uint StartWindow = 3_600;
    internal const uint DeliverWindow = 7_200;
    internal const uint ReviewWindow = 3_600;
    private const int Judges = 10;
    private const ulong Rich = 5_000;
    private const ulong Bond = 24;
    private const ulong Price = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TownPlan _plan = new();
    private readonly Shore _shore = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("es-town-").FullName;
    private readonly List<HostProcess> _hosts = [];
    private Address _mint;
    private TestDatabase _database = null!;
    private ulong _agents;

    /// <summary>The town of the tests.</summary>
    public Town()
    {
    }

    internal Town(TownPlan plan) => _plan = plan;

    internal Shore Shore => _shore;

    internal NpgsqlDataSource Source { get; private set; } = null!;

    internal ContentStore Content { get; private set; } = null!;

    internal TaskRows Rows { get; private set; } = null!;

    /// <summary>Who pays for tasks.</summary>
    internal SigningKey Client => Clients[0];

    /// <summary>All who pay for tasks.</summary>
    internal IReadOnlyList<SigningKey> Clients { get; private set; } = [];

    /// <summary>An agent that the hosts act for.</summary>
    internal Person Worker => Workers[0];

    /// <summary>All agents whose modules the hosts run.</summary>
    internal IReadOnlyList<Person> Workers { get; private set; } = [];

    /// <summary>An agent whose work a service on the web does.</summary>
    internal Person Caller { get; private set; } = null!;

    /// <summary>An agent that nobody hosts, for lies.</summary>
    internal Person Liar { get; private set; } = null!;

    internal IReadOnlyList<Person> Verifiers { get; private set; } = [];

    /// <summary>The service of <see cref="Caller"/>.</summary>
    internal WebService Web { get; } = new();

    internal HostProcess Host => _hosts[0];

    /// <summary>The file of hosted agents.</summary>
    internal string Roster => Path.Combine(_folder, "hosted.json");

    internal string Said => string.Join('\n', _hosts.Select(host => host.Output));

    /// <summary>The end of what the hosts said.</summary>
    internal string LastWords => Said[^Math.Min(Said.Length, 6_000)..];

    public async Task InitializeAsync()
    {
        await _shore.InitializeAsync();
        _database = await TestDatabase.CreateAsync();
        Source = NpgsqlDataSource.Create(_database.ConnectionString);
        Rows = new TaskRows(Source);
        Content = new ContentStore(new ContentOptions { Folder = Path.Combine(_folder, "content") });
        await PeopleAsync();
        await RosterAsync();
        await StartHostAsync(_plan.Roles);
        // Whoever asks the read models finds tables.
        await BecomesAsync("select to_regclass('model.task_terms') is not null", blocks: 0);
    }

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts) await host.DisposeAsync();
        await Web.DisposeAsync();
        Content.Dispose();
        await Source.DisposeAsync();
        await _database.DisposeAsync();
        await _shore.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Starts one more host on the same database, content and keys.</summary>
    internal async Task<HostProcess> StartHostAsync(string roles)
    {
        var host = HostProcess.Start([
            "serve", "--roles", roles, "--port", "0", "--database", _database.ConnectionString, "--rpc",
            _shore.Chain.Endpoint.ToString(), "--deployment", _shore.Chain.Deployment, "--finality", "4",
            "--relayer-keys", Path.Combine(_folder, "relayer"), "--relayer-password", Path.Combine(_folder, "password"),
            "--content", Path.Combine(_folder, "content"), "--hosted", Path.Combine(_folder, "hosted.json"),
            "--hosted-password", Path.Combine(_folder, "password"), "--hosted-private-hosts", "yes",
            "--hosted-web-seconds", "20", .. _plan.More]);
        _hosts.Add(host);
        var isThere = roles.Contains("workers", StringComparison.Ordinal) ? "hosted_opened" : "indexer_started";
        await Eventually.TrueAsync(
            () => host.Output.Contains(isThere, StringComparison.Ordinal), () => host.Output);
        return host;
    }

    internal async Task<Hash32> KeepAsync(ReadOnlyMemory<byte> bytes) =>
        new((await Content.PutAsync(bytes, None)).Cid.Digest);

    internal async Task<ReadOnlyMemory<byte>?> FindAsync(Hash32 hash, CancellationToken cancellation) =>
        await Content.ReadAsync(Cid.OfSha256(hash.Bytes), cancellation) is { } bytes ? bytes : null;

    internal static byte[] Repository(string path) => File.ReadAllBytes(Path.Combine(WorldChain.Root, path));

    /// <summary>Stores what a task asks.</summary>
    internal async Task<Hash32> SpecAsync(byte[]? module, byte[] input, params string[] arguments)
    {
        var work = new Work(await KeepAsync(input))
        {
            Module = module is null ? null : await KeepAsync(module),
            Arguments = arguments,
        };
        return await KeepAsync(new TaskSpecification("a test", "test", work).ToJson());
    }

    /// <summary>Posts a task that names its agent; answers its id.</summary>
    internal async Task<ulong> PostAsync(Person agent, Hash32 specHash, uint leaseTtl = 120)
    {
        await CreateAsync(agent, specHash, leaseTtl);
        return (ulong)(await AskAsync("TaskMarket", "taskCount"))[0].AsUInt256();
    }

    /// <summary>Posts a task that names its agent.</summary>
    internal async Task CreateAsync(Person agent, Hash32 specHash, uint leaseTtl = 120)
    {
        var expiresAt = await _shore.NowAsync() + 10 * 86_400;
        var terms = AbiValue.Of(
            0UL, 1UL, Cast.Name("text"), Cast.Credits(Price), Cast.Credits(Bond),
            (BigInteger)(-1_000_000_000L), (ulong)BidWindow * 60, 0UL, (ulong)StartWindow, (ulong)DeliverWindow,
            (ulong)ReviewWindow, 600UL, (ulong)leaseTtl, 30UL, expiresAt, specHash,
            $"ipfs://{ContentIds.CidOf(specHash)}");
        await SendAsync(Client.Address, "TaskMarket", "createTask", agent.AgentId, terms);
    }

    /// <summary>The task of a specification, when the index has it.</summary>
    internal async Task<ulong> TaskOfAsync(Hash32 specHash)
    {
        object? found = null;
        await Eventually.TrueAsync(async () =>
        {
            await using var command = Source.CreateCommand(
                "select max(task_id) from model.task_terms where spec_hash = $1");
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = specHash.Bytes.ToArray() });
            return (found = await command.ExecuteScalarAsync()) is long;
        });
        return (ulong)(long)found!;
    }

    /// <summary>Waits until a task's row shows something.</summary>
    internal async Task<TaskAndTerms> SeesAsync(ulong task, Func<TaskAndTerms, bool> condition)
    {
        TaskAndTerms? found = null;
        await Eventually.TrueAsync(
            async () => (found = await Rows.TaskAsync(task, None)) is not null && condition(found),
            () => $"{found?.Task}\n{JobsAsync().GetAwaiter().GetResult()}\n{LastWords}");
        return found!;
    }

    /// <summary>What became of a job, in words.</summary>
    internal async Task<string> EndOfAsync(string prefix)
    {
        string? reason = null;
        await Eventually.TrueAsync(
            async () =>
            {
                await using var command = Source.CreateCommand(
                    "select reason from commands.job where key like $1 and state = 1 limit 1");
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = prefix + "%" });
                return (reason = await command.ExecuteScalarAsync() as string) is not null;
            },
            () => JobsAsync().GetAwaiter().GetResult());
        return reason!;
    }

    internal async Task<string> JobsAsync()
    {
        await using var command = Source.CreateCommand(
            "select coalesce(string_agg(key || ' ' || state || ' ' || claims || ' ' || faults || ' ' || coalesce(reason, step), E'\\n'), '') from commands.job");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Waits until a question is answered by yes; blocks come meanwhile, so many at a time.</summary>
    internal Task BecomesAsync(string question, ulong blocks) => Eventually.TrueAsync(
        async () =>
        {
            await using var command = Source.CreateCommand(question);
            if (await command.ExecuteScalarAsync() is true) return true;
            if (blocks > 0) await Shore.Anvil.MineAsync(blocks, None);
            await Task.Delay(Pause);
            return false;
        },
        () => $"{question}\n{LastWords}");

    internal async Task<long> CountAsync(string query)
    {
        await using var command = Source.CreateCommand(query);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Lets time pass on the chain.</summary>
    internal async Task PassAsync(ulong seconds)
    {
        await _shore.Anvil.SetNextBlockTimestampAsync(await _shore.NowAsync() + seconds, None);
        await _shore.Anvil.MineAsync(None);
    }

    /// <summary>Sends a call as somebody and waits until it is mined; a refusal is told by name.</summary>
    internal async Task SendAsync(
        Address from, string contract, string function, params IReadOnlyList<AbiValue> arguments)
    {
        var to = _shore.Contracts[contract];
        var data = to.Encode(function, arguments);
        var hash = await _shore.Client.Rpc.CallAsync(
            new RpcCall("eth_sendTransaction", json =>
            {
                json.WriteStartObject();
                json.WriteString("from", from.ToString());
                json.WriteString("to", to.Address.ToString());
                json.WriteString("data", "0x" + Convert.ToHexStringLower(data));
                json.WriteString("gas", "0x1000000");
                json.WriteString("maxFeePerGas", "0x77359400");
                json.WriteString("maxPriorityFeePerGas", "0x0");
                json.WriteEndObject();
            }),
            static (ref Utf8JsonReader reader) => Hash32.Parse(reader.GetString()!), None);
        TransactionReceipt? receipt = null;
        await Eventually.TrueAsync(async () => (receipt = await _shore.Client.GetReceiptAsync(hash, None)) is not null);
        if (receipt!.Succeeded) return;
        try
        {
            await _shore.Client.CallAsync(new CallRequest(to.Address, data) { From = from }, BlockTag.Latest, None);
        }
        catch (RpcException refused) when (refused.Fault == RpcFault.Reverted)
        {
            throw new InvalidOperationException(
                $"{contract}.{function}: {_shore.Contracts.Refusal(refused.RevertData.Span)}", refused);
        }

        throw new InvalidOperationException($"{contract}.{function} was refused, and is not any more");
    }

    internal async Task<IReadOnlyList<AbiValue>> AskAsync(
        string contract, string function, params IReadOnlyList<AbiValue> arguments)
    {
        var found = _shore.Contracts[contract].Function(function);
        var answer = await _shore.Client.CallAsync(
            new CallRequest(_shore.Contracts[contract].Address, found.EncodeCall(arguments)), BlockTag.Latest, None);
        return found.DecodeResult(answer);
    }

    /// <summary>What somebody has in the vault.</summary>
    internal async Task<UInt256> CreditAsync(Address owner)
    {
        const int creditKind = 1;
        var account = Hash32.FromUInt256(((UInt256)(ulong)creditKind << 248) | UInt256.FromBigEndianShort(owner.Bytes));
        return (await AskAsync("Vault", "balanceOf", account))[0].AsUInt256();
    }
}

[CollectionDefinition(Name)]
public sealed class TownTests : ICollectionFixture<Town>
{
    public const string Name = "town";
}
