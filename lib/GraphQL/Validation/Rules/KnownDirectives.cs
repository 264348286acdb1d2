// 5.7.1 Directives are defined, and 5.7.2 directives are in valid locations.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class KnownDirectives : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is not DirectiveNode directive)
            return;
        if (context.FindDirective(directive.Name) is not { } definition)
        {
            context.Report(
                $"Unknown directive " +
                $"\"@{directive.Name}\".{Suggestions.DidYouMean(directive.Name, context.DirectiveNames)}", directive);
            return;
        }

        using var ancestors = context.Ancestors.GetEnumerator();
        ancestors.MoveNext();
        var owner = ancestors.Current;
        ancestors.MoveNext();
        var location =
            DirectiveLocations.Of(
                owner, isArgument: ancestors.Current is FieldDefinitionNode or DirectiveDefinitionNode);
        if (location is not null && !definition.Locations.Contains(location))
            context.Report($"Directive \"@{directive.Name}\" may not be used on {location}.", directive);
    }
}
