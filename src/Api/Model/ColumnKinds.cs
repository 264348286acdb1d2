// How the public schema shows a column of a read model. Enters: the column with its declaration. Leaves: its scalar and
// what readers may do with it. Always holds: an amount is Wei, a number that may be too large for JSON is text, and
// zero is null where the read model declares None.
using System.Text.RegularExpressions;
using EventSourced.Domain.Values;
using EventSourced.GraphQL.Sql;
using EventSourced.Projections;

namespace EventSourced.Api.Model;

/// <summary>Decides how columns are shown.</summary>
internal static partial class ColumnKinds
{
    private static readonly SqlScalar Bytes32 = SqlScalar.Hex("Bytes32", 32);
    private static readonly SqlScalar Address20 = SqlScalar.Hex("Address", 20);
    private static readonly SqlScalar Words = SqlScalar.HexList("Bytes32", 32);

    private static readonly Dictionary<Type, SqlScalar> Enums = [];

    /// <summary>A column as the planner takes it.</summary>
    internal static SqlColumn Of(ReadModel model, Column column)
    {
        var scalar = ScalarOf(model, column);
        var isKey = column == model.Columns[0];
        var words = Descriptions.Of($"{model.TypeName}.{column.Field}");
        var isId = scalar.Name == SqlScalar.LongId.Name || scalar.Name == SqlScalar.TextId.Name;
        var hasNone = model.HasNone(column);
        return new SqlColumn(FieldOf(model, column), column.Name, scalar)
        {
            // Only words: the domain's documentation speaks of zero, and readers see null in its place.
            Description = hasNone ? ZeroAsWord().Replace(words, "null: ") : words,
            HasNone = hasNone,
            IsOrderable = isKey || (scalar.HasOrder && !scalar.IsText) || column.Type == typeof(ulong),
            IsSummable = !isId && !column.Type.IsEnum && IsNumber(column.Type),
            IsGroupable = !isKey && !scalar.IsText && scalar.Element is null
                && scalar.Name is not ("Bytes" or "Wei" or "BigInt"),
            IsSearchable = model.Searches.Contains(column.Name),
        };
    }

    private static SqlScalar ScalarOf(ReadModel model, Column column)
    {
        var type = column.Type;
        if (type.IsEnum) return EnumOf(type);
        if (type == typeof(string)) return model.LeadsToOne(column) ? SqlScalar.TextId : SqlScalar.Text;
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => SqlScalar.Boolean,
            TypeCode.Byte => SqlScalar.SmallInt,
            TypeCode.UInt16 => SqlScalar.Int,
            TypeCode.UInt32 => SqlScalar.Long,
            TypeCode.UInt64 => model.IsId(column) ? SqlScalar.LongId : SqlScalar.Long,
            _ => type == typeof(Instant) ? SqlScalar.UnixTime
                : type == typeof(Word) ? Bytes32
                : type == typeof(Address) ? Address20
                : type == typeof(Bytes) ? SqlScalar.Bytes
                : type == typeof(Sequence<ulong>) ? SqlScalar.LongIds
                : type == typeof(Sequence<UInt256>) ? Words
                : model.IsAmount(column) ? SqlScalar.Wei : SqlScalar.BigInt,
        };
    }

    /// <summary>An enum of the domain as the schema's.</summary>
    internal static SqlScalar EnumOf(Type type)
    {
        lock (Enums)
        {
            if (Enums.TryGetValue(type, out var known)) return known;
            var name = FieldNames.EnumName(type);
            return Enums[type] = SqlScalar.Enum(name, Descriptions.Of(name), EnumValues(type));
        }
    }

    /// <summary>The values of an enum of the domain.</summary>
    internal static IReadOnlyList<SqlEnumValue> EnumValues(Type type) =>
    [
        .. Enum.GetNames(type).Select(value => new SqlEnumValue(
            FieldNames.EnumValue(value),
            Convert.ToInt16(Enum.Parse(type, value), System.Globalization.CultureInfo.InvariantCulture),
            Descriptions.Of($"{FieldNames.EnumName(type)}.{FieldNames.EnumValue(value)}"))),
    ];

    private static bool IsNumber(Type type) => Type.GetTypeCode(type) is TypeCode.Byte or TypeCode.UInt16
        or TypeCode.UInt32 or TypeCode.UInt64
        || type == typeof(UInt128) || type == typeof(Int128) || type == typeof(UInt256) || type == typeof(Int256);

    // The global id is called id: a column of that name that is not the key takes another.
    private static string FieldOf(ReadModel model, Column column) =>
        column.Field == "id" && column != model.Columns[0]
            ? $"{FieldNames.Single(model.TypeName)}Number" : column.Field;

    [GeneratedRegex(@"(\b0|\b[Zz]ero|the zero address): ")]
    private static partial Regex ZeroAsWord();
}
