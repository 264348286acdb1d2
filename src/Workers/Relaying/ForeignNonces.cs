// Nonces that a final block counts, although none of our hashes used them. Enters: suspects: used nonces without a
// receipt of ours. Leaves: a forward request that waits again, a raw transaction that failed. Always holds: only a
// count at a final block is believed; a request that goes out again still happens at most once, by the Forwarder's own
// nonce.
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using Npgsql;

namespace EventSourced.Workers.Relaying;

/// <summary>Settles nonces that another sender used.</summary>
internal sealed class ForeignNonces(RelayDesk desk, HashSet<(Address Signer, ulong Nonce)> suspects)
{
    /// <summary>The end of a command whose nonce another transaction has used for good.</summary>
    internal static Journal.Event Outcome(CommandRow row) => row.State switch
    {
        { Code: CommandCodes.Expired } when row.DeadlineSeconds is { } deadline => new Journal.Expired(deadline),
        { Code: { } code, Reason: var reason } => new Journal.Failed(code, reason ?? code),
        _ => new Journal.Displaced(row.State.Nonce!.Value),
    };

    internal async Task SettleAsync(ulong final, CancellationToken cancellation)
    {
        foreach (var account in suspects.GroupBy(place => place.Signer).ToArray())
        {
            var used = await desk.Client.GetNonceAsync(account.Key, final, cancellation).ConfigureAwait(false);
            foreach (var (signer, nonce) in account.Where(place => place.Nonce < used).ToArray())
            {
                await SettleAsync(signer, nonce, cancellation).ConfigureAwait(false);
                suspects.Remove((signer, nonce));
            }
        }

        await SettleRawAsync(final, cancellation).ConfigureAwait(false);
    }

    private async Task SettleAsync(Address signer, ulong nonce, CancellationToken cancellation)
    {
        if (await IsOursAsync(signer, nonce, cancellation).ConfigureAwait(false)) return;
        desk.Log.ForeignNonce(nonce, signer.ToString());
        await desk.InTransactionAsync(
            async (transaction, journal) =>
            {
                await NonceRows.LockAsync(transaction, desk.Options.ChainId, cancellation).ConfigureAwait(false);
                var command = new NpgsqlCommand(
                    $"""
                    update {CommandTables.Nonce} set state = {NonceRows.Final}, changed_at = now()
                    where chain = $1 and signer = $2 and nonce = $3 and state < {NonceRows.Mined}
                    """,
                    transaction.Connection, transaction)
                    .With((long)desk.Options.ChainId).With(signer.Bytes.ToArray()).With((long)nonce);
                await using (command.ConfigureAwait(false))
                    if (await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 0) return;
                var rows = await RelayDesk.LockAsync(
                    transaction,
                    $"""
                    where c.signer = $1 and c.nonce = $2 and c.phase between {(int)Phase.Signed} and {(int)Phase.Broadcast}
                        and not c.is_raw
                    order by c.number
                    """,
                    cancellation,
                    statement => statement.With(signer.Bytes.ToArray()).With((long)nonce)).ConfigureAwait(false);
                foreach (var row in rows) journal.Tell(row, Outcome(row));
            },
            cancellation).ConfigureAwait(false);
    }

    // This asks once more, since the suspicion may be older than the block.
    private async Task<bool> IsOursAsync(Address signer, ulong nonce, CancellationToken cancellation)
    {
        var command = desk.Source.CreateCommand(
            $"select hash from {CommandTables.Transaction} where chain = $1 and signer = $2 and nonce = $3")
            .With((long)desk.Options.ChainId).With(signer.Bytes.ToArray()).With((long)nonce);
        var hashes = new List<Hash32>();
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var reading = reader.ConfigureAwait(false);
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
                hashes.Add(new Hash32(reader.GetFieldValue<byte[]>(0)));
        }

        var receipts = await desk.Client.GetReceiptsAsync(hashes, cancellation).ConfigureAwait(false);
        return Array.Exists(receipts, receipt => receipt is not null);
    }

    // Settles raw transactions whose owner used the nonce for another transaction.
    private async Task SettleRawAsync(ulong final, CancellationToken cancellation)
    {
        List<(Guid Id, Address Signer, ulong Nonce, Hash32 Hash)> raws = [];
        var command = desk.Source.CreateCommand(
            $"""
            select id, signer, nonce, hash from {CommandTables.Command}
            where phase between {(int)Phase.Signed} and {(int)Phase.Broadcast} and is_raw limit {desk.Options.LookBatch}
            """);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var reading = reader.ConfigureAwait(false);
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                raws.Add((
                    reader.GetGuid(0), new Address(reader.GetFieldValue<byte[]>(1)), (ulong)reader.GetInt64(2),
                    new Hash32(reader.GetFieldValue<byte[]>(3))));
            }
        }

        foreach (var account in raws.GroupBy(raw => raw.Signer))
        {
            var used = await desk.Client.GetNonceAsync(account.Key, final, cancellation).ConfigureAwait(false);
            var over = account.Where(raw => raw.Nonce < used).ToArray();
            var receipts = await desk.Client.GetReceiptsAsync(
                [.. over.Select(raw => raw.Hash)], cancellation).ConfigureAwait(false);
            Guid[] failed = [.. over.Zip(receipts).Where(pair => pair.Second is null).Select(pair => pair.First.Id)];
            if (failed.Length == 0) continue;
            await desk.InTransactionAsync(
                async (transaction, journal) =>
                {
                    foreach (
                        var row in await RelayDesk.LockAsync(transaction, failed, cancellation).ConfigureAwait(false))
                        if (row.State.Phase is Phase.Signed or Phase.Broadcast)
                            journal.Tell(row, new Journal.Failed(
                                CommandCodes.NonceUsed,
                                $"expected nonce {row.State.Nonce} of {row.State.Signer} to be free, found it used by another transaction"));
                },
                cancellation).ConfigureAwait(false);
        }
    }
}
