// The block that the world stands on. Enters: receipts and heads as they come. Leaves: receipts; or, when the chain was
// reorganised or cut under the world, an exception that says so. Always holds: no transaction is waited for that can
// never be mined. A reorg takes mined transactions away and puts them into no later block; those that counted on their
// nonces then wait in the pool for ever.
using System.Text.Json;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.World;

/// <summary>
/// The chain is another one than the world has seen: everything that the world knows is to be read again.
/// </summary>
public sealed class ChainReplacedException(string what) : Exception(what);

/// <summary>Watches whether the chain stays.</summary>
public sealed class Footing(EthereumClient client)
{
    /// <summary>How often a receipt is asked for before the wait is given up.</summary>
    public const int MostPolls = 600;

    /// <summary>How many questions without a receipt pass before the chain itself is looked at.</summary>
    public const int PatientPolls = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private (ulong Number, Hash32 Hash)? _block;

    /// <summary>Takes the newest block, if the one that was seen last is still below it.</summary>
    public async Task<BlockHeader> AdvanceAsync(CancellationToken cancellation)
    {
        var newest = await client.GetHeaderAsync(BlockTag.Latest, cancellation)
            ?? throw new InvalidOperationException("expected a head, found none");
        await StandAsync(newest.Number, newest.Hash, cancellation);
        return newest;
    }

    /// <summary>Waits until a transaction is mined.</summary>
    public async Task<TransactionReceipt> MinedAsync(Hash32 transaction, CancellationToken cancellation)
    {
        var pause = FirstPause;
        for (var poll = 1; poll <= MostPolls; poll++)
        {
            if (await client.GetReceiptAsync(transaction, cancellation) is { } receipt)
            {
                await StandAsync(receipt.BlockNumber, receipt.BlockHash, cancellation);
                return receipt;
            }

            if (poll > PatientPolls)
            {
                await CheckAsync(cancellation);
                if (!await IsKnownAsync(transaction, cancellation))
                    throw new ChainReplacedException(
                        $"expected {transaction} to be mined, found that the node no longer knows it");
            }

            await Task.Delay(pause, cancellation);
            pause = 2 * pause < LongestPause ? 2 * pause : LongestPause;
        }

        throw new TimeoutException(
            $"expected {transaction} to be mined within {MostPolls} questions, found no receipt");
    }

    // The new block was read before the old one is looked at: a reorg between the two shows, and one behind them shows
    // next time.
    private async Task StandAsync(ulong number, Hash32 hash, CancellationToken cancellation)
    {
        await CheckAsync(cancellation);
        if (_block is { } seen && number < seen.Number)
            throw new ChainReplacedException($"expected block {seen.Number} to stay, found the chain at {number}");
        _block = (number, hash);
    }

    private async Task CheckAsync(CancellationToken cancellation)
    {
        if (_block is not { } seen) return;
        var found = await client.GetHeaderAsync(seen.Number, cancellation);
        if (found?.Hash != seen.Hash)
            throw new ChainReplacedException(
                $"expected block {seen.Number} to stay {seen.Hash}, found {found?.Hash.ToString() ?? "no block of that number"}");
    }

    private Task<bool> IsKnownAsync(Hash32 transaction, CancellationToken cancellation) => client.Rpc.CallAsync(
        new RpcCall("eth_getTransactionByHash", json => json.WriteStringValue(transaction.ToString())),
        static (ref Utf8JsonReader reader) =>
        {
            var isKnown = reader.TokenType != JsonTokenType.Null;
            reader.Skip();
            return isKnown;
        },
        cancellation);
}
