// 5.5.2.3 Fragment spread is possible: some object is of both types.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class PossibleFragmentSpreads : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        switch (node)
        {
            case InlineFragmentNode inline when context.Type is NamedType type && context.ParentType is { } parent
                && type.IsComposite && !TypeRelations.Overlap(context.Schema!, type, parent):
                context.Report(
                    $"Fragment cannot be spread here as objects of type \"{parent}\" can never be of type \"{type}\".",
                    inline);
                break;
            case FragmentSpreadNode spread when context.ParentType is { } parent
                && context.Fragments.TryGetValue(spread.Name, out var fragment)
                && context.Schema!.Type(fragment.TypeCondition.Name) is { IsComposite: true } type
                && !TypeRelations.Overlap(context.Schema, type, parent):
                context.Report(
                    $"Fragment \"{spread.Name}\" cannot be spread here as objects of type \"{parent}\" can never be " +
                    $"of type \"{type}\".",
                    spread);
                break;
        }
    }
}
