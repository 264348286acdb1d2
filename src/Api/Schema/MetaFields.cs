// The field _meta: the progress of the index. The statement that reads the request's other tables reads its tables
// too. The indexer itself gives the facts that only it knows, when it runs in this process.
using EventSourced.Api.Options;
using EventSourced.Domain.Events;
using EventSourced.GraphQL;
using EventSourced.GraphQL.Sql;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.Projections;
using EventSourced.Tables;

namespace EventSourced.Api.Schema;

/// <summary>Resolves _meta.</summary>
internal static class MetaFields
{
    /// <summary>The database's part, as one expression.</summary>
    internal static SqlValue Value { get; } = new(
        "_meta",
        $"""
        (select json_build_object(
          'block', {Block("tip")}, 'finalizedBlock', {Block("final")},
          'hasIntegrityViolations', exists (select from {TableNames.Violations}),
          'stateRoot', '0x' || encode(i.state_root, 'hex'), 'deployment', i.deployment, 'lastPosition', i.last_sequence,
          'reorgs', (select count(*) from {TableNames.Reorgs})) from {TableNames.Progress} i)
        """);

    internal static void AddTo(SchemaBuilder builder, Func<IndexerView?> indexer) => builder
        .AddResolver("Meta", "catalogHash", _ => EventCatalog.Hash)
        .AddResolver("Meta", "chainHead", _ => (long?)indexer()?.ChainHead)
        .AddResolver("Meta", "lag", _ => (long?)indexer()?.Lag)
        .AddResolver("Meta", "rebuild", _ => indexer()?.RebuildShare is { } share
            ? new Dictionary<string, object?> { ["model"] = "all", ["percent"] = Math.Round(share * 100, 2) }
            : null);

    private static string Block(string which) =>
        $"""
        case when i.{which}_number is not null then json_build_object(
          'number', i.{which}_number, 'hash', '0x' || encode(i.{which}_hash, 'hex'),
          'timestamp', to_char(to_timestamp(i.{which}_timestamp) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) end
        """;
}
