// Types without members enter, types whose members refer to one another leave. Every name is known: the schema's
// document was validated before.
using System.Collections.Immutable;
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.TypeSystem;

internal sealed class TypeFactory(IReadOnlyDictionary<string, NamedType> shells)
{
    public void Complete(NamedType type)
    {
        switch (type)
        {
            case ComplexType complex:
                var syntax = (ComplexTypeDefinitionNode)complex.Syntax;
                complex.Fields = new(syntax.Fields.Select(Field), field => field.Name);
                complex.Interfaces = [.. syntax.Interfaces.Select(name => shells[name.Name]).OfType<InterfaceType>()];
                break;
            case UnionType union:
                union.Types =
                    [.. ((UnionTypeDefinitionNode)union.Syntax).Types.Select(name => shells[name.Name])
                        .OfType<ObjectType>()];
                break;
            case InputObjectType input:
                input.Fields = Inputs(((InputObjectTypeDefinitionNode)input.Syntax).Fields);
                break;
        }
    }

    public DirectiveType Directive(DirectiveDefinitionNode syntax) => new(syntax, Inputs(syntax.Arguments));

    private OutputField Field(FieldDefinitionNode syntax) => new(syntax, Type(syntax.Type), Inputs(syntax.Arguments));

    private MemberCollection<InputField> Inputs(ImmutableArray<InputValueDefinitionNode> inputs) =>
        new(inputs.Select(input => new InputField(input, Type(input.Type))), input => input.Name);

    private GraphQLType Type(TypeNode syntax) => syntax switch
    {
        ListTypeNode list => new ListType(Type(list.Type)),
        NonNullTypeNode nonNull => new NonNullType(Type(nonNull.Type)),
        var named => shells[((NamedTypeNode)named).Name],
    };
}

/// <summary>The root types as they are written; whether they are objects is validated afterwards.</summary>
internal sealed record RootTypes(NamedType? Query, NamedType? Mutation, NamedType? Subscription)
{
    // 3.3.1: without a schema definition the types of these names are the roots.
    public static RootTypes Find(SchemaDefinitionNode? schema, Dictionary<string, NamedType> types)
    {
        if (schema is null)
        {
            return new(
                types.GetValueOrDefault("Query"), types.GetValueOrDefault("Mutation"),
                types.GetValueOrDefault("Subscription"));
        }

        NamedType? Root(OperationType operation) =>
            schema.OperationTypes.FirstOrDefault(root => root.Operation == operation) is { } root
                ? types.GetValueOrDefault(root.Type.Name)
                : null;
        return new(Root(OperationType.Query), Root(OperationType.Mutation), Root(OperationType.Subscription));
    }
}
