// Who lives in the world. Enters: a driver with recruited actors. Leaves: people with agents, and the counters by which stories
// know the ids that the contracts are about to give (they count from 1, in the order of the acts).
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rlp;

namespace EventSourced.World;

/// <summary>An actor that owns one agent.</summary>
public readonly record struct Agent(int Actor, Address Owner, ulong Id);

/// <summary>How many people of each kind the world has.</summary>
public sealed record Population(int Clients, int Workers, int Verifiers)
{
    /// <summary>Enough for every story, few enough for a test.</summary>
    public static Population Small { get; } = new(8, 24, 32);

    /// <summary>A busy market.</summary>
    public static Population Large { get; } = new(100, 500, 64);

    public int Actors => Clients + Workers + Verifiers;
}

/// <summary>The people of a world and the ids that come next.</summary>
public sealed class Cast
{
    private readonly Dictionary<(ulong, int), Counter> _feedback = [];

    public const ulong Credit = 1_000_000_000_000_000_000;

    public Cast(Contracts contracts, Stage stage, Address driver, Population population)
    {
        (Contracts, Stage, Population) = (contracts, stage, population);
        Facts = new Facts(contracts, stage);
        Addresses = [.. Enumerable.Range(0, population.Actors).Select(i => CreatedBy(driver, (ulong)i + 1))];
        Workers = [.. Enumerable.Range(0, population.Workers).Select(i => Person(population.Clients + i, (ulong)i + 1))];
        Verifiers = [.. Enumerable.Range(0, population.Verifiers)
            .Select(i => Person(population.Clients + population.Workers + i, (ulong)(population.Workers + i) + 1))];
    }

    public Contracts Contracts { get; }

    public Stage Stage { get; }

    public Population Population { get; }

    /// <summary>The address of each actor.</summary>
    public Address[] Addresses { get; }

    /// <summary>What the chain has said that stories must know.</summary>
    public Facts Facts { get; }

    /// <summary>Agents that work.</summary>
    public Agent[] Workers { get; }

    /// <summary>Agents that judge.</summary>
    public Agent[] Verifiers { get; }

    /// <summary>The next id of each kind of object.</summary>
    public Counter Agents { get; } = new();

    public Counter Unbondings { get; } = new();

    public Counter Tasks { get; } = new();

    public Counter Bids { get; } = new();

    public Counter WorkLeases { get; } = new();

    public Counter DataLeases { get; } = new();

    public Counter Disputes { get; } = new();

    public Counter Bounties { get; } = new();

    public Counter BountyClaims { get; } = new();

    public Counter Channels { get; } = new();

    public Counter Guilds { get; } = new();

    public Counter Workflows { get; } = new();

    public Counter Actions { get; } = new();

    /// <summary>The feedback that a client has given an agent.</summary>
    public Counter FeedbackOf(ulong agent, int client)
    {
        if (!_feedback.TryGetValue((agent, client), out var counter)) _feedback[(agent, client)] = counter = new Counter();
        return counter;
    }

    /// <summary>The time of the block that is being written.</summary>
    public ulong Now => Stage.Writing;

    /// <summary>The next moment at which the pool cannot be frozen: blocks come in windows of 128, of which the second half may be.</summary>
    public Beat Thawed()
    {
        var next = Stage.Block + 1;
        return new Beat.UntilBlock(next % 128 is > 0 and < 60 ? Stage.Block : (next / 128 + 1) * 128);
    }

    /// <summary>Who acts for a verifier.</summary>
    public int VerifierActor(ulong verifier) => Verifiers[(int)verifier - Population.Workers - 1].Actor;

    public int Client(Random random) => random.Next(Population.Clients);

    public Agent Worker(Random random) => Workers[random.Next(Workers.Length)];

    /// <summary>Different workers.</summary>
    public Agent[] SomeWorkers(Random random, int count)
    {
        var first = random.Next(Workers.Length);
        return [.. Enumerable.Range(0, count).Select(i => Workers[(first + i) % Workers.Length])];
    }

    public static UInt256 Credits(ulong count) => (UInt128)count * Credit;

    public static Hash32 Word(string text) => Keccak256.Hash(text);

    /// <summary>A short text in a bytes32, as Solidity's string constants stand in one.</summary>
    public static Hash32 Name(string text)
    {
        var bytes = new byte[32];
        System.Text.Encoding.ASCII.GetBytes(text, bytes);
        return new Hash32(bytes);
    }

    /// <summary>The address of the contract that an account creates with a nonce.</summary>
    public static Address CreatedBy(Address creator, ulong nonce) =>
        new(Keccak256.Hash(new RlpWriter().BeginList().Write(creator.Bytes).Write((UInt256)nonce).EndList().ToArray()).Bytes[12..]);

    private Agent Person(int actor, ulong id) => new(actor, Addresses[actor], id);
}

/// <summary>Ids as a contract counts them.</summary>
public sealed class Counter
{
    /// <summary>The last id given; 0 before the first.</summary>
    public ulong Last { get; private set; }

    /// <summary>The next id.</summary>
    public ulong Next() => ++Last;
}
