// Single rows of the read models that serve, for decisions about one thing. Enters: a key, and a block for a look at
// the past. Leaves: the row that held, or none. Always holds: one statement a look, found by the key's index; a process
// has one statement a read model, so each stays prepared.
using System.Collections.Frozen;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;
using EventSourced.Projections;
using Npgsql;

namespace EventSourced.Tables;

/// <summary>Finds rows of one read model.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TState">The row.</typeparam>
public sealed class RowLookup<TKey, TState>
    where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
    where TState : class
{
    private static readonly FrozenDictionary<Fold, RowLookup<TKey, TState>> ByFold = ReadModels.All
        .OfType<ReadModel<TKey, TState>>().ToFrozenDictionary(
            model => (Fold)model.Fold, model => new RowLookup<TKey, TState>(model));

    private readonly ReadModel<TKey, TState> _model;
    private readonly RowCodec<TState> _codec = RowCodec<TState>.Shared;
    private readonly string _columns;
    private readonly string _table;
    private readonly string _past;

    private RowLookup(ReadModel<TKey, TState> model)
    {
        _model = model;
        _columns = string.Join(", ", model.Columns.Select(column => column.Name));
        _table = TableNames.Of(TableNames.ServingSchema, model.Table);
        _past =
            $"""
            (select {_columns}, valid_from from {_table} where valid_from <= $2
             union all
             select {_columns}, valid_from from {TableNames.HistoryOf(TableNames.ServingSchema, model.Table)}
              where {ReadModelSchema.AnySpan} and valid_from <= $2 and valid_to > $2) r
            """;
    }

    /// <summary>The lookup of a fold's read model.</summary>
    public static RowLookup<TKey, TState> Of(Fold<TKey, TState> fold) => ByFold.TryGetValue(fold, out var found)
        ? found
        : throw new ArgumentException($"expected the fold of a read model, found {fold?.Name}", nameof(fold));

    /// <summary>The row of a key, now or at a block.</summary>
    public async Task<TState?> FindAsync(
        NpgsqlConnection connection, TKey key, ulong? block, CancellationToken cancellation)
    {
        var rows = await ReadAsync(
            connection, _model.Columns[0].Name, Wide(key), 1, block, cancellation).ConfigureAwait(false);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>The rows with a value in a property, in the order of their keys.</summary>
    public Task<IReadOnlyList<TState>> WhereAsync(
        NpgsqlConnection connection, string property, object value, int most, ulong? block,
        CancellationToken cancellation)
    {
        var column = _model.Columns.FirstOrDefault(found => found.Property == property)?.Name
            ?? throw new ArgumentException(
                $"expected a property of {typeof(TState)}, found '{property}'", nameof(property));
        return ReadAsync(connection, column, Wide(value), most, block, cancellation);
    }

    private async Task<IReadOnlyList<TState>> ReadAsync(
        NpgsqlConnection connection, string column, object value, int most, ulong? block,
        CancellationToken cancellation)
    {
        var limit = block is null ? "$2" : "$3";
        var text =
            $"select {_columns} from {(block is null ? _table : _past)} where {column} = $1 order by {_model.Columns[0].Name} limit {limit}";
        await using var command = new NpgsqlCommand(text, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = value });
        if (block is { } number) command.Parameters.Add(new NpgsqlParameter { Value = (long)number });
        command.Parameters.Add(new NpgsqlParameter { Value = (long)most });
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var rows = new List<TState>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) rows.Add(_codec.Read(reader));
        return rows;
    }

    // A number above the column's range finds nothing.
    private static object Wide(object value) => value switch
    {
        ulong number => number <= long.MaxValue ? (long)number : -1L,
        Word word => word.ToArray(),
        Address address => address.ToArray(),
        string text => text,
        _ => throw new NotSupportedException($"expected a number, a word, an address or text, found {value.GetType()}"),
    };
}
