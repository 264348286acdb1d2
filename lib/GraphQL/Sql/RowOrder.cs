// The order of a page, the cursors of its rows, and the condition that continues behind a cursor. The key ends every
// order, so that it is total: cursors stay valid while rows come and go. Nulls stand last in both directions.
using System.Collections.Immutable;
using System.Text.Json;
using EventSourced.GraphQL.Response;
using NpgsqlTypes;

namespace EventSourced.GraphQL.Sql;

internal sealed class RowOrder
{
    private readonly ImmutableArray<(SqlColumn Column, bool IsDescending)> _columns;

    private RowOrder(ImmutableArray<(SqlColumn, bool)> columns) => _columns = columns;

    public static RowOrder Of(BoundValue? order, SqlTable table)
    {
        var columns = ImmutableArray.CreateBuilder<(SqlColumn, bool)>();
        foreach (var sort in order?.Value is null ? [] : order.Elements())
        {
            foreach (var (field, direction) in sort.Fields())
            {
                if (columns.All(c => c.Item1.Field != field))
                    columns.Add((table.Column(field), direction.Value is "DESC"));
            }
        }

        if (columns.All(c => c.Item1 != table.KeyColumn))
            columns.Add((table.KeyColumn, false));
        return new(columns.ToImmutable());
    }

    // Backwards, every direction turns round.
    public string OrderBy(string alias, bool isBackward) => string.Join(", ", _columns.Select(c =>
    {
        var nulls = c.Column.IsNullable ? isBackward ? " nulls first" : " nulls last" : "";
        return $"{alias}.{c.Column.Name}{(c.IsDescending != isBackward ? " desc" : "")}{nulls}";
    }));

    // The values of the ordering columns as a JSON list of strings, in base64 without its line breaks.
    public string Cursor(string alias)
    {
        var values = _columns.Select(c => c.Column.IsNullable
            ? $"coalesce(to_json(({alias}.{c.Column.Name})::text)::text, 'null')"
            : $"to_json(({alias}.{c.Column.Name})::text)::text");
        return $"translate(encode(convert_to('[' || {string.Join(" || ',' || ", values)} || ']', 'UTF8'), " +
            $"'base64'), E'\\n', '')";
    }

    // Column by column: before it is reached all are equal. The leading comparison lets an index begin at the cursor.
    public string Beyond(BoundValue cursor, Statement statement, string alias, bool isBackward)
    {
        var source = cursor.Source();
        var placeholders = _columns.Select((c, at) => statement.Parameter(
            variables => source(variables) is string text ? Decode(text, _columns.Length)[at] : null,
            NpgsqlDbType.Text, $"text::{c.Column.Scalar.Cast}", value => value)).ToList();
        var condition = "false";
        for (var at = _columns.Length - 1; at >= 0; at--)
            condition =
                Step(_columns[at], $"{alias}.{_columns[at].Column.Name}", placeholders[at], condition, isBackward);
        return condition;
    }

    private static string Step(
        (SqlColumn Column, bool IsDescending) c, string operand, string at, string rest, bool isBackward)
    {
        var isDescending = c.IsDescending != isBackward;
        var beyond = isDescending ? "<" : ">";
        if (!c.Column.IsNullable)
            return rest == "false"
                ? $"{operand} {beyond} {at}"
                : $"({operand} {beyond}= {at} and ({operand} {beyond} {at} or {rest}))";
        // Forward, nulls come after every value; backward, before.
        var further = isBackward
            ? $"({operand} is not null and {at} is null)"
            : $"({operand} is null and {at} is not null)";
        return $"({operand} {beyond} {at} or {further} or ({operand} is not distinct from {at} and {rest}))";
    }

    private static string?[] Decode(string cursor, int columns)
    {
        try
        {
            var values = JsonSerializer.Deserialize<string?[]>(Convert.FromBase64String(cursor));
            if (values?.Length == columns)
                return values;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            // Told below, like a cursor of another order.
        }

        throw new GraphQLException(
            new GraphQLError(
                "Expected a cursor that this field gave for this order, found another text.", ErrorCodes.BadUserInput));
    }
}
