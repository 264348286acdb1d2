// Fields of a row that no table has as a column. Enters: the row's place in a statement. Leaves: expressions of it.
// Always holds: an expression reads other tables at the block that the row is read at, in the same statement; what a
// client sends is a parameter.
using System.Collections.Immutable;
using System.Text.Json;

namespace EventSourced.GraphQL.Sql;

/// <summary>A row in a statement that is being written.</summary>
public sealed class SqlPlace
{
    private readonly SqlModel _model;
    private readonly Statement _statement;
    private readonly RowSource _rows;
    private readonly Func<string, BoundValue?> _argument;

    internal SqlPlace(
        SqlModel model, Statement statement, RowSource rows, string alias, Func<string, BoundValue?>? argument = null)
    {
        (_model, _statement, _rows, Alias) = (model, statement, rows, alias);
        _argument = argument ?? (static _ => null);
    }

    /// <summary>The row: its columns stand behind this and a point.</summary>
    public string Alias { get; }

    /// <summary>The number of the block that is read at, in SQL; null: rows are read as they are now.</summary>
    public string? Block => _rows.Block;

    /// <summary>A name that nothing else in the statement has.</summary>
    public string NewAlias(string prefix) => _statement.Alias(prefix);

    /// <summary>The rows of another type at the block, under a name, to stand behind <c>from</c>.</summary>
    public string Rows(string typeName, string alias) => _rows.At(_model.Table(typeName), alias);

    /// <summary>The placeholder of an argument of the field; null when the client gives none.</summary>
    public string? Argument(string name, SqlScalar scalar) =>
        _argument(name) is { Value: not null } given ? _statement.Parameter(given, scalar) : null;
}

/// <summary>A list of a row, in one order, whose elements are no rows of a table: they have columns, filters and
/// relations to nothing.</summary>
/// <param name="Field">The field: <c>story</c>.</param>
/// <param name="TypeName">The type of the elements.</param>
/// <param name="Columns">The columns of the elements; the first one is their order.</param>
/// <param name="Source">A statement that gives the elements of a row, with those columns.</param>
public sealed record SqlList(
    string Field, string TypeName, ImmutableArray<SqlColumn> Columns, Func<SqlPlace, string> Source)
{
    /// <summary>The description of the field.</summary>
    public string Description { get; init; } = "";

    /// <summary>The description of the type.</summary>
    public string TypeDescription { get; init; } = "";

    /// <summary>What the list costs beside its elements, in the unit of <c>@cost</c>.</summary>
    public int Cost { get; init; }

    // The elements as rows; they have no root fields.
    internal SqlTable Rows => new(TypeName, "", Columns[0].Field, Columns) { Description = TypeDescription };
}

/// <summary>Makes a value of what the statement gave for it; null: there is none.</summary>
public delegate ValueTask<JsonElement?> LateValue(JsonElement given, CancellationToken cancellation);

/// <summary>A field whose value the program makes of what the statement gives: what SQL cannot compute, or reads from
/// elsewhere. Objects are shaped by the client's selection.</summary>
/// <param name="Field">The field: <c>card</c>.</param>
/// <param name="Type">Its type in the schema, which another document defines where it is an object.</param>
/// <param name="Given">An expression that gives JSON, or null: what the value is made of.</param>
/// <param name="Value">Makes the value.</param>
public sealed record SqlLate(string Field, string Type, Func<SqlPlace, string> Given, LateValue Value)
{
    /// <summary>The arguments in the schema, without parentheses; empty: none.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>What a value costs, in the unit of <c>@cost</c>.</summary>
    public int Cost { get; init; }

    /// <summary>The description of the field.</summary>
    public string Description { get; init; } = "";
}
