// The places where a directive may stand (specification 3.13).
using System.Collections.Frozen;

namespace EventSourced.GraphQL.Language;

/// <summary>The names of the places where a directive may stand.</summary>
public static class DirectiveLocations
{
    /// <summary>In documents that clients send.</summary>
    public static FrozenSet<string> Executable { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION");

    /// <summary>In schemas.</summary>
    public static FrozenSet<string> TypeSystem { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "SCHEMA", "SCALAR", "OBJECT", "FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INTERFACE", "UNION", "ENUM",
        "ENUM_VALUE",
        "INPUT_OBJECT", "INPUT_FIELD_DEFINITION");

    /// <summary>Everywhere.</summary>
    public static FrozenSet<string> All { get; } = Executable.Concat(TypeSystem).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The place that a node is.</summary>
    internal static string? Of(SyntaxNode node, bool isArgument = false) => node switch
    {
        OperationDefinitionNode { Operation: OperationType.Query } => "QUERY",
        OperationDefinitionNode { Operation: OperationType.Mutation } => "MUTATION",
        OperationDefinitionNode => "SUBSCRIPTION",
        FieldNode => "FIELD",
        FragmentDefinitionNode => "FRAGMENT_DEFINITION",
        FragmentSpreadNode => "FRAGMENT_SPREAD",
        InlineFragmentNode => "INLINE_FRAGMENT",
        VariableDefinitionNode => "VARIABLE_DEFINITION",
        SchemaDefinitionNode => "SCHEMA",
        ScalarTypeDefinitionNode => "SCALAR",
        ObjectTypeDefinitionNode => "OBJECT",
        FieldDefinitionNode => "FIELD_DEFINITION",
        InputValueDefinitionNode => isArgument ? "ARGUMENT_DEFINITION" : "INPUT_FIELD_DEFINITION",
        InterfaceTypeDefinitionNode => "INTERFACE",
        UnionTypeDefinitionNode => "UNION",
        EnumTypeDefinitionNode => "ENUM",
        EnumValueDefinitionNode => "ENUM_VALUE",
        InputObjectTypeDefinitionNode => "INPUT_OBJECT",
        _ => null,
    };
}
