// The contract of each address, and the block from which it applies: the fold of the directory's ContractRegistered
// events, in the order of the chain. Enters: the registrations of the deployment, then every later one as its log is
// read. Leaves: the addresses whose logs are read, and the contract of an address at a block. Always holds: a
// registration opens a range that includes its whole block. The registrations of the deployment begin at the
// deployment's first block, because the directory makes them in its constructor, after the other contracts exist. A
// range ends when its address gets another name, never when its name gets another address: contracts know each other by
// address, so a replaced one still moves the things that it began. A reorg forgets its dropped registrations. Names
// outside of the catalog are ignored.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EventSourced.Domain.Events;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using EventSourced.Indexer.Ingest;
using Address = EventSourced.Ethereum.Address;

namespace EventSourced.Indexer.Decode;

/// <summary>A contract of the catalog at an address, from a block on.</summary>
public readonly record struct Registration(ulong Block, ContractName Contract, Address Location);

/// <summary>The contracts of one economy, as its directory names them.</summary>
public sealed class ContractBook : IContractSource
{
    private static readonly Hash32 Topic = Keccak256.Hash("ContractRegistered(bytes32,address,uint32,bytes32)"u8);

    private readonly Registration[] _genesis;
    private readonly List<Registration> _later = [];
    private Dictionary<Address, List<Registration>> _ranges = [];

    /// <summary>Takes the registrations of the deployment.</summary>
    public ContractBook(Deployment deployment, ulong genesisBlock, IReadOnlyList<ContractRegistered> genesis)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(genesis);
        GenesisBlock = genesisBlock;
        _genesis = [.. genesis.Select(one => Of(deployment.FirstBlock, one)).OfType<Registration>()];
        if (_genesis.All(one => (one.Contract, one.Location) != (ContractName.Directory, deployment.Directory)))
            throw new FormatException(
                $"expected the directory {deployment.Directory} to register itself, found {genesis.Count} others");
        Known = new KnownContracts([]);
        Rebuild();
        Identity = $"{deployment.ChainId}-" + Convert.ToHexStringLower(SHA256.HashData(
            [.. _genesis.OrderBy(one => one.Contract).SelectMany(one => one.Location.Bytes.ToArray())]))[..16];
    }

    /// <summary>
    /// The identity of the deployment: chain and contracts in one text. Two deployments with equal texts are the same.
    /// </summary>
    public string Identity { get; }

    /// <summary>The block in which the directory registered the contracts of the deployment.</summary>
    public ulong GenesisBlock { get; }

    /// <inheritdoc/>
    public KnownContracts Known { get; private set; }

    /// <summary>Every registration of a name: the deployment's first, then in the order of the chain.</summary>
    public IEnumerable<Registration> Of(ContractName contract) =>
        _genesis.Concat(_later).Where(one => one.Contract == contract);

    /// <summary>The contract at an address at a block, if it is one of ours.</summary>
    public ContractName? Find(Address address, ulong block)
    {
        if (!_ranges.TryGetValue(address, out var ranges)) return null;
        for (var i = ranges.Count - 1; i >= 0; i--)
            if (ranges[i].Block <= block) return ranges[i].Contract;
        return null;
    }

    /// <inheritdoc/>
    public bool Learn(RangeLogs logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        var isNew = false;
        for (var i = 0; i < logs.Logs.Count; i++)
        {
            ref readonly var log = ref logs.Logs[i];
            if (log.TopicCount == 0 || log.Topics[0] != Topic) continue;
            if (Find(log.Address, log.BlockNumber) == ContractName.Directory && Read(logs, i) is { } happened
                && Of(log.BlockNumber, happened) is { } one)
                isNew |= Learn(one);
        }

        return isNew;
    }

    /// <summary>Takes in one registration; true if its address was not known.</summary>
    public bool Learn(Registration one)
    {
        // A repeated log says nothing new, and the deployment's registrations hold from the beginning.
        if (Find(one.Location, one.Block) == one.Contract) return false;
        var isNew = !_ranges.ContainsKey(one.Location);
        _later.Add(one);
        Rebuild();
        return isNew;
    }

    /// <inheritdoc/>
    public void Forget(ulong from)
    {
        if (_later.RemoveAll(one => one.Block >= from) > 0) Rebuild();
    }

    /// <summary>The registration in a log of a directory.</summary>
    internal static ContractRegistered? Read(RangeLogs logs, int index) => EventDecoder.Decode(
        ContractName.Directory, MemoryMarshal.AsBytes(logs.Logs[index].Topics), logs.Logs.Data(index).Span,
        out _) as ContractRegistered;

    /// <summary>The contract that a registration names, if the catalog has it.</summary>
    internal static Registration? Of(ulong block, ContractRegistered happened)
    {
        Span<byte> location = stackalloc byte[Domain.Values.Address.Length];
        happened.Location.WriteTo(location);
        return Deployment.NameOf(ShortNames.TextOf(happened.Name)) is { } contract
            ? new Registration(block, contract, new Address(location))
            : null;
    }

    private void Rebuild()
    {
        var ranges = new Dictionary<Address, List<Registration>>();
        foreach (var one in _genesis.Concat(_later))
        {
            if (!ranges.TryGetValue(one.Location, out var list)) ranges.Add(one.Location, list = []);
            list.Add(one);
        }

        _ranges = ranges;
        if (Known.Addresses.Count != ranges.Count) Known = new KnownContracts([.. ranges.Keys]);
    }
}
