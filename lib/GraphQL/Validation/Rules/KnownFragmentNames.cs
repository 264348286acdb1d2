// 5.5.2.1 Fragment spread target defined.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class KnownFragmentNames : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is FragmentSpreadNode spread && !context.Fragments.ContainsKey(spread.Name))
            context.Report(
                $"Unknown fragment \"{spread.Name}\".{Suggestions.DidYouMean(spread.Name, context.Fragments.Keys)}",
                spread);
    }
}
