// One database for a test class and a fresh schema for each store in it, so that no test sees another's events. Marten
// makes the tables, and everything that is not bulk work is done by Marten itself.
using EventSourced.Testing;
using JasperFx;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace EventSourced.MartenBulk.Tests;

public sealed class Database : IAsyncLifetime
{
    private TestDatabase? _database;

    public string ConnectionString => _database!.ConnectionString;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _database!.DisposeAsync();
    }

    /// <summary>The orders in a schema of their own, whose tables Marten made.</summary>
    public async Task<OrderStore> StoreAsync()
    {
        var store = new OrderStore(ConnectionString, $"s{Guid.NewGuid():N}");
        await store.Marten.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
        await using var connection = await store.Source.OpenConnectionAsync();
        await store.Bulk.CreateOrphanTableAsync(connection);
        return store;
    }
}

/// <summary>The same event tables, by us and by Marten.</summary>
public sealed class OrderStore : IAsyncDisposable
{
    public OrderStore(string connectionString, string schema)
    {
        Schema = schema;
        Source = NpgsqlDataSource.Create(connectionString);
        Bulk = new BulkStore(
            Source,
            new EventTypes(
            [
                EventType.Of("order_placed", OrdersJson.Default.OrderPlaced),
                EventType.Of("item_added", OrdersJson.Default.ItemAdded),
                EventType.Of("order_shipped", OrdersJson.Default.OrderShipped),
                EventType.Of("order_cancelled", OrdersJson.Default.OrderCancelled),
            ]),
            schema);
        Marten = DocumentStore.For(options =>
        {
            options.Connection(Source);
            options.DatabaseSchemaName = schema;
            options.Events.StreamIdentity = StreamIdentity.AsString;
            options.Events.AddEventTypes(
                [typeof(OrderPlaced), typeof(ItemAdded), typeof(OrderShipped), typeof(OrderCancelled)]);
        });
    }

    public string Schema { get; }

    public NpgsqlDataSource Source { get; }

    public BulkStore Bulk { get; }

    public DocumentStore Marten { get; }

    /// <summary>Answers one value; {s} is the schema.</summary>
    public async Task<T> ScalarAsync<T>(string statement)
    {
        await using var command = Source.CreateCommand(statement.Replace("{s}", Schema, StringComparison.Ordinal));
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Runs statements; {s} is the schema.</summary>
    public async Task RunAsync(string statement)
    {
        await using var command = Source.CreateCommand(statement.Replace("{s}", Schema, StringComparison.Ordinal));
        // A million rows take their time on a machine that does other things too.
        command.CommandTimeout = 300;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Appends by a session of Marten's.</summary>
    public async Task AppendAsync(string stream, params object[] events)
    {
        await using var session = Marten.LightweightSession();
        session.Events.Append(stream, events);
        await session.SaveChangesAsync();
    }

    /// <summary>Every event, as Marten reads it.</summary>
    public async Task<IReadOnlyList<IEvent>> AllAsync()
    {
        await using var session = Marten.QuerySession();
        return await session.Events.QueryAllRawEvents().OrderBy(e => e.Sequence).ToListAsync();
    }

    /// <summary>Works on one bulk append in one transaction, which the work commits.</summary>
    public async Task InTransactionAsync(BulkOptions options, Func<BulkAppend, NpgsqlTransaction, Task> work)
    {
        await using var connection = await Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        using var bulk = Bulk.Append(transaction, options);
        await work(bulk, transaction);
    }

    public async ValueTask DisposeAsync()
    {
        await Marten.DisposeAsync();
        await Source.DisposeAsync();
    }
}
