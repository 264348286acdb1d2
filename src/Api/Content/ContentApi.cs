// Content of one process by HTTP: its buckets, its places, and the routes. Enters: a store, a database and options.
// Leaves: routes on a web host. Always holds: the store is its owner's and outlives this; whoever is not of a trusted
// network is counted before a byte of a body is read.
using System.Net;
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Http;
using EventSourced.Api.Commands.Limits;
using EventSourced.Api.Commands.Path;
using EventSourced.Content;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace EventSourced.Api.Content;

/// <summary>Brings content from elsewhere into the store; whether it came.</summary>
public delegate Task<bool> ContentFetch(Cid cid, CancellationToken cancellation);

/// <summary>The options of content by HTTP.</summary>
public sealed record ContentApiOptions
{
    /// <summary>Networks whose addresses no bucket counts: the operator's own.</summary>
    public IReadOnlyCollection<IPNetwork> Trusted { get; init; } = [];

    /// <summary>Brings what is missing from peers; null: there are none.</summary>
    public ContentFetch? Fetch { get; init; }

    /// <summary>Whether clients of IPFS may add, read and pin below /api/v0.</summary>
    public bool AnswersIpfs { get; init; }

    /// <summary>Hears of faults that clients do not hear of.</summary>
    public Action<Exception> OnFault { get; init; } = static _ => { };
}

/// <summary>Content by HTTP.</summary>
public sealed class ContentApi : IAsyncDisposable
{
    private const int Connections = 4;

    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource _writes;
    private readonly Buckets _buckets;
    private readonly ContentApiOptions _options;
    private readonly ContentStore _store;
    private readonly ContentRoutes _routes;
    private readonly AtOnce _networks = new(LimitTable.PerNetwork);
    private readonly AtOnce _all = new(LimitTable.InAll);

    private ContentApi(string database, ContentStore store, ContentApiOptions options)
    {
        var parts = new NpgsqlConnectionStringBuilder(database)
        {
            ApplicationName = "eventsourced-content",
            MaxPoolSize = Connections,
            Timezone = "UTC",
        };
        _writes = new NpgsqlDataSourceBuilder(parts.ConnectionString) { Name = "content" }.Build();
        _buckets = new Buckets(_writes);
        (_options, _store) = (options, store);
        _routes = new ContentRoutes(this, store, options.Fetch);
    }

    /// <summary>Makes it; nothing is asked of the database before somebody is to be counted.</summary>
    public static ContentApi Start(string database, ContentStore store, ContentApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        return new ContentApi(database, store, options);
    }

    /// <summary>Adds the routes.</summary>
    public void MapRoutes(IEndpointRouteBuilder routes)
    {
        _routes.Map(routes);
        if (_options.AnswersIpfs) new IpfsRoutes(this, _store, _routes).Map(routes);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writes.DisposeAsync();

    /// <summary>A route with places, and a name for each fault; it answers by itself, or with a reply.</summary>
    internal RequestDelegate Handler(Func<HttpContext, Task<Reply?>> answer, Bucket? bucket = null) => async context =>
    {
        var reply = await AskAsync(context, answer, bucket).ConfigureAwait(false);
        if (reply is null || context.RequestAborted.IsCancellationRequested || context.Response.HasStarted) return;
        await CommandRoutes.WriteAsync(context, reply).ConfigureAwait(false);
    };

    /// <summary>Takes a token of who asks; null: it was there, or nobody counts.</summary>
    internal async Task<Problem?> CountAsync(HttpContext context, Bucket bucket)
    {
        if (IsTrusted(context.Connection.RemoteIpAddress)) return null;
        var token = new Token(bucket, CommandRoutes.NetworkOf(context.Connection.RemoteIpAddress));
        try
        {
            return Gate.Of(await _buckets.TakeAsync([token], 0, context.RequestAborted).ConfigureAwait(false));
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // Where the role commands was here, the table is there, and nothing of it is locked.
            await _buckets.PrepareAsync(context.RequestAborted).ConfigureAwait(false);
            return Gate.Of(await _buckets.TakeAsync([token], 0, context.RequestAborted).ConfigureAwait(false));
        }
    }

    private async Task<Reply?> AskAsync(HttpContext context, Func<HttpContext, Task<Reply?>> answer, Bucket? bucket)
    {
        using var whole = _all.Enter("");
        using var mine = whole is null
            ? null : _networks.Enter(CommandRoutes.NetworkOf(context.Connection.RemoteIpAddress));
        if (whole is null) return Gate.TooMany(LimitTable.InAll);
        if (mine is null) return Gate.TooMany(LimitTable.PerNetwork);
        return await GuardedAsync(
            context, async asked => await LimitAsync(asked, bucket).ConfigureAwait(false) is { } limited
                ? limited : await answer(asked).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task<Problem?> LimitAsync(HttpContext context, Bucket? bucket) =>
        bucket is null ? null : await CountAsync(context, bucket).ConfigureAwait(false);

    /// <summary>Gives each fault its name.</summary>
    internal async Task<Reply?> GuardedAsync(HttpContext context, Func<HttpContext, Task<Reply?>> answer)
    {
        try
        {
            return await answer(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
        catch (ContentRefusedException refusal)
        {
            return Refused(refusal);
        }
        catch (BadHttpRequestException broken)
        {
            return new Problem(broken.StatusCode, "BrokenRequest", "a whole request", "a broken one");
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            _options.OnFault(fault);
            return new Problem(503, "Busy", "the database to answer", "one that does not") { RetryAfter = ComeAgain };
        }
#pragma warning disable CA1031 // The last wall: what nobody foresaw is logged and told without its insides.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _options.OnFault(fault);
            return new Problem(500, "Fault", "an answer", "a fault of ours, which is logged");
        }
    }

    private static Reply Refused(ContentRefusedException refusal) => new Problem(
        refusal.Code switch
        {
            ContentCodes.TooLarge => 413,
            ContentCodes.NoRoom => 507,
            ContentCodes.Locked => 503,
            _ => 422,
        }, refusal.Code, refusal.Expected, refusal.Found)
    {
        Limit = refusal.Limit,
        RetryAfter = refusal.Code == ContentCodes.Locked ? ComeAgain : null,
    };

    /// <summary>Whether an address is of a trusted network.</summary>
    internal bool IsTrusted(IPAddress? address) => address is not null && _options.Trusted.Any(
        network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));
}
