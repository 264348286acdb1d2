// Statements that go to the server together. Enters: a statement and its values, in the order of $1, $2, ... Leaves:
// one more command of a batch, which costs no way of its own to the server and back.
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Tables;

/// <summary>Adds statements to a batch.</summary>
internal static class BatchStatements
{
    // A missing value is one of bytes: no other column of these tables is ever empty.
    internal static void Add(this NpgsqlBatch batch, string statement, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(statement);
        foreach (var value in values)
            command.Parameters.Add(value is ReadOnlyMemory<byte> or DBNull
                ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Bytea }
                : new NpgsqlParameter { Value = value });
        batch.BatchCommands.Add(command);
    }
}
