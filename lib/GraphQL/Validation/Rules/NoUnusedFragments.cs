// 5.5.1.4 Fragments must be used.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class NoUnusedFragments : ValidationRule
{
    public override void Leave(SyntaxNode node, ValidationContext context)
    {
        if (node is not DocumentNode document)
            return;
        var used = document.Operations.SelectMany(context.Reachable).OfType<FragmentDefinitionNode>()
            .Select(fragment => fragment.Name).ToHashSet();
        foreach (var fragment in document.Fragments.Where(fragment => !used.Contains(fragment.Name)))
            context.Report($"Fragment \"{fragment.Name}\" is never used.", fragment);
    }
}
