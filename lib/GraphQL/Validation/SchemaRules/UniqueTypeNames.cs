// 3.3 All types have different names.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.SchemaRules;

internal sealed class UniqueTypeNames : ValidationRule
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is TypeDefinitionNode { IsExtension: false } type && !_seen.Add(type.Name))
            context.Report($"There can be only one type named \"{type.Name}\".", type);
    }
}
