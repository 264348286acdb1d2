// One database for a test class and a fresh schema for each store in it, so that no test sees another's events.
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.EventStore.Tests;

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

    /// <summary>A migrated store that knows the orders; every call makes a schema of its own.</summary>
    public async Task<Store> StoreAsync(
        SnapshotLifecycle lifecycle = SnapshotLifecycle.Live, Action<StoreOptions>? configure = null)
    {
        var store = Orders(ConnectionString, $"s{Guid.NewGuid():N}", lifecycle, configure);
        await store.MigrateAsync();
        return store;
    }

    public static Store Orders(
        string connectionString,
        string schema,
        SnapshotLifecycle lifecycle = SnapshotLifecycle.Live,
        Action<StoreOptions>? configure = null) => Store.For(options =>
        {
            options.Connection(connectionString);
            options.DatabaseSchemaName = schema;
            options.StaleSequenceThreshold = TimeSpan.Zero;
            options.Events
                .AddEventType(OrdersJson.Default.OrderPlaced)
                .AddEventType(OrdersJson.Default.ItemAdded)
                .AddEventType(OrdersJson.Default.OrderShipped)
                .AddEventType(OrdersJson.Default.OrderCancelled);
            if (lifecycle == SnapshotLifecycle.Live)
                options.Projections.LiveStreamAggregation<Order, OrderEvent>(Order.Evolve);
            else options.Projections.Snapshot<Order, OrderEvent>(lifecycle, Order.Evolve, OrdersJson.Default.Order);
            options.Projections.MultiStream<CustomerOrders, OrderPlaced>(
                placed => placed.Customer, CustomerOrders.Evolve, OrdersJson.Default.CustomerOrders);
            configure?.Invoke(options);
        });
}

internal static class StoreExtensions
{
    /// <summary>Runs one statement on the store's database; {s} is its schema.</summary>
    internal static async Task<T> ScalarAsync<T>(this Store store, string statement)
    {
        await using var command = store.DataSource.CreateCommand(statement.Replace("{s}", store.Schema));
        return (T)(await command.ExecuteScalarAsync())!;
    }

    internal static async Task RunAsync(this Store store, string statement)
    {
        await using var command = store.DataSource.CreateCommand(statement.Replace("{s}", store.Schema));
        await command.ExecuteNonQueryAsync();
    }

    internal static async Task AppendAsync(this Store store, string stream, params object[] events)
    {
        await using var session = store.LightweightSession();
        session.Events.Append(stream, events);
        await session.SaveChangesAsync();
    }

    internal static async Task<List<Event>> AllAsync(this Store store)
    {
        await using var session = store.LightweightSession();
        var events = new List<Event>();
        await foreach (var next in session.Events.QueryAllRawEvents()) events.Add(next);
        return events;
    }
}
