// The source of rows: the current table, or at a block the current and the superseded rows. Each branch is filtered,
// ordered and limited on its own, because PostgreSQL does not push a limit through a union. The way to the superseded
// rows depends on how many a request may reach: see Reach.
using System.Globalization;

namespace EventSourced.GraphQL.Sql;

// The part of a table that a condition reaches.
internal enum Reach
{
    // One row, by its key: its versions are read from the block backwards, and the first is enough.
    Key,

    // Few rows, by a column that has an index.
    Few,

    // Any rows: those that held at the block are looked for by how long they held.
    All,
}

internal sealed class RowSource(string? block)
{
    // So many digits has the longest time, in blocks, that a superseded row may have held.
    private const int MaxSpanDigits = 10;

    private static readonly string Spans = string.Join(", ", Enumerable.Range(1, MaxSpanDigits).Select(digits =>
        string.Create(CultureInfo.InvariantCulture, $"({digits}, {(long)Math.Pow(10, digits)}::bigint)")));

    // The block in the statement's terms; null for the present rows.
    public string? Block => block;

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
    public string Select(
        SqlTable table, string alias, string projection, string condition, Reach reach, string limit = "") =>
        Select(table, alias, projection, condition, reach, RowOrder.None, isBackward: false, limit);

    // The same in an order, whose keys may stand in related rows; of equal rows only the first stays.
    public string Select(
        SqlTable table, string alias, string projection, string condition, Reach reach, RowOrder order,
        bool isBackward, string limit = "")
    {
        var tail = Tail(order.OrderBy(isBackward), limit);
        if (block is null || table.History is not { } history)
        {
            return order.IsWrapped
                ? $"select {projection} from (" +
                    Branch(table, $"{table.Name} {alias}", alias, condition, order, tail) +
                    $") {alias}{Tail(order.OrderByOutside(isBackward), "")}"
                : $"select {projection} from {table.Name} {alias} where {condition}{tail}";
        }

        var bound = reach == Reach.All && table.IsSerial
            ? $" and {alias}.{table.KeyColumn.Name} <= {LastKey(table, history)}"
            : "";
        var current = Branch(
            table, $"{table.Name} {alias}", alias, $"{alias}.{history.From} <= {block}{bound} and {condition}", order,
            tail);
        var past = Past(table, history, alias, condition, reach, order, tail);
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

    private string Past(
        SqlTable table, SqlHistory history, string alias, string condition, Reach reach, RowOrder order, string tail)
    {
        var held = $"{alias}.{history.From} <= {block} and {alias}.{history.To} > {block} and {condition}";
        if (reach == Reach.Few)
            return Branch(table, $"{history.Name} {alias}", alias, held, order, tail);
        var columns = string.Join(", ", Columns(table).Select(column => $"{alias}.{column}"));
        if (reach == Reach.Key)
        {
            // Of all versions up to the block only the last one can still hold.
            return $"select {columns} from (select {columns}, {alias}.{history.To} from {history.Name} {alias} where " +
                $"{alias}.{history.From} <= {block} and {condition} order by {alias}.{history.From} desc limit 1) " +
                $"{alias} where {alias}.{history.To} > {block}";
        }

        // A row that held for a time of so many digits ended at most so long after the block: each length is one short
        // stretch of the index. The offsets keep the planner from turning this into a walk in the order of the page.
        var ofOneLength = $"select {columns} from {history.Name} {alias} where {history.Span(alias)} = s.digits and " +
            $"{alias}.{history.To} <= {block} + s.most and {held} offset 0";
        var rows = $"(select {alias}.* from (values {Spans}) as s(digits, most), lateral ({ofOneLength}) {alias} " +
            $"offset 0) {alias}";
        return Branch(table, rows, alias, "true", order, tail);
    }

    // The largest key at the block, by halving: without it a page that begins at the newest key would walk over all
    // that came after the block.
    private string LastKey(SqlTable table, SqlHistory history)
    {
        var key = table.KeyColumn.Name;
        return $"(with recursive k(lo, hi) as (select 0::bigint, coalesce((select max(c.{key}) from {table.Name} c), " +
            $"0) union all select case when b.born <= {block} then b.key else k.lo end, case when b.born <= {block} " +
            "then k.hi else (k.lo + k.hi + 1) / 2 - 1 end from k, lateral (select x.key, x.born from ((select " +
            $"h.{key} as key, h.{history.From} as born from {history.Name} h where h.{key} >= (k.lo + k.hi + 1) / 2 " +
            $"order by h.{key}, h.{history.From} limit 1) union all (select c.{key}, c.{history.From} from {table.Name} c " +
            $"where c.{key} >= (k.lo + k.hi + 1) / 2 order by c.{key} limit 1)) x order by x.key, x.born limit 1) b " +
            "where k.lo < k.hi) select max(k.lo) from k)";
    }

    private static string Branch(
        SqlTable table, string source, string alias, string condition, RowOrder order, string tail)
    {
        var columns = string.Join(", ", Columns(table).Select(column => $"{alias}.{column}"));
        return $"select {order.Distinct}{columns}{order.Extra} from {source}{order.Joins} where {condition}{tail}";
    }

    private static string Tail(string order, string limit) =>
        $"{(order.Length > 0 ? $" order by {order}" : "")}{(limit.Length > 0 ? $" limit {limit}" : "")}";

    private static IEnumerable<string> Columns(SqlTable table) =>
        table.Columns.Where(column => column.Expression is null).Select(column => column.Name)
            .Concat(table.Relations.Select(relation => relation.Column))
            .Distinct();
}
