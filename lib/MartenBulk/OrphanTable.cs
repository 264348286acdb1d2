// The table of events that a reorganisation cut. Marten knows nothing of it. Two programs that make it at once wait for
// each other.
using Npgsql;

namespace EventSourced.MartenBulk;

/// <summary>Makes the table of cut events.</summary>
internal static class OrphanTable
{
    internal static async Task CreateAsync(NpgsqlConnection connection, string schema, CancellationToken token)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand($"select pg_advisory_xact_lock({AdvisoryLocks.Orphans(schema)})"));
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(Script().Replace("{schema}", schema, StringComparison.Ordinal)));
        await batch.ExecuteNonQueryAsync(token);
    }

    private static string Script()
    {
        using var stream = typeof(OrphanTable).Assembly.GetManifestResourceStream("orphans.sql")
            ?? throw new InvalidOperationException("expected the embedded script orphans.sql, found none");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
