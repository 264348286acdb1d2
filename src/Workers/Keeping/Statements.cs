// The statements of our own audit log, kept for as long as a candidate for a checkpoint may repeat them. Enters: the
// newest signed checkpoint of the index. Leaves: one row for each size. Always holds: only statements that the log's
// own key signed come here; rows are forgotten after a while.
using EventSourced.Commands;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Workers.Keeping;

/// <summary>The statements of the log.</summary>
internal static class Statements
{
    // This is longer than the life of a candidate and of a dispute about it.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Keeps the newest statement.</summary>
    internal static async Task KeepAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        var found = await LogTable.CheckpointsAsync(connection, cancellation).ConfigureAwait(false);
        if (found.Signed is not { } note || EpochRoots.Parse(note) is not { } stated) return;
        var command = new NpgsqlCommand(
            $"""
            with old as (delete from {CommandTables.Statement} where seen_at < now() - $5)
            insert into {CommandTables.Statement} (size, root, state_root, block) values ($1, $2, $3, $4)
            on conflict do nothing
            """,
            connection).With((long)stated.EventCount).With(stated.LogRoot.ToArray()).With(stated.StateRoot.ToArray())
            .With((long)stated.ToBlock).With(Kept);
        await using var disposing = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
