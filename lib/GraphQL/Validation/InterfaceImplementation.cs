// 3.6 and 3.7 "IsValidImplementation": a type that implements an interface has its fields, with the same arguments and
// with types that are no wider, and implements what the interface implements.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation;

internal static class InterfaceImplementation
{
    public static void Check(ComplexType type, LiteralCheck.Report report)
    {
        var syntax = (ComplexTypeDefinitionNode)type.Syntax;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in syntax.Interfaces)
        {
            var implemented = type.Interfaces.FirstOrDefault(i => i.Name == name.Name);
            if (implemented is null)
                report($"Type {type} must only implement Interface types, it cannot implement {name.Name}.", name);
            else if (implemented == type)
                report($"Type {type} cannot implement itself because it would create a circular reference.", name);
            else if (!seen.Add(name.Name))
                report($"Type {type} can only implement {name.Name} once.", name);
            else
                Check(type, implemented, name, report);
        }
    }

    private static void Check(ComplexType type, InterfaceType of, NamedTypeNode name, LiteralCheck.Report report)
    {
        foreach (var ancestor in of.Interfaces)
        {
            if (ancestor == type)
                report($"Type {type} cannot implement {of} because it would create a circular reference.", name);
            else if (!type.Interfaces.Contains(ancestor))
                report($"Type {type} must implement {ancestor} because it is implemented by {of}.", name);
        }

        foreach (var expected in of.Fields)
        {
            if (type.Fields.TryGet(expected.Name, out var field))
                Check(type, field, of, expected, report);
            else
                report($"Interface field {of}.{expected.Name} expected but {type} does not provide it.", type.Syntax);
        }
    }

    private static void Check(
        ComplexType type, OutputField field, InterfaceType of, OutputField expected, LiteralCheck.Report report)
    {
        if (!IsCovariant(field.Type, expected.Type))
            report($"Interface field {of}.{expected.Name} expects type {expected.Type} but {type}.{field.Name} is " +
                $"type {field.Type}.", field.Syntax);
        if (field.DeprecationReason is not null && expected.DeprecationReason is null)
            report($"Interface field {of}.{expected.Name} is not deprecated, so implementation field " +
                $"{type}.{field.Name} must not be deprecated.", field.Syntax);
        foreach (var argument in expected.Arguments)
        {
            if (!field.Arguments.TryGet(argument.Name, out var own))
                report($"Interface field argument {of}.{expected.Name}({argument.Name}:) expected but " +
                    $"{type}.{field.Name} does not provide it.", field.Syntax);
            else if (!TypeRelations.AreEqual(argument.Type, own.Type))
                report($"Interface field argument {of}.{expected.Name}({argument.Name}:) expects type " +
                    $"{argument.Type} but {type}.{field.Name}({argument.Name}:) is type {own.Type}.", own.Syntax);
        }

        foreach (var extra in field.Arguments)
        {
            if (extra.IsRequired && expected.Arguments[extra.Name] is null)
                report($"Object field {type}.{field.Name} includes required argument {extra.Name} that is missing " +
                    $"from the Interface field {of}.{expected.Name}.", extra.Syntax);
        }
    }

    // "IsValidImplementationFieldType", before a schema exists that could be asked.
    private static bool IsCovariant(GraphQLType type, GraphQLType of) => (type, of) switch
    {
        (NonNullType a, _) => IsCovariant(a.InnerType, of.Nullable),
        (_, NonNullType) => false,
        (ListType a, ListType b) => IsCovariant(a.ElementType, b.ElementType),
        (ListType, _) or (_, ListType) => false,
        (ObjectType member, UnionType union) => union.Types.Contains(member),
        (ComplexType implementer, InterfaceType @interface) =>
            implementer == @interface || implementer.Interfaces.Contains(@interface),
        _ => ReferenceEquals(type, of),
    };
}
