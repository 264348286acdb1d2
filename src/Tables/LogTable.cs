// The audit log in the database: its head in one row, its tiles and bundles as growing values, and the state roots that
// wait for their events to become final. Enters: bytes that lib/Transparency made. Leaves: the same bytes. Always
// holds: head and tiles move in the appender's transaction; a tile only grows, and every narrower version of it is its
// beginning; a signature is stored before anybody is given it.
using EventSourced.Domain.Values;
using EventSourced.MartenBulk;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Tables;

/// <summary>The growth of a tile by one append; level -1 holds the entries.</summary>
/// <param name="Level">The level, or -1.</param>
/// <param name="Index">The number in its level.</param>
/// <param name="Width">The number of its hashes or entries afterwards.</param>
/// <param name="WidthBefore">The number before; 0: the tile begins.</param>
/// <param name="Added">The added bytes.</param>
public readonly record struct LogTile(int Level, long Index, int Width, int WidthBefore, ReadOnlyMemory<byte> Added);

/// <summary>The head of the log.</summary>
/// <param name="Edge">The right edge of the tree, as lib/Transparency writes it.</param>
/// <param name="Size">The number of leaves: the sequence of the last event in the log.</param>
/// <param name="LastBlock">The block of the last leaf; -1 before the first.</param>
public readonly record struct LogHead(byte[] Edge, long Size, long LastBlock);

/// <summary>The checkpoints of the log.</summary>
/// <param name="Keys">The verifier keys of the log, one a line; empty when nothing was signed.</param>
/// <param name="Signed">The newest checkpoint, signed by the log alone.</param>
/// <param name="SignedSize">The size of that checkpoint; 0 without one.</param>
/// <param name="Published">The served checkpoint, with the cosignatures that are asked for.</param>
/// <param name="PublishedSize">The size of that checkpoint; 0 without one.</param>
public sealed record LogCheckpoints(
    string Keys, string? Signed, long SignedSize, string? Published, long PublishedSize);

/// <summary>The statement of a checkpoint, read in one snapshot.</summary>
/// <param name="Head">The head of the log.</param>
/// <param name="Final">The newest final block.</param>
/// <param name="FinalSequence">The last event up to that block.</param>
/// <param name="StateRoot">The root of all states after the last leaf, if it was computed.</param>
/// <param name="Models">The fingerprint of the read models whose states the root covers.</param>
/// <param name="SignedSize">The size of the newest checkpoint.</param>
public sealed record LogStatement(
    LogHead Head, BlockLink? Final, long FinalSequence, Word? StateRoot, string Models, long SignedSize);

/// <summary>Reads and writes the log.</summary>
public static class LogTable
{
    // Hashes cannot be compressed. Entries can, and lz4 needs a fraction of the usual method's time.
    internal const string Ddl =
        $"""
        create table if not exists {TableNames.Log} (
            one boolean not null default true constraint es_log_key primary key check (one),
            edge bytea not null default decode('0000000000000000', 'hex'),
            size bigint not null default 0,
            last_block bigint not null default -1,
            keys varchar not null default '',
            signed varchar, signed_size bigint not null default 0,
            published varchar, published_size bigint not null default 0
        );
        insert into {TableNames.Log} default values on conflict do nothing;
        create table if not exists {TableNames.LogTiles} (
            level smallint not null,
            index bigint not null,
            width smallint not null,
            bytes bytea not null,
            constraint es_log_tile_key primary key (level, index)
        );
        do $$ begin
            alter table {TableNames.LogTiles} alter column bytes set compression lz4;
        exception when feature_not_supported then null;
        end $$;
        """;

    /// <summary>Reads the head.</summary>
    public static async Task<LogHead> HeadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select edge, size, last_block from {TableNames.Log}", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? new LogHead(reader.GetFieldValue<byte[]>(0), reader.GetInt64(1), reader.GetInt64(2))
            : throw new InvalidOperationException($"expected one row in {TableNames.Log}, found none");
    }

    /// <summary>Moves the head and extends the tiles, in the caller's transaction.</summary>
    public static async Task AppendAsync(
        NpgsqlConnection connection, LogHead before, LogHead after, IEnumerable<LogTile> tiles,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tiles);
        using var whole = new CopyBuffer();
        await using var growing = new NpgsqlBatch(connection);
        growing.Add(
            $"update {TableNames.Log} set edge = $1, size = $2, last_block = $3 where size = $4",
            after.Edge, after.Size, after.LastBlock, before.Size);
        foreach (var tile in tiles)
        {
            if (tile.WidthBefore == 0)
            {
                whole.Row(4);
                whole.Int16((short)tile.Level);
                whole.Int64(tile.Index);
                whole.Int16((short)tile.Width);
                whole.Utf8(tile.Added.Span);
                if (whole.Length >= CopyBuffer.Full) await SendAsync(connection, whole, cancellation)
                    .ConfigureAwait(false);
                continue;
            }

            growing.Add(
                $"""
                update {TableNames.LogTiles} set bytes = bytes || $1, width = $2
                 where level = $3 and index = $4 and width = $5
                """,
                tile.Added, (short)tile.Width, (short)tile.Level, tile.Index, (short)tile.WidthBefore);
        }

        if (!whole.IsEmpty) await SendAsync(connection, whole, cancellation).ConfigureAwait(false);
        var moved = await growing.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        if (moved != growing.BatchCommands.Count)
            throw new InvalidOperationException(
                $"expected a log of {before.Size} leaves whose {growing.BatchCommands.Count - 1} last tiles are as wide, found {moved} rows of them");
    }

    /// <summary>A tile or bundle at its present width; null when there is none.</summary>
    public static async Task<(int Width, byte[] Bytes)?> TileAsync(
        NpgsqlConnection connection, int level, long index, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select width, bytes from {TableNames.LogTiles} where level = $1 and index = $2", connection);
        command.Parameters.AddWithValue((short)level);
        command.Parameters.AddWithValue(index);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? (reader.GetInt16(0), reader.GetFieldValue<byte[]>(1))
            : null;
    }

    /// <summary>Adds the root of all states after an event to a batch.</summary>
    public static void KeepRoot(NpgsqlBatch batch, long lastSequence, Word root)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Add(
            $"""
            insert into {TableNames.StateRoots} (last_sequence, root) values ($1, $2)
            on conflict (last_sequence) do update set root = excluded.root
            """,
            lastSequence, root.ToArray());
    }

    /// <summary>Deletes the roots behind an event, after a cut back to that event.</summary>
    public static Task CutRootsAsync(NpgsqlConnection connection, long lastSequence, CancellationToken cancellation) =>
        RunAsync(
            connection, $"delete from {TableNames.StateRoots} where last_sequence > $1", cancellation, lastSequence);

    /// <summary>Deletes every root, because other read models serve now and their states differ.</summary>
    public static Task ForgetRootsAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        RunAsync(connection, $"delete from {TableNames.StateRoots}", cancellation);

    /// <summary>The statement of a checkpoint that would be signed now.</summary>
    public static async Task<LogStatement> StatementAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select l.edge, l.size, l.last_block, i.final_number, i.final_hash, i.final_parent, i.final_timestamp,
                   {EventPlace.LastEventOf("b.number <= i.final_number")}, r.root, i.models, l.signed_size
              from {TableNames.Log} l cross join {TableNames.Progress} i
              left join {TableNames.StateRoots} r on r.last_sequence = l.size
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellation).ConfigureAwait(false))
            throw new InvalidOperationException($"expected one row in {TableNames.Log}, found none");
        BlockLink? final = await reader.IsDBNullAsync(3, cancellation).ConfigureAwait(false)
            ? null
            : new BlockLink((ulong)reader.GetInt64(3), WordAt(reader, 4), WordAt(reader, 5), (ulong)reader.GetInt64(6));
        return new LogStatement(
            new LogHead(reader.GetFieldValue<byte[]>(0), reader.GetInt64(1), reader.GetInt64(2)), final,
            reader.GetInt64(7),
            await reader.IsDBNullAsync(8, cancellation).ConfigureAwait(false) ? null : WordAt(reader, 8),
            reader.GetString(9), reader.GetInt64(10));
    }

    /// <summary>
    /// Stores a signed checkpoint and deletes the roots before it. When nobody cosigns, the checkpoint is served at
    /// once.
    /// </summary>
    public static async Task SignAsync(
        NpgsqlConnection connection, string keys, string signed, long size, bool isPublished,
        CancellationToken cancellation)
    {
        await RunAsync(
            connection, $"update {TableNames.Log} set keys = $1, signed = $2, signed_size = $3", cancellation, keys,
            signed, size)
            .ConfigureAwait(false);
        await RunAsync(connection, $"delete from {TableNames.StateRoots} where last_sequence < $1", cancellation, size)
            .ConfigureAwait(false);
        if (isPublished) await PublishAsync(connection, signed, size, cancellation).ConfigureAwait(false);
    }

    /// <summary>Serves a checkpoint from now on, unless a larger one is served already.</summary>
    public static Task PublishAsync(
        NpgsqlConnection connection, string checkpoint, long size, CancellationToken cancellation) => RunAsync(
        connection, $"update {TableNames.Log} set published = $1, published_size = $2 where published_size <= $2",
        cancellation, checkpoint, size);

    /// <summary>The checkpoints.</summary>
    public static async Task<LogCheckpoints> CheckpointsAsync(
        NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select keys, signed, signed_size, published, published_size from {TableNames.Log}", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellation).ConfigureAwait(false)) return new LogCheckpoints("", null, 0, null,
            0);
        return new LogCheckpoints(reader.GetString(0), Text(1), reader.GetInt64(2), Text(3), reader.GetInt64(4));

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    private static Word WordAt(NpgsqlDataReader reader, int column) => new(reader.GetFieldValue<byte[]>(column));

    private static Task SendAsync(NpgsqlConnection connection, CopyBuffer rows, CancellationToken cancellation) =>
        rows.SendAsync(
        connection, $"copy {TableNames.LogTiles} (level, index, width, bytes) from stdin (format binary)",
        cancellation);

    private static async Task RunAsync(
        NpgsqlConnection connection, string statement, CancellationToken cancellation, params object[] values)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
