// Rows against rows: the replay's tables and the serving ones, both as of a block. Enters: two schemas. Leaves: the
// first difference, by table, key, column and both values, or none. Rows that held before the block count too: the past
// must be equal, not only the present.
using EventSourced.Projections;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Indexer.Prove;

/// <summary>Compares the tables of two schemas.</summary>
/// <param name="source">The database.</param>
/// <param name="expected">The schema that the replay made.</param>
/// <param name="found">The serving schema.</param>
/// <param name="block">The block.</param>
/// <param name="horizon">The block up to which past rows may have been dropped.</param>
public sealed class RowComparison(
    NpgsqlDataSource source, string expected, string found, ulong block, ulong horizon = 0)
{
    /// <summary>The first difference of all tables, or null.</summary>
    public async Task<Difference?> FirstAsync(IReadOnlyList<ReadModel> models, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        foreach (var model in models)
            if (await FirstAsync(
                connection, model, cancellation).ConfigureAwait(false) is { } difference) return difference;
        return null;
    }

    private async Task<Difference?> FirstAsync(
        NpgsqlConnection connection, ReadModel model, CancellationToken cancellation)
    {
        if (await AreEqualAsync(connection, model, cancellation).ConfigureAwait(false)) return null;
        var key = model.Columns[0].Name;
        await using var command = new NpgsqlCommand(
            $"""
            select coalesce(e.{key}, f.{key})::text, coalesce(e.valid_from, f.valid_from), to_jsonb(e)::text, to_jsonb(f)::text
              from ({Versions(expected, model)}) e full join ({Versions(found, model)}) f
                on e.{key} = f.{key} and e.valid_from = f.valid_from
             where e is distinct from f
             order by 2, 1 limit 1
            """,
            connection);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellation).ConfigureAwait(false)) return null;
        var where = $"table {model.Table}, row {reader.GetString(0)}, since block {reader.GetInt64(1)}";
        return Explain(
            where,
            await reader.IsDBNullAsync(2, cancellation).ConfigureAwait(false) ? null : reader.GetString(2),
            await reader.IsDBNullAsync(3, cancellation).ConfigureAwait(false) ? null : reader.GetString(3));
    }

    // Compares sums of hashes first, so that equal tables are done in one pass.
    private async Task<bool> AreEqualAsync(NpgsqlConnection connection, ReadModel model, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select (select (count(*), coalesce(sum(hashtextextended(x::text, 0)::numeric), 0))::text from ({Versions(expected, model)}) x)
                 = (select (count(*), coalesce(sum(hashtextextended(x::text, 0)::numeric), 0))::text from ({Versions(found, model)}) x)
            """,
            connection);
        command.CommandTimeout = 0;
        return (bool?)await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false)
            ?? throw new InvalidOperationException("expected a comparison, found null");
    }

    // Every version of every row that began to hold up to the block; one that ceased to hold after it counts as open.
    private string Versions(string schema, ReadModel model)
    {
        var columns = ReadModelSchema.ColumnsOf(model);
        return $"""
            select {columns}, null::bigint as valid_to from {schema}.{model.Table} where valid_from <= {block}
            union all
            select {columns}, case when valid_to <= {block} then valid_to end from {schema}.{model.Table}_history
             where valid_from <= {block} and valid_to > {horizon}
            """;
    }

    private static Difference Explain(string where, string? expected, string? found)
    {
        if (expected is null || found is null)
            return new Difference(where, expected is null ? "no such row" : "a row", found is null ? "none" : found);
        using var left = System.Text.Json.JsonDocument.Parse(expected);
        using var right = System.Text.Json.JsonDocument.Parse(found);
        foreach (var field in left.RootElement.EnumerateObject())
        {
            var other = right.RootElement.GetProperty(field.Name).GetRawText();
            if (field.Value.GetRawText() != other) return new Difference(
                $"{where}, column {field.Name}", field.Value.GetRawText(), other);
        }

        return new Difference(where, expected, found);
    }
}
