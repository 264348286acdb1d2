// A list that is no table's: one scalar subquery that filters, orders and limits the elements of a row.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using NpgsqlTypes;

namespace EventSourced.GraphQL.Sql;

internal static class ListWriter
{
    public static string Write(SelectionWriter writer, Selection selection, SqlList list, SqlPlace place)
    {
        var alias = writer.Statement.Alias("l");
        var elements = list.Rows;
        var order = $"{alias}.{elements.KeyColumn.Name}";
        var where = BoundValue.Argument(selection, "where", writer.Variables);
        var condition = writer.Filters.Write(where, elements, alias);
        var page = $"select {writer.Row(selection, elements, alias)} as j, {order} as n from " +
            $"({list.Source(place)}) {alias} where {condition} order by {order} limit {First(writer, selection)}";
        return $"'[' || coalesce((select string_agg(x.j, ',' order by x.n) from ({page}) x), '') || ']'";
    }

    private static string First(SelectionWriter writer, Selection selection)
    {
        var first = BoundValue.Argument(selection, "first", writer.Variables);
        var source = first?.Value is null ? _ => SqlLimits.DefaultListSize : first.Source();
        return writer.Statement.Parameter(source, NpgsqlDbType.Integer, "integer", value => value is int and >= 0
            ? value
            : throw new GraphQLException(new GraphQLError(
                $"Expected a first of at least 0 for {selection.ResponseName}, found {value}.",
                ErrorCodes.BadUserInput)));
    }
}
