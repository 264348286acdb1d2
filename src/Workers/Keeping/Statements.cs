// What our own audit log has stated, kept for as long as a candidate for a checkpoint may repeat it. Enters: the newest
// signed checkpoint of the index. Leaves: one row a size. Always holds: only what the log's own key signed comes here;
// rows are forgotten after a while.
using System.Globalization;
using EventSourced.Commands;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Workers.Keeping;

/// <summary>A statement of the log.</summary>
/// <param name="Size">How many leaves.</param>
/// <param name="Root">Their root.</param>
/// <param name="StateRoot">The root of all states after them.</param>
/// <param name="Block">The final block up to which the log holds every event.</param>
internal sealed record Statement(long Size, byte[] Root, byte[] StateRoot, long Block)
{
    private const string StateRootLine = "state-root ";
    private const string BlockLine = "final-block ";

    // Longer than the life of a candidate and of a dispute about it.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Reads a signed checkpoint of ours; null: it states no root of states or no final block.</summary>
    internal static Statement? Parse(string note)
    {
        var lines = note.Split('\n');
        var end = Array.IndexOf(lines, "");
        if (end < 3 || !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            return null;
        var block = Value(BlockLine)?.Split(' ')[0];
        return Value(StateRootLine) is { } state
            && long.TryParse(block, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new Statement(size, Convert.FromBase64String(lines[2]), Convert.FromBase64String(state), number)
                : null;

        string? Value(string line) => Array.Find(
            lines[3..end], one => one.StartsWith(line, StringComparison.Ordinal))?[line.Length..];
    }

    /// <summary>Keeps the newest one.</summary>
    internal static async Task KeepAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        var found = await LogTable.CheckpointsAsync(connection, cancellation).ConfigureAwait(false);
        if (found.Signed is not { } note || Parse(note) is not { } stated) return;
        var command = new NpgsqlCommand(
            $"""
            with old as (delete from {CommandTables.Statement} where seen_at < now() - $5)
            insert into {CommandTables.Statement} (size, root, state_root, block) values ($1, $2, $3, $4)
            on conflict do nothing
            """,
            connection).With(stated.Size).With(stated.Root).With(stated.StateRoot).With(stated.Block).With(Kept);
        await using var disposing = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
