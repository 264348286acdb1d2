// The accounts that may sign now. Enters: the keyring, balances, refusals for lack of money. Leaves: accounts that can
// pay. Always holds: an account that a node calls insolvent signs nothing until its balance has grown.
using System.Collections.Concurrent;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Workers.Relaying;

/// <summary>The accounts of this process.</summary>
internal sealed class Accounts(Keyring keys)
{
    private readonly ConcurrentDictionary<Address, UInt256> _balances = new();
    private readonly ConcurrentDictionary<Address, UInt256> _insolvent = new();

    internal Keyring Keys => keys;

    internal IReadOnlyList<Address> Usable => [.. keys.Addresses.Where(account => !_insolvent.ContainsKey(account))];

    internal IReadOnlyDictionary<Address, UInt256> Balances => _balances;

    internal IReadOnlyCollection<Address> Insolvent => [.. _insolvent.Keys];

    internal SigningKey? this[Address account] => keys[account];

    /// <summary>Lets an account that could not pay rest.</summary>
    internal void Rest(Address account) => _insolvent.TryAdd(account, _balances.GetValueOrDefault(account));

    /// <summary>Reads key files and balances anew.</summary>
    internal async Task LookAsync(EthereumClient client, CancellationToken cancellation)
    {
        await keys.LookAsync(cancellation).ConfigureAwait(false);
        foreach (var account in keys.Addresses)
        {
            var balance = await client.GetBalanceAsync(account, BlockTag.Latest, cancellation).ConfigureAwait(false);
            _balances[account] = balance;
            if (_insolvent.TryGetValue(account, out var then) && balance > then) _insolvent.TryRemove(account, out _);
        }

        foreach (var gone in _balances.Keys.Except(keys.Addresses).ToArray())
        {
            _balances.TryRemove(gone, out _);
            _insolvent.TryRemove(gone, out _);
        }
    }
}
