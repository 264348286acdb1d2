// A read model: the rows of one fold, declared once. The DDL, the row codec and the public GraphQL type all follow from
// this declaration: which columns there are, which of them count, which are none where they are zero, what leads where.
using System.Linq.Expressions;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Projections;

/// <summary>A relation to another read model.</summary>
/// <param name="Field">The field in GraphQL: <c>agent</c>, <c>bids</c>.</param>
/// <param name="Target">The table of the target.</param>
/// <param name="Column">The column here.</param>
/// <param name="TargetColumn">The column there.</param>
/// <param name="IsMany">Whether there may be many rows there.</param>
public sealed record Relation(string Field, string Target, string Column, string TargetColumn, bool IsMany);

/// <summary>Receives a read model with its types.</summary>
/// <typeparam name="TResult">What is made of it.</typeparam>
public interface IReadModelVisitor<out TResult>
{
    /// <summary>Takes one.</summary>
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

    /// <summary>What its rows are folded by.</summary>
    public Fold Fold { get; }

    /// <summary>The type in GraphQL: <c>Task</c>.</summary>
    public string TypeName { get; }

    /// <summary>The table: <c>task</c>.</summary>
    public string Table { get; }

    /// <summary>
    /// Whether its rows are states of the domain and count in the state root; others are only for reading.
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

    /// <summary>The columns that are searched by their words.</summary>
    public IReadOnlyList<string> Searches => _searches;

    /// <summary>
    /// Whether the contracts count the keys up one by one, so that a larger key is never the older one.
    /// </summary>
    public bool IsSerial { get; private protected set; }

    /// <summary>Whether zero in a column means that there is nothing: readers get null.</summary>
    public bool HasNone(Column column) => _none.Contains(Named(column).Name);

    /// <summary>
    /// Whether a column is an amount of money in base units: every large number that is not declared a count.
    /// </summary>
    public bool IsAmount(Column column) =>
        (Named(column).Type == typeof(UInt128) || column.Type == typeof(UInt256)) && !_counts.Contains(column.Name);

    /// <summary>
    /// Whether a column names a thing: the key, what ends in Id, what leads to one row of another model.
    /// </summary>
    public bool IsId(Column column) =>
        LeadsToOne(column)
            || (column.Type == typeof(ulong) && column.Property.EndsWith("Id", StringComparison.Ordinal));

    /// <summary>Whether a column is the key or leads to one row of another model.</summary>
    public bool LeadsToOne(Column column) => Named(column) == Columns[0]
        || Relations.Any(relation => !relation.IsMany && relation.Column == column.Name);

    /// <summary>Passes the model with its types.</summary>
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
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TState">The row.</typeparam>
public sealed class ReadModel<TKey, TState>(Fold<TKey, TState> fold, string typeName, bool isState)
    : ReadModel(fold, typeName, isState)
    where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
    where TState : class
{
    /// <summary>What its rows are folded by.</summary>
    public new Fold<TKey, TState> Fold { get; } = fold;

    /// <inheritdoc />
    public override bool HasDeadline => Fold.NextDeadline is not null;

    /// <summary>The key of a row: its first column.</summary>
    public Func<TState, TKey> KeyOf { get; } = CompileKey();

    /// <summary>The contracts count the keys up one by one.</summary>
    public ReadModel<TKey, TState> Serial()
    {
        IsSerial = true;
        return this;
    }

    /// <summary>Properties in which zero means that there is nothing: the public schema shows null there.</summary>
    public ReadModel<TKey, TState> None(params string[] properties)
    {
        foreach (var property in properties) AddNone(ColumnOf(property));
        return this;
    }

    /// <summary>Large numbers that count something other than money.</summary>
    public ReadModel<TKey, TState> Counts(params string[] properties)
    {
        foreach (var property in properties) AddCount(ColumnOf(property));
        return this;
    }

    /// <summary>An index over properties.</summary>
    public ReadModel<TKey, TState> Index(params string[] properties)
    {
        AddIndex([.. properties.Select(ColumnOf)]);
        return this;
    }

    /// <summary>A text that is searched by its words.</summary>
    public ReadModel<TKey, TState> Search(string property)
    {
        AddSearch(ColumnOf(property));
        return this;
    }

    /// <summary>
    /// A row of another model whose key, or the column named, stands in a property here; zero, empty and unknown find
    /// none.
    /// </summary>
    public ReadModel<TKey, TState> One(string field, string target, string property, string? targetColumn = null)
    {
        AddRelation(new Relation(field, target, ColumnOf(property), targetColumn ?? "", false));
        return this;
    }

    /// <summary>
    /// The rows of another model whose column holds this key; an index begins with that column there.
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
