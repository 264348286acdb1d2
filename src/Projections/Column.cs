// The columns of a table, read off the record that its rows are: a parameter of the primary constructor is a column,
// its name in snake case, the first one the key.
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

    /// <summary>The type that goes over the wire: an enum goes as its number.</summary>
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
