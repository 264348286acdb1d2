// Figures over all rows that a filter lets in: one scan for all figures that are selected, one for each grouping.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using NpgsqlTypes;

namespace EventSourced.GraphQL.Sql;

internal sealed class AggregateWriter(
    SelectionWriter writer, SqlTable table, Func<string, string> matching, Reach reach)
{
    public Concatenation Write(Selection aggregates, Concatenation json)
    {
        var alias = writer.Statement.Alias("g");
        var hasFigures = false;
        var figures = writer.Object(aggregates, (selection, json) =>
        {
            if (selection.Field.Name == "groupBy")
                return json.Expression($"({GroupBy(selection)})");
            hasFigures = true;
            return Figure(selection, json, alias);
        }).ToSql();
        // Without a figure nothing would make one row of all of them.
        return json.Expression(
            hasFigures ? $"({writer.Rows.Select(table, alias, figures, matching(alias), reach)})" : figures);
    }

    private Concatenation Figure(Selection selection, Concatenation json, string alias) =>
        selection.Field.Name == "count"
        ? json.Expression("count(*)")
        : json.Expression(
            writer.Object(selection, (member, inner) => inner.Expression(Column(selection.Field.Name, member, alias)))
                .ToSql());

    private string Column(string function, Selection member, string alias)
    {
        var column = table.Column(member.Field.Name);
        var operand = writer.Operand(column, alias);
        var value = $"{function}({operand})";
        var json = function switch
        {
            "avg" => $"({value})::double precision",
            "sum" when column.Scalar.SumQuote.Length > 0 => $"'\"' || ({value})::text || '\"'",
            _ => column.Scalar.Json(value),
        };
        return $"coalesce(({json})::text, 'null')";
    }

    // The key of a grouping: the field of the key, its column, and the expression that equal rows share.
    private sealed record GroupKey(string Field, SqlColumn Column, string Expression);

    private string GroupBy(Selection selection)
    {
        var alias = writer.Statement.Alias("g");
        var keys = Keys(selection, alias);
        var figures = writer.Object(selection, (member, json) => member.Field.Name == "key"
            ? json.Expression(writer.Object(member, (field, inner) => Key(keys, field, inner)).ToSql())
            : Figure(member, json, alias)).ToSql();
        var rows = writer.Rows.Select(table, alias, $"{alias}.*", matching(alias), reach);
        var by = string.Join(", ", keys.Select(key => key.Expression));
        var grouped = $"select {figures} as j from ({rows}) {alias} group by {by} order by {Order(selection, keys)} " +
            $"limit {First(selection)}";
        return $"select '[' || coalesce(string_agg(j, ','), '') || ']' from ({grouped}) x";
    }

    private List<GroupKey> Keys(Selection selection, string alias)
    {
        var keys = new List<GroupKey>();
        foreach (var by in Argument(selection, "by")!.Elements())
        {
            var fields = by.Fields().ToDictionary(field => field.Name, field => field.Value.Value);
            var column = table.Column((string)fields["field"]!);
            var operand = writer.Operand(column, alias);
            if (fields.GetValueOrDefault("bucket") is string name)
            {
                operand = column.Scalar.Bucket is { } bucket
                    ? bucket(Enum.Parse<TimeBucket>(name, ignoreCase: true), operand)
                    : throw Refused($"Expected a time for the bucket {name}, found {column.Field}.");
            }

            if (keys.Exists(key => key.Field == column.Field))
                throw Refused($"Expected each field once in by, found {column.Field} again.");
            keys.Add(new(column.Field, column, operand));
        }

        return keys.Count is > 0 and <= SqlLimits.MaxGroupColumns
            ? keys
            : throw Refused($"Expected 1 to {SqlLimits.MaxGroupColumns} fields in by, found {keys.Count}.");
    }

    private static Concatenation Key(List<GroupKey> keys, Selection field, Concatenation json)
    {
        if (keys.Find(key => key.Field == field.Field.Name) is not { } key)
            return json.Literal("null");
        return json.Expression($"coalesce(({key.Column.Scalar.ListJson(key.Expression)})::text, 'null')");
    }

    private string Order(Selection selection, List<GroupKey> keys)
    {
        var order = Argument(selection, "order")?.Value as string ?? "COUNT_DESC";
        var byKeys = string.Join(", ", keys.Select(key => key.Expression + (order == "KEY_DESC" ? " desc" : "")));
        return order switch
        {
            "COUNT_DESC" => $"count(*) desc, {byKeys}",
            "COUNT_ASC" => $"count(*), {byKeys}",
            _ => byKeys,
        };
    }

    private string First(Selection selection)
    {
        var first = Argument(selection, "first");
        return writer.Statement.Parameter(
            first?.Value is null ? _ => SqlLimits.MaxGroups : first.Source(), NpgsqlDbType.Integer, "integer",
            value => value is int and >= 0 and <= SqlLimits.MaxGroups
                ? value
                : throw Refused($"Expected 0 to {SqlLimits.MaxGroups} groups, found {value}."));
    }

    private BoundValue? Argument(Selection selection, string name) =>
        BoundValue.Argument(selection, name, writer.Variables);

    private static GraphQLException Refused(string message) => new(new GraphQLError(message, ErrorCodes.BadUserInput));
}
