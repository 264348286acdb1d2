// The read API of one process: its own pool of read-only connections, the schema, the executor, the feed of changes,
// and the routes that lead to them. Enters: a connection string and options. Leaves: routes on a web host. Always
// holds: no statement of the API writes.
using System.Security.Cryptography;
using System.Text.Json;
using EventSourced.Api.Commands.Path;
using EventSourced.Api.Live;
using EventSourced.Api.Log;
using EventSourced.Api.Options;
using EventSourced.Api.Schema;
using EventSourced.Api.Serving;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Limits;
using EventSourced.GraphQL.Response;
using EventSourced.GraphQL.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace EventSourced.Api;

/// <summary>The read API.</summary>
public sealed class ReadApi : IAsyncDisposable
{
    /// <summary>The path of GraphQL.</summary>
    public const string Path = "/graphql";

    private const int PreparedStatements = 200;

    private readonly ApiOptions _options;
    private readonly ChangeFeed _feed;
    private readonly SubscriptionFields _subscriptions;

    private ReadApi(string database, ApiOptions options)
    {
        _options = options;
        Database = Open(database, options);
        _feed = new ChangeFeed(Database, options.Limits.MaxQueuedResults, options.OnFault);
        _subscriptions = new SubscriptionFields(_feed, options.MaxSubscriptions);
        Meter = new ApiMeter(() => _subscriptions.Active);
        Executor = new RequestExecutor(SchemaOf(Database, options, _subscriptions), new ExecutionOptions
        {
            Limits = options.Limits,
            OnUnexpectedError = (fault, _) => options.OnFault(fault),
            OnRefused = Meter.Count,
            TrustedDocuments = options.TrustedDocuments is { } folder ? TrustedDocuments(folder) : null,
            OnlyTrustedDocuments = options.OnlyTrustedDocuments,
            // A thousand open pages ask the same when a block comes.
            SharesEqualQueries = true,
            AutomaticPersistedQueries =
                options.OnlyTrustedDocuments ? 0 : new ExecutionOptions().AutomaticPersistedQueries,
        });
        // The first executor has judged a subscription's selection; this one reads its rows without judging again.
        _subscriptions.ReadRowsBy(new RequestExecutor(Executor.Schema, new ExecutionOptions
        {
            Limits = RequestLimits.Unlimited with { Timeout = options.Limits.Timeout },
            OnUnexpectedError = (fault, _) => options.OnFault(fault),
        }));
        Health = new ApiHealth(Database);
    }

    /// <summary>Runs requests.</summary>
    public RequestExecutor Executor { get; }

    /// <summary>The figures.</summary>
    public ApiMeter Meter { get; }

    /// <summary>Whether there is an index to read.</summary>
    public ApiHealth Health { get; }

    /// <summary>The pool: its sessions only read.</summary>
    internal NpgsqlDataSource Database { get; }

    /// <summary>The number of subscriptions now.</summary>
    internal int ActiveSubscriptions => _subscriptions.Active;

    /// <summary>The number of subscriptions that follow the index by now.</summary>
    internal int FollowingSubscriptions => _subscriptions.Following;

    /// <summary>Makes the API and begins to follow the index.</summary>
    public static ReadApi Start(string database, ApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var api = new ReadApi(database, options);
        api._feed.Start();
        return api;
    }

    /// <summary>The schema as text, as docs/graphql/schema.graphql holds it.</summary>
    public static string SchemaText()
    {
        using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1");
        var options = new ApiOptions();
        var feed = new ChangeFeed(nowhere, 1, static _ => { });
        return SchemaOf(nowhere, options, new SubscriptionFields(feed, options.MaxSubscriptions)).ToString();
    }

    /// <summary>
    /// Answers one query, under the limits of every request; what is no query or mutation is refused.
    /// </summary>
    public async Task<string> QueryAsync(string query, JsonElement? variables, CancellationToken cancellation)
    {
        var request = OperationRequest.FromText(query) with { Variables = variables };
        return await Executor.ExecuteAsync(request, cancellation).ConfigureAwait(false) is OperationResult result
            ? result.ToJson()
            : """{"errors":[{"message":"Expected a query, found a subscription."}]}""";
    }

    /// <summary>Adds the routes.</summary>
    public void MapRoutes(IEndpointRouteBuilder routes)
    {
        var handler = new GraphQLHttpHandler(Executor, _options.Transport);
        routes.Map(Path, context => Meter.MeasureAsync(context, handler));
        new LogRoutes(new StoredLog(Database, _options.Archive)).Map(routes);
        if (_options.Archive is { } archive) new ArchiveRoutes(archive).Map(routes);
        WebPages.Map(routes, _options.GraphiQLPackages);
        DashboardPages.Map(routes, _options.DashboardPackages);
    }

    /// <summary>Lets pages of the configured origins ask.</summary>
    public void UseCors(IApplicationBuilder web) => Cors.Use(web, _options.CorsOrigins);

    /// <summary>Ends the subscriptions and the pool.</summary>
    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync().ConfigureAwait(false);
        Meter.Dispose();
        await Database.DisposeAsync().ConfigureAwait(false);
    }

    private static GraphQL.TypeSystem.Schema SchemaOf(
        NpgsqlDataSource database, ApiOptions options, SubscriptionFields subscriptions) =>
        ApiSchema.Create(
            database, options.Indexer, options.Transactions, options.Limits.MaxListSize, subscriptions,
            options.Commands?.Actions ?? new NextActions(database, null), options.Archive, options.Cards);

    private static NpgsqlDataSource Open(string database, ApiOptions options)
    {
        var timeout = options.Limits.Timeout == Timeout.InfiniteTimeSpan
            ? 0
            : (long)options.Limits.Timeout.TotalMilliseconds;
        var parts = new NpgsqlConnectionStringBuilder(database)
        {
            ApplicationName = "eventsourced-api",
            MaxAutoPrepare = PreparedStatements,
            AutoPrepareMinUsages = 2,
            MaxPoolSize = options.MaxConnections,
            Timezone = "UTC",
            // A session of this pool has nothing to reset: it only reads, and its settings are those of the pool.
            NoResetOnClose = true,
        };
        var given = $"{parts.Options} -c default_transaction_read_only=on -c jit=off -c random_page_cost=1.1";
        parts.Options = FormattableString.Invariant($"{given} -c statement_timeout={timeout}").Trim();
        // The pool's metrics carry this name, and not the address of the database.
        return new NpgsqlDataSourceBuilder(parts.ConnectionString) { Name = "api" }.Build();
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> TrustedDocuments(string folder)
    {
        var documents = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*.graphql"))
        {
            var text = File.ReadAllBytes(file);
            documents[System.IO.Path.GetFileNameWithoutExtension(file)] = text;
            documents[$"sha256:{Convert.ToHexStringLower(SHA256.HashData(text))}"] = text;
        }

        return documents;
    }
}
