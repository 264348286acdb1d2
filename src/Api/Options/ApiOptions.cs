// How the API serves: limits by their names, who may ask from which page, and what it may ask of the process that
// indexes.
using EventSourced.Api.Streams;
using EventSourced.GraphQL.Limits;
using EventSourced.GraphQL.Transport;

namespace EventSourced.Api.Options;

/// <summary>How the API behaves.</summary>
public sealed record ApiOptions
{
    /// <summary>The limits of every request.</summary>
    public RequestLimits Limits { get; init; } = RequestLimits.Default;

    /// <summary>How requests are carried.</summary>
    public TransportOptions Transport { get; init; } = new();

    /// <summary>SUBSCRIPTIONS_IN_ALL: how many subscriptions this process serves at once.</summary>
    public int MaxSubscriptions { get; init; } = 10_000;

    /// <summary>CONNECTIONS: how many connections to the database it opens.</summary>
    public int MaxConnections { get; init; } = 40;

    /// <summary>The origins whose pages may ask; "*" lets all in; none by default.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>
    /// A folder of documents that the operator trusts, each NAME.graphql known by its name and by its hash; null: there
    /// is none.
    /// </summary>
    public string? TrustedDocuments { get; init; }

    /// <summary>Whether nothing but trusted documents is run.</summary>
    public bool OnlyTrustedDocuments { get; init; }

    /// <summary>The folder with GraphiQL's npm packages; null: the page says how to install them.</summary>
    public string? GraphiQLPackages { get; init; }

    /// <summary>What the indexer says, where it runs in this process.</summary>
    public Func<IndexerView?> Indexer { get; init; } = static () => null;

    /// <summary>Finds the transactions of events.</summary>
    public Transactions Transactions { get; init; } = new(null);

    /// <summary>Told of faults that clients are not told of.</summary>
    public Action<Exception> OnFault { get; init; } = static _ => { };
}

/// <summary>What the process that indexes knows beside the database.</summary>
/// <param name="ChainHead">The newest block that the node has told of.</param>
/// <param name="Lag">Blocks behind the node.</param>
/// <param name="RebuildShare">How much of the read models is rebuilt, from 0 to 1; null: nothing is.</param>
public sealed record IndexerView(ulong ChainHead, ulong Lag, double? RebuildShare);
