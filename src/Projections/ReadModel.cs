// A read model: the rows of one fold, declared once. The DDL, the row codec and the public GraphQL type all follow from
// this declaration: the columns, the columns that count, the columns in which zero means none, and the relations.
using System.Linq.Expressions;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Projections;

/// <summary>A relation to another read model.</summary>
/// <param name="Field">The field in GraphQL: <c>agent</c>, <c>bids</c>.</param>
/// <param name="Target">The table of the target.</param>
/// <param name="Column">The column on this side.</param>
/// <param name="TargetColumn">The column on the target's side.</param>
/// <param name="IsMany">Whether one row here may have many rows there.</param>
public sealed record Relation(string Field, string Target, string Column, string TargetColumn, bool IsMany);

/// <summary>Receives a read model together with its types.</summary>
/// <typeparam name="TResult">The visitor's result.</typeparam>
public interface IReadModelVisitor<out TResult>
{
    /// <summary>Visits one model.</summary>
    TResult Visit<TKey, TState>(ReadModel<TKey, TState> model)
        where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
        where TState : class;
}

/// <summary>A read model.</summary>
public abstract class ReadModel
{
    private readonly List<IReadOnlyList<string>> _indexes = [];
    private readonly List<Relation> _relations = [];
    private readonly List<string> _searches = [];
    private readonly HashSet<string> _none = [];
    private readonly HashSet<string> _counts = [];

    private protected ReadModel(Fold fold, string typeName, bool isState)
    {
        Fold = fold;
        TypeName = typeName;
        IsState = isState;
        Table = SnakeCase.Lower(typeName);
        Columns = Column.Of(fold.StateType);
    }

    /// <summary>The fold that makes the rows.</summary>
    public Fold Fold { get; }

    /// <summary>The type in GraphQL: <c>Task</c>.</summary>
    public string TypeName { get; }

    /// <summary>The table: <c>task</c>.</summary>
    public string Table { get; }

    /// <summary>
    /// Whether the rows are states of the domain and count in the state root. Other rows serve readers alone.
    /// </summary>
    public bool IsState { get; }

    /// <summary>The columns, the key first.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Whether rows carry the version of their stream.</summary>
    public bool HasVersion => Fold.HasStreams;

    /// <summary>Whether rows carry their next deadline.</summary>
    public abstract bool HasDeadline { get; }

    /// <summary>The indexes beside the key, by columns.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Indexes => _indexes;

    /// <summary>The relations.</summary>
    public IReadOnlyList<Relation> Relations => _relations;

    /// <summary>The text columns with a word search.</summary>
    public IReadOnlyList<string> Searches => _searches;

    /// <summary>
    /// Whether the contracts number the keys one by one, so that a larger key is always the newer one.
    /// </summary>
    public bool IsSerial { get; private protected set; }

    /// <summary>Whether zero in a column means that there is nothing. Readers get null there.</summary>
    public bool HasNone(Column column) => _none.Contains(Named(column).Name);

    /// <summary>
    /// Whether a column is an amount of money in base units: every large number that is not declared a count.
    /// </summary>
    public bool IsAmount(Column column) =>
        (Named(column).Type == typeof(UInt128) || column.Type == typeof(UInt256)) && !_counts.Contains(column.Name);

    /// <summary>
    /// Whether a column identifies a thing: the key, a name that ends in Id, or a reference to one row of another
    /// model.
    /// </summary>
    public bool IsId(Column column) =>
        LeadsToOne(column)
            || (column.Type == typeof(ulong) && column.Property.EndsWith("Id", StringComparison.Ordinal));

    /// <summary>Whether a column is the key or refers to one row of another model.</summary>
    public bool LeadsToOne(Column column) => Named(column) == Columns[0]
        || Relations.Any(relation => !relation.IsMany && relation.Column == column.Name);

    /// <summary>Calls the visitor with the model's types.</summary>
    public abstract TResult Accept<TResult>(IReadModelVisitor<TResult> visitor);

    private protected void AddIndex(IReadOnlyList<string> columns) => _indexes.Add(columns);

    private protected void AddSearch(string column) => _searches.Add(column);

    private protected void AddRelation(Relation relation) => _relations.Add(relation);

    private protected void AddNone(string column)
    {
        if (column == Columns[0].Name)
            throw new ArgumentException(
                $"expected a key that every {TypeName} has, found {column} declared to be none where it is zero");
        if (!_none.Add(column)) throw new ArgumentException(
            $"expected {TypeName}.{column} once in None, found it twice");
    }

    private protected void AddCount(string column)
    {
        if (!IsAmount(Columns.First(found => found.Name == column)))
            throw new ArgumentException(
                $"expected a large number to be declared a count once, found {TypeName}.{column}");
        _counts.Add(column);
    }

    private Column Named(Column? column) => column is not null && Columns.Contains(column)
        ? column
        : throw new ArgumentException(
            $"expected a column of {TypeName}, found {column?.Name ?? "none"}", nameof(column));
}

/// <summary>A read model by the types of its key and rows.</summary>
/// <typeparam name="TKey">The type of the key.</typeparam>
/// <typeparam name="TState">The type of the row.</typeparam>
public sealed class ReadModel<TKey, TState>(Fold<TKey, TState> fold, string typeName, bool isState)
    : ReadModel(fold, typeName, isState)
    where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
    where TState : class
{
    /// <summary>The fold that makes the rows.</summary>
    public new Fold<TKey, TState> Fold { get; } = fold;

    /// <inheritdoc />
    public override bool HasDeadline => Fold.NextDeadline is not null;

    /// <summary>The key of a row: its first column.</summary>
    public Func<TState, TKey> KeyOf { get; } = CompileKey();

    /// <summary>Declares that the contracts number the keys one by one.</summary>
    public ReadModel<TKey, TState> Serial()
    {
        IsSerial = true;
        return this;
    }

    /// <summary>
    /// Names properties in which zero means that there is nothing. The public schema shows null there.
    /// </summary>
    public ReadModel<TKey, TState> None(params string[] properties)
    {
        foreach (var property in properties) AddNone(ColumnOf(property));
        return this;
    }

    /// <summary>Names large numbers that count something other than money.</summary>
    public ReadModel<TKey, TState> Counts(params string[] properties)
    {
        foreach (var property in properties) AddCount(ColumnOf(property));
        return this;
    }

    /// <summary>Declares an index over properties.</summary>
    public ReadModel<TKey, TState> Index(params string[] properties)
    {
        AddIndex([.. properties.Select(ColumnOf)]);
        return this;
    }

    /// <summary>Declares a word search over a text.</summary>
    public ReadModel<TKey, TState> Search(string property)
    {
        AddSearch(ColumnOf(property));
        return this;
    }

    /// <summary>
    /// Declares a relation to one row of another model: its key, or the named column, equals the property here. Zero,
    /// empty and unknown values find no row.
    /// </summary>
    public ReadModel<TKey, TState> One(string field, string target, string property, string? targetColumn = null)
    {
        AddRelation(new Relation(field, target, ColumnOf(property), targetColumn ?? "", false));
        return this;
    }

    /// <summary>
    /// Declares a relation to the rows of another model whose column equals this key. An index there begins with that
    /// column.
    /// </summary>
    public ReadModel<TKey, TState> Many(string field, string target, string targetColumn)
    {
        AddRelation(new Relation(field, target, Columns[0].Name, targetColumn, true));
        return this;
    }

    /// <inheritdoc />
    public override TResult Accept<TResult>(IReadModelVisitor<TResult> visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return visitor.Visit(this);
    }

    private string ColumnOf(string property) =>
        Columns.FirstOrDefault(column => column.Property == property)?.Name
        ?? throw new ArgumentException(
            $"expected a property of {typeof(TState)}, found '{property}'", nameof(property));

    private static Func<TState, TKey> CompileKey()
    {
        var state = Expression.Parameter(typeof(TState));
        var key = Expression.Property(state, Column.Of(typeof(TState))[0].Property);
        return Expression.Lambda<Func<TState, TKey>>(key, state).Compile();
    }
}
