// Where rows come from (read-api-measured: "Time travel"): the current table, or at a block the current and the
// superseded rows, filtered, ordered and limited within each branch, because PostgreSQL does not push a limit through
// a union.
namespace EventSourced.GraphQL.Sql;

internal sealed class RowSource(string? block)
{

    // select {projection} from {table} {alias} where .. order by .. limit ..; the parts are written in terms of the
    // alias.
    public string Select(
        SqlTable table, string alias, string projection, string condition, string order = "", string limit = "")
    {
        var tail = $"{(order.Length > 0 ? $" order by {order}" : "")}{(limit.Length > 0 ? $" limit {limit}" : "")}";
        if (block is null || table.History is not { } history)
            return $"select {projection} from {table.Name} {alias} where {condition}{tail}";

        var columns = string.Join(", ", Columns(table).Select(column => $"{alias}.{column}"));
        var current =
            $"(select {columns} from {table.Name} {alias} where {alias}.{history.From} <= {block} and " +
            $"{condition}{tail})";
        var past =
            $"(select {columns} from {history.Name} {alias} where {alias}.{history.From} <= {block} and " +
            $"{alias}.{history.To} > {block} and {condition}{tail})";
        return $"select {projection} from ({current} union all {past}) {alias}{tail}";
    }

    public string Exists(SqlTable table, string alias, string condition)
    {
        if (block is null || table.History is not { } history)
            return $"exists (select 1 from {table.Name} {alias} where {condition})";
        var current =
            $"exists (select 1 from {table.Name} {alias} where {alias}.{history.From} <= {block} and {condition})";
        var past =
            $"exists (select 1 from {history.Name} {alias} where {alias}.{history.From} <= {block} and " +
            $"{alias}.{history.To} > {block} and {condition})";
        return $"({current} or {past})";
    }

    private static IEnumerable<string> Columns(SqlTable table) =>
        table.Columns.Select(column => column.Name).Concat(table.Relations.Select(relation => relation.Column))
            .Distinct();
}
