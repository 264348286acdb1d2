// The cells of one column on their way into a Parquet file and back. Enters: values of the types that a column may
// have. Leaves: the types that every reader of Parquet has: booleans, integers, text. Always holds: every written value
// reads back equal; numbers too large for the common column types are decimal text, bytes are 0x and hex, lists are
// JSON.
using System.Globalization;
using System.Numerics;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;
using Parquet;
using Parquet.Schema;

namespace EventSourced.Indexer.Segments;

/// <summary>One column of a segment.</summary>
internal abstract class Cells(DataField field)
{
    internal DataField Field { get; } = field;

    internal abstract void Add(object value);

    /// <summary>A value that was read.</summary>
    internal abstract object At(int row);

    internal abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation);

    /// <summary>Reads the column of the same name from the file.</summary>
    internal abstract Task ReadAsync(
        ParquetRowGroupReader group, DataField field, int rows, CancellationToken cancellation);

    internal abstract void Clear();

    /// <summary>The cells of a column of this type.</summary>
    internal static Cells Of(string name, Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => new Cells<bool>(name, value => (bool)value, cell => cell),
        TypeCode.Byte => new Cells<int>(name, value => (byte)value, cell => checked((byte)cell)),
        TypeCode.UInt16 => new Cells<int>(name, value => (ushort)value, cell => checked((ushort)cell)),
        TypeCode.UInt32 => new Cells<long>(name, value => (uint)value, cell => checked((uint)cell)),
        TypeCode.Int64 => new Cells<long>(name, value => (long)value, cell => cell),
        TypeCode.UInt64 => new Cells<long>(name, value => checked((long)(ulong)value), cell => checked((ulong)cell)),
        TypeCode.String => new TextCells(name, value => (string)value, cell => cell),
        _ => OfValue(name, type),
    };

    private static Cells OfValue(string name, Type type) =>
        type == typeof(Instant) ? new Cells<long>(
            name, value => ((Instant)value).Seconds, cell => new Instant(checked((ulong)cell)))
        : type == typeof(UInt128) ? Numbers(name, number => (UInt128)number)
        : type == typeof(Int128) ? Numbers(name, number => (Int128)number)
        : type == typeof(UInt256) ? Numbers(name, number => UInt256.From(number))
        : type == typeof(Int256) ? Numbers(name, number => Int256.From(number))
        : type == typeof(Word) ? new TextCells(name, value => $"{value}", cell => Word.Parse(cell))
        : type == typeof(Address) ? new TextCells(name, value => $"{value}", cell => Address.Parse(cell))
        : type == typeof(Bytes) ? new TextCells(name, value => $"{value}", cell => new Bytes(Hex(cell)))
        : type == typeof(Sequence<ulong>) ? new TextCells(
            name, value => List((Sequence<ulong>)value),
            cell => new Sequence<ulong>([.. Items(cell).Select(item => (ulong)item)]))
        : type == typeof(Sequence<UInt256>) ? new TextCells(
            name, value => List((Sequence<UInt256>)value),
            cell => new Sequence<UInt256>([.. Items(cell).Select(UInt256.From)]))
        : throw new NotSupportedException($"expected a type that a column may have, found {type} for {name}");

    private static TextCells Numbers(string name, Func<BigInteger, object> read) =>
        new(name, value => string.Create(CultureInfo.InvariantCulture, $"{value}"), cell => read(Number(cell)));

    private static BigInteger Number(string cell) =>
        BigInteger.Parse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static byte[] Hex(string cell) => cell.StartsWith("0x", StringComparison.Ordinal)
        ? Convert.FromHexString(cell.AsSpan(2))
        : throw new FormatException($"expected 0x and hexadecimal digits, found a text of {cell.Length} characters");

    private static string List<T>(Sequence<T> items)
        where T : notnull => $"[{string.Join(',', items)}]";

    private static IEnumerable<BigInteger> Items(string cell) => cell is ['[', .. var inner, ']']
        ? inner.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number)
        : throw new FormatException($"expected a list in brackets, found a text of {cell.Length} characters");
}

/// <summary>A column of fixed-width values.</summary>
internal sealed class Cells<TCell>(string name, Func<object, TCell> write, Func<TCell, object> read)
    : Cells(new DataField<TCell>(name, false))
    where TCell : struct
{
    private readonly List<TCell> _cells = [];

    internal override void Add(object value) => _cells.Add(write(value));

    internal override object At(int row) => read(_cells[row]);

    internal override void Clear() => _cells.Clear();

    internal override Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation) =>
        group.WriteAsync<TCell>(Field, _cells.ToArray().AsMemory(), null, null, cancellation);

    internal override async Task ReadAsync(
        ParquetRowGroupReader group, DataField field, int rows, CancellationToken cancellation)
    {
        var cells = new TCell[rows];
        await group.ReadAsync<TCell>(field, cells.AsMemory(), null, cancellation).ConfigureAwait(false);
        _cells.Clear();
        _cells.AddRange(cells);
    }
}

/// <summary>A column of text.</summary>
internal sealed class TextCells(string name, Func<object, string> write, Func<string, object> read)
    : Cells(new DataField(name, typeof(string), false))
{
    private readonly List<string> _cells = [];

    internal override void Add(object value) => _cells.Add(write(value));

    internal override object At(int row) => read(_cells[row]);

    internal override void Clear() => _cells.Clear();

    internal override Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation) =>
        group.WriteAsync(Field, _cells, null);

    internal override async Task ReadAsync(
        ParquetRowGroupReader group, DataField field, int rows, CancellationToken cancellation)
    {
        var cells = new string?[rows];
        await group.ReadAsync(field, cells.AsMemory(), null, cancellation).ConfigureAwait(false);
        _cells.Clear();
        _cells.AddRange(cells.Select(cell => cell ?? throw new FormatException(
            $"expected text in every row of {Field.Name}, found none in one")));
    }
}
