// 3.4.3 A type extension extends a type of its own kind that exists.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.SchemaRules;

internal sealed class PossibleTypeExtensions : ValidationRule
{
    private readonly Dictionary<string, TypeDefinitionNode> _defined = new(StringComparer.Ordinal);

    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is DocumentNode document)
        {
            foreach (var type in document.Definitions.OfType<TypeDefinitionNode>().Where(type => !type.IsExtension))
                _defined.TryAdd(type.Name, type);
        }
        else if (node is TypeDefinitionNode { IsExtension: true } extension)
        {
            if (!_defined.TryGetValue(extension.Name, out var type))
                context.Report(
                    $"Cannot extend type \"{extension.Name}\" because it is not " +
                    $"defined.{Suggestions.DidYouMean(extension.Name, _defined.Keys)}", extension);
            else if (type.GetType() != extension.GetType())
                context.Report($"Cannot extend non-{KindOf(extension)} type \"{extension.Name}\".", extension);
        }
    }

    private static string KindOf(TypeDefinitionNode type) => type switch
    {
        ScalarTypeDefinitionNode => "scalar",
        ObjectTypeDefinitionNode => "object",
        InterfaceTypeDefinitionNode => "interface",
        UnionTypeDefinitionNode => "union",
        EnumTypeDefinitionNode => "enum",
        _ => "input object",
    };
}
