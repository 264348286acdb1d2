// 3.6.1, 3.13 All arguments of a field or a directive have different names.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.SchemaRules;

internal sealed class UniqueArgumentDefinitionNames : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        var (owner, arguments) = node switch
        {
            FieldDefinitionNode field => (field.Name, field.Arguments),
            DirectiveDefinitionNode directive => ($"@{directive.Name}", directive.Arguments),
            _ => ("", []),
        };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            if (!seen.Add(argument.Name))
                context.Report($"Argument \"{owner}({argument.Name}:)\" can only be defined once.", argument);
        }
    }
}
