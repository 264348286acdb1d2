// Rows and canonical JSON of one record type, compiled once from its columns. Enters: a state. Leaves: its fields on
// the wire of COPY, or its canonical JSON; and back from a reader. Always holds: writing and reading are inverse.
using System.Buffers;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using EventSourced.MartenBulk;
using EventSourced.Projections;
using Npgsql;

namespace EventSourced.Tables;

/// <summary>Writes and reads the rows of a record.</summary>
/// <typeparam name="TState">The record.</typeparam>
public sealed class RowCodec<TState>
    where TState : class
{
    private readonly Lazy<Action<CopyBuffer, TState>> _write;
    private readonly Lazy<Func<NpgsqlDataReader, TState>> _read;
    private readonly Lazy<Action<ArrayBufferWriter<byte>, TState>> _writeJson;

    private RowCodec()
    {
        Columns = Column.Of(typeof(TState));
        _write = new(CompileWrite);
        _read = new(CompileRead);
        _writeJson = new(CompileJson);
    }

    /// <summary>The codec of the record. Each direction is compiled once in a process, at its first use.</summary>
    public static RowCodec<TState> Shared { get; } = new();

    /// <summary>The columns, the key first.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Writes the fields of a row, without the row's head.</summary>
    public Action<CopyBuffer, TState> Write => _write.Value;

    /// <summary>Reads a row that begins with the record's columns.</summary>
    public Func<NpgsqlDataReader, TState> Read => _read.Value;

    /// <summary>Writes a state as one canonical JSON object.</summary>
    public Action<ArrayBufferWriter<byte>, TState> WriteJson => _writeJson.Value;

    private Action<CopyBuffer, TState> CompileWrite()
    {
        var row = Expression.Parameter(typeof(CopyBuffer));
        var state = Expression.Parameter(typeof(TState));
        var calls = Columns.Select(column =>
            Expression.Call(Overload(typeof(Wire), typeof(CopyBuffer), column), row, Value(state, column)));
        return Expression.Lambda<Action<CopyBuffer, TState>>(Expression.Block(calls), row, state).Compile();
    }

    private Func<NpgsqlDataReader, TState> CompileRead()
    {
        var reader = Expression.Parameter(typeof(NpgsqlDataReader));
        var read = typeof(Wire).GetMethod(nameof(Wire.Read))!;
        var values = Columns.Select((column, i) => Expression.Convert(
            Expression.Call(read.MakeGenericMethod(column.WireType), reader, Expression.Constant(i)), column.Type));
        var made = Expression.New(Column.Constructor(typeof(TState)), values);
        return Expression.Lambda<Func<NpgsqlDataReader, TState>>(made, reader).Compile();
    }

    private Action<ArrayBufferWriter<byte>, TState> CompileJson()
    {
        var json = Expression.Parameter(typeof(ArrayBufferWriter<byte>));
        var state = Expression.Parameter(typeof(TState));
        var raw = typeof(RowCodec<TState>).GetMethod(nameof(Raw), BindingFlags.NonPublic | BindingFlags.Static)!;
        var calls = new List<Expression>();
        foreach (var column in Columns.OrderBy(column => column.Field, StringComparer.Ordinal))
        {
            var head = Encoding.UTF8.GetBytes($"{(calls.Count == 0 ? '{' : ',')}\"{column.Field}\":");
            calls.Add(Expression.Call(raw, json, Expression.Constant(head)));
            var write = Overload(typeof(CanonicalJson), typeof(ArrayBufferWriter<byte>), column);
            calls.Add(Expression.Call(write, json, Value(state, column)));
        }

        calls.Add(Expression.Call(raw, json, Expression.Constant("}"u8.ToArray())));
        return Expression.Lambda<Action<ArrayBufferWriter<byte>, TState>>(
            Expression.Block(calls), json, state).Compile();
    }

    private static MethodInfo Overload(Type of, Type target, Column column) =>
        of.GetMethod("Write", [target, column.WireType])
        ?? throw new NotSupportedException(
            $"expected a type that a column may have, found {column.Type} for {typeof(TState)}.{column.Property}");

    private static Expression Value(Expression state, Column column)
    {
        var property = Expression.Property(state, column.Property);
        return column.Type == column.WireType ? property : Expression.Convert(property, column.WireType);
    }

    private static void Raw(ArrayBufferWriter<byte> json, byte[] bytes) => json.Write(bytes);
}
