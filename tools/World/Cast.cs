// Who lives in the world. Enters: a driver with recruited actors, and the chain's own words. Leaves: people with
// agents, and the counters by which stories know the ids that the contracts are about to give: they follow the chain,
// and count on between two of its blocks in the order of the acts.
using EventSourced.Chain.Sending;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

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

    /// <summary>A market whose court is somebody else's.</summary>
    public static Population Unjudged { get; } = new(8, 24, 0);

    public int Actors => Clients + Workers + Verifiers;
}

/// <summary>The people of a world and the ids that come next.</summary>
public sealed class Cast
{
    private readonly Dictionary<(ulong, int), Counter> _feedback = [];
    private readonly List<Counter> _counters = [];
    private readonly Dictionary<Address, int> _actors;
    private Dictionary<ulong, Agent> _agents = [];

    public const ulong Credit = 1_000_000_000_000_000_000;

    public Cast(Contracts contracts, Stage stage, Address driver, Population population)
    {
        (Contracts, Stage, Population) = (contracts, stage, population);
        Facts = new Facts(contracts, stage);
        Addresses = [.. Enumerable.Range(0, population.Actors).Select(i => Transactions.Created(driver, (ulong)i + 1))];
        _actors = Addresses.Select((address, actor) => (address, actor)).ToDictionary();
        Agents = Following("AgentRegistry", ("Registered", "agentId"));
        Unbondings = Following("Stake", ("UnbondingStarted", "unbondId"));
        Tasks = Following("TaskMarket", ("TaskCreated", "taskId"));
        Jobs = Following("Jobs", ("JobCreated", "jobId"));
        Bids = Following("TaskMarket", ("BidPlaced", "bidId"), ("BidCommitted", "bidId"));
        WorkLeases = Following("WorkLeases", ("WorkLeaseStarted", "leaseId"));
        DataLeases = Following("DataLeases", ("DataLeaseRequested", "leaseId"));
        Disputes = Following("Disputes", ("DisputeOpened", "disputeId"));
        Candidates = Following("EpochCheckpoints", ("CandidatePosted", "candidateId"));
        Bounties = Following("Bounties", ("BountyOpened", "bountyId"));
        BountyClaims = Following("Bounties", ("BountyClaimed", "claimId"));
        Channels = Following("Channels", ("ChannelOpened", "channelId"));
        Guilds = Following("Guilds", ("GuildFormed", "guildId"));
        Workflows = Following("Workflows", ("WorkflowCreated", "workflowId"));
        Actions = Following("Agency", ("ActionRecorded", "actionId"));
        Facts.On(contracts["Reputation"], "NewFeedback", log =>
        {
            if (_actors.TryGetValue(log[1].AsAddress(), out var client))
                FeedbackOf((ulong)log[0].AsUInt256(), client).Saw((ulong)log[2].AsUInt256());
        });
        stage.Turned += () => _counters.ForEach(counter => counter.Settle());
        Workers = Verifiers = [];
        Meet();
    }

    public Contracts Contracts { get; }

    public Stage Stage { get; }

    public Population Population { get; }

    /// <summary>The address of each actor.</summary>
    public Address[] Addresses { get; }

    /// <summary>What the chain has said that stories must know.</summary>
    public Facts Facts { get; }

    /// <summary>Agents that work.</summary>
    public Agent[] Workers { get; private set; }

    /// <summary>Agents that judge.</summary>
    public Agent[] Verifiers { get; private set; }

    /// <summary>The next id of each kind of object.</summary>
    public Counter Agents { get; }

    public Counter Unbondings { get; }

    public Counter Tasks { get; }

    public Counter Jobs { get; }

    public Counter Bids { get; }

    public Counter WorkLeases { get; }

    public Counter DataLeases { get; }

    public Counter Disputes { get; }

    public Counter Candidates { get; }

    public Counter Bounties { get; }

    public Counter BountyClaims { get; }

    public Counter Channels { get; }

    public Counter Guilds { get; }

    public Counter Workflows { get; }

    public Counter Actions { get; }

    /// <summary>The feedback that a client has given an agent.</summary>
    public Counter FeedbackOf(ulong agent, int client)
    {
        if (!_feedback.TryGetValue((agent, client), out var counter)) _feedback[(agent, client)] = counter = Counted();
        return counter;
    }

    /// <summary>Learns from the chain which agent is whose.</summary>
    public void Meet()
    {
        Workers = [.. Enumerable.Range(Population.Clients, Population.Workers).Select(Person)];
        Verifiers = [.. Enumerable.Range(Population.Clients + Population.Workers, Population.Verifiers).Select(Person)];
        _agents = Workers.Concat(Verifiers).Where(agent => agent.Id != 0).ToDictionary(agent => agent.Id);
    }

    /// <summary>One of our agents by its id; nobody (id 0) for somebody else's.</summary>
    public Agent AgentOf(ulong id) => _agents.GetValueOrDefault(id);

    /// <summary>The time of the block that is being written.</summary>
    public ulong Now => Stage.Writing;

    /// <summary>
    /// The next moment at which the pool cannot be frozen: blocks come in windows of 128, of which the second half may
    /// be.
    /// </summary>
    public Beat Thawed()
    {
        var next = Stage.Block + 1;
        return new Beat.UntilBlock(next % 128 is > 0 and < 60 ? Stage.Block : (next / 128 + 1) * 128);
    }

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

    private Agent Person(int actor) => new(actor, Addresses[actor], Facts.AgentOf(Addresses[actor]));

    private Counter Following(string contract, params ReadOnlySpan<(string Event, string Field)> events)
    {
        var counter = Counted();
        foreach (var (name, field) in events) Facts.Count(Contracts[contract], name, field, counter);
        return counter;
    }

    private Counter Counted()
    {
        var counter = new Counter();
        _counters.Add(counter);
        return counter;
    }
}

/// <summary>Ids as a contract counts them.</summary>
public sealed class Counter
{
    private ulong _seen;

    /// <summary>The last id given; 0 before the first.</summary>
    public ulong Last { get; private set; }

    /// <summary>The next id, if nobody else comes first.</summary>
    public ulong Next() => ++Last;

    /// <summary>The chain has given this id.</summary>
    public void Saw(ulong id) => _seen = Math.Max(_seen, id);

    /// <summary>
    /// Goes on from the last id that the chain has given: what was foreseen and did not happen is forgotten.
    /// </summary>
    public void Settle() => Last = _seen;
}
