// The mt_* tables, made by Marten itself. Enters: a database. Leaves: one that has the schema of this program's Marten.
// Always holds: Marten is started only where its schema is missing or of another version, for its start takes seconds;
// programs that start at once wait for one another; the version is recorded after the last change, so that a migration
// which was killed runs again.
using System.Data;
using JasperFx;
using Marten;
using Npgsql;

namespace EventSourced.Marten;

/// <summary>Keeps Marten's tables.</summary>
public static class EventTables
{
    // Raise it when AgentEconomy.AddEvents changes what Marten makes.
    private const int Layout = 1;

    private const string Lock = "hashtextextended('EventSourced.Marten: event tables', 0)";

    /// <summary>The version in the comment of <c>mt_events</c>.</summary>
    public static string Version { get; } =
        $"Marten {typeof(DocumentStore).Assembly.GetName().Version?.ToString(3)}, layout {Layout}";

    /// <summary>Brings the tables to this program's version; answers whether anything had to be done.</summary>
    public static async Task<bool> EnsureAsync(NpgsqlDataSource source, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        if (await IsCurrentAsync(connection, cancellation).ConfigureAwait(false)) return false;
        await RunAsync(connection, $"select pg_advisory_lock({Lock})", cancellation).ConfigureAwait(false);
        try
        {
            if (await IsCurrentAsync(connection, cancellation).ConfigureAwait(false)) return false;
            await MigrateAsync(source, cancellation).ConfigureAwait(false);
            await RunAsync(connection, $"comment on table mt_events is '{Version}'", cancellation)
                .ConfigureAwait(false);
            return true;
        }
        finally
        {
            // A connection that broke holds no lock any more.
            if (connection.State == ConnectionState.Open)
                await RunAsync(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None)
                    .ConfigureAwait(false);
        }
    }

    private static async Task MigrateAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await using var store = DocumentStore.For(options =>
        {
            options.Connection(source);
            options.AddEvents();
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate).ConfigureAwait(false);
    }

    private static async Task<bool> IsCurrentAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command =
            new NpgsqlCommand("select obj_description(to_regclass('mt_events'), 'pg_class')", connection);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as string == Version;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
