// The planner's knowledge of a database: tables with their columns, keys and relations, as a read model declares
// them. Names of tables and columns come from here alone; no text of a client is ever written into a statement.
using System.Collections.Immutable;

namespace EventSourced.GraphQL.Sql;

/// <summary>All tables that can be read.</summary>
/// <param name="Tables">The tables.</param>
/// <param name="Blocks">The blocks that time travel goes by; null when there is none.</param>
public sealed record SqlModel(ImmutableArray<SqlTable> Tables, SqlBlocks? Blocks = null)
{
    /// <summary>Root fields that are no table's, read in the same snapshot as the tables.</summary>
    public ImmutableArray<SqlValue> Values { get; init; } = [];

    /// <summary>The table behind an object type.</summary>
    public SqlTable Table(string typeName) =>
        Tables.FirstOrDefault(table => table.TypeName == typeName)
        ?? throw new ArgumentException($"Expected a table for the type {typeName}, found none.", nameof(typeName));
}

/// <summary>A table and the object type that its rows are.</summary>
/// <param name="TypeName">The object type: <c>Task</c>.</param>
/// <param name="Name">The table, with its schema if it has one: <c>model.task</c>.</param>
/// <param name="Key">The field that is the primary key.</param>
/// <param name="Columns">The columns.</param>
public sealed record SqlTable(string TypeName, string Name, string Key, ImmutableArray<SqlColumn> Columns)
{
    /// <summary>
    /// The text before the key in a row's id, with a hyphen between them: <c>task</c>. With it the type is a Node and
    /// has the field <c>id</c>; null: the type is no Node.
    /// </summary>
    public string? Prefix { get; init; }

    /// <summary>The relations to other tables.</summary>
    public ImmutableArray<SqlRelation> Relations { get; init; } = [];

    /// <summary>Lists of each row whose elements are no rows of a table.</summary>
    public ImmutableArray<SqlList> Lists { get; init; } = [];

    /// <summary>Fields of each row that the program finishes after the statement has run.</summary>
    public ImmutableArray<SqlLate> Late { get; init; } = [];

    /// <summary>The place of superseded rows; null when the table has no past.</summary>
    public SqlHistory? History { get; init; }

    /// <summary>Whether keys are numbers that were given in the order of time, so that of two rows the one with the
    /// larger key never came first: pages at a block begin at the block then.</summary>
    public bool IsSerial { get; init; }

    /// <summary>The root field of one row.</summary>
    public string SingleField { get; init; } = char.ToLowerInvariant(TypeName[0]) + TypeName[1..];

    /// <summary>The root field of many rows.</summary>
    public string ManyField { get; init; } = char.ToLowerInvariant(TypeName[0]) + TypeName[1..] + "s";

    /// <summary>The description of the type.</summary>
    public string Description { get; init; } = "";

    /// <summary>The column of a field; <c>id</c> is the key behind its prefix.</summary>
    public SqlColumn Column(string field) =>
        Id is { } id && field == id.Field
            ? id
            : Columns.FirstOrDefault(column => column.Field == field)
            ?? throw new ArgumentException($"Expected a column for {TypeName}.{field}, found none.", nameof(field));

    internal SqlColumn KeyColumn => Columns.First(column => column.Field == Key);

    internal SqlColumn? Id => Prefix is null ? null : new("id", KeyColumn.Name, NodeIds.Scalar(
        Prefix, KeyColumn.Scalar))
    {
        Description = $"The global id: {Prefix}- and the {KeyColumn.Field}.",
    };

    // The fields of the type that are columns; a key that is called id gives way to the global id.
    internal IEnumerable<SqlColumn> Fields =>
        Id is { } id ? Columns.Where(column => column.Field != id.Field).Prepend(id) : Columns;
}

/// <summary>A column and the field that shows it.</summary>
/// <param name="Field">The field: <c>createdAt</c>.</param>
/// <param name="Name">The column: <c>created_at</c>.</param>
/// <param name="Scalar">The kind of its values.</param>
public sealed record SqlColumn(string Field, string Name, SqlScalar Scalar)
{
    /// <summary>Whether it may be null.</summary>
    public bool IsNullable { get; init; }

    /// <summary>Whether zero, an empty text or no bytes stand for none: such a value is shown as null, and a filter for
    /// null finds it.</summary>
    public bool HasNone { get; init; }

    /// <summary>Whether rows can be ordered by it: an index should stand behind it.</summary>
    public bool IsOrderable { get; init; } = true;

    /// <summary>Whether it can be summed.</summary>
    public bool IsSummable { get; init; }

    /// <summary>Whether rows can be grouped by it.</summary>
    public bool IsGroupable { get; init; }

    /// <summary>Whether it is searched by words: a GIN index over <c>to_tsvector('simple', column)</c> should stand
    /// behind it.</summary>
    public bool IsSearchable { get; init; }

    /// <summary>Gives the value of a column that no table has, in terms of the row; null: the table has it. Such a
    /// column can be filtered, summed and grouped by like others; rows are not ordered by it.</summary>
    public Func<SqlPlace, string>? Expression { get; init; }

    /// <summary>Whether rows can be filtered by it.</summary>
    public bool IsFilterable { get; init; } = true;

    /// <summary>What a value costs to find, in the unit of <c>@cost</c>; 0: nothing beside its row.</summary>
    public int Cost { get; init; }

    /// <summary>The description of the field.</summary>
    public string Description { get; init; } = "";

    // Whether rows can be ordered and told apart by it.
    internal bool MayOrder => IsOrderable && Expression is null && Scalar.Element is null;

    // The value in SQL.
    internal string Operand(SqlPlace place) => Expression?.Invoke(place) ?? $"{place.Alias}.{Name}";

    // Whether a client may see null.
    internal bool MayBeNull => IsNullable || HasNone;

    internal string FilterName => IsSearchable ? $"Searchable{Scalar.FilterName}" : Scalar.FilterName;

    internal bool IsComparable => IsSummable || Scalar.Bucket is not null;
}

/// <summary>A relation: rows of the target whose column equals a column here.</summary>
/// <param name="Field">The field: <c>bids</c>.</param>
/// <param name="Target">The type of the target: <c>Bid</c>.</param>
/// <param name="Column">The column here.</param>
/// <param name="TargetColumn">The column there.</param>
/// <param name="IsMany">Whether there may be many rows there.</param>
public sealed record SqlRelation(string Field, string Target, string Column, string TargetColumn, bool IsMany)
{
    /// <summary>Whether there may be none, where there are not many.</summary>
    public bool IsNullable { get; init; } = true;

    /// <summary>Whether rows can be ordered by the columns of the target, where there are not many.</summary>
    public bool IsOrderable { get; init; } = true;

    /// <summary>The description of the field.</summary>
    public string Description { get; init; } = "";
}

/// <summary>The superseded rows of a table: the same columns, and the blocks from and to which they held. The table
/// should have indexes over (key, from), over (length((to - from)::text), to, from), and over (column, to) for each
/// column that rows of other tables lead to.</summary>
/// <param name="Name">The history's table.</param>
public sealed record SqlHistory(string Name)
{
    /// <summary>The first block at which a row holds; current rows have it too.</summary>
    public string From { get; init; } = "valid_from";

    /// <summary>The first block at which it no longer holds.</summary>
    public string To { get; init; } = "valid_to";

    // The digits of the number of blocks for which a row held.
    internal string Span(string alias) => $"length(({alias}.{To} - {alias}.{From})::text)";
}

/// <summary>The canonical blocks and how far the index is. Both are read in the snapshot that reads the rows.</summary>
/// <param name="Name">The table of blocks; it need not have every block.</param>
/// <param name="Progress">The table with one row that says how far the index is.</param>
public sealed record SqlBlocks(string Name, string Progress)
{
    /// <summary>The first block that is indexed.</summary>
    public long First { get; init; }

    /// <summary>
    /// An expression that gives the block before which rows were dropped, or null: nothing was.
    /// </summary>
    public string Horizon { get; init; } = "null::bigint";

    /// <summary>The column of a block's number.</summary>
    public string Number { get; init; } = "number";

    /// <summary>The column of a block's hash, in bytes.</summary>
    public string Hash { get; init; } = "hash";

    /// <summary>The column of the progress: the newest block; null before there is one.</summary>
    public string TipNumber { get; init; } = "tip_number";

    /// <summary>The column of the progress: the newest block's hash.</summary>
    public string TipHash { get; init; } = "tip_hash";

    /// <summary>The column of the progress: the newest block that never changes; null before there is one.</summary>
    public string FinalNumber { get; init; } = "final_number";

    /// <summary>The column of the progress: that block's hash.</summary>
    public string FinalHash { get; init; } = "final_hash";
}

/// <summary>A root field whose value one expression gives as JSON. The caller that adds the model adds the field's
/// definition to the type Query. Members are taken from the JSON by name; a member with a resolver of its own gets a
/// <see cref="System.Text.Json.JsonElement"/> as its parent.</summary>
/// <param name="Field">The root field.</param>
/// <param name="Sql">An expression that gives JSON, or null: <c>(select json_build_object(..) from ..)</c>.</param>
public sealed record SqlValue(string Field, string Sql);
