// The options of an executor, beside its limits.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Limits;

namespace EventSourced.GraphQL.Execution;

/// <summary>The behaviour of an executor.</summary>
public sealed record ExecutionOptions
{
    /// <summary>The limits of every request.</summary>
    public RequestLimits Limits { get; init; } = RequestLimits.Default;

    /// <summary>Whether clients see the messages of exceptions that no resolver announced. For development.</summary>
    public bool IncludeExceptionDetails { get; init; }

    /// <summary>Hears of exceptions that no resolver announced, for the log.</summary>
    public Action<Exception, ResultPath>? OnUnexpectedError { get; init; }

    /// <summary>Hears of requests that were refused before they ran, for figures.</summary>
    public Action<GraphQLException>? OnRefused { get; init; }

    /// <summary>The errors that one response lists at most.</summary>
    public int MaxErrors { get; init; } = 100;

    /// <summary>Whether introspection is answered.</summary>
    public bool AllowIntrospection { get; init; } = true;

    /// <summary>The documents that stay parsed and planned.</summary>
    public int DocumentCacheSize { get; init; } = 1_000;

    /// <summary>Documents that the operator trusts, by their ids; see <see cref="OnlyTrustedDocuments"/>.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? TrustedDocuments { get; init; }

    /// <summary>Whether nothing but trusted documents is run.</summary>
    public bool OnlyTrustedDocuments { get; init; }

    /// <summary>The documents that clients may register by their hashes; zero switches that off.</summary>
    public int AutomaticPersistedQueries { get; init; } = 1_000;

    /// <summary>Whether equal queries that come while one runs share the next run. For schemas whose answers depend on
    /// document and variables alone; their resolvers ask for no services.</summary>
    public bool SharesEqualQueries { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
