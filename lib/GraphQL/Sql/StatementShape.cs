// What of the variables decides a statement's form: which are there, which are null, the keys of objects, the lengths
// of lists of objects, booleans and enums. Two requests of one shape share a prepared statement and differ in
// parameters only.
using System.Text;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Sql;

internal static class StatementShape
{
    public static string Of(OperationPlan plan, IReadOnlyDictionary<string, object?> variables)
    {
        var definitions = plan.Operation.VariableDefinitions;
        if (definitions.IsEmpty)
            return "";
        var shape = new StringBuilder(definitions.Length * 2);
        foreach (var definition in definitions)
        {
            if (variables.TryGetValue(definition.Name, out var value))
                Write(shape, value, IsEnum(plan.Schema, definition.Type));
            else
                shape.Append('-');
        }

        return shape.ToString();
    }

    private static void Write(StringBuilder shape, object? value, bool isEnum)
    {
        switch (value)
        {
            case null:
                shape.Append('0');
                break;
            case bool truth:
                shape.Append(truth ? 't' : 'f');
                break;
            case string name when isEnum:
                shape.Append(name).Append('.');
                break;
            case IReadOnlyDictionary<string, object?> members:
                shape.Append('{');
                foreach (var (name, member) in members.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    shape.Append(name).Append(':');
                    // A direction of an order is an enum inside an object; every short upper-case word is taken for
                    // one.
                    Write(shape, member, member is "ASC" or "DESC");
                }

                shape.Append('}');
                break;
            case IReadOnlyList<object?> list
                when list.Any(element => element is null or IReadOnlyDictionary<string, object?>):
                shape.Append('[');
                foreach (var element in list)
                    Write(shape, element, isEnum);
                shape.Append(']');
                break;
            case IReadOnlyList<object?>:
                shape.Append('l');
                break;
            default:
                shape.Append('s');
                break;
        }
    }

    private static bool IsEnum(Schema schema, TypeNode type) => type switch
    {
        NamedTypeNode named => schema.Type(named.Name) is EnumType,
        NonNullTypeNode nonNull => IsEnum(schema, nonNull.Type),
        _ => false,
    };
}
