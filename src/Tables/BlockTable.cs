// The blocks that have events of ours: number, hash, time, last event. Always holds: a block's row is written with its
// events, in one transaction; numbers rise, and so do the last events.
using EventSourced.Domain.Values;
using EventSourced.MartenBulk;
using Npgsql;

namespace EventSourced.Tables;

/// <summary>A block that has events of ours.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Time">Its time.</param>
/// <param name="LastSequence">The sequence of its last event.</param>
public readonly record struct BlockRow(ulong Number, Word Hash, Instant Time, long LastSequence);

/// <summary>Reads and writes the blocks.</summary>
public static class BlockTable
{
    /// <summary>Writes blocks, in order.</summary>
    public static async Task WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<BlockRow> blocks, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        if (blocks.Count == 0) return;
        using var rows = new CopyBuffer();
        foreach (var block in blocks)
        {
            rows.Row(4);
            rows.Int64((long)block.Number);
            Wire.Write(rows, block.Hash);
            rows.Int64(block.Time.Seconds);
            rows.Int64(block.LastSequence);
        }

        const string copy =
            $"copy {TableNames.Blocks} (number, hash, timestamp, last_sequence) from stdin (format binary)";
        await rows.SendAsync(connection, copy, cancellation).ConfigureAwait(false);
    }

    /// <summary>The blocks from a number on, in order.</summary>
    public static async Task<List<BlockRow>> FromAsync(
        NpgsqlConnection connection, ulong number, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select number, hash, timestamp, last_sequence from {TableNames.Blocks} where number >= $1 order by number", connection);
        command.Parameters.AddWithValue((long)number);
        return await RowsAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <summary>The blocks after one block and up to another, in order, limited in number.</summary>
    public static async Task<List<BlockRow>> BetweenAsync(
        NpgsqlConnection connection, long after, ulong to, int most, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select number, hash, timestamp, last_sequence from {TableNames.Blocks}
             where number > $1 and number <= $2 order by number limit $3
            """,
            connection);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue((long)to);
        command.Parameters.AddWithValue(most);
        return await RowsAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <summary>The last event up to and including a block.</summary>
    public static async Task<long> LastSequenceAsync(
        NpgsqlConnection connection, ulong block, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select {EventPlace.LastEventOf("b.number <= $1")}", connection);
        command.Parameters.AddWithValue((long)block);
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>Deletes the blocks after a block, in the caller's transaction.</summary>
    public static async Task CutAsync(NpgsqlConnection connection, ulong block, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"delete from {TableNames.Blocks} where number > $1", connection);
        command.Parameters.AddWithValue((long)block);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<List<BlockRow>> RowsAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var blocks = new List<BlockRow>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            blocks.Add(new BlockRow(
                (ulong)reader.GetInt64(0), new Word(reader.GetFieldValue<byte[]>(1)), (ulong)reader.GetInt64(2),
                reader.GetInt64(3)));
        return blocks;
    }
}
