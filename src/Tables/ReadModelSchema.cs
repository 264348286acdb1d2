// The tables of the read models, from their declarations: current rows, and the history of superseded rows. Enters: the
// declarations and a schema's name. Leaves: DDL. Always holds: a table and its history have the same columns in the
// same order; a table that has grown enough gets its indexes soon. Most tables stay small: indexes for each would be
// three hundred files that nobody reads.
using System.Security.Cryptography;
using System.Text;
using EventSourced.Projections;
using Npgsql;

namespace EventSourced.Tables;

/// <summary>Makes the tables of the read models.</summary>
public sealed class ReadModelSchema(string schema, IReadOnlyList<ReadModel> models)
{
    // Changes when the storage of rows changes, in any model: 2, since small tables have no indexes.
    private const string Layout = "layout 2";

    /// <summary>The schema that serves.</summary>
    public const string Serving = TableNames.ServingSchema;

    /// <summary>
    /// The size in bytes from which a table gets its indexes. A smaller table is read whole just as fast.
    /// </summary>
    public const int WorthIndexing = 64 * 1024;

    /// <summary>The schema's name.</summary>
    public string Schema { get; } = schema;

    /// <summary>The fingerprint of the read models. It changes when a read model does.</summary>
    public string Fingerprint { get; } = FingerprintOf(models);

    /// <summary>The fingerprint of several models. It changes when any of their tables has to be built anew.</summary>
    public static string FingerprintOf(IEnumerable<ReadModel> models) =>
        string.Join(' ', models.Select(model => $"{model.Table}:{FingerprintOf(model)}"));

    /// <summary>The fingerprint of a model. It changes when the model's table has to be built anew.</summary>
    public static string FingerprintOf(ReadModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
            [model.Table, Layout, $"version {model.HasVersion}", $"deadline {model.HasDeadline}",
                .. model.Columns.Select(column => $"{column.Name} {ColumnTypes.SqlTypeOf(column)}"),
                .. model.Indexes.Select(index => string.Join(',', index)),
                .. model.Searches.Select(column => $"words of {column}"),
                .. model.Fold.Routes.Select(route => route.Event.Name)]))))[..16];
    }

    /// <summary>Creates the schema with its tables; the indexes follow when rows are there.</summary>
    public async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var ddl = new StringBuilder($"create schema {Schema};\n");
        foreach (var model in models) ddl.AppendLine(TableOf(model));
        await RunAsync(connection, ddl.ToString(), cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// The tables that have grown enough for their indexes and do not have them yet, the largest first.
    /// </summary>
    private async Task<List<string>> GrownAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select relname from pg_class
             where relnamespace = $1::regnamespace and relkind = 'r' and 'autovacuum_enabled=off' = any(reloptions) and pg_relation_size(oid) >= $2
             order by pg_relation_size(oid) desc
            """,
            connection);
        command.Parameters.AddWithValue(Schema);
        command.Parameters.AddWithValue(WorthIndexing);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var grown = new List<string>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) grown.Add(reader.GetString(0));
        return grown;
    }

    /// <summary>
    /// Creates the indexes of grown tables on two connections: sorting is one core's work, and nobody writes meanwhile.
    /// </summary>
    public async Task IndexGrownAsync(
        NpgsqlConnection connection, NpgsqlDataSource source, CancellationToken cancellation)
    {
        var grown = await GrownAsync(connection, cancellation).ConfigureAwait(false);
        var beside = IndexBesideAsync(source, [.. grown.Where((_, place) => place % 2 == 0)], cancellation);
        try
        {
            await IndexAsync(
                connection, [.. grown.Where((_, place) => place % 2 == 1)], cancellation).ConfigureAwait(false);
        }
        finally
        {
            await beside.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await beside.ConfigureAwait(false);
    }

    /// <summary>
    /// Creates the indexes of grown tables one after the other, while rows are written and read. The connection must
    /// have no open transaction. The work may be broken off and repeated at any point.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="mayGoOn">Called before each index; throws where it must not be made.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task IndexBehindAsync(
        NpgsqlConnection connection, Func<NpgsqlConnection, Task> mayGoOn, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mayGoOn);
        foreach (var unfinished in await UnfinishedAsync(connection, cancellation).ConfigureAwait(false))
            await RunAsync(connection, $"drop index concurrently if exists {Schema}.{unfinished}", cancellation)
                .ConfigureAwait(false);
        foreach (var table in await GrownAsync(connection, cancellation).ConfigureAwait(false))
        {
            foreach (var model in models)
                foreach (var index in table == model.Table ? IndexesOf(model)
                    : table == HistoryOf(model) ? HistoryIndexesOf(model) : [])
                {
                    await mayGoOn(connection).ConfigureAwait(false);
                    await RunAsync(connection, index.Statement("concurrently if not exists "), cancellation)
                        .ConfigureAwait(false);
                }

            await RunAsync(connection, Vacuumed(table), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Creates the indexes of grown tables, and lets the tables be vacuumed from now on.</summary>
    private async Task IndexAsync(NpgsqlConnection connection, List<string> grown, CancellationToken cancellation)
    {
        if (grown.Count == 0) return;
        var ddl = new StringBuilder();
        foreach (var model in models)
        {
            if (grown.Contains(model.Table)) AddAll(IndexesOf(model));
            if (grown.Contains(HistoryOf(model))) AddAll(HistoryIndexesOf(model));
        }

        foreach (var table in grown) ddl.AppendLine(Vacuumed(table));
        await RunAsync(connection, ddl.ToString(), cancellation).ConfigureAwait(false);

        void AddAll(IEnumerable<DeclaredIndex> indexes)
        {
            foreach (var index in indexes) ddl.AppendLine(index.Statement(""));
        }
    }

    // Unfinished indexes are of no use, and they occupy the names of the finished ones.
    private async Task<List<string>> UnfinishedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
             where c.relnamespace = $1::regnamespace and not i.indisvalid
            """,
            connection);
        command.Parameters.AddWithValue(Schema);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var unfinished = new List<string>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) unfinished.Add(reader.GetString(0));
        return unfinished;
    }

    private async Task IndexBesideAsync(NpgsqlDataSource source, List<string> grown, CancellationToken cancellation)
    {
        if (grown.Count == 0) return;
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await IndexAsync(connection, grown, cancellation).ConfigureAwait(false);
    }

    /// <summary>The columns of a current row.</summary>
    public static string ColumnsOf(ReadModel model) =>
        string.Join(
            ", ", [.. model.Columns.Select(column => column.Name), .. Tail(model).Select(column => column.Name)]);

    /// <summary>The columns after those of the state.</summary>
    private static IEnumerable<(string Name, string Type)> Tail(ReadModel model)
    {
        if (model.HasVersion) yield return ("stream_version", "bigint not null");
        if (model.HasDeadline) yield return ("due_at", "bigint");
        yield return ("valid_from", "bigint not null");
    }

    /// <summary>
    /// The number of digits of the number of blocks for which a row held. It stands first in the index over the
    /// history.
    /// </summary>
    public const string Span = "length((valid_to - valid_from)::text)";

    /// <summary>Every possible number of digits, for queries by the end alone.</summary>
    public const string AnySpan = $"{Span} = any('{{1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19}}')";

    // The columns by which other models ask for rows of this one.
    private IEnumerable<string> AskedFor(ReadModel model) => models.SelectMany(other => other.Relations)
        .Where(relation => relation.IsMany && relation.Target == model.Table
            && relation.TargetColumn != model.Columns[0].Name)
        .Select(relation => relation.TargetColumn).Distinct();

    private string TableOf(ReadModel model)
    {
        var columns = string.Join(",\n  ", [
            .. model.Columns.Select(column => $"{column.Name} {ColumnTypes.SqlTypeOf(column)} not null"),
            .. Tail(model).Select(column => $"{column.Name} {column.Type}"),
        ]);
        // Rows leave room on their page, so that an update that moves no index stays on its page. Small tables are not
        // vacuumed: reading prunes their pages, and statistics of a few rows tell nothing.
        return $"""
            create table {Schema}.{model.Table} (
              {columns},
              constraint {model.Table}_key primary key ({model.Columns[0].Name})
            ) with (fillfactor = 80, autovacuum_enabled = off);
            create table {Schema}.{model.Table}_history (
              {columns},
              valid_to bigint not null
            ) with (autovacuum_enabled = off);
            """;
    }

    private static string HistoryOf(ReadModel model) => $"{model.Table}_history";

    private string Vacuumed(string table) => $"alter table {Schema}.{table} reset (autovacuum_enabled);";

    private IEnumerable<DeclaredIndex> IndexesOf(ReadModel model)
    {
        foreach (var index in model.Indexes)
            yield return Index($"{model.Table}_{string.Join('_', index)}", model.Table, $"({string.Join(", ", index)})");
        foreach (var column in model.Searches)
            yield return Index(
                $"{model.Table}_{column}_words", model.Table, $"using gin (to_tsvector('simple', {column}))");
    }

    private IEnumerable<DeclaredIndex> HistoryIndexesOf(ReadModel model)
    {
        var history = HistoryOf(model);
        yield return Index($"{history}_key", history, $"({model.Columns[0].Name}, valid_from)", "unique ");
        // The index orders the history by the length of a row's life and by its end. For each length, the rows that
        // held at a block are one short stretch. An index in the order of pages would be walked from its wrong end; an
        // index by the end alone would leave half of the history behind a block in the middle.
        yield return Index($"{history}_span", history, $"({Span}, valid_to, valid_from)");
        foreach (var column in AskedFor(model))
            yield return Index($"{history}_{column}", history, $"({column}, valid_to)");
    }

    private DeclaredIndex Index(string name, string table, string what, string kind = "") =>
        new(kind, name, $"{Schema}.{table} {what}");

    private readonly record struct DeclaredIndex(string Kind, string Name, string Over)
    {
        public string Statement(string how) => $"create {Kind}index {how}{Name} on {Over};";
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        // Many rows may need the index: the statement has no time limit.
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
