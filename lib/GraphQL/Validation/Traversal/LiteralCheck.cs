// A literal and the type of its place enter, problems leave (specification 5.6.1, 5.6.2, 5.6.4, 3.10.1). Used for
// documents of clients and for the defaults of schemas.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Validation.Traversal;

internal static class LiteralCheck
{
    public delegate void Report(string message, params ReadOnlySpan<SyntaxNode> nodes);

    public static void Check(ValueNode value, GraphQLType type, Report report)
    {
        if (value is VariableNode)
            return;
        if (value is NullValueNode)
        {
            if (type.IsNonNull)
                report($"Expected value of type \"{type}\", found null.", value);
            return;
        }

        switch (type.Nullable)
        {
            case ListType list when value is ListValueNode elements:
                foreach (var element in elements.Values)
                    Check(element, list.ElementType, report);
                break;
            case ListType list:
                Check(value, list.ElementType, report);
                break;
            case InputObjectType input when value is ObjectValueNode fields:
                CheckObject(fields, input, report);
                break;
            case EnumType @enum:
                CheckEnum(value, @enum, report);
                break;
            case ScalarType { IsBound: true } scalar:
                CheckScalar(value, scalar, type, report);
                break;
            case ScalarType:
                break;
            default:
                report($"Expected value of type \"{type}\", found {value}.", value);
                break;
        }
    }

    private static void CheckScalar(ValueNode value, ScalarType scalar, GraphQLType expected, Report report)
    {
        var problem = value is ListValueNode or ObjectValueNode && BuiltInScalars.Contains(scalar.Name)
            ? $"Expected value of type \"{expected}\", found {value}."
            : scalar.Binding.ParseLiteral(value).Problem;
        if (problem is not null)
            report(problem, value);
    }

    private static void CheckEnum(ValueNode value, EnumType type, Report report)
    {
        if (value is not EnumValueNode name)
            report($"Enum \"{type}\" cannot represent non-enum value: {value}.{Hint(value.ToString(), type)}", value);
        else if (type.Values[name.Value] is null)
            report($"Value \"{name.Value}\" does not exist in \"{type}\" enum.{Hint(name.Value, type)}", value);
    }

    private static string Hint(string found, EnumType type) =>
        Suggestions.DidYouMean(found.Trim('"'), type.Values.Names, "the enum value ");

    private static void CheckObject(ObjectValueNode value, InputObjectType type, Report report)
    {
        var given = new Dictionary<string, ObjectFieldNode>(StringComparer.Ordinal);
        foreach (var field in value.Fields)
        {
            given[field.Name] = field;
            if (type.Fields.TryGet(field.Name, out var definition))
                Check(field.Value, definition.Type, report);
            else
                report($"Field \"{field.Name}\" is not defined by type " +
                    $"\"{type}\".{Suggestions.DidYouMean(field.Name, type.Fields.Names)}", field);
        }

        foreach (var field in type.Fields)
        {
            if (field.IsRequired && !given.ContainsKey(field.Name))
                report($"Field \"{type}.{field.Name}\" of required type \"{field.Type}\" was not provided.", value);
        }

        if (!type.IsOneOf)
            return;
        if (given.Count != 1)
            report($"OneOf Input Object \"{type}\" must specify exactly one key.", value);
        else if (given.Values.First().Value is NullValueNode)
            report($"Field \"{type}.{given.Keys.First()}\" must be non-null.", value);
    }
}
