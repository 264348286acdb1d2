// The columns of a table, taken from the record of its rows: each parameter of the primary constructor is a column,
// named in snake case, and the first one is the key.
using System.Reflection;
using EventSourced.Domain.Values;

namespace EventSourced.Projections;

/// <summary>A column and the property that it holds.</summary>
/// <param name="Name">The column: <c>created_at</c>.</param>
/// <param name="Property">The property: <c>CreatedAt</c>.</param>
/// <param name="Type">The property's type.</param>
public sealed record Column(string Name, string Property, Type Type)
{
    /// <summary>The name in canonical JSON and in GraphQL: <c>createdAt</c>.</summary>
    public string Field { get; } = char.ToLowerInvariant(Property[0]) + Property[1..];

    /// <summary>The type on the wire: an enum travels as its number.</summary>
    public Type WireType => Type.IsEnum ? Enum.GetUnderlyingType(Type) : Type;

    /// <summary>The columns of a record, in the order of its primary constructor; the first is the key.</summary>
    public static IReadOnlyList<Column> Of(Type record)
    {
        var constructor = Constructor(record);
        return [.. constructor.GetParameters().Select(parameter => new Column(
            SnakeCase.Lower(parameter.Name!), parameter.Name!, parameter.ParameterType))];
    }

    /// <summary>The primary constructor of a record.</summary>
    public static ConstructorInfo Constructor(Type record) =>
        record.GetConstructors(
            BindingFlags.Public | BindingFlags.Instance).Where(found => found.GetParameters().Length > 1)
            .OrderByDescending(found => found.GetParameters().Length).FirstOrDefault()
        ?? throw new ArgumentException($"expected a record with a primary constructor, found {record}", nameof(record));
}
