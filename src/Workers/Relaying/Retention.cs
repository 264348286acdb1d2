// The old rows that the tables of commands forget. Enters: old finished commands, transactions with a final nonce.
// Leaves: a bounded number of rows fewer at each look. Always holds: no row of a command that can still change is
// touched; journal, row and request of a command go in one transaction; bytes that may still be sent to a node are
// kept.
using EventSourced.Commands;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Workers.Relaying;

/// <summary>Forgets old rows, one look at a time.</summary>
internal sealed class Retention(RelayDesk desk)
{
    private long _looked;

    /// <summary>Looks once, if it is time.</summary>
    internal async Task LookAsync(CancellationToken cancellation)
    {
        var now = desk.Time.GetTimestamp();
        if (_looked != 0 && desk.Time.GetElapsedTime(_looked, now) < desk.Options.ForgetEvery) return;
        _looked = now;
        // Commands go first: then their transactions belong to no command.
        var commands = await ForgetCommandsAsync(cancellation).ConfigureAwait(false);
        var sent = await ForgetSentAsync(cancellation).ConfigureAwait(false);
        if (commands + sent > 0) desk.Log.Forgotten(commands, sent);
    }

    private async Task<int> ForgetCommandsAsync(CancellationToken cancellation)
    {
        var connection = await desk.Source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var ending = transaction.ConfigureAwait(false);
        Guid[] ids = [.. await OldAsync(transaction, cancellation).ConfigureAwait(false)];
        if (ids.Length == 0) return 0;
        string[] streams = [.. ids.Select(Journal.KeyOf)];
        await RunAsync($"delete from {CommandTables.Facts} where stream_id = any($1)", NpgsqlDbType.Text, streams)
            .ConfigureAwait(false);
        await RunAsync($"delete from {CommandTables.Journals} where id = any($1)", NpgsqlDbType.Text, streams)
            .ConfigureAwait(false);
        foreach (var (table, column) in new[]
        {
            (CommandTables.Transaction, "command"), (CommandTables.Command, "id"), (CommandTables.Request, "id"),
        })
            await RunAsync($"delete from {table} where {column} = any($1)", NpgsqlDbType.Uuid, ids)
                .ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return ids.Length;

        async Task RunAsync<T>(string statement, NpgsqlDbType type, T[] keys)
        {
            var command = new NpgsqlCommand(statement, connection, transaction);
            await using var disposing = command.ConfigureAwait(false);
            command.AddArray(type, keys);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task<List<Guid>> OldAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            $"""
            select id from {CommandTables.Command}
            where phase >= {(int)Phase.Finalized} and changed_at < now() - $1
            order by changed_at limit {desk.Options.ForgetBatch} for update skip locked
            """,
            transaction.Connection, transaction).With(desk.Options.KeepCommands);
        await using var disposing = command.ConfigureAwait(false);
        var found = new List<Guid>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) found.Add(reader.GetGuid(0));
        return found;
    }

    // The bytes of a transaction are useful until its command is over and its nonce is final: until then a reorg may
    // make the relayer send them again.
    private async Task<int> ForgetSentAsync(CancellationToken cancellation)
    {
        var command = desk.Source.CreateCommand(
            $"""
            delete from {CommandTables.Transaction} where hash in (
                select s.hash from {CommandTables.Transaction} s
                left join {CommandTables.Command} c on c.id = s.command
                left join {CommandTables.Nonce} n on n.chain = s.chain and n.signer = s.signer and n.nonce = s.nonce
                where s.chain = $1 and s.signed_at < now() - $2
                    and coalesce(c.phase, {(int)Phase.Finalized}) >= {(int)Phase.Finalized}
                    and coalesce(n.state, {NonceRows.Final}) = {NonceRows.Final}
                order by s.signed_at limit {desk.Options.ForgetBatch})
            """).With((long)desk.Options.ChainId).With(desk.Options.KeepSent);
        await using var disposing = command.ConfigureAwait(false);
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
