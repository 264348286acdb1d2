// A database of its own for each test class, on the cluster that ./es test starts. Enters: ES_DATABASE (a connection
// string that may create databases) or the launcher's default port. Leaves: a fresh database, dropped at the end.
using Npgsql;

namespace EventSourced.Testing;

/// <summary>A fresh PostgreSQL database, dropped when disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _name;
    private readonly string _cluster;

    private TestDatabase(string cluster, string name)
    {
        _cluster = cluster;
        _name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(cluster) { Database = name }.ConnectionString;
    }

    /// <summary>Connects to the fresh database.</summary>
    public string ConnectionString { get; }

    /// <summary>The cluster's connection string: ES_DATABASE, else the launcher's default.</summary>
    public static string Cluster =>
        Environment.GetEnvironmentVariable("ES_DATABASE")
        ?? $"Host=127.0.0.1;Port={Environment.GetEnvironmentVariable("ES_DB_PORT") ?? "15432"};Username=es;Database=postgres";

    /// <summary>Creates a database with a name of its own.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var database = new TestDatabase(Cluster, $"test_{Guid.NewGuid():N}");
        await database.OnClusterAsync($"create database {database._name}");
        return database;
    }

    /// <summary>Drops the database together with whoever is still connected to it.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var own = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(own);
        await OnClusterAsync($"drop database if exists {_name} with (force)");
    }

    private async Task OnClusterAsync(string statement)
    {
        await using var source = NpgsqlDataSource.Create(_cluster);
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
