// A connection as one scalar subquery: one row more than asked for tells whether there is more, arrays are sliced
// instead of numbered rows, and cursors, counts and figures are computed only when they are selected.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using NpgsqlTypes;

namespace EventSourced.GraphQL.Sql;

internal sealed class PageWriter
{
    private readonly SelectionWriter _writer;
    private readonly Selection _selection;
    private readonly SqlTable _table;
    private readonly BoundValue? _where;
    private readonly BoundValue? _after;
    private readonly BoundValue? _before;
    private readonly string _alias;
    private readonly RowOrder _order;
    private readonly bool _isBackward;
    private readonly string _size;
    private readonly List<string> _columns = [];
    private Func<string, string>? _tie;
    private Reach _reach;
    private bool _isSliced;

    public PageWriter(SelectionWriter writer, Selection selection, SqlTable table)
    {
        _writer = writer;
        _selection = selection;
        _table = table;
        _where = Argument("where");
        _after = Given(Argument("after"));
        _before = Given(Argument("before"));
        _alias = writer.Statement.Alias("t");
        _order = RowOrder.Of(Argument("order"), Argument("distinctOn"), table, _alias, writer);
        var first = Given(Argument("first"));
        var last = Given(Argument("last"));
        if (first is not null && last is not null)
            throw new GraphQLException(
                new GraphQLError(
                    $"Expected first or last for {selection.ResponseName}, found both.", ErrorCodes.BadUserInput));
        _isBackward = last is not null;
        if (_order.IsDistinct && (_isBackward || _before is not null))
            throw new GraphQLException(
                new GraphQLError(
                    $"Expected first and after beside distinctOn for {selection.ResponseName}, found last or before.",
                    ErrorCodes.BadUserInput));
        _size = Size(first ?? last);
    }

    // A condition on the alias ties the page to its parent; null: the page is of the whole table.
    public string Write(Func<string, string>? tie)
    {
        _tie = tie;
        _reach = tie is not null || FilterWriter.IsSelective(_where, _table) ? Reach.Few : Reach.All;
        _isSliced = _selection.SelectionSet((TypeSystem.ObjectType)_selection.Field.Type.NamedType).Selections
            .Any(selection => selection.Field.Name == "pageInfo" && selection.IsIncluded(_writer.Variables));
        var page = _writer.Statement.Alias("p");
        var json = _writer.Object(_selection, (selection, json) => selection.Field.Name switch
        {
            "nodes" =>
                json.Literal("[").Expression(Joined(Column(_writer.Row(selection, _table, _alias)))).Literal("]"),
            "edges" => json.Literal("[").Expression(Joined(Column(Edge(selection)))).Literal("]"),
            "pageInfo" => json.Expression(PageInfo(selection)),
            "totalCount" => json.Expression(TotalCount()),
            _ => new AggregateWriter(_writer, _table, Matching, _reach).Write(selection, json),
        });
        return _columns.Count == 0 ? json.ToSql() : $"(select {json.ToSql()} from ({Arrays(page)}) x)";
    }

    private string Arrays(string page)
    {
        var condition = Matching(_alias);
        if (_after is not null)
            condition += $" and {_order.Beyond(_after, _writer.Statement, isBackward: false)}";
        if (_before is not null)
            condition += $" and {_order.Beyond(_before, _writer.Statement, isBackward: true)}";
        var projection = string.Join(", ", _columns.Select((column, at) => $"{column} as c{at}"));
        var rows =
            _writer.Rows.Select(
                _table, _alias, projection, condition, _reach, _order, _isBackward,
                _isSliced ? $"({_size} + 1)" : _size);
        // Read from the end, so the arrays are turned round.
        var turned = _isBackward ? $" order by {page}.n desc" : "";
        var arrays = string.Join(", ", _columns.Select((_, at) => _isSliced
            ? $"array_agg({page}.c{at}{turned}) as a{at}"
            : $"string_agg({page}.c{at}, ','{turned}) as a{at}"));
        return _isBackward
            ? $"select {arrays} from (select y.*, row_number() over () as n from ({rows}) y) {page}"
            : $"select {arrays} from ({rows}) {page}";
    }

    private string Matching(string alias)
    {
        var condition = _writer.Filters.Write(_where, _table, alias);
        return _tie is null ? condition : $"{_tie(alias)} and {condition}";
    }

    // Rows that are alike count once where the page has them once.
    private string TotalCount()
    {
        var counted = _order.IsDistinct ? $"count(distinct {_order.DistinctRow})" : "count(*)";
        return $"({_writer.Rows.Select(_table, _alias, counted, Matching(_alias), _reach)})";
    }

    // Registers what each row gives and names the array that collects it.
    private string Column(string expression)
    {
        var known = _columns.IndexOf(expression);
        if (known >= 0)
            return $"a{known}";
        _columns.Add(expression);
        return $"a{_columns.Count - 1}";
    }

    // The page itself, without the one row more; an empty page is a null array.
    private string Sliced(string array) => _isBackward
        ? $"x.{array}[greatest(cardinality(x.{array}) - {_size}, 0) + 1:]"
        : $"x.{array}[1:{_size}]";

    // Without page info there is nothing to cut off: the text itself is collected.
    private string Joined(string array) =>
        _isSliced ? $"coalesce(array_to_string({Sliced(array)}, ','), '')" : $"coalesce(x.{array}, '')";

    private string Edge(Selection edges) =>
        _writer.Object(edges, (selection, json) => selection.Field.Name == "cursor"
        ? json.Literal("\"").Expression(_order.Cursor()).Literal("\"")
        : json.Expression(_writer.Row(selection, _table, _alias))).ToSql();

    private string PageInfo(Selection pageInfo)
    {
        var cursors = Column(_order.Cursor());
        var hasMore = $"coalesce(cardinality(x.{cursors}) > {_size}, false)";
        return _writer.Object(pageInfo, (selection, json) => selection.Field.Name switch
        {
            "hasNextPage" => _isBackward ? json.Literal(_before is null ? "false" : "true") : json.Expression(hasMore),
            "hasPreviousPage" =>
                _isBackward ? json.Expression(hasMore) : json.Literal(_after is null ? "false" : "true"),
            "startCursor" => json.Expression($"coalesce('\"' || ({Sliced(cursors)})[1] || '\"', 'null')"),
            _ => json.Expression(
                $"coalesce('\"' || ({Sliced(cursors)})[cardinality({Sliced(cursors)})] || '\"', 'null')"),
        }).ToSql();
    }

    private string Size(BoundValue? given)
    {
        var source = given is null ? _ => SqlLimits.DefaultPageSize : given.Source();
        return _writer.Statement.Parameter(source, NpgsqlDbType.Integer, "integer", value => value is int size and >= 0
            ? size
            : throw new GraphQLException(
                new GraphQLError(
                    $"Expected a page of at least 0 for {_selection.ResponseName}, found {value}.",
                    ErrorCodes.BadUserInput)));
    }

    private BoundValue? Argument(string name) => BoundValue.Argument(_selection, name, _writer.Variables);

    private static BoundValue? Given(BoundValue? value) => value?.Value is null ? null : value;
}
