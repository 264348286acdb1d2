// Selections enter, expressions of JSON text leave (read-api-measured: "Shapes"): objects as concatenations, to-one
// relations as scalar subqueries, pages as arrays that are sliced. Every selection is visited once.
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Sql;

internal sealed class SelectionWriter(SqlModel model, Statement statement, RowSource rows, RequestContext request)
{
    public Statement Statement => statement;

    public RowSource Rows => rows;

    public FilterWriter Filters => new(model, statement, rows);

    public IReadOnlyDictionary<string, object?> Variables => request.Variables;

    // Writes the members of an object of this type; each selection gives its value.
    public Concatenation Object(Selection parent, Func<Selection, Concatenation, Concatenation> value)
    {
        var type = (ObjectType)parent.Field.Type.NamedType;
        var json = new Concatenation().Literal("{");
        var separator = "";
        foreach (var selection in parent.SelectionSet(type).Selections)
        {
            if (!selection.IsIncluded(request.Variables))
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
        Object(parent, (selection, json) => Member(selection, table, alias, json)).ToSql();

    private Concatenation Member(Selection selection, SqlTable table, string alias, Concatenation json)
    {
        if (table.Relations.FirstOrDefault(relation => relation.Field == selection.Field.Name) is { } relation)
        {
            return json.Expression(relation.IsMany
                ? Many(selection, relation, alias)
                : One(selection, relation, alias));
        }

        var column = table.Column(selection.Field.Name);
        var operand = $"{alias}.{column.Name}";
        return column.IsNullable
            ? json.Expression($"coalesce(({column.Scalar.Json(operand)})::text, 'null')")
            : json.Literal(column.Scalar.Before).Expression(column.Scalar.Inner(operand)).Literal(column.Scalar.After);
    }

    private string One(Selection selection, SqlRelation relation, string alias)
    {
        var target = model.Table(relation.Target);
        var other = statement.Alias("r");
        var found =
            rows.Select(
                target, other, Row(selection, target, other),
                $"{other}.{relation.TargetColumn} = {alias}.{relation.Column}");
        return $"coalesce(({found}), 'null')";
    }

    private string Many(Selection selection, SqlRelation relation, string alias) =>
        new PageWriter(this, selection, model.Table(relation.Target))
        .Write(other => $"{other}.{relation.TargetColumn} = {alias}.{relation.Column}");
}
