// A where argument enters, a condition leaves: operators come from the schema's own names, values become parameters.
using EventSourced.GraphQL.Errors;
using NpgsqlTypes;

namespace EventSourced.GraphQL.Sql;

internal sealed class FilterWriter(SqlModel model, Statement statement, RowSource rows)
{
    // Whether a filter asks for keys by value: the key of the history leads to the rows.
    public static bool IsSelective(BoundValue? filter, SqlTable table)
    {
        if (filter?.Value is null)
            return false;
        foreach (var (name, value) in filter.Fields())
        {
            if (value.Value is IReadOnlyDictionary<string, object?> operators
                && (operators.ContainsKey("eq") || operators.ContainsKey("in"))
                && (name == table.Id?.Field || name == table.Key))
                return true;
        }

        return false;
    }

    public string Write(BoundValue? filter, SqlTable table, string alias)
    {
        if (filter?.Value is null)
            return "true";
        var conditions = filter.Fields().Where(field => field.Value.Value is not null)
            .Select(field => Condition(field.Name, field.Value, table, alias)).ToList();
        return conditions.Count switch
        {
            0 => "true",
            1 => conditions[0],
            _ => $"({string.Join(" and ", conditions)})"
        };
    }

    private string Condition(string name, BoundValue value, SqlTable table, string alias)
    {
        switch (name)
        {
            case "and":
                return Joined(value, table, alias, " and ", "true");
            case "or":
                return Joined(value, table, alias, " or ", "false");
            case "not":
                return $"({Write(value, table, alias)}) is not true";
        }

        if (table.Relations.FirstOrDefault(relation => relation.Field == name) is { } relation)
            return relation.IsMany ? Among(value, relation, alias) : Related(value, relation, alias);
        return Comparisons(value, table.Column(name), alias);
    }

    private string Joined(BoundValue list, SqlTable table, string alias, string with, string none)
    {
        var conditions = list.Elements().Select(element => Write(element, table, alias)).ToList();
        return conditions.Count == 0 ? none : $"({string.Join(with, conditions)})";
    }

    private string Related(BoundValue filter, SqlRelation relation, string alias)
    {
        var target = model.Table(relation.Target);
        var other = statement.Alias("f");
        return rows.Exists(
            target, other,
            $"{other}.{relation.TargetColumn} = {alias}.{relation.Column} and {Write(filter, target, other)}");
    }

    private string Among(BoundValue filters, SqlRelation relation, string alias)
    {
        var target = model.Table(relation.Target);
        var conditions = new List<string>();
        foreach (var (quantifier, filter) in filters.Fields().Where(field => field.Value.Value is not null))
        {
            var other = statement.Alias("f");
            var joined = $"{other}.{relation.TargetColumn} = {alias}.{relation.Column}";
            conditions.Add(quantifier switch
            {
                "some" => rows.Exists(target, other, $"{joined} and {Write(filter, target, other)}"),
                "none" => $"not {rows.Exists(target, other, $"{joined} and {Write(filter, target, other)}")}",
                "all" =>
                    $"not {rows.Exists(target, other, $"{joined} and ({Write(filter, target, other)}) is not true")}",
                _ => (filter.Value is true ? "" : "not ") + rows.Exists(target, other, joined),
            });
        }

        return conditions.Count == 0 ? "true" : $"({string.Join(" and ", conditions)})";
    }

    private string Comparisons(BoundValue operators, SqlColumn column, string alias)
    {
        var conditions = operators.Fields()
            .Select(field => Comparison(
                field.Name, field.Value, column, column.Operand(new(model, statement, rows, alias)))).ToList();
        return conditions.Count switch
        {
            0 => "true",
            1 => conditions[0],
            _ => $"({string.Join(" and ", conditions)})"
        };
    }

    private string Comparison(string @operator, BoundValue value, SqlColumn column, string operand)
    {
        if (column.Scalar.Element is not null)
            return OfList(@operator, value, column.Scalar, operand);
        if (value.Value is null)
        {
            return @operator switch
            {
                "eq" when column.HasNone => $"{operand} = {column.Scalar.None}",
                "neq" when column.HasNone => $"{operand} <> {column.Scalar.None}",
                "eq" => $"{operand} is null",
                "neq" => $"{operand} is not null",
                _ => "true",
            };
        }

        return @operator switch
        {
            "eq" => $"{operand} = {statement.Parameter(value, column.Scalar)}",
            "neq" when column.IsNullable => $"{operand} is distinct from {statement.Parameter(value, column.Scalar)}",
            "neq" => $"{operand} <> {statement.Parameter(value, column.Scalar)}",
            "in" => $"{operand} = any({List(value, column.Scalar)})",
            "nin" => $"({operand} = any({List(value, column.Scalar)})) is not true",
            "gt" or "gte" or "lt" or "lte" => Range(@operator, value, column, operand),
            "contains" => Like(operand, value, "%", "%"),
            "startsWith" => Like(operand, value, "", "%"),
            "endsWith" => Like(operand, value, "%", ""),
            "matches" => Matches(operand, value),
            _ => throw new ArgumentOutOfRangeException(
                nameof(@operator), @operator, "Expected an operator of the schema."),
        };
    }

    // The value that stands for none is neither more nor less than any value.
    private string Range(string @operator, BoundValue value, SqlColumn column, string operand)
    {
        var sign = @operator switch { "gt" => ">", "gte" => ">=", "lt" => "<", _ => "<=" };
        var range = $"{operand} {sign} {statement.Parameter(value, column.Scalar)}";
        return column.HasNone ? $"({range} and {operand} <> {column.Scalar.None})" : range;
    }

    private string OfList(string @operator, BoundValue value, SqlScalar scalar, string operand) =>
        value.Value is null
            ? "true"
            : @operator == "any"
            ? $"{operand} {(value.Value is true ? "<>" : "=")} {scalar.None}"
            : scalar.HasElement!(operand, statement.Parameter(value, scalar.Element!));

    // The words of a search engine; PostgreSQL reads any text as some search.
    private string Matches(string operand, BoundValue value)
    {
        var words = statement.Parameter(value.Source(), NpgsqlDbType.Text, "text", text =>
            ((string)text).Length <= SqlLimits.MaxSearchLength
                ? text
                : throw LimitExceeded.Exception(
                    LimitNames.SearchLength, SqlLimits.MaxSearchLength, ((string)text).Length));
        return $"to_tsvector('simple', {operand}) @@ websearch_to_tsquery('simple', {words})";
    }

    private string List(BoundValue list, SqlScalar scalar) => statement.Parameter(
        list.Source(), scalar.ParameterType | NpgsqlDbType.Array, $"{scalar.Cast}[]",
        values => Typed([.. ((IReadOnlyList<object?>)values).Select(value => scalar.Parameter(value!))], scalar));

    // Npgsql takes arrays of the element's own type.
    private static Array Typed(object[] values, SqlScalar scalar)
    {
        var typed = Array.CreateInstance(scalar.ParameterType switch
        {
            NpgsqlDbType.Bigint => typeof(long),
            NpgsqlDbType.Integer => typeof(int),
            NpgsqlDbType.Smallint => typeof(short),
            NpgsqlDbType.Boolean => typeof(bool),
            NpgsqlDbType.Double => typeof(double),
            NpgsqlDbType.TimestampTz => typeof(DateTime),
            NpgsqlDbType.Bytea => typeof(byte[]),
            _ => typeof(string),
        }, values.Length);
        Array.Copy(values, typed, values.Length);
        return typed;
    }

    private string Like(string operand, BoundValue value, string before, string after)
    {
        var pattern = statement.Parameter(
            value.Source(), NpgsqlDbType.Text, "text", text => before + Escaped((string)text) + after);
        return $"{operand} ilike {pattern}";
    }

    // A client's search is text, not a pattern.
    private static string Escaped(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal);
}
