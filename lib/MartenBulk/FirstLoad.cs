// A first load: many events at once into an empty store. Meanwhile Marten's unique index by stream and version is left
// out: it costs as much as half of the copying, and a tenth of that when it is made at the end. Tables that are about
// to change anyway are neither vacuumed nor analyzed. Always holds: a load only begins when there is no event; while
// vacuuming is off, a load is under way. Its end hinders no append, and may be broken off and repeated at any point.
using Npgsql;

namespace EventSourced.MartenBulk;

internal sealed class FirstLoad(string schema)
{
    private const string Index = "pk_mt_events_stream_and_version";

    private string IsUnderWay =>
        $"""
        coalesce('autovacuum_enabled=off' = any(reloptions), false)
          from pg_class where oid = '{schema}.mt_events'::regclass
        """;

    private string IsUnfinished =>
        $"exists (select from pg_index where indexrelid = to_regclass('{schema}.{Index}') and not indisvalid)";

    internal async Task BeginAsync(NpgsqlTransaction transaction, CancellationToken token)
    {
        var connection = transaction.Connection
            ?? throw new ArgumentException("expected an open transaction, found one that has ended");
        // The load waits for appenders that are at work, and then there is an event.
        await RunAsync(connection, $"lock table {schema}.mt_events in access exclusive mode", token);
        if (await AskAsync(connection, $"exists (select from {schema}.mt_events)", token)) return;
        await RunAsync(
            connection,
            $"""
            drop index if exists {schema}.{Index};
            alter table {schema}.mt_events set (autovacuum_enabled = off);
            alter table {schema}.mt_streams set (autovacuum_enabled = off)
            """,
            token);
    }

    internal async Task EndAsync(NpgsqlConnection connection, CancellationToken token)
    {
        // Not by the index: Marten's own migration makes it in the middle of a load when a program with a newer Marten
        // starts.
        if (!await AskAsync(connection, IsUnderWay, token)) return;
        // An unfinished index stays behind and is of no use.
        if (await AskAsync(connection, IsUnfinished, token))
            await RunAsync(connection, $"drop index concurrently {schema}.{Index}", token);
        await RunAsync(
            connection,
            $"create unique index concurrently if not exists {Index} on {schema}.mt_events (stream_id, version)",
            token);
        await RunAsync(
            connection,
            $"""
            alter table {schema}.mt_events reset (autovacuum_enabled);
            alter table {schema}.mt_streams reset (autovacuum_enabled)
            """,
            token);
    }

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string condition, CancellationToken token)
    {
        await using var command = new NpgsqlCommand($"select {condition}", connection);
        return await command.ExecuteScalarAsync(token) is true;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statements, CancellationToken token)
    {
        // Many events may stand behind the index: it takes as long as it takes.
        await using var command = new NpgsqlCommand(statements, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(token);
    }
}
