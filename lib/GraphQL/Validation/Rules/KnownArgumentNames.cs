// 5.4.1 Argument names: the field or directive has the argument.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class KnownArgumentNames : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is not ArgumentNode argument)
            return;
        if (context.Ancestors.Peek() is DirectiveNode directive)
        {
            if (context.Directive is { } definition && definition.Arguments.All(known => known.Name != argument.Name))
            {
                var hint = Suggestions.DidYouMean(argument.Name, definition.Arguments.Select(known => known.Name));
                context.Report(
                    $"Unknown argument \"{argument.Name}\" on directive \"@{directive.Name}\".{hint}", argument);
            }
        }
        else if (context.Field is { } field && field.Arguments[argument.Name] is null)
        {
            var hint = Suggestions.DidYouMean(argument.Name, field.Arguments.Names);
            context.Report(
                $"Unknown argument \"{argument.Name}\" on field \"{context.ParentType}.{field.Name}\".{hint}",
                argument);
        }
    }
}
