// Where rows come from (read-api-measured: "Time travel"): the current table, or at a block the current and the
// superseded rows, filtered, ordered and limited within each branch, because PostgreSQL does not push a limit through
// a union.
namespace EventSourced.GraphQL.Sql;

internal sealed class RowSource(string? block)
{
    // A table as it was, to stand in a from clause.
    public string At(SqlTable table, string alias)
    {
        if (block is null || table.History is not { } history)
            return $"{table.Name} {alias}";
        var columns = string.Join(", ", Columns(table));
        return $"(select {columns} from {table.Name} where {history.From} <= {block} union all select {columns} from " +
            $"{history.Name} where {history.From} <= {block} and {history.To} > {block}) {alias}";
    }

    // select {projection} from {table} {alias} where .. limit ..; the parts are written in terms of the alias.
    public string Select(SqlTable table, string alias, string projection, string condition, string limit = "") =>
        Select(table, alias, projection, condition, RowOrder.None, isBackward: false, limit);

    // The same in an order, whose keys may stand in related rows, and of rows that are alike only the first.
    public string Select(
        SqlTable table, string alias, string projection, string condition, RowOrder order, bool isBackward,
        string limit = "")
    {
        var tail = Tail(order.OrderBy(isBackward), limit);
        if (block is null || table.History is not { } history)
        {
            return order.IsWrapped
                ? $"select {projection} from ({Branch(table, table.Name, alias, condition, order, tail)}) {alias}" +
                    Tail(order.OrderByOutside(isBackward), "")
                : $"select {projection} from {table.Name} {alias} where {condition}{tail}";
        }

        var current =
            Branch(table, table.Name, alias, $"{alias}.{history.From} <= {block} and {condition}", order, tail);
        var past = Branch(
            table, history.Name, alias,
            $"{alias}.{history.From} <= {block} and {alias}.{history.To} > {block} and {condition}", order, tail);
        var distinct = order.DistinctOutside;
        var outer = Tail(order.OrderByOutside(isBackward), limit);
        return distinct.Length == 0
            ? $"select {projection} from (({current}) union all ({past})) {alias}{outer}"
            : $"select {projection} from (select {distinct} {alias}.* from (({current}) union all ({past})) {alias}" +
                $"{outer}) {alias}{Tail(order.OrderByOutside(isBackward), "")}";
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

    private static string Branch(
        SqlTable table, string name, string alias, string condition, RowOrder order, string tail)
    {
        var columns = string.Join(", ", Columns(table).Select(column => $"{alias}.{column}"));
        return $"select {order.Distinct}{columns}{order.Extra} from {name} {alias}{order.Joins} where {condition}{tail}";
    }

    private static string Tail(string order, string limit) =>
        $"{(order.Length > 0 ? $" order by {order}" : "")}{(limit.Length > 0 ? $" limit {limit}" : "")}";

    private static IEnumerable<string> Columns(SqlTable table) =>
        table.Columns.Select(column => column.Name).Concat(table.Relations.Select(relation => relation.Column))
            .Distinct();
}
