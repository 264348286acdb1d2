// Which contracts are indexed. Enters: the deployment.json that the deployment script wrote. Leaves: addresses by contract, chain, first
// block. Always holds: the catalog that the contracts were deployed with is the one that this program knows.
using System.Security.Cryptography;
using System.Text.Json;
using EventSourced.Domain;
using Address = EventSourced.Ethereum.Address;

namespace EventSourced.Indexer;

/// <summary>A deployed economy.</summary>
public sealed class Deployment
{
    private readonly Dictionary<Address, ContractName> _byAddress;

    private Deployment(ulong chainId, ulong firstBlock, Dictionary<Address, ContractName> byAddress) =>
        (ChainId, FirstBlock, _byAddress) = (chainId, firstBlock, byAddress);

    /// <summary>The chain.</summary>
    public ulong ChainId { get; }

    /// <summary>The block of the first contract.</summary>
    public ulong FirstBlock { get; }

    /// <summary>All contracts' addresses.</summary>
    public IReadOnlyCollection<Address> Addresses => _byAddress.Keys;

    /// <summary>One text for chain and contracts: two deployments are the same when theirs are.</summary>
    public string Identity => $"{ChainId}-" + Convert.ToHexStringLower(SHA256.HashData(
        [.. _byAddress.OrderBy(pair => pair.Value).SelectMany(pair => pair.Key.Bytes.ToArray())]))[..16];

    /// <summary>The contract at an address, if it is one of ours.</summary>
    public ContractName? Find(Address address) => _byAddress.TryGetValue(address, out var found) ? found : null;

    /// <summary>The address of a contract.</summary>
    public Address AddressOf(ContractName contract) => _byAddress.First(pair => pair.Value == contract).Key;

    /// <summary>Reads deployment.json.</summary>
    /// <exception cref="FormatException">The file is not what a deployment of this program's catalog writes.</exception>
    public static Deployment Load(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = json.RootElement;
        var hash = root.GetProperty("catalogHash").GetString();
        if (hash != EventCatalog.Hash)
            throw new FormatException($"{path}: expected catalog {EventCatalog.Hash}, found {hash}");
        var byAddress = new Dictionary<Address, ContractName>();
        foreach (var contract in root.GetProperty("contracts").EnumerateObject())
            if (NameOf(contract.Name) is { } name) byAddress.Add(Address.Parse(contract.Value.GetString()!, null), name);
        if (byAddress.Count != Enum.GetValues<ContractName>().Length)
            throw new FormatException(
                $"{path}: expected {Enum.GetValues<ContractName>().Length} contracts of the catalog, found {byAddress.Count}");
        return new Deployment(root.GetProperty("chainId").GetUInt64(), root.GetProperty("firstBlock").GetUInt64(), byAddress);
    }

    // The wiring names two contracts by what they are for.
    private static ContractName? NameOf(string field) => field switch
    {
        "governor" => ContractName.AgentGovernor,
        "checkpoints" => ContractName.EpochCheckpoints,
        _ => Enum.TryParse<ContractName>(field, ignoreCase: true, out var name) ? name : null,
    };
}
