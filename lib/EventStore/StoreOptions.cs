// How one store is configured, once, before its first use.
using System.Text.RegularExpressions;
using EventSourced.EventStore.Json;
using EventSourced.EventStore.Projections;
using Npgsql;

namespace EventSourced.EventStore;

/// <summary>What a <see cref="Store"/> is made from.</summary>
public sealed partial class StoreOptions
{
    private string _schema = "public";

    /// <summary>The database; the caller's data source is used as it is and never disposed.</summary>
    public NpgsqlDataSource? DataSource { get; set; }

    internal string? ConnectionString { get; private set; }

    /// <summary>The schema of the event tables.</summary>
    public string DatabaseSchemaName
    {
        get => _schema;
        set => _schema = Identifier().IsMatch(value)
            ? value
            : throw new ArgumentException(
                $"expected a schema name of small letters, digits and underscores, found '{value}'");
    }

    /// <summary>The event types and the optional columns.</summary>
    public EventTypes Events { get; } = new();

    /// <summary>What is folded from events.</summary>
    public ProjectionOptions Projections { get; } = new();

    /// <summary>The clock that dates events.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// How long a hole in the sequence may wait for a writer whose transaction cannot be seen. The store's own
    /// writers, and
    /// Marten's in its default mode, are always seen; Marten's Rich mode draws its numbers before its transaction.
    /// </summary>
    public TimeSpan StaleSequenceThreshold { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Connects to a database through a data source of the store's own.</summary>
    public void Connection(string connectionString) => ConnectionString = connectionString;

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex Identifier();
}
