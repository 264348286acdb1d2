// Whose logs are read. Enters: addresses, or a source of them that learns from the logs themselves. Leaves: what is
// asked of a node, and by which bits a block's bloom would tell of it. Always holds: what is known at one moment never
// changes; a source that learns answers anew.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Logs;

namespace EventSourced.Indexer.Ingest;

/// <summary>The contracts whose logs are asked for, as they are known at one moment; none means all.</summary>
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

/// <summary>Where the contracts come from. Asked by one reader of the chain, in the order of the chain.</summary>
public interface IContractSource
{
    /// <summary>What is known now.</summary>
    KnownContracts Known { get; }

    /// <summary>
    /// Takes in what logs say of contracts; true where they name one that was not asked for, so that these blocks, and
    /// all behind them, have to be read again.
    /// </summary>
    bool Learn(RangeLogs logs);

    /// <summary>
    /// Forgets what blocks from a number on have said: they are read anew, or are no longer on the chain.
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
