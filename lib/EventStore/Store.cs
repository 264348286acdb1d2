// The event store: one object for a process, safe for any number of threads. Sessions collect appends and save them in
// one transaction; reads, scans, bulk appends, subscriptions and upkeep start here too.
using EventSourced.EventStore.Projections;
using EventSourced.EventStore.Reading;
using EventSourced.EventStore.Schema;
using EventSourced.EventStore.Subscriptions;
using EventSourced.EventStore.Writing;
using Npgsql;

namespace EventSourced.EventStore;

/// <summary>Streams of events in PostgreSQL, on Marten's tables.</summary>
public sealed class Store : IAsyncDisposable
{
    private readonly bool _ownsDataSource;
    private readonly Lazy<GroupCommit> _groupCommit;

    private Store(StoreOptions options)
    {
        Options = options;
        _ownsDataSource = options.DataSource is null;
        DataSource = options.DataSource ?? NpgsqlDataSource.Create(
            options.ConnectionString ?? throw new ArgumentException(
                "expected a connection string or a data source, found neither"));
        options.Events.Freeze();
        options.Projections.Freeze();
        var metadata = options.Events.MetadataConfig;
        Appender = new Appender(options.DatabaseSchemaName, metadata);
        Versions = new StreamVersions(options.DatabaseSchemaName);
        Queries = new EventQueries(options.DatabaseSchemaName, options.Events);
        Snapshots = new SnapshotTable(options.DatabaseSchemaName);
        _groupCommit = new Lazy<GroupCommit>(() => new GroupCommit(this));
        Advanced = new AdvancedOperations(this);
    }

    /// <summary>What only an operator, an indexer or a rebuild needs.</summary>
    public AdvancedOperations Advanced { get; }

    internal StoreOptions Options { get; }

    internal NpgsqlDataSource DataSource { get; }

    internal Appender Appender { get; }

    internal StreamVersions Versions { get; }

    internal EventQueries Queries { get; }

    internal SnapshotTable Snapshots { get; }

    internal GroupCommit GroupCommit => _groupCommit.Value;

    internal string Schema => Options.DatabaseSchemaName;

    /// <summary>Makes a store.</summary>
    public static Store For(Action<StoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new StoreOptions();
        configure(options);
        return new Store(options);
    }

    /// <summary>Brings the database to this program's schema, and answers how many steps that took.</summary>
    /// <exception cref="DatabaseIsNewerException">A newer program made the database.</exception>
    public Task<int> MigrateAsync(CancellationToken token = default) =>
        new Migrations(Schema, Options.Events.MetadataConfig).ApplyAsync(DataSource, token);

    /// <summary>A unit of work of its own: connections are opened when they are needed.</summary>
    public Session LightweightSession() => new(this, null);

    /// <summary>A unit of work inside the caller's transaction, which the caller commits.</summary>
    public Session LightweightSession(NpgsqlTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return new Session(this, transaction);
    }

    /// <summary>
    /// Handles one command: loads the aggregate, lets <paramref name="decide"/> append to it, and saves together with
    /// other callers' commands. When another writer was faster, it is decided anew, at most
    /// <see cref="Limits.CommandAttempts"/> times.
    /// </summary>
    /// <returns>The stream's version after the command.</returns>
    public Task<long> WriteToAggregateAsync<T>(
        string streamKey, Action<EventStream<T>> decide, CancellationToken token = default)
        where T : class => GroupCommit.WriteAsync(streamKey, decide, token);

    /// <summary>Follows the events from a durable position.</summary>
    public Subscription Subscribe(string name, EventPageHandler handler, Action<SubscriptionOptions>? configure = null)
    {
        var options = new SubscriptionOptions();
        configure?.Invoke(options);
        return new Subscription(this, name, handler, options);
    }

    /// <summary>Waits for commands under way and closes what the store opened.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_groupCommit.IsValueCreated) await _groupCommit.Value.DisposeAsync();
        if (_ownsDataSource) await DataSource.DisposeAsync();
    }
}
