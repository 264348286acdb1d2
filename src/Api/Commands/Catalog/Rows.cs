// The rows by which one wish is decided, of one snapshot. Enters: an open transaction, the block where the past is
// asked for. Leaves: rows by their keys. Always holds: a row is read once, however often it is asked for; nothing is
// folded here.
using EventSourced.Domain.Folding;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Api.Commands.Catalog;

/// <summary>Reads rows of one snapshot.</summary>
internal sealed class Rows(NpgsqlConnection connection, ulong? block, CancellationToken cancellation)
{
    private readonly Dictionary<(Fold, object), object?> _found = [];

    /// <summary>The row of a key.</summary>
    public async ValueTask<TState?> FindAsync<TKey, TState>(Fold<TKey, TState> fold, TKey key)
        where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
        where TState : class
    {
        if (_found.TryGetValue((fold, key), out var known)) return (TState?)known;
        var row = await RowLookup<TKey, TState>.Of(
            fold).FindAsync(connection, key, block, cancellation).ConfigureAwait(false);
        _found.Add((fold, key), row);
        return row;
    }

    /// <summary>The rows with a value in a property.</summary>
    public Task<IReadOnlyList<TState>> WhereAsync<TKey, TState>(
        Fold<TKey, TState> fold, string property, object value, int most)
        where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
        where TState : class =>
        RowLookup<TKey, TState>.Of(fold).WhereAsync(connection, property, value, most, block, cancellation);
}
