// 5.5.1.1 Fragment name uniqueness.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class UniqueFragmentNames : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is FragmentDefinitionNode fragment && context.Fragments[fragment.Name] != fragment)
            context.Report(
                $"There can be only one fragment named \"{fragment.Name}\".", context.Fragments[fragment.Name],
                fragment);
    }
}
