// One read model's table and its history in one schema. Enters: rows on their way to COPY, keys, a block. Leaves:
// current rows, deadlines, the keys that a cut touched. Always holds: a row is the record's columns, then the stream's
// version when the fold has streams, the next deadline when it has deadlines, and the block since which the row holds;
// in the history the block at which it ceased to hold stands last.
using EventSourced.Domain.Values;
using EventSourced.MartenBulk;
using EventSourced.Projections;
using Npgsql;

namespace EventSourced.Tables;

/// <summary>A row as the table stores it.</summary>
/// <param name="State">The record.</param>
/// <param name="Version">The version of its stream; 0 when the fold has none.</param>
/// <param name="ValidFrom">The block since which the row holds.</param>
public readonly record struct StoredRow<TState>(TState State, long Version, ulong ValidFrom)
    where TState : class;

/// <summary>Reads, cuts and encodes the rows of a read model.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TState">The row.</typeparam>
public sealed class RowTable<TKey, TState>(ReadModel<TKey, TState> model, string schema)
    where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
    where TState : class
{
    private readonly RowCodec<TState> _codec = RowCodec<TState>.Shared;
    private readonly int _fields = model.Columns.Count + (model.HasVersion ? 1 : 0) + (model.HasDeadline ? 1 : 0) + 1;
    private readonly string _name = TableNames.Of(schema, model.Table);
    private readonly string _history = TableNames.HistoryOf(schema, model.Table);
    private readonly string _key = model.Columns[0].Name;
    private readonly string _select =
        $"select {string.Join(", ", model.Columns.Select(column => column.Name))}"
        + $"{(model.HasVersion ? ", stream_version" : "")}, valid_from";

    /// <summary>Encodes a current row; with the block at which it ceased to hold, a row of the history.</summary>
    public void Write(CopyBuffer rows, TState state, long version, long due, ulong validFrom, ulong? until)
    {
        ArgumentNullException.ThrowIfNull(rows);
        rows.Row((short)(_fields + (until is null ? 0 : 1)));
        _codec.Write(rows, state);
        if (model.HasVersion) rows.Int64(version);
        if (model.HasDeadline)
        {
            if (due != 0) rows.Int64(due);
            else rows.Null();
        }

        rows.Int64((long)validFrom);
        if (until is { } block) rows.Int64((long)block);
    }

    /// <summary>Whether the table has no row.</summary>
    public async Task<bool> IsEmptyAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var any = new NpgsqlCommand($"select exists (select from {_name})", connection);
        return !(bool)(await any.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>The rows of some keys.</summary>
    public async Task ReadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<TKey> keys, Action<StoredRow<TState>> take,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"{_select} from {_name} where {_key} = any($1)", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = ArrayOf(keys) });
        await ReadAsync(command, take, cancellation).ConfigureAwait(false);
    }

    /// <summary>Every row.</summary>
    public async Task ReadAllAsync(
        NpgsqlConnection connection, Action<StoredRow<TState>> take, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"{_select} from {_name}", connection);
        await ReadAsync(command, take, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// The rows that held at a block, in the order of keys; only those that changed after another block.
    /// </summary>
    public IAsyncEnumerable<(StoredRow<TState> Row, ulong Until)> AsOfAsync(
        NpgsqlConnection connection, ulong block, long after, CancellationToken cancellation) => ReadAsync(
        connection,
        $"""
        {_select}, 0::bigint from {_name} where valid_from <= $1 and valid_from > $2
        union all
        {_select}, 0::bigint from {_history} where valid_from <= $1 and valid_from > $2 and valid_to > $1
        order by {_key}
        """, [(long)block, after], cancellation);

    /// <summary>
    /// The rows that ceased to hold after one block and up to another, in that order, each with the block at which it
    /// did.
    /// </summary>
    public IAsyncEnumerable<(StoredRow<TState> Row, ulong Until)> PastAsync(
        NpgsqlConnection connection, ulong after, ulong to, CancellationToken cancellation) => ReadAsync(
        connection,
        $"""
        {_select}, valid_to from {_history} where valid_to > $1 and valid_to <= $2
        order by valid_to, {_key}, valid_from
        """, [(long)after, (long)to], cancellation);

    /// <summary>Every deadline in seconds, with its key.</summary>
    public async Task ReadDeadlinesAsync(
        NpgsqlConnection connection, Action<TKey, long> take, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(take);
        await using var command = new NpgsqlCommand(
            $"select {_key}, due_at from {_name} where due_at is not null", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) take(
            Wire.Read<TKey>(reader, 0), reader.GetInt64(1));
    }

    /// <summary>The version of a key's stream; 0 when there is none.</summary>
    public async Task<long> StreamVersionAsync(NpgsqlConnection connection, TKey key, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select coalesce((select version from {TableNames.Streams} where id = $1), 0)", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = $"{model.Fold.Name}-{key}" });
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>
    /// Takes table and history back to a block, in the caller's transaction. Returns the keys whose rows are gone, and
    /// the keys whose former rows hold again.
    /// </summary>
    public async Task<(List<TKey> Gone, List<TKey> Back)> CutAsync(
        NpgsqlConnection connection, ulong block, CancellationToken cancellation)
    {
        var columns = ReadModelSchema.ColumnsOf(model);
        var behind = $"{ReadModelSchema.AnySpan} and valid_to > $1";
        var gone = await KeysAsync($"delete from {_name} where valid_from > $1 returning {_key}").ConfigureAwait(false);
        var back = await KeysAsync(
            $"""
            insert into {_name} ({columns})
            select {columns} from {_history} where {behind} and valid_from <= $1 returning {_key}
            """).ConfigureAwait(false);
        await KeysAsync($"delete from {_history} where {behind} returning {_key}").ConfigureAwait(false);
        return (gone, back);

        async Task<List<TKey>> KeysAsync(string statement)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            command.Parameters.AddWithValue((long)block);
            await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            var keys = new List<TKey>();
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) keys.Add(Wire.Read<TKey>(reader, 0));
            return keys;
        }
    }

    private async Task ReadAsync(NpgsqlCommand command, Action<StoredRow<TState>> take, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(take);
        var last = model.Columns.Count + (model.HasVersion ? 1 : 0);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) take(Row(reader, last));
    }

    private async IAsyncEnumerable<(StoredRow<TState> Row, ulong Until)> ReadAsync(
        NpgsqlConnection connection, string statement, long[] blocks,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        // A whole table may be touched: the statement has no time limit.
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        foreach (var block in blocks) command.Parameters.AddWithValue(block);
        var last = model.Columns.Count + (model.HasVersion ? 1 : 0);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            yield return (Row(reader, last), (ulong)reader.GetInt64(last + 1));
    }

    private StoredRow<TState> Row(NpgsqlDataReader reader, int last) => new(
        _codec.Read(reader), model.HasVersion ? reader.GetInt64(last - 1) : 0, (ulong)reader.GetInt64(last));

    private static object ArrayOf(IReadOnlyCollection<TKey> keys) => keys switch
    {
        IEnumerable<ulong> numbers => numbers.Select(key => checked((long)key)).ToArray(),
        IEnumerable<string> texts => texts.ToArray(),
        IEnumerable<Word> words => words.Select(word => word.ToArray()).ToArray(),
        IEnumerable<Address> addresses => addresses.Select(address => address.ToArray()).ToArray(),
        _ => throw new NotSupportedException(
            $"expected a key of numbers, words, addresses or text, found {typeof(TKey)}"),
    };
}
