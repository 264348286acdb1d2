// The moment by which due things are judged: the view of the contract in the next block, as far as the index has
// followed. Enters: the progress of the index, a node. Leaves: the second and the number of the block to come. Always
// holds: the second is the later one of the index's newest block and the node's pending block; without an index there
// is no moment.
using EventSourced.Tables;
using EventSourced.Workers.Acting;
using Npgsql;

namespace EventSourced.Workers.Keeping;

/// <summary>A moment of the chain.</summary>
/// <param name="Second">The second of the block to come.</param>
/// <param name="Block">Its number, by the index.</param>
public sealed record Moment(long Second, long Block)
{
    /// <summary>Whether there is an index. A process that starts before the index finds no tables yet.</summary>
    internal static async Task<bool> IsIndexedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            $"select to_regclass('{TableNames.Progress}') is not null and to_regclass('{KeeperTable.Table("task")}') is not null",
            connection);
        await using var disposing = command.ConfigureAwait(false);
        return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>The moment now; null: the index has no block yet.</summary>
    internal static async Task<Moment?> ReadAsync(
        NpgsqlConnection connection, Actor actor, CancellationToken cancellation)
    {
        var progress = await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
        if (progress.Tip is not { } tip || progress.Models.Length == 0) return null;
        var pending = await actor.NowAsync(cancellation).ConfigureAwait(false);
        return new Moment((long)Math.Max(tip.Timestamp, pending), (long)tip.Number + 1);
    }
}
