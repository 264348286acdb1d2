// 5.5.1.3 Fragments on object, interface or union types.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class FragmentsOnCompositeTypes : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        var (condition, what) = node switch
        {
            InlineFragmentNode inline => (inline.TypeCondition, "Fragment"),
            FragmentDefinitionNode fragment => (fragment.TypeCondition, $"Fragment \"{fragment.Name}\""),
            _ => (null, ""),
        };
        if (condition is not null && context.Schema!.Type(condition.Name) is { IsComposite: false } type)
            context.Report($"{what} cannot condition on non composite type \"{type}\".", condition);
    }
}
