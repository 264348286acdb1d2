// The tables of the read models, from their declarations: rows as they hold, and the history of rows that no longer do. Enters: the
// declarations and a schema's name. Leaves: DDL. Always holds: a table and its
// history have the same columns in the same order.
using System.Text;
using EventSourced.Projections;
using Npgsql;

namespace EventSourced.Indexer.Pipeline;

/// <summary>Makes the tables of the read models.</summary>
public sealed class ReadModelSchema(string schema, IReadOnlyList<ReadModel> models)
{
    /// <summary>The schema that serves.</summary>
    public const string Serving = ReadModels.ServingSchema;

    /// <summary>The schema's name.</summary>
    public string Schema { get; } = schema;

    /// <summary>What changes when a read model does.</summary>
    public string Fingerprint { get; } = string.Join(' ', models.Select(model => $"{model.Table}:{model.Fingerprint}"));

    /// <summary>Creates the schema with its tables; indexes are for when the rows are there.</summary>
    public async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var ddl = new StringBuilder($"create schema {Schema};\n");
        foreach (var model in models) ddl.AppendLine(TableOf(model));
        await RunAsync(connection, ddl.ToString(), cancellation).ConfigureAwait(false);
    }

    /// <summary>Creates the keys of the history and the indexes of the declarations, all or none of them.</summary>
    public async Task IndexAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var ddl = new StringBuilder();
        foreach (var model in models) ddl.AppendLine(IndexesOf(model));
        await RunAsync(connection, ddl.ToString(), cancellation).ConfigureAwait(false);
    }

    /// <summary>Whether the indexes are there.</summary>
    public async Task<bool> IsIndexedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select to_regclass($1) is not null", connection);
        command.Parameters.AddWithValue($"{Schema}.{models[^1].Table}_history_key");
        return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>The columns of a row as it holds.</summary>
    internal static string ColumnsOf(ReadModel model) =>
        string.Join(", ", [.. model.Columns.Select(column => column.Name), .. Tail(model).Select(column => column.Name)]);

    /// <summary>What stands behind the columns of the state.</summary>
    private static IEnumerable<(string Name, string Type)> Tail(ReadModel model)
    {
        if (model.HasVersion) yield return ("stream_version", "bigint not null");
        if (model.HasDeadline) yield return ("due_at", "bigint");
        yield return ("valid_from", "bigint not null");
    }

    /// <summary>The digits of the number of blocks for which a row held; first of the index over the history.</summary>
    internal const string Span = "length((valid_to - valid_from)::text)";

    /// <summary>Every number of digits, for what asks by the end alone.</summary>
    internal const string AnySpan = $"{Span} = any('{{1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19}}')";

    // The columns by which other models ask for rows of this one.
    private IEnumerable<string> AskedFor(ReadModel model) => models.SelectMany(other => other.Relations)
        .Where(relation => relation.IsMany && relation.Target == model.Table && relation.TargetColumn != model.Columns[0].Name)
        .Select(relation => relation.TargetColumn).Distinct();

    private string TableOf(ReadModel model)
    {
        var columns = string.Join(",\n  ", [
            .. model.Columns.Select(column => $"{column.Name} {column.SqlType} not null"),
            .. Tail(model).Select(column => $"{column.Name} {column.Type}"),
        ]);
        // Rows leave room on their page, so that an update that moves no index stays on it.
        return $"""
            create table {Schema}.{model.Table} (
              {columns},
              constraint {model.Table}_key primary key ({model.Columns[0].Name})
            ) with (fillfactor = 80);
            create table {Schema}.{model.Table}_history (
              {columns},
              valid_to bigint not null
            );
            """;
    }

    private string IndexesOf(ReadModel model)
    {
        var ddl = new StringBuilder();
        ddl.AppendLine($"alter table {Schema}.{model.Table}_history add constraint {model.Table}_history_key"
            + $" primary key ({model.Columns[0].Name}, valid_from);");
        // By how long a row held and when it ceased to: of each length, what held at a block is one short stretch. An index in the order of
        // a page would be walked from its wrong end, and by the end alone half of the history lies behind a block in the middle.
        ddl.AppendLine($"create index {model.Table}_history_span on {Schema}.{model.Table}_history ({Span}, valid_to, valid_from);");
        foreach (var column in AskedFor(model))
            ddl.AppendLine($"create index {model.Table}_history_{column} on {Schema}.{model.Table}_history ({column}, valid_to);");
        foreach (var index in model.Indexes)
            ddl.AppendLine($"create index {model.Table}_{string.Join('_', index)} on {Schema}.{model.Table} ({string.Join(", ", index)});");
        foreach (var column in model.Searches)
            ddl.AppendLine($"create index {model.Table}_{column}_words on {Schema}.{model.Table} using gin (to_tsvector('simple', {column}));");
        return ddl.ToString();
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        // Many rows may stand behind an index: it takes as long as it takes.
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
