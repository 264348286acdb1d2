// The options of the API: limits by their names, the origins whose pages may ask, and the API's sources in the
// process that indexes.
using EventSourced.Api.Cards;
using EventSourced.Api.Commands;
using EventSourced.Api.Streams;
using EventSourced.GraphQL.Limits;
using EventSourced.GraphQL.Transport;

namespace EventSourced.Api.Options;

/// <summary>The indexer's facts that are not in the database.</summary>
/// <param name="ChainHead">The newest block that the node has announced.</param>
/// <param name="Lag">Blocks behind the node.</param>
/// <param name="RebuildShare">The share of the read models that is rebuilt, from 0 to 1; null when no rebuild
/// runs.</param>
public sealed record IndexerView(ulong ChainHead, ulong Lag, double? RebuildShare);

/// <summary>The options of the API.</summary>
public sealed record ApiOptions
{
    /// <summary>The limits of every request.</summary>
    public RequestLimits Limits { get; init; } = RequestLimits.Default;

    /// <summary>How requests are carried.</summary>
    public TransportOptions Transport { get; init; } = new();

    /// <summary>SUBSCRIPTIONS_IN_ALL: the subscriptions of this process at one time.</summary>
    public int MaxSubscriptions { get; init; } = 10_000;

    /// <summary>CONNECTIONS: the connections to the database.</summary>
    public int MaxConnections { get; init; } = 40;

    /// <summary>The origins whose pages may ask; "*" lets all in; the default is none.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>The folder of documents that the operator trusts, or null. A file NAME.graphql is known by its name
    /// and by its hash.</summary>
    public string? TrustedDocuments { get; init; }

    /// <summary>Whether the API runs trusted documents only.</summary>
    public bool OnlyTrustedDocuments { get; init; }

    /// <summary>The folder with GraphiQL's npm packages; without it the page says how to install them.</summary>
    public string? GraphiQLPackages { get; init; }

    /// <summary>The folder with the dashboard's npm packages; without it its charts say how to install them.</summary>
    public string? DashboardPackages { get; init; }

    /// <summary>
    /// The folder of the index's archive: it is served, and the log's tiles that were pruned come from there; or null.
    /// </summary>
    public string? Archive { get; init; }

    /// <summary>The state of the indexer, when the indexer runs in this process.</summary>
    public Func<IndexerView?> Indexer { get; init; } = static () => null;

    /// <summary>Finds the transactions of events.</summary>
    public Transactions Transactions { get; init; } = new(null);

    /// <summary>Reads the cards of agents.</summary>
    public CardReader Cards { get; init; } = new(null);

    /// <summary>
    /// The commands of this process, which know the chain; null: next actions are told by the state alone.
    /// </summary>
    public CommandApi? Commands { get; init; }

    /// <summary>Hears of faults that clients do not hear of.</summary>
    public Action<Exception> OnFault { get; init; } = static _ => { };
}
