// What the chain has said and stories cannot foresee: who won an auction, who was drawn for a panel, which agent is
// whose, how far each contract has counted. Enters: logs in order. Leaves: answers by id.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Logs;

namespace EventSourced.World;

/// <summary>A panel as it was drawn.</summary>
public sealed record Panel(ulong[] Verifiers, ulong CommitEnd, ulong RevealEnd);

/// <summary>The chain's own words.</summary>
public sealed class Facts
{
    private const ulong Accepted = 3;

    private readonly Dictionary<(Address, Hash32), Action<IReadOnlyList<AbiValue>>> _readers = [];
    private readonly Dictionary<(Address, Hash32), AbiEvent> _events = [];
    private readonly Dictionary<ulong, (ulong Agent, ulong StartBy)> _matches = [];
    private readonly Dictionary<ulong, (byte Round, byte Attempt, ulong SeedBlock, ulong DrawBy)> _rounds = [];
    private readonly Dictionary<ulong, Panel> _panels = [];
    private readonly Dictionary<ulong, (ulong Epoch, ulong ToBlock)> _posted = [];
    private readonly Dictionary<ulong, ulong> _finalAt = [];
    private readonly Dictionary<ulong, ulong> _seeds = [];
    private readonly Dictionary<ulong, ulong[]> _signers = [];
    private readonly Dictionary<ulong, HashSet<ulong>> _signed = [];
    private readonly Dictionary<ulong, HashSet<ulong>> _seated = [];
    private readonly SortedSet<ulong> _absent = [];
    private readonly Dictionary<ulong, (byte Ruling, ulong AppealEnd)> _rulings = [];
    private readonly Dictionary<Address, ulong> _agents = [];
    private readonly Dictionary<Hash32, ulong> _changes = [];

    public Facts(Contracts contracts, Stage stage)
    {
        On(contracts["TaskMarket"], "TaskMatched", log => _matches[Id(log[0])] = (Id(log[2]), Id(log[4])));
        On(contracts["Disputes"], "RoundStarted",
            log => _rounds[Id(log[0])] = ((byte)Id(log[1]), (byte)Id(log[2]), Id(log[6]), Id(log[7])));
        On(contracts["Disputes"], "PanelDrawn", log =>
            _panels[Id(log[0])] = new Panel([.. log[4].AsItems().Select(Id)], Id(log[5]), Id(log[6])));
        On(contracts["Disputes"], "RoundResolved", log => _rulings[Id(log[0])] = ((byte)Id(log[3]), Id(log[5])));
        ReadCandidates(contracts["EpochCheckpoints"]);
        ReadAbsences(contracts);
        // Somebody may own several agents: the first is the one that works.
        On(contracts["AgentRegistry"], "Registered", log => _agents.TryAdd(log[2].AsAddress(), Id(log[0])));
        // The first value of a parameter is the deployment's, and no change.
        On(contracts["Parameters"], "ParamSet", log =>
        {
            var key = log[0].AsHash32();
            _changes[key] = _changes.ContainsKey(key) ? stage.Time : 0;
        });
        stage.Logged += Read;
    }

    /// <summary>
    /// The epoch for which a story has posted a candidate that is not decided; 0: none. A story that posts says so at
    /// once.
    /// </summary>
    public ulong OpenEpoch { get; set; }

    /// <summary>The last accepted epoch.</summary>
    public ulong LastEpoch { get; private set; }

    /// <summary>The last block of the last accepted epoch.</summary>
    public ulong CheckpointedTo { get; private set; }

    /// <summary>The block from whose hash a candidate's panel is drawn.</summary>
    public ulong SeedOf(ulong candidate) => _seeds[candidate];

    /// <summary>Who may sign a candidate.</summary>
    public IReadOnlyList<ulong> SignersOf(ulong candidate) => _signers[candidate];

    /// <summary>When a candidate is decided.</summary>
    public ulong FinalAtOf(ulong candidate) => _finalAt[candidate];

    /// <summary>
    /// Members of the pool that missed their last seat and have no duty in a dispute or under a candidate.
    /// </summary>
    public IEnumerable<ulong> Absent => _absent.Where(verifier =>
        !_seated.Values.Any(seats => seats.Contains(verifier))
            && !_signed.Values.Any(signers => signers.Contains(verifier)));

    /// <summary>The agent of a task's latest match and the moment by which it must start.</summary>
    public (ulong Agent, ulong StartBy) MatchOf(ulong task) => _matches[task];

    /// <summary>The round that a dispute is in and the block of its seed.</summary>
    public (byte Round, byte Attempt, ulong SeedBlock, ulong DrawBy) RoundOf(ulong dispute) => _rounds[dispute];

    /// <summary>The latest panel of a dispute.</summary>
    public Panel PanelOf(ulong dispute) => _panels[dispute];

    /// <summary>The latest ruling of a dispute and until when it can be appealed.</summary>
    public (byte Ruling, ulong AppealEnd) RulingOf(ulong dispute) => _rulings[dispute];

    /// <summary>When a parameter was last changed, give or take a block; 0: never.</summary>
    public ulong LastChangeOf(Hash32 parameter) => _changes.GetValueOrDefault(parameter);

    /// <summary>The first agent that somebody registered; 0: none.</summary>
    public ulong AgentOf(Address owner) => _agents.GetValueOrDefault(owner);

    /// <summary>Lets a counter follow the ids that an event names.</summary>
    public void Count(Contract contract, string name, string field, Counter counter)
    {
        var place = Declared(contract, name).Inputs.ToList().FindIndex(input => input.Name == field);
        On(contract, name, log => counter.Saw(Id(log[place])));
    }

    /// <summary>Reads an event whenever it happens.</summary>
    public void On(Contract contract, string name, Action<IReadOnlyList<AbiValue>> read)
    {
        var found = Declared(contract, name);
        var key = (contract.Address, found.Hash);
        _events[key] = found;
        _readers[key] = _readers.TryGetValue(key, out var before) ? before + read : read;
    }

    private void ReadCandidates(Contract checkpoints)
    {
        On(checkpoints, "CandidatePosted", log =>
        {
            _posted[Id(log[0])] = (Id(log[1]), Id(log[3].AsItems()[3]));
            _finalAt[Id(log[0])] = Id(log[6]);
        });
        On(checkpoints, "CandidateAwaitsPanel", log => _seeds[Id(log[0])] = Id(log[1]));
        On(checkpoints, "CandidatePanelDrawn", log => _signers[Id(log[0])] = [.. log[2].AsItems().Select(Id)]);
        On(checkpoints, "CandidateSigned", log => Among(_signed, Id(log[0])).Add(Id(log[1])));
        On(checkpoints, "CandidateResumed", log => _finalAt[Id(log[0])] = Id(log[2]));
        On(checkpoints, "CandidateSettled", log =>
        {
            OpenEpoch = 0;
            _signed.Remove(Id(log[0]));
            if (Id(log[1]) == Accepted) (LastEpoch, CheckpointedTo) = _posted[Id(log[0])];
        });
    }

    private void ReadAbsences(Contracts contracts)
    {
        On(contracts["Disputes"], "PanelDrawn",
            log => Among(_seated, Id(log[0])).UnionWith(log[4].AsItems().Select(Id)));
        On(contracts["Disputes"], "DisputeSettled", log => _seated.Remove(Id(log[0])));
        On(contracts["VerifierPool"], "VerifierLeft", log => _absent.Remove(Id(log[1])));
        On(contracts["VerifierPool"], "VerifierWeightSet", log =>
        {
            if (Id(log[4]) == 0) _absent.Add(Id(log[1]));
            else _absent.Remove(Id(log[1]));
        });
    }

    private static HashSet<ulong> Among(Dictionary<ulong, HashSet<ulong>> sets, ulong id)
    {
        if (!sets.TryGetValue(id, out var found)) sets[id] = found = [];
        return found;
    }

    private static AbiEvent Declared(Contract contract, string name) =>
        contract.Abi.OfType<AbiEvent>().Single(one => one.Name == name);

    private void Read(Log log, byte[] data)
    {
        var key = (log.Address, log.Topics[0]);
        if (_readers.TryGetValue(key, out var read)) read(_events[key].Decode(log.Topics.ToArray(), data));
    }

    private static ulong Id(AbiValue value) => (ulong)value.AsUInt256();
}
