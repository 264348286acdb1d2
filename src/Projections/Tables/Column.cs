// The columns of a table, read off the record that its rows are: a parameter of the primary constructor is a column, its name in
// snake case, its type by the list below. One place decides what a column may be.
using System.Reflection;
using System.Text;
using EventSourced.Domain;

namespace EventSourced.Projections.Tables;

/// <summary>A column and the property that it holds.</summary>
/// <param name="Name">The column: <c>created_at</c>.</param>
/// <param name="Property">The property: <c>CreatedAt</c>.</param>
/// <param name="Type">The property's type.</param>
public sealed record Column(string Name, string Property, Type Type)
{
    /// <summary>The name in canonical JSON and in GraphQL: <c>createdAt</c>.</summary>
    public string Field { get; } = char.ToLowerInvariant(Property[0]) + Property[1..];

    /// <summary>The type that goes over the wire: an enum goes as its number.</summary>
    public Type WireType => Type.IsEnum ? Enum.GetUnderlyingType(Type) : Type;

    /// <summary>PostgreSQL's type.</summary>
    public string SqlType => Type.GetTypeCode(WireType) switch
    {
        TypeCode.Boolean => "boolean",
        TypeCode.Byte => "smallint",
        TypeCode.UInt16 => "integer",
        TypeCode.UInt32 or TypeCode.UInt64 => "bigint",
        TypeCode.String => "text",
        _ => WireType == typeof(Instant) ? "bigint"
            : WireType == typeof(UInt128) || WireType == typeof(Int128) ? "numeric"
            : WireType == typeof(UInt256) || WireType == typeof(Int256) ? "numeric"
            : WireType == typeof(Sequence<ulong>) ? "bigint[]"
            : WireType == typeof(Sequence<UInt256>) || WireType == typeof(Bytes) ? "bytea"
            : WireType == typeof(Word) || WireType == typeof(Address) ? "bytea"
            : throw new NotSupportedException($"expected a type that a column may have, found {Type} for {Property}"),
    };

    /// <summary>The columns of a record, in the order of its primary constructor; the first is the key.</summary>
    public static IReadOnlyList<Column> Of(Type record)
    {
        var constructor = Constructor(record);
        return [.. constructor.GetParameters().Select(parameter => new Column(
            Snake(parameter.Name!), parameter.Name!, parameter.ParameterType))];
    }

    /// <summary>The primary constructor of a record.</summary>
    public static ConstructorInfo Constructor(Type record) =>
        record.GetConstructors(BindingFlags.Public | BindingFlags.Instance).Where(found => found.GetParameters().Length > 1)
            .OrderByDescending(found => found.GetParameters().Length).FirstOrDefault()
        ?? throw new ArgumentException($"expected a record with a primary constructor, found {record}", nameof(record));

    /// <summary>CreatedAt to created_at; a run of capitals is one word.</summary>
    public static string Snake(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            var starts = i > 0 && char.IsUpper(name[i])
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (starts) text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
