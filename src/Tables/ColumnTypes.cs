// The PostgreSQL type of each column. One place decides the possible types: a type that is missing here is refused when
// its table is made.
using EventSourced.Domain.Values;
using EventSourced.Projections;

namespace EventSourced.Tables;

/// <summary>Maps column types to PostgreSQL.</summary>
public static class ColumnTypes
{
    /// <summary>The type in SQL.</summary>
    public static string SqlTypeOf(Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var type = column.WireType;
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "boolean",
            TypeCode.Byte => "smallint",
            TypeCode.UInt16 => "integer",
            TypeCode.UInt32 or TypeCode.UInt64 => "bigint",
            TypeCode.String => "text",
            _ => type == typeof(Instant) ? "bigint"
                : type == typeof(UInt128) || type == typeof(Int128) ? "numeric"
                : type == typeof(UInt256) || type == typeof(Int256) ? "numeric"
                : type == typeof(Sequence<ulong>) ? "bigint[]"
                : type == typeof(Sequence<UInt256>) || type == typeof(Bytes) ? "bytea"
                : type == typeof(Word) || type == typeof(Address) ? "bytea"
                : throw new NotSupportedException(
                    $"expected a type that a column may have, found {column.Type} for {column.Property}"),
        };
    }
}
