// The reorgs: the branch that was left, its ancestor, and the moment. Always holds: a reorg's row, its cut events and
// the moved tip commit together; the cut events carry the reorg's moment.
using Npgsql;

namespace EventSourced.Tables;

/// <summary>Records reorgs.</summary>
public static class ReorgTable
{
    /// <summary>
    /// Records that the chain after an ancestor was left, and wakes followers: they have to take back their news of
    /// those blocks.
    /// </summary>
    public static async Task RecordAsync(
        NpgsqlConnection connection, BlockLink left, BlockLink ancestor, long lastSequence, string reason,
        CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            $"""
            insert into {TableNames.Reorgs}
              (reason, tip_number, tip_hash, ancestor_number, ancestor_hash, ancestor_timestamp, last_sequence)
            values ($1, $2, $3, $4, $5, $6, $7)
            """,
            reason, (long)left.Number, left.Hash.ToArray(), (long)ancestor.Number, ancestor.Hash.ToArray(),
            (long)ancestor.Timestamp, lastSequence);
        BatchChannel.Notify(batch, ancestor.Number, lastSequence);
        await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
