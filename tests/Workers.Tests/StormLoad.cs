// The askers of a storm. Enters: a seed, two doors to the database that break. Leaves: commands that were accepted,
// each with what the chain must say of it. Always holds: an answer that is lost is asked for again under the same key,
// as a client does; each command is told apart on the chain: by its person's agents, or by wei that only it moves.
using EventSourced.Chain.Sending;
using EventSourced.Commands;
using EventSourced.DevNode;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Simulation.Tests;
using EventSourced.Testing;
using Marten;
using Npgsql;

namespace EventSourced.Workers.Tests;

internal sealed class StormLoad : IAsyncDisposable
{
    private const int Owners = 12;
    private const int MostAttempts = 100;
    private const double CutChance = 0.004;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Office _office;
    private readonly Random _random;
    private readonly DatabaseProxy _way;
    private readonly NpgsqlDataSource _source;
    private readonly DocumentStore _store;
    private readonly Acceptance[] _doors;
    private readonly Queue<SigningKey> _owners = new();
    private readonly List<SigningKey> _people = [];
    private readonly Dictionary<Guid, Address> _accepted = [];
    private readonly HashSet<Address> _recipients = [];

    internal StormLoad(int seed, Office office)
    {
        (_office, _random, _way) = (office, new Random(seed), new DatabaseProxy(office.Database));
        var weather = new Random(_random.Next());
        _way.Live(_ =>
        {
            lock (weather)
                return weather.NextDouble() >= CutChance ? DatabaseFault.None
                    : weather.Next(2) == 0 ? DatabaseFault.CutBefore : DatabaseFault.CutAfter;
        });
        _source = NpgsqlDataSource.Create(_way.ConnectionString);
        _store = CommandStore.Open(_source);
        // As of two hosts.
        _doors = [new Acceptance(_source, _store), new Acceptance(_source, _store)];
    }

    /// <summary>Commands that were accepted.</summary>
    internal int Accepted => _accepted.Count;

    /// <summary>Requests that came second with their nonce, and were refused by name.</summary>
    internal int Twins { get; private set; }

    /// <summary>Answers that were lost, and asked for again.</summary>
    internal int Lost { get; private set; }

    /// <summary>Owners of transactions get wei while no block can be taken back.</summary>
    internal async Task FundAsync()
    {
        for (var owner = 0; owner < Owners; owner++) _owners.Enqueue(await _office.Shore.AccountAsync());
    }

    /// <summary>Some wishes at once.</summary>
    internal async Task AskAsync(int count)
    {
        var now = await _office.Shore.NowAsync();
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Wish(now)).ToArray());
    }

    /// <summary>What became of all: outcomes with their counts. Throws where report and chain differ.</summary>
    internal async Task<string> JudgeAsync()
    {
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var happened = new Dictionary<Address, ulong>();
        foreach (var (id, who) in _accepted)
        {
            var status = await _office.StatusAsync(id);
            Assert.True(status.IsOver, $"{status}");
            var name = status.Code is null ? $"{status.Phase}" : $"{status.Phase} ({status.Code})";
            outcomes[name] = outcomes.GetValueOrDefault(name) + 1;
            happened[who] = happened.GetValueOrDefault(who) + (status.Phase == Commands.Phase.Finalized ? 1UL : 0);
        }

        foreach (var (who, times) in happened)
        {
            var found = _recipients.Contains(who)
                ? (await _office.Shore.Client.GetBalanceAsync(who, BlockTag.Latest, None)).ToString()
                : $"{await _office.Shore.AgentsOfAsync(who)}";
            Assert.True(found == $"{times}", $"{who}: reported as happened {times} times, found {found}");
        }

        return string.Join(", ", outcomes.Select(pair => $"{pair.Value} {pair.Key}"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people.Concat(_owners)) person.Dispose();
        _store.Dispose();
        await _source.DisposeAsync();
        await _way.DisposeAsync();
    }

    // All choices are made before anything is awaited, so that the seed decides them.
    private Task Wish(ulong now)
    {
        var person = SigningKey.Generate();
        _people.Add(person);
        var door = _random.Next(2);
        switch (_random.Next(10))
        {
            case 0 when _owners.TryDequeue(out var owner):
                _people.Add(owner);
                return AcceptAsync(Raw(owner, person.Address), person.Address, door);
            case 1:
                // Two requests with one nonce at two doors: one of them is a command.
                return Task.WhenAll(
                    AcceptAsync(_office.Register(person, 0, "one"), person.Address, 0),
                    AcceptAsync(_office.Register(person, 0, "two"), person.Address, 1));
            case 2:
                var deadline = now + (ulong)_random.Next(5, 40);
                return AcceptAsync(_office.Register(person, 0, "soon", deadline), person.Address, door);
            case 3:
                return InTurnAsync(person, door);
            default:
                return AcceptAsync(_office.Register(person, 0, "key"), person.Address, door);
        }
    }

    private async Task InTurnAsync(SigningKey person, int door)
    {
        for (ulong nonce = 0; nonce < 3; nonce++)
            await AcceptAsync(_office.Register(person, nonce, $"key-{nonce}"), person.Address, door);
    }

    private async Task AcceptAsync(Submission submission, Address who, int door)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var answer = await _doors[door].AcceptAsync(submission with { Id = Guid.CreateVersion7() }, None);
                lock (_accepted) Note(answer, who);
                return;
            }
            catch (Exception fault) when (attempt < MostAttempts && IsOfConnection(fault))
            {
                lock (_accepted) Lost++;
                await Task.Delay(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    private void Note(Answer answer, Address who)
    {
        switch (answer)
        {
            case Answer.Accepted accepted:
                _accepted[accepted.Id] = who;
                break;
            case Answer.Same same:
                _accepted[same.Command.Id] = who;
                break;
            case Answer.NonceTaken:
                Twins++;
                break;
            default:
                throw new InvalidOperationException($"expected a command or its twin, found {answer}");
        }
    }

    private static bool IsOfConnection(Exception fault) =>
        fault is NpgsqlException or IOException or ObjectDisposedException
            || (fault.InnerException is { } inner && IsOfConnection(inner));

    private Submission Raw(SigningKey owner, Address recipient)
    {
        _recipients.Add(recipient);
        var raw = Transactions.Sign(
            owner, AnvilNode.ChainId, 0, new Fees(1_000_000_000, 100_000_000_000),
            new Call(recipient, default, 21_000) { Value = UInt256.One });
        return new Submission(
            "transactions.send", owner.Address, "raw", Keccak256.Hash(raw), "storm-raw",
            new Payload.Raw(owner.Address, 0, raw), new Commands.Simulation(21_000, "a wei moves"));
    }
}
