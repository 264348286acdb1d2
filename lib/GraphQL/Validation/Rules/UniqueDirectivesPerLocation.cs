// 5.7.3 Directives are unique per location, unless they are repeatable; extensions add to the location of their type.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class UniqueDirectivesPerLocation : ValidationRule
{
    private readonly Dictionary<string, HashSet<string>> _onTypes = new(StringComparer.Ordinal);

    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        var directives = node switch
        {
            DefinitionNode definition => definition.Directives,
            SelectionNode selection => selection.Directives,
            VariableDefinitionNode variable => variable.Directives,
            FieldDefinitionNode field => field.Directives,
            InputValueDefinitionNode input => input.Directives,
            EnumValueDefinitionNode value => value.Directives,
            _ => [],
        };
        if (directives.IsEmpty)
            return;

        var seen = Seen(node);
        foreach (var directive in directives)
        {
            if (context.FindDirective(directive.Name) is { IsRepeatable: false } && !seen.Add(directive.Name))
                context.Report(
                    $"The directive \"@{directive.Name}\" can only be used once at this location.", directive);
        }
    }

    private HashSet<string> Seen(SyntaxNode node)
    {
        var key = node switch { SchemaDefinitionNode => "", TypeDefinitionNode type => type.Name, _ => null };
        if (key is null)
            return new(StringComparer.Ordinal);
        if (!_onTypes.TryGetValue(key, out var seen))
            _onTypes[key] = seen = new(StringComparer.Ordinal);
        return seen;
    }
}
