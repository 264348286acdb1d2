// The contracts whose logs are read. Enters: addresses, or a source of them that learns from the logs themselves.
// Leaves: the addresses for a node's filter, and the bits by which a block's bloom shows them. Always holds: one answer
// never changes; a source that learns gives a new one.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Logs;

namespace EventSourced.Indexer.Ingest;

/// <summary>The contracts whose logs are asked for, as known at one moment; none means all.</summary>
public sealed class KnownContracts
{
    private readonly HashSet<Address> _set;

    /// <summary>Takes addresses.</summary>
    public KnownContracts(IReadOnlyList<Address> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        Addresses = addresses;
        _set = [.. addresses];
        Blooms = [.. addresses.Select(address => (address, BloomKey.Of(address.Bytes)))];
    }

    /// <summary>Their addresses.</summary>
    public IReadOnlyList<Address> Addresses { get; }

    internal (Address Address, BloomKey Key)[] Blooms { get; }

    /// <summary>Whether logs of an address are asked for.</summary>
    public bool Hold(Address address) => _set.Count == 0 || _set.Contains(address);
}

/// <summary>The source of the contracts. One reader of the chain asks it, in the order of the chain.</summary>
public interface IContractSource
{
    /// <summary>The contracts known now.</summary>
    KnownContracts Known { get; }

    /// <summary>
    /// Learns the contracts that logs name. Answers true if the logs name one that was not asked for, so that these
    /// blocks, and all behind them, must be read again.
    /// </summary>
    bool Learn(RangeLogs logs);

    /// <summary>
    /// Forgets everything learned from the blocks from a number on: they are read anew, or are no longer on the chain.
    /// </summary>
    void Forget(ulong from);
}

/// <summary>Contracts that never change.</summary>
internal sealed class FixedContracts(IReadOnlyList<Address> addresses) : IContractSource
{
    public KnownContracts Known { get; } = new(addresses);

    public bool Learn(RangeLogs logs) => false;

    public void Forget(ulong from)
    {
    }
}
