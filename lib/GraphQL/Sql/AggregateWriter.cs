// Figures over all rows that a filter lets in: one scan for all figures that are selected, one for each grouping.
using EventSourced.GraphQL.Execution;

namespace EventSourced.GraphQL.Sql;

internal sealed class AggregateWriter(SelectionWriter writer, SqlTable table, Func<string, string> matching)
{
    public Concatenation Write(Selection aggregates, Concatenation json)
    {
        var alias = writer.Statement.Alias("g");
        var groups = new List<string>();
        var figures = writer.Object(aggregates, (selection, json) =>
        {
            if (selection.Field.Name != "groupBy")
                return Figure(selection, json, alias);
            groups.Add(GroupBy(selection));
            return json.Expression($"({groups[^1]})");
        }).ToSql();
        return json.Expression($"({writer.Rows.Select(table, alias, figures, matching(alias))})");
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
        var value = $"{function}({alias}.{column.Name})";
        var json = function == "avg" ? $"({value})::double precision" : column.Scalar.Json(value);
        return $"coalesce(({json})::text, 'null')";
    }

    private string GroupBy(Selection selection)
    {
        var by = table.Column((string)BoundValue.Argument(selection, "by", writer.Variables)!.Value!);
        var alias = writer.Statement.Alias("g");
        var figures = writer.Object(selection, (member, json) => member.Field.Name == "key"
            ? json.Expression($"coalesce(to_json(({alias}.{by.Name})::text)::text, 'null')")
            : Figure(member, json, alias)).ToSql();
        var rows = writer.Rows.Select(table, alias, $"{alias}.*", matching(alias));
        var grouped =
            $"select {figures} as j from ({rows}) {alias} group by {alias}.{by.Name} order by count(*) desc, " +
            $"{alias}.{by.Name} limit {SqlLimits.MaxGroups}";
        return $"select '[' || coalesce(string_agg(j, ','), '') || ']' from ({grouped}) x";
    }
}
