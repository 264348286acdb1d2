// The chain on which workers act. Enters: a deployment. Leaves: the chain's id, the addresses of contracts by their
// names, and the names of the contracts' refusals. Always holds: a complaint about a missing address names the
// contract.
using System.Collections.Frozen;
using EventSourced.Chain.Contracts;
using EventSourced.Chain.Sending;
using EventSourced.Ethereum;

namespace EventSourced.Workers.Acting;

/// <summary>The contracts of a chain.</summary>
public sealed class Stage(ulong chainId, IEnumerable<KeyValuePair<string, Address>> contracts)
{
    private static readonly FrozenDictionary<string, ContractInterface> Interfaces =
        ContractInterfaces.All.ToFrozenDictionary(contract => contract.Name);

    private readonly FrozenDictionary<string, Address> _addresses = contracts.ToFrozenDictionary();

    /// <summary>The errors of all contracts.</summary>
    public static Refusals Refusals { get; } =
        new(ContractInterfaces.All.SelectMany(contract => contract.Errors));

    /// <summary>The chain's id.</summary>
    public ulong ChainId => chainId;

    /// <summary>The address of a contract.</summary>
    public Address this[string contract] => _addresses.TryGetValue(contract, out var address)
        ? address
        : throw new ArgumentException(
            $"expected the address of {contract} in the deployment, found none", nameof(contract));

    /// <summary>Whether a contract is deployed.</summary>
    public bool Has(string contract) => _addresses.ContainsKey(contract);

    /// <summary>The functions of a contract.</summary>
    public static ContractInterface Interface(string contract) => Interfaces[contract];

    /// <summary>A wish for a function of a contract.</summary>
    public Deed Deed(
        string name, string contract, string function, IReadOnlyList<Ethereum.Abi.AbiValue> arguments, string key,
        string effect) =>
        Acting.Deed.Of(name, this[contract], Interface(contract), function, arguments, key, effect);
}
