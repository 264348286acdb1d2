// A command in the hands of a process that changes it: its row, locked. Enters: a row. Leaves: the state that its
// journal folds to, and the parts that the relayer needs to send it. Always holds: the columns are written by this
// file's list alone.
using EventSourced.Ethereum;
using Npgsql;

namespace EventSourced.Commands;

/// <summary>A command's row.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">How many facts its journal holds.</param>
/// <param name="State">The state that the journal's facts fold to.</param>
/// <param name="Payload">The payload that goes to the chain.</param>
/// <param name="GasUsed">The gas that the simulation took.</param>
/// <param name="DeadlineSeconds">The last second in which it may happen; null: there is none.</param>
/// <param name="CorrelationId">The id of the command in traces and logs.</param>
public sealed record CommandRow(
    Guid Id, int Version, Journal.State State, Payload Payload, ulong GasUsed, ulong? DeadlineSeconds,
    string CorrelationId)
{
    /// <summary>The columns of a row, in the order of <see cref="Read"/>.</summary>
    public const string Columns =
        "c.id, c.version, c.phase, r.name, c.asker, r.payload, r.gas, c.deadline, r.correlation, c.signer, c.nonce, "
        + "c.hash, c.block, c.block_hash, c.succeeded, c.code, c.reason";

    /// <summary>The tables that hold the columns: c changes, r does not.</summary>
    public const string Tables = $"{CommandTables.Command} c join {CommandTables.Request} r on r.id = c.id";

    /// <summary>Reads a row of these columns.</summary>
    public static CommandRow Read(NpgsqlDataReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var state = new Journal.State(
            (Phase)reader.GetInt16(2), reader.GetString(3), new Address(reader.GetFieldValue<byte[]>(4)))
        {
            Signer = Bytes(reader, 9) is { } signer ? new Address(signer) : null,
            Nonce = Number(reader, 10),
            Transaction = Bytes(reader, 11) is { } hash ? new Hash32(hash) : null,
            Block = Number(reader, 12),
            BlockHash = Bytes(reader, 13) is { } block ? new Hash32(block) : null,
            Succeeded = reader.IsDBNull(14) ? null : reader.GetBoolean(14),
            Code = reader.IsDBNull(15) ? null : reader.GetString(15),
            Reason = reader.IsDBNull(16) ? null : reader.GetString(16),
        };
        return new CommandRow(
            reader.GetGuid(0), reader.GetInt32(1), state, Commands.Payload.Decode(reader.GetFieldValue<byte[]>(5)),
            (ulong)reader.GetInt64(6), Number(reader, 7), reader.GetString(8));
    }

    internal static byte[]? Bytes(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);

    internal static ulong? Number(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : (ulong)reader.GetInt64(column);
}
