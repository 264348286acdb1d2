// Reading commands. Enters: an id, or an asker and a place in the order. Leaves: rows as they are; the journal is not
// folded for it. Always holds: a page has a limit; one statement a question.
using EventSourced.Ethereum;
using Npgsql;

namespace EventSourced.Commands;

/// <summary>Questions about commands.</summary>
public sealed class CommandReads(NpgsqlDataSource source)
{
    /// <summary>The most commands of one page.</summary>
    public const int MostOfPage = 200;

    private const string Columns =
        "r.id, r.number, c.phase, r.name, r.asker, r.correlation, r.gas, r.effect, r.received_at, c.changed_at, "
        + "c.version, c.deadline, c.signer, c.nonce, c.hash, c.block, c.block_hash, c.succeeded, c.code, c.reason";

    /// <summary>A command; null: there is none of this id.</summary>
    public async Task<CommandStatus?> ByIdAsync(Guid id, CancellationToken cancellation)
    {
        var command = source.CreateCommand($"select {Columns} from {CommandRow.Tables} where r.id = $1");
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? Status(reader) : null;
    }

    /// <summary>An asker's commands, the newest first, before a place in the order of acceptance.</summary>
    public async Task<IReadOnlyList<CommandStatus>> OfAskerAsync(
        Address asker, int count, CancellationToken cancellation, long before = long.MaxValue)
    {
        var command = source.CreateCommand(
            $"select {Columns} from {CommandRow.Tables} where r.asker = $1 and r.number < $2 order by r.number desc limit $3");
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = asker.Bytes.ToArray() });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Math.Clamp(count, 0, MostOfPage) });
        var found = new List<CommandStatus>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) found.Add(Status(reader));
        return found;
    }

    /// <summary>The command of an asker's key, and the hash of its body; null: the key is free.</summary>
    public async Task<(CommandStatus Status, Hash32 Body)?> ByKeyAsync(
        Address asker, string key, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        return await ByKeyAsync(connection, asker, key).ConfigureAwait(false);
    }

    internal static async Task<(CommandStatus Status, Hash32 Body)?> ByKeyAsync(
        NpgsqlConnection connection, Address asker, string key)
    {
        var command = new NpgsqlCommand(
            $"select {Columns}, r.body_hash from {CommandRow.Tables} where r.asker = $1 and r.key = $2", connection);
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = asker.Bytes.ToArray() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        return await reader.ReadAsync().ConfigureAwait(false)
            ? (Status(reader), new Hash32(reader.GetFieldValue<byte[]>(20)))
            : null;
    }

    private static CommandStatus Status(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetInt64(1), (Phase)reader.GetInt16(2), reader.GetString(3),
        new Address(reader.GetFieldValue<byte[]>(4)), reader.GetString(5), (ulong)reader.GetInt64(6),
        reader.GetString(7), reader.GetFieldValue<DateTimeOffset>(8), reader.GetFieldValue<DateTimeOffset>(9),
        reader.GetInt32(10))
    {
        DeadlineSeconds = CommandRow.Number(reader, 11),
        Signer = CommandRow.Bytes(reader, 12) is { } signer ? new Address(signer) : null,
        Nonce = CommandRow.Number(reader, 13),
        Transaction = CommandRow.Bytes(reader, 14) is { } hash ? new Hash32(hash) : null,
        Block = CommandRow.Number(reader, 15),
        BlockHash = CommandRow.Bytes(reader, 16) is { } block ? new Hash32(block) : null,
        Succeeded = reader.IsDBNull(17) ? null : reader.GetBoolean(17),
        Code = reader.IsDBNull(18) ? null : reader.GetString(18),
        Reason = reader.IsDBNull(19) ? null : reader.GetString(19),
    };
}
