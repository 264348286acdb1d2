// 3.13 All directives have different names.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.SchemaRules;

internal sealed class UniqueDirectiveNames : ValidationRule
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is DirectiveDefinitionNode directive && !_seen.Add(directive.Name))
            context.Report($"There can be only one directive named \"@{directive.Name}\".", directive);
    }
}
