// The exchange of the serving schema for the next one. Enters: a connection in the caller's transaction, on which the
// next schema is complete. Leaves: the next schema under the serving name. Always holds: readers see the old schema or
// the new one, whole.
using Npgsql;

namespace EventSourced.Tables;

/// <summary>Exchanges the serving schema.</summary>
public static class ServingSchemas
{
    /// <summary>Lets the next schema serve from now on, and drops the old one.</summary>
    public static async Task SwitchAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var change = new NpgsqlCommand(
            $"""
            drop schema if exists {TableNames.OldSchema} cascade;
            alter schema {TableNames.ServingSchema} rename to {TableNames.OldSchema};
            alter schema {TableNames.NextSchema} rename to {TableNames.ServingSchema};
            drop schema {TableNames.OldSchema} cascade
            """,
            connection);
        await change.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>The things that violated integrity and are quarantined for it.</summary>
    public static async Task<List<string>> QuarantinedAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select subject from {TableNames.Of(schema, "violation")}", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var subjects = new List<string>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) subjects.Add(reader.GetString(0));
        return subjects;
    }
}
