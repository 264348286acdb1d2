// The rows of one read model as a table. Enters: current or past rows, or the bytes of a segment. Leaves: bytes, or
// rows. Always holds: the columns are named as in the database. Behind them stand the version of the stream if there is
// one, the block since which the row held, and for past rows the block at which it ceased to hold.
using System.Linq.Expressions;
using EventSourced.Projections;
using EventSourced.Tables;

namespace EventSourced.Indexer.Segments;

/// <summary>Writes and reads segments of rows.</summary>
internal sealed class RowSegment<TKey, TState>
    where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
    where TState : class
{
    private readonly Cells[] _columns;
    private readonly Func<TState, object>[] _values;
    private readonly Func<object[], TState> _make;
    private readonly Cells? _version;
    private readonly Cells _from = Cells.Of("valid_from", typeof(long));
    private readonly Cells? _to;

    internal RowSegment(ReadModel<TKey, TState> model, bool isPast)
    {
        _columns = [.. model.Columns.Select(column => Cells.Of(column.Name, column.WireType))];
        _values = [.. model.Columns.Select(ValueOf)];
        _make = CompileMake(model.Columns);
        _version = model.HasVersion ? Cells.Of("stream_version", typeof(long)) : null;
        _to = isPast ? Cells.Of("valid_to", typeof(long)) : null;
    }

    /// <summary>The number of rows that wait to be written.</summary>
    internal int Count { get; private set; }

    private Cells[] All => [.. _columns, .. new[] { _version, _from, _to }.OfType<Cells>()];

    internal void Add(in StoredRow<TState> row, ulong until)
    {
        for (var column = 0; column < _columns.Length; column++) _columns[column].Add(_values[column](row.State));
        _version?.Add(row.Version);
        _from.Add((long)row.ValidFrom);
        _to?.Add((long)until);
        Count++;
    }

    internal Task<byte[]> WriteAsync(CancellationToken cancellation)
    {
        Count = 0;
        return SegmentFile.WriteAsync(All, cancellation);
    }

    /// <summary>Gives every row of a file, with the block at which it ceased to hold.</summary>
    /// <exception cref="PlaceFaultException">The file holds no rows of this model.</exception>
    internal async Task ReadAsync(
        byte[] file, string where, Action<StoredRow<TState>, ulong> take, CancellationToken cancellation)
    {
        var rows = await SegmentFile.ReadAsync(file, All, where, cancellation).ConfigureAwait(false);
        var cells = new object[_columns.Length];
        for (var row = 0; row < rows; row++)
        {
            try
            {
                for (var column = 0; column < cells.Length; column++) cells[column] = _columns[column].At(row);
                var stored = new StoredRow<TState>(
                    _make(cells), (long?)_version?.At(row) ?? 0, checked((ulong)(long)_from.At(row)));
                take(stored, checked((ulong)((long?)_to?.At(row) ?? 0)));
            }
            catch (Exception fault) when (
                fault is not PlaceFaultException and (FormatException or OverflowException or ArgumentException))
            {
                throw new PlaceFaultException("a row of the read model", fault.Message, $"{where}, row {row}");
            }
        }
    }

    private static Func<TState, object> ValueOf(Column column)
    {
        var state = Expression.Parameter(typeof(TState));
        Expression value = Expression.Property(state, column.Property);
        if (column.WireType != column.Type) value = Expression.Convert(value, column.WireType);
        return Expression.Lambda<Func<TState, object>>(Expression.Convert(value, typeof(object)), state).Compile();
    }

    private static Func<object[], TState> CompileMake(IReadOnlyList<Column> columns)
    {
        var cells = Expression.Parameter(typeof(object[]));
        var values = columns.Select((column, i) =>
        {
            Expression value = Expression.Convert(
                Expression.ArrayIndex(cells, Expression.Constant(i)), column.WireType);
            return column.WireType == column.Type ? value : Expression.Convert(value, column.Type);
        });
        var made = Expression.New(Column.Constructor(typeof(TState)), values);
        return Expression.Lambda<Func<object[], TState>>(made, cells).Compile();
    }
}
