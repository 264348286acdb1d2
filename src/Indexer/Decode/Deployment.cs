// The economy to index. Enters: the deployment.json that the deployment script wrote. Leaves: chain, first block, the
// directory that names every contract, and the other contracts in the file. Always holds: if the file states the
// catalog of the contracts, this program knows that catalog.
using System.Text.Json;
using EventSourced.Domain.Events;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;
using Address = EventSourced.Ethereum.Address;

namespace EventSourced.Indexer.Decode;

/// <summary>A deployed economy.</summary>
public sealed class Deployment
{
    // The wiring names two contracts by their purpose.
    private static readonly Dictionary<string, ContractName> Names = Enum.GetValues<ContractName>()
        .ToDictionary(contract => contract switch
    {
        ContractName.AgentGovernor => "governor",
        ContractName.EpochCheckpoints => "checkpoints",
        _ => JsonNamingPolicy.CamelCase.ConvertName($"{contract}"),
    });

    private Deployment(ulong chainId, ulong firstBlock, Dictionary<ContractName, Address> contracts) =>
        (ChainId, FirstBlock, Contracts) = (chainId, firstBlock, contracts);

    /// <summary>The chain.</summary>
    public ulong ChainId { get; }

    /// <summary>The block of the first contract.</summary>
    public ulong FirstBlock { get; }

    /// <summary>The contract that names all others.</summary>
    public Address Directory => Contracts[ContractName.Directory];

    /// <summary>The contracts in the file: the directory, and any others. The chain names them all.</summary>
    public IReadOnlyDictionary<ContractName, Address> Contracts { get; }

    /// <summary>Reads deployment.json.</summary>
    /// <exception cref="FormatException">The file is not the output of a deployment with a catalog that this program
    /// knows.</exception>
    public static Deployment Load(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = json.RootElement;
        if (root.TryGetProperty("catalogHash", out var hash) && !IsKnown(hash.GetString()))
            throw new FormatException($"{path}: expected the hash of {KnownCatalogs}, found {hash.GetString()}");
        var contracts = new Dictionary<ContractName, Address>();
        foreach (var contract in root.GetProperty("contracts").EnumerateObject())
            if (NameOf(contract.Name) is { } name) contracts.Add(
                name, Address.Parse(contract.Value.GetString()!, null));
        if (!contracts.ContainsKey(ContractName.Directory))
            throw new FormatException($"{path}: expected a directory among the contracts, found none");
        return new Deployment(
            root.GetProperty("chainId").GetUInt64(), root.GetProperty("firstBlock").GetUInt64(), contracts);
    }

    /// <summary>The economy of a directory, if nothing else is known of it: the chain tells the rest.</summary>
    public static Deployment Of(ulong chainId, ulong firstBlock, Address directory) =>
        new(chainId, firstBlock, new Dictionary<ContractName, Address> { [ContractName.Directory] = directory });

    /// <summary>Whether this program knows the catalog with this hash.</summary>
    internal static bool IsKnown(string? hash) => EventCatalog.Revisions.Any(one => one.Hash == hash);

    /// <summary>The catalogs that this program knows, for people.</summary>
    internal static string KnownCatalogs =>
        "one of the catalogs " + string.Join(
            ", ", EventCatalog.Revisions.Select(one => $"v{one.Version} ({one.Hash})"));

    /// <summary>The contract for a name in the directory or in the file; null if the catalog has none.</summary>
    internal static ContractName? NameOf(string name) => Names.TryGetValue(name, out var contract) ? contract : null;
}
