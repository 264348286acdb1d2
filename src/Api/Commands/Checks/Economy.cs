// Where the economy is: the chain, and the address of every contract. Enters: a deployment. Leaves: addresses by name
// and names by address. Always holds: every contract of the table of commands has an address, or the commands do not
// start.
using System.Collections.Frozen;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Ethereum;

namespace EventSourced.Api.Commands.Checks;

/// <summary>A deployed economy.</summary>
public sealed class Economy
{
    private readonly FrozenDictionary<string, Address> _addresses;
    private readonly FrozenDictionary<Address, string> _names;

    /// <summary>Takes the chain's id and the contracts by their names, as <c>TaskMarket</c>.</summary>
    public Economy(ulong chainId, IReadOnlyDictionary<string, Address> contracts)
    {
        ChainId = chainId;
        _addresses = contracts.ToFrozenDictionary();
        _names = contracts.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);
        var missing = CommandTable.All.Select(entry => entry.Contract.Name).Append("Forwarder").Distinct()
            .Where(name => !_addresses.ContainsKey(name)).ToArray();
        if (missing.Length > 0)
            throw new ArgumentException($"expected the address of {string.Join(", ", missing)} in the deployment, found none", nameof(contracts));
    }

    /// <summary>The chain's id.</summary>
    public ulong ChainId { get; }

    /// <summary>The contract that brings signed requests.</summary>
    public Address Forwarder => _addresses["Forwarder"];

    /// <summary>The address of a contract.</summary>
    public Address this[string contract] => _addresses[contract];

    /// <summary>The contract at an address; null: none of ours.</summary>
    public string? NameOf(Address address) => _names.GetValueOrDefault(address);
}
