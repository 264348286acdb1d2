// Selections enter, expressions of JSON text leave (read-api-measured: "Shapes"): objects as concatenations, to-one
// relations as scalar subqueries, pages as arrays that are sliced. Every selection is visited once.
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Sql;

internal sealed class SelectionWriter(
    SqlModel model, Statement statement, RowSource rows, IReadOnlyDictionary<string, object?> variables)
{
    public Statement Statement => statement;

    public RowSource Rows => rows;

    public FilterWriter Filters => new(model, statement, rows);

    public IReadOnlyDictionary<string, object?> Variables => variables;

    public SqlTable Table(string typeName) => model.Table(typeName);

    // Writes the members of an object of this type; each selection gives its value.
    public Concatenation Object(Selection parent, Func<Selection, Concatenation, Concatenation> value) =>
        Object(parent, (ObjectType)parent.Field.Type.NamedType, value);

    private Concatenation Object(
        Selection parent, ObjectType type, Func<Selection, Concatenation, Concatenation> value)
    {
        var json = new Concatenation().Literal("{");
        var separator = "";
        foreach (var selection in parent.SelectionSet(type).Selections)
        {
            if (!selection.IsIncluded(variables))
                continue;
            json.Literal($"{separator}\"{selection.ResponseName}\":");
            separator = ",";
            if (selection.Field.Name == "__typename")
                json.Literal($"\"{type.Name}\"");
            else
                value(selection, json);
        }

        return json.Literal("}");
    }

    // The JSON of one row.
    public string Row(Selection parent, SqlTable table, string alias) =>
        Row(parent, (ObjectType)parent.Field.Type.NamedType, table, alias);

    // The same where the field's type is an interface that the row's type implements.
    public string Row(Selection parent, ObjectType type, SqlTable table, string alias) =>
        Object(parent, type, (selection, json) => Member(selection, table, alias, json)).ToSql();

    // The value of a column as figures and groups take it: the value that stands for none is no value. A mean or a
    // minimum leaves it out, and it makes a group of its own, without a key.
    public string Operand(SqlColumn column, string alias)
    {
        var operand = column.Operand(Place(alias));
        return column.HasNone ? $"nullif({operand}, {column.Scalar.None})" : operand;
    }

    // The JSON of a column's value, null included.
    public static string Value(SqlColumn column, string operand)
    {
        var json = $"({column.Scalar.ListJson(operand)})::text";
        if (column.HasNone)
            json = $"case when {operand} = {column.Scalar.None} then 'null' else {json} end";
        return column.IsNullable ? $"coalesce({json}, 'null')" : json;
    }

    private Concatenation Member(Selection selection, SqlTable table, string alias, Concatenation json)
    {
        if (table.Relations.FirstOrDefault(relation => relation.Field == selection.Field.Name) is { } relation)
        {
            return json.Expression(relation.IsMany
                ? Many(selection, relation, alias)
                : One(selection, relation, alias));
        }

        if (table.Lists.FirstOrDefault(list => list.Field == selection.Field.Name) is { } some)
            return json.Expression(ListWriter.Write(this, selection, some, Place(alias)));
        if (table.Late.FirstOrDefault(late => late.Field == selection.Field.Name) is { } later)
            return json.Expression(statement.Late(selection, later, later.Given(Place(alias, selection))));
        var column = table.Column(selection.Field.Name);
        var operand = column.Operand(Place(alias));
        return column.MayBeNull || column.Scalar.Element is not null
            ? json.Expression(Value(column, operand))
            : json.Literal(column.Scalar.Before).Expression(column.Scalar.Inner(operand)).Literal(column.Scalar.After);
    }

    private SqlPlace Place(string alias, Selection? selection = null) => new(
        model, statement, rows, alias,
        selection is null ? null : name => BoundValue.Argument(selection, name, variables));

    private string One(Selection selection, SqlRelation relation, string alias)
    {
        var target = model.Table(relation.Target);
        var other = statement.Alias("r");
        var found =
            rows.Select(
                target, other, Row(selection, target, other),
                $"{other}.{relation.TargetColumn} = {alias}.{relation.Column}",
                relation.TargetColumn == target.KeyColumn.Name ? Reach.Key : Reach.Few);
        return $"coalesce(({found}), 'null')";
    }

    private string Many(Selection selection, SqlRelation relation, string alias) =>
        new PageWriter(this, selection, model.Table(relation.Target))
        .Write(other => $"{other}.{relation.TargetColumn} = {alias}.{relation.Column}");
}
