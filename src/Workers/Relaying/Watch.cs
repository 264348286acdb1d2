// From sent bytes to final blocks. Enters: heads of the chain, rows of sent transactions. Leaves: facts: included,
// taken back, finalized, failed, displaced. Always holds: the user of a nonce is found by the hashes that were written
// down before they were sent, never guessed; nothing is called final or failed before its block is final; a repeated
// finding of one look changes nothing the second time.
using EventSourced.Chain.Sending;
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Workers.Relaying;

/// <summary>Looks at the chain.</summary>
internal sealed class Watch(RelayDesk desk)
{
    private readonly ChainWindow _window = new(desk.Client, desk.Options.Window);
    private readonly Dictionary<Address, ulong> _used = [];
    private readonly HashSet<(Address Signer, ulong Nonce)> _suspects = [];
    private ulong? _final;

    /// <summary>The newest block; null before the first look.</summary>
    internal BlockHeader? Head => _window.Head;

    /// <summary>The number of transactions of each account that the newest block counts.</summary>
    internal IReadOnlyDictionary<Address, ulong> Used => _used;

    /// <summary>Looks once.</summary>
    /// <returns>Whether blocks were taken back. Then their transactions must be sent again.</returns>
    internal async Task<bool> LookAsync(CancellationToken cancellation)
    {
        var head = await desk.Client.GetHeaderAsync(BlockTag.Latest, cancellation).ConfigureAwait(false);
        if (head is null || head.Hash == _window.Head?.Hash) return false;
        var isReorg = await _window.FollowAsync(head, cancellation).ConfigureAwait(false);
        if (isReorg) await TakeBackAsync(head, cancellation).ConfigureAwait(false);
        await IncludeAsync(head, cancellation).ConfigureAwait(false);
        await FinalizeAsync(head, cancellation).ConfigureAwait(false);
        return isReorg;
    }

    /// <summary>Forgets its view of the chain, as after a fault in the middle of a look.</summary>
    internal void Forget()
    {
        _window.Forget();
        _final = null;
    }

    private static async Task<List<T>> ReadAsync<T>(
        NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var disposing = command.ConfigureAwait(false);
        var found = new List<T>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) found.Add(read(reader));
        return found;
    }

    // Commands in blocks that the chain no longer has go back to broadcast.
    private async Task TakeBackAsync(BlockHeader head, CancellationToken cancellation)
    {
        var blocks = await ReadAsync(
            desk.Source.CreateCommand(
                $"""
                select distinct block, block_hash from {CommandTables.Command} where phase = {(int)Phase.Included}
                union select distinct block, block_hash from {CommandTables.Nonce}
                    where chain = $1 and state = {NonceRows.Mined}
                """).With((long)desk.Options.ChainId),
            reader => (Number: (ulong)reader.GetInt64(0), Hash: new Hash32(reader.GetFieldValue<byte[]>(1))),
            cancellation).ConfigureAwait(false);
        var unknown = blocks.Where(block => _window.Has(block.Number, block.Hash) is null).ToArray();
        ulong[] numbers = [.. unknown.Select(block => block.Number).Distinct()];
        var headers = await desk.Client.GetHeadersAsync(numbers, cancellation).ConfigureAwait(false);
        var onChain = headers.OfType<BlockHeader>().Select(header => header.Hash).ToHashSet();
        Hash32[] gone =
        [
            .. blocks.Where(block => _window.Has(block.Number, block.Hash) is false).Select(block => block.Hash),
            .. unknown.Where(block => !onChain.Contains(block.Hash)).Select(block => block.Hash),
        ];
        if (gone.Length == 0) return;
        var count = 0;
        await desk.InTransactionAsync(
            async (transaction, journal) =>
            {
                var rows = await RelayDesk.LockAsync(
                    transaction, $"where c.phase = {(int)Phase.Included} and c.block_hash = any($1) order by c.number",
                    cancellation, command => AddHashes(command, gone)).ConfigureAwait(false);
                foreach (var row in rows)
                    journal.Tell(row, new Journal.Reorganized(row.State.Block!.Value, row.State.BlockHash!.Value));
                count = rows.Count;
                var command = new NpgsqlCommand(
                    $"""
                    update {CommandTables.Nonce} set state = {NonceRows.Taken}, block = null, block_hash = null, changed_at = now()
                    where chain = $2 and state = {NonceRows.Mined} and block_hash = any($1)
                    """,
                    transaction.Connection, transaction);
                await using var disposing = command.ConfigureAwait(false);
                AddHashes(command, gone);
                command.With((long)desk.Options.ChainId);
                await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        desk.Counts.AddReorganized(count);
        desk.Log.RelayReorg(count);
        if (_final > head.Number) _final = null;

        static void AddHashes(NpgsqlCommand command, Hash32[] hashes) =>
            command.AddArray(NpgsqlDbType.Bytea, hashes.Select(hash => hash.Bytes.ToArray()));
    }

    private async Task IncludeAsync(BlockHeader head, CancellationToken cancellation)
    {
        await CountAsync(cancellation).ConfigureAwait(false);
        for (var round = 0; round < desk.Options.MostRounds; round++)
        {
            var sent = await SentAsync(cancellation).ConfigureAwait(false);
            if (sent.Count == 0) return;
            var receipts = await desk.Client.GetReceiptsAsync(
                [.. sent.Select(one => one.Hash).Distinct()], cancellation)
                .ConfigureAwait(false);
            // A block that the window does not know yet is left to the next head.
            var mined = receipts.OfType<TransactionReceipt>()
                .Where(receipt => receipt.BlockNumber <= head.Number
                    && _window.Has(receipt.BlockNumber, receipt.BlockHash) is not false)
                .ToDictionary(receipt => receipt.TransactionHash);
            foreach (var place in sent.Where(one => one.IsOurs).GroupBy(one => (one.Signer, one.Nonce)))
                if (!place.Any(one => receipts.Any(receipt => receipt?.TransactionHash == one.Hash))) _suspects
                    .Add(place.Key);
            if (mined.Count == 0) return;
            await WriteIncludedAsync(
                [.. sent.Where(one => mined.ContainsKey(one.Hash))], mined, cancellation).ConfigureAwait(false);
            if (sent.Count < desk.Options.LookBatch) return;
        }
    }

    // The chain's own count tells which nonces are worth a question: one question for each account, one receipt for
    // each transaction.
    private async Task CountAsync(CancellationToken cancellation)
    {
        var signers = await ReadAsync(
            desk.Source.CreateCommand(
                $"select distinct signer from {CommandTables.Nonce} where chain = $1 and state < {NonceRows.Mined}")
                .With((long)desk.Options.ChainId),
            reader => new Address(reader.GetFieldValue<byte[]>(0)),
            cancellation).ConfigureAwait(false);
        _used.Clear();
        foreach (var signer in signers)
            _used[signer] = await desk.Client.GetNonceAsync(
                signer, BlockTag.Latest, cancellation).ConfigureAwait(false);
    }

    private Task<List<SentRow>> SentAsync(CancellationToken cancellation)
    {
        var command = desk.Source.CreateCommand(
            $"""
            select s.hash, s.signer, s.nonce, s.command, true
            from unnest($2, $3) u (signer, used)
            join {CommandTables.Nonce} n on n.chain = $1 and n.signer = u.signer and n.nonce < u.used and n.state < {NonceRows.Mined}
            join {CommandTables.Transaction} s on s.chain = n.chain and s.signer = n.signer and s.nonce = n.nonce
            union all
            select c.hash, c.signer, c.nonce, c.id, false from {CommandTables.Command} c
            where c.phase between {(int)Phase.Signed} and {(int)Phase.Broadcast} and c.is_raw
            limit {desk.Options.LookBatch}
            """).With((long)desk.Options.ChainId);
        command.AddArray(NpgsqlDbType.Bytea, _used.Keys.Select(signer => signer.Bytes.ToArray()));
        command.AddArray(NpgsqlDbType.Bigint, _used.Values.Select(used => (long)used));
        return ReadAsync(
            command,
            reader => new SentRow(
                new Hash32(reader.GetFieldValue<byte[]>(0)), new Address(reader.GetFieldValue<byte[]>(1)),
                (ulong)reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetGuid(3), reader.GetBoolean(4)),
            cancellation);
    }

    private async Task WriteIncludedAsync(
        List<SentRow> sent, Dictionary<Hash32, TransactionReceipt> mined, CancellationToken cancellation)
    {
        var ofCommand = sent.Where(one => one.Command is not null).GroupBy(one => one.Command!.Value)
            .ToDictionary(group => group.Key, group => mined[group.First().Hash]);
        await desk.InTransactionAsync(
            async (transaction, journal) =>
            {
                foreach (var row in await RelayDesk.LockAsync(
                    transaction, ofCommand.Keys, cancellation).ConfigureAwait(false))
                    await TellIncludedAsync(row, ofCommand[row.Id], journal, cancellation).ConfigureAwait(false);
                await WriteMinedAsync(
                    transaction, [.. sent.Where(one => one.IsOurs)], mined, cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
    }

    private async Task TellIncludedAsync(
        CommandRow row, TransactionReceipt receipt, JournalBatch journal, CancellationToken cancellation)
    {
        if (row.State.Phase is not (Phase.Signed or Phase.Broadcast)) return;
        var reason = receipt.Succeeded ? null : await ReasonAsync(row, receipt, cancellation).ConfigureAwait(false);
        if (row.State.Phase == Phase.Signed) row = journal.Tell(row, new Journal.Broadcast(receipt.TransactionHash));
        RelayDesk.Trace("command included", journal.Tell(row, new Journal.Included(
            receipt.TransactionHash, receipt.BlockNumber, receipt.BlockHash, receipt.Succeeded, receipt.GasUsed,
            reason)));
    }

    // Makes the request's own call once more, as the Forwarder made it, to see the contract's error, which the
    // Forwarder hides.
    private async Task<string> ReasonAsync(CommandRow row, TransactionReceipt receipt, CancellationToken cancellation)
    {
        const string unknown = "the transaction reverted";
        CallRequest? call = row.Payload switch
        {
            Payload.Forward { Request: var request, Forwarder: var forwarder } =>
                new CallRequest(request.To, (byte[])[.. request.Data.Span, .. request.From.Bytes])
                { From = forwarder, Gas = request.GasLimit },
            Payload.Own own => new CallRequest(own.To, own.Data) { From = own.From, Gas = own.GasLimit },
            _ => null,
        };
        if (call is null) return unknown;
        if (row.Payload is Payload.Forward && row.DeadlineSeconds < _window.Head!.Timestamp)
            return "the request's deadline had passed";
        try
        {
            await desk.Client.CallAsync(
                call, BlockTag.Number(receipt.BlockNumber), cancellation).ConfigureAwait(false);
            return unknown;
        }
        catch (RpcException fault) when (!fault.IsTransient)
        {
            return desk.Options.Refusals?.Read(fault.RevertData.Span)?.ToString() ?? unknown;
        }
    }

    private async Task WriteMinedAsync(
        NpgsqlTransaction transaction, IReadOnlyList<SentRow> ours, Dictionary<Hash32, TransactionReceipt> mined,
        CancellationToken cancellation)
    {
        if (ours.Count == 0) return;
        var command = new NpgsqlCommand(
            $"""
            update {CommandTables.Nonce} n set state = {NonceRows.Mined}, block = m.block, block_hash = m.hash, changed_at = now()
            from unnest($2, $3, $4, $5) m (signer, nonce, block, hash)
            where n.chain = $1 and n.signer = m.signer and n.nonce = m.nonce and n.state < {NonceRows.Mined}
            """,
            transaction.Connection, transaction).With((long)desk.Options.ChainId);
        await using var disposing = command.ConfigureAwait(false);
        command.AddArray(NpgsqlDbType.Bytea, ours.Select(one => one.Signer.Bytes.ToArray()));
        command.AddArray(NpgsqlDbType.Bigint, ours.Select(one => (long)one.Nonce));
        command.AddArray(NpgsqlDbType.Bigint, ours.Select(one => (long)mined[one.Hash].BlockNumber));
        command.AddArray(NpgsqlDbType.Bytea, ours.Select(one => mined[one.Hash].BlockHash.Bytes.ToArray()));
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        foreach (var one in ours) _suspects.Remove((one.Signer, one.Nonce));
    }

    private async Task FinalizeAsync(BlockHeader head, CancellationToken cancellation)
    {
        if (await FinalAsync(head, cancellation).ConfigureAwait(false) is not { } final || final <= _final) return;
        for (var round = 0; round < desk.Options.MostRounds; round++)
            if (await FinalizeAsync(final, cancellation).ConfigureAwait(false) < desk.Options.LookBatch) break;
        await SettleNoncesAsync(final, cancellation).ConfigureAwait(false);
        await new ForeignNonces(desk, _suspects).SettleAsync(final, cancellation).ConfigureAwait(false);
        _final = final;
    }

    private async Task<ulong?> FinalAsync(BlockHeader head, CancellationToken cancellation)
    {
        if (desk.Options.FinalityByTag
            && await desk.Client.GetHeaderAsync(BlockTag.Finalized, cancellation).ConfigureAwait(false) is { } tagged)
            return tagged.Number;
        return head.Number >= desk.Options.FinalityDepth ? head.Number - desk.Options.FinalityDepth : null;
    }

    private async Task<int> FinalizeAsync(ulong final, CancellationToken cancellation)
    {
        var count = 0;
        await desk.InTransactionAsync(
            async (transaction, journal) =>
            {
                var rows = await RelayDesk.LockAsync(
                    transaction,
                    $"where c.phase = {(int)Phase.Included} and c.block <= $1 order by c.number limit {desk.Options.LookBatch}",
                    cancellation, command => command.With((long)final)).ConfigureAwait(false);
                foreach (var row in rows) RelayDesk.Trace("command finalized", journal.Tell(row, Outcome(row)));
                count = rows.Count;
            },
            cancellation).ConfigureAwait(false);
        return count;
    }

    private static Journal.Event Outcome(CommandRow row) => row.State switch
    {
        { Succeeded: true, Block: { } block } => new Journal.Finalized(block),
        { Code: CommandCodes.Expired } when row.DeadlineSeconds is { } deadline => new Journal.Expired(deadline),
        { Code: var code, Reason: var reason } =>
            new Journal.Failed(code ?? CommandCodes.Reverted, reason ?? "the transaction reverted"),
    };

    // A nonce that a final block used is over: a command that still waited for it did not happen.
    private Task SettleNoncesAsync(ulong final, CancellationToken cancellation) => desk.InTransactionAsync(
        async (transaction, journal) =>
        {
            var rows = await RelayDesk.LockAsync(
                transaction,
                $"""
                join {CommandTables.Nonce} n on n.chain = $1 and n.signer = c.signer and n.nonce = c.nonce
                where c.phase between {(int)Phase.Signed} and {(int)Phase.Broadcast} and not c.is_raw
                    and n.state = {NonceRows.Mined} and n.block <= $2
                order by c.number
                """,
                cancellation, command =>
                    command.With((long)desk.Options.ChainId).With((long)final)).ConfigureAwait(false);
            foreach (var row in rows) journal.Tell(row, ForeignNonces.Outcome(row));
            var command = new NpgsqlCommand(
                $"""
                update {CommandTables.Nonce} set state = {NonceRows.Final}
                where chain = $1 and state = {NonceRows.Mined} and block <= $2
                """,
                transaction.Connection, transaction).With((long)desk.Options.ChainId).With((long)final);
            await using var disposing = command.ConfigureAwait(false);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);
}

/// <summary>A transaction that was written down before it was sent.</summary>
internal sealed record SentRow(Hash32 Hash, Address Signer, ulong Nonce, Guid? Command, bool IsOurs);
