// The order of a page, the cursors of its rows, and the condition that continues behind a cursor. The key ends every
// order, so that it is total: cursors stay valid while rows come and go. Nulls, and rows without the related row that
// the order asks, stand last in both directions.
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using EventSourced.GraphQL.Errors;
using NpgsqlTypes;

namespace EventSourced.GraphQL.Sql;

// A key of the order: its expression where the tables are read, and its name once a row of them is made.
internal sealed record SortKey(string Inside, string Outside, string Cast, bool IsNullable, bool IsDescending);

internal sealed class RowOrder
{
    private readonly ImmutableArray<SortKey> _keys;
    private readonly int _distinct;

    private RowOrder(ImmutableArray<SortKey> keys, string joins, string extra, int distinct)
    {
        _keys = keys;
        _distinct = distinct;
        Joins = joins;
        Extra = extra;
    }

    public static RowOrder None { get; } = new([], "", "", 0);

    // The joins of the rows, and the selected columns of the joined ones.
    public string Joins { get; }

    public string Extra { get; }

    // Whether the rows are chosen before anything is made of them.
    public bool IsWrapped => Joins.Length > 0 || _distinct > 0;

    public bool IsDistinct => _distinct > 0;

    public string Distinct => IsDistinct ? $"distinct on ({Keys(_distinct, key => key.Inside)}) " : "";

    public string DistinctOutside => IsDistinct ? $"distinct on ({Keys(_distinct, key => key.Outside)})" : "";

    // The fields of distinctOn as one value, for counting.
    public string DistinctRow => $"({Keys(_distinct, key => key.Inside)})";

    public static RowOrder Of(
        BoundValue? order, BoundValue? distinctOn, SqlTable table, string alias, SelectionWriter writer) =>
        new Reader(table, alias, writer).Read(order, distinctOn);

    // Backwards, every direction turns round.
    public string OrderBy(bool isBackward) => OrderBy(isBackward, key => key.Inside);

    public string OrderByOutside(bool isBackward) => OrderBy(isBackward, key => key.Outside);

    // The values of the keys as a JSON list of strings, in base64 without its line breaks.
    public string Cursor()
    {
        var values = _keys.Select(key => key.IsNullable
            ? $"coalesce(to_json(({key.Outside})::text)::text, 'null')"
            : $"to_json(({key.Outside})::text)::text");
        return $"translate(encode(convert_to('[' || {string.Join(" || ',' || ", values)} || ']', 'UTF8'), " +
            $"'base64'), E'\\n', '')";
    }

    // Key by key: before it is reached all are equal. The leading comparison lets an index begin at the cursor. Where
    // rows that are alike are one, the next row is one that is unlike.
    public string Beyond(BoundValue cursor, Statement statement, bool isBackward)
    {
        var source = cursor.Source();
        var keys = IsDistinct ? _keys[.._distinct] : _keys;
        var placeholders = keys.Select((key, at) => statement.Parameter(
            variables => source(variables) is string text ? Value(Decode(text, _keys.Length)[at], key) : null,
            NpgsqlDbType.Text, $"text::{key.Cast}", value => value)).ToList();
        var condition = "false";
        for (var at = keys.Length - 1; at >= 0; at--)
            condition = Step(keys[at], placeholders[at], condition, isBackward);
        return condition;
    }

    private string OrderBy(bool isBackward, Func<SortKey, string> operand) => string.Join(", ", _keys.Select(key =>
    {
        var nulls = key.IsNullable ? isBackward ? " nulls first" : " nulls last" : "";
        return $"{operand(key)}{(key.IsDescending != isBackward ? " desc" : "")}{nulls}";
    }));

    private string Keys(int count, Func<SortKey, string> operand) =>
        string.Join(", ", _keys.Take(count).Select(operand));

    private static string Step(SortKey key, string at, string rest, bool isBackward)
    {
        var operand = key.Inside;
        var isDescending = key.IsDescending != isBackward;
        var beyond = isDescending ? "<" : ">";
        if (!key.IsNullable)
            return rest == "false"
                ? $"{operand} {beyond} {at}"
                : $"({operand} {beyond}= {at} and ({operand} {beyond} {at} or {rest}))";
        // Forward, nulls come after every value; backward, before.
        var further = isBackward
            ? $"({operand} is not null and {at} is null)"
            : $"({operand} is null and {at} is not null)";
        return $"({operand} {beyond} {at} or {further} or ({operand} is not distinct from {at} and {rest}))";
    }

    // Checked here, because PostgreSQL would refuse the whole statement for one field's error.
    private static string? Value(string? text, SortKey key)
    {
        var fits = text is null
            ? key.IsNullable
            : key.Cast switch
            {
                "bigint" => long.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out _),
                "integer" => int.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out _),
                "smallint" => short.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out _),
                "numeric" => SqlScalar.IsWhole(text),
                "double precision" => double.TryParse(text, Invariant, out _),
                "boolean" => text is "true" or "false",
                "bytea" => text.StartsWith("\\x", StringComparison.Ordinal) && text.Length % 2 == 0
                    && text.AsSpan(2).IndexOfAnyExcept(SqlScalar.HexDigits) < 0,
                "timestamptz" => DateTimeOffset.TryParse(text, Invariant, out _),
                _ => !text.Contains('\0'),
            };
        return fits ? text : throw Malformed();
    }

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    private static string?[] Decode(string cursor, int keys)
    {
        try
        {
            var values = JsonSerializer.Deserialize<string?[]>(Convert.FromBase64String(cursor));
            if (values?.Length == keys)
                return values;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            // The error below names it, like a cursor of another order.
        }

        throw Malformed();
    }

    private static GraphQLException Malformed() => new(
        new GraphQLError(
            "Expected a cursor that this field gave for this order, found another text.", ErrorCodes.BadUserInput));

    // Arguments enter, keys and joins leave; a relation that two keys go through is joined once.
    private sealed class Reader(SqlTable table, string alias, SelectionWriter writer)
    {
        private readonly List<(string Path, SortKey Key)> _keys = [];
        private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
        private string _joins = "";
        private string _extra = "";

        public RowOrder Read(BoundValue? order, BoundValue? distinctOn)
        {
            foreach (var sort in order?.Value is null ? [] : order.Elements())
            {
                foreach (var (field, direction) in sort.Fields())
                    Add(table, alias, field, direction, depth: 0);
            }

            var distinct = Distinct(distinctOn);
            if (_keys.TrueForAll(key => key.Path != $"{alias}.{table.KeyColumn.Name}"))
                Add($"{alias}.{table.KeyColumn.Name}", table.KeyColumn, isDescending: false, isRelated: false);
            return new([.. _keys.Select(key => key.Key)], _joins, _extra, distinct);
        }

        // PostgreSQL wants an order to begin with the distinct fields; those that no entry of the order names come
        // first.
        private int Distinct(BoundValue? distinctOn)
        {
            var columns = distinctOn?.Value is null
                ? []
                : distinctOn.Elements().Select(e => table.Column((string)e.Value!)).DistinctBy(c => c.Name).ToList();
            var paths = columns.ConvertAll(column => $"{alias}.{column.Name}");
            for (var at = 0; at < columns.Count; at++)
            {
                if (_keys.TrueForAll(key => key.Path != paths[at]))
                    _keys.Insert(at, (paths[at], Key(paths[at], columns[at], false, false)));
            }

            if (_keys.Take(columns.Count).Any(key => !paths.Contains(key.Path)))
            {
                throw new GraphQLException(new GraphQLError(
                    "Expected an order that begins with the fields of distinctOn, found another field before them.",
                    ErrorCodes.BadUserInput));
            }

            return columns.Count;
        }

        private void Add(SqlTable at, string operand, string field, BoundValue direction, int depth)
        {
            if (at.Relations.FirstOrDefault(relation => relation.Field == field) is not { } relation)
            {
                var column = at.Column(field);
                Add($"{operand}.{column.Name}", column, direction.Value is "DESC", isRelated: depth > 0);
                return;
            }

            if (depth == SqlLimits.MaxOrderDepth)
                throw LimitExceeded.Exception(LimitNames.OrderDepth, SqlLimits.MaxOrderDepth, depth + 1);
            var target = writer.Table(relation.Target);
            var path = $"{operand}.{field}";
            if (!_aliases.TryGetValue(path, out var other))
            {
                other = _aliases[path] = writer.Statement.Alias("o");
                _joins += $" left join {writer.Rows.At(target, other)} on {other}.{relation.TargetColumn} = " +
                    $"{operand}.{relation.Column}";
            }

            foreach (var (inner, innerDirection) in direction.Fields())
                Add(target, other, inner, innerDirection, depth + 1);
        }

        private void Add(string path, SqlColumn column, bool isDescending, bool isRelated)
        {
            if (_keys.TrueForAll(key => key.Path != path))
                _keys.Add((path, Key(path, column, isDescending, isRelated)));
        }

        private SortKey Key(string path, SqlColumn column, bool isDescending, bool isRelated)
        {
            var outside = path;
            if (isRelated)
            {
                var name = writer.Statement.Alias("s");
                _extra += $", {path} as {name}";
                outside = $"{alias}.{name}";
            }

            return new(path, outside, column.Scalar.Cast, column.IsNullable || isRelated, isDescending);
        }
    }
}
