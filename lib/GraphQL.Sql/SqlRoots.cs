// The root fields that the model serves. An operation enters; one statement leaves that reads all of them, so that they
// see one snapshot: each root field is one column, and beside them stands the snapshot's word on the index.
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.TypeSystem;
using NpgsqlTypes;

namespace EventSourced.GraphQL.Sql;

internal sealed class SqlRoots
{
    private const int NoTable = -1;

    private readonly SqlModel _model;
    private readonly FrozenDictionary<string, Func<RootWriter, string>> _fields;
    private readonly FrozenDictionary<string, int> _prefixes;
    private readonly FrozenSet<string> _columnEnums;
    private readonly FrozenSet<string> _values;

    public SqlRoots(SqlModel model)
    {
        _model = model;
        var fields = new Dictionary<string, Func<RootWriter, string>>(StringComparer.Ordinal);
        foreach (var table in model.Tables)
        {
            fields[table.SingleField] = root => Single(root, table);
            fields[table.ManyField] = root => new PageWriter(root.Writer, root.Selection, table).Write(null);
        }

        _prefixes = model.Tables.Select((table, at) => (table.Prefix, at)).Where(table => table.Prefix is not null)
            .ToFrozenDictionary(table => table.Prefix!, table => table.at, StringComparer.Ordinal);
        if (_prefixes.Count > 0)
        {
            fields["node"] = Node;
            fields["nodes"] = Nodes;
        }

        foreach (var value in model.Values)
            fields[value.Field] = _ => $"({value.Sql})";
        _values = model.Values.Select(value => value.Field).ToFrozenSet(StringComparer.Ordinal);
        _fields = fields.ToFrozenDictionary(StringComparer.Ordinal);
        _columnEnums = model.Tables.SelectMany(table => table.Columns.Concat(table.Lists.SelectMany(l => l.Columns)))
            .Select(column => column.Scalar.Element ?? column.Scalar).Where(scalar => scalar.IsEnum)
            .Select(scalar => scalar.Name).ToFrozenSet(StringComparer.Ordinal);
    }

    public IEnumerable<string> Fields => _fields.Keys;

    public bool IsColumnEnum(EnumType type) => _columnEnums.Contains(type.Name);

    public bool IsNode(Selection selection) => _prefixes.Count > 0 && selection.Field.Type.NamedType.Name == "Node";

    public bool HasNodes(OperationPlan plan)
    {
        foreach (var selection in plan.Root.Selections)
        {
            if (IsNode(selection))
                return true;
        }

        return false;
    }

    // The number of the table that an id's prefix names; the longest prefix that fits.
    public int TableOf(string? id)
    {
        var found = NoTable;
        for (var at = id?.IndexOf('-') ?? -1; at >= 0; at = id!.IndexOf('-', at + 1))
        {
            if (_prefixes.TryGetValue(id![..at], out var table))
                found = table;
        }

        return found;
    }

    public IEnumerable<int> TablesOf(BoundValue? ids) =>
        ((IReadOnlyList<object?>?)ids?.Value ?? []).Select(id => TableOf(id as string)).Where(at => at != NoTable)
            .Distinct().Order();

    // The statement of an operation, without the root fields that are refused already.
    public SqlOperation Write(
        OperationPlan plan, IReadOnlyDictionary<string, object?> variables, IReadOnlyCollection<int> refused)
    {
        var statement = new Statement();
        var columns = new List<string>();
        var with = new List<string>();
        var roots = ImmutableArray.CreateBuilder<SqlRoot>();
        var selections = plan.Root.Selections;
        for (var at = 0; at < selections.Length; at++)
        {
            var selection = selections[at];
            if (refused.Contains(at) || !_fields.TryGetValue(selection.Field.Name, out var write)
                || !selection.IsIncluded(variables))
                continue;
            statement.Root = at;
            try
            {
                var block = BlockReading.Of(selection, _model, statement, variables);
                var rows = new RowSource(block?.At);
                var json = write(new(
                    selection, new(_model, statement, rows, variables), plan.Schema, variables));
                roots.Add(new(
                    at, columns.Count, columns.Count + 1, block, _values.Contains(selection.Field.Name), null));
                columns.Add(json);
                if (block is null)
                    continue;
                columns.Add(block.At ?? "null::bigint");
                if (block.With.Length > 0)
                    with.Add($"{block.Name} as materialized ({block.With})");
            }
            catch (GraphQLException refusal)
            {
                roots.Add(new(at, -1, -1, null, false, refusal));
            }
        }

        var hasProgress = roots.Any(root => root.Block is not null);
        if (hasProgress)
            columns.Add(BlockReading.Progress(_model.Blocks!));
        var head = with.Count == 0 ? "" : $"with {string.Join(", ", with)} ";
        var text = columns.Count == 0 ? "" : $"{head}select {string.Join(", ", columns)}";
        return new(
            statement.Finish(text), roots.ToImmutable(), hasProgress ? columns.Count - 1 : -1, statement.LateFields);
    }

    private static string Single(RootWriter root, SqlTable table)
    {
        var column = table.Id ?? table.KeyColumn;
        var key = root.Writer.Statement.Parameter(root.Argument(column.Field)!, column.Scalar);
        var alias = root.Writer.Statement.Alias("t");
        var row = root.Writer.Row(root.Selection, table, alias);
        return $"({root.Writer.Rows.Select(table, alias, row, $"{alias}.{column.Name} = {key}", Reach.Key)})";
    }

    private string Node(RootWriter root)
    {
        var id = root.Argument("id")!;
        var at = TableOf(id.Value as string);
        if (at == NoTable)
            return "null::text";
        var table = _model.Tables[at];
        var key = root.Writer.Statement.Parameter(id, table.Id!.Scalar);
        return $"({Row(root, table, key)})";
    }

    // Ids go in as keys and numbers of tables; each row is found by its own table's index.
    private string Nodes(RootWriter root)
    {
        var ids = root.Argument("ids")!;
        var source = ids.Source();
        var statement = root.Writer.Statement;
        var keys = statement.Parameter(
            source, NpgsqlDbType.Text | NpgsqlDbType.Array, "text[]", given => Ids(given).Select(KeyOf).ToArray());
        var tables = statement.Parameter(
            source, NpgsqlDbType.Integer | NpgsqlDbType.Array, "integer[]",
            given => Ids(given).Select(id => KeyOf(id) is null ? NoTable : TableOf(id)).ToArray());
        var cases = string.Concat(TablesOf(ids).Select(at =>
        {
            var table = _model.Tables[at];
            var row = Row(root, table, $"u.k::{table.KeyColumn.Scalar.Cast}");
            return string.Create(CultureInfo.InvariantCulture, $" when {at} then ({row})");
        }));
        var node = cases.Length == 0 ? "null" : $"case u.t{cases} end";
        return $"(select '[' || coalesce(string_agg(coalesce({node}, 'null'), ',' order by u.n), '') || ']' from " +
            $"unnest({keys}, {tables}) with ordinality as u(k, t, n))";
    }

    private static string Row(RootWriter root, SqlTable table, string key)
    {
        var alias = root.Writer.Statement.Alias("t");
        var type = (ObjectType)root.Schema.Type(table.TypeName)!;
        var row = root.Writer.Row(root.Selection, type, table, alias);
        return root.Writer.Rows.Select(table, alias, row, $"{alias}.{table.KeyColumn.Name} = {key}", Reach.Key);
    }

    private static IEnumerable<string> Ids(object given)
    {
        var ids = (IReadOnlyList<object?>)given;
        return ids.Count <= NodeIds.MaxIds
            ? ids.Select(id => (string)id!)
            : throw LimitExceeded.Exception(LimitNames.ListSize, NodeIds.MaxIds, ids.Count);
    }

    // The key of an id as PostgreSQL reads it from text; null when no row can have it.
    private string? KeyOf(string id)
    {
        var at = TableOf(id);
        if (at == NoTable)
            return null;
        var table = _model.Tables[at];
        return NodeIds.Parameter(table.KeyColumn.Scalar, NodeIds.Key(table.Prefix!, id)) switch
        {
            byte[] bytes => $"\\x{Convert.ToHexString(bytes)}",
            var key => Convert.ToString(key, CultureInfo.InvariantCulture),
        };
    }
}

// One root field while it is written.
internal sealed record RootWriter(
    Selection Selection, SelectionWriter Writer, Schema Schema, IReadOnlyDictionary<string, object?> Variables)
{
    public BoundValue? Argument(string name) => BoundValue.Argument(Selection, name, Variables);
}

// The place of a root field's value in the statement's row, or the reason why it has none.
internal sealed record SqlRoot(
    int Index, int Column, int NumberColumn, BlockReading? Block, bool IsParsed, GraphQLException? Refusal);

// The statement of an operation; shared by all requests of one shape.
internal sealed record SqlOperation(
    PreparedPlan Statement, ImmutableArray<SqlRoot> Roots, int ProgressColumn, IReadOnlyList<LateField> Late);
