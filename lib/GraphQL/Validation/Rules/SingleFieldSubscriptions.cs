// 5.2.4.1 Single root field: a subscription selects one field, which is no introspection field and is never left out.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class SingleFieldSubscriptions : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is not OperationDefinitionNode { Operation: OperationType.Subscription } operation
            || context.Schema!.SubscriptionType is not { } root)
            return;

        var named = operation.Name is { } name ? $"Subscription \"{name}\"" : "Anonymous Subscription";
        var fields = new Dictionary<string, FieldNode>(StringComparer.Ordinal);
        Collect(operation.SelectionSet, root, context, fields, named);
        if (fields.Count > 1)
            context.Report($"{named} must select only one top level field.", [.. fields.Values.Skip(1)]);
        foreach (var field in fields.Values.Where(field => field.Name.StartsWith("__", StringComparison.Ordinal)))
            context.Report($"{named} must not select an introspection top level field.", field);
    }

    private static void Collect(
        SelectionSetNode rootSelection, ObjectType root, ValidationContext context,
        Dictionary<string, FieldNode> fields, string named)
    {
        var visited = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<SelectionSetNode>([rootSelection]);
        while (open.TryDequeue(out var selectionSet))
        {
            foreach (var selection in selectionSet.Selections)
            {
                if (selection.Directives.FirstOrDefault(d => d.Name is "skip" or "include") is { } conditional)
                    context.Report(
                        $"{named} must not use `@skip` or `@include` directives in the top level selection.",
                        conditional);
                switch (selection)
                {
                    case FieldNode field:
                        fields.TryAdd(field.ResponseName, field);
                        break;
                    case InlineFragmentNode inline when Applies(inline.TypeCondition, root, context):
                        open.Enqueue(inline.SelectionSet);
                        break;
                    case FragmentSpreadNode spread when visited.Add(spread.Name)
                        && context.Fragments.TryGetValue(spread.Name, out var fragment)
                        && Applies(fragment.TypeCondition, root, context):
                        open.Enqueue(fragment.SelectionSet);
                        break;
                }
            }
        }
    }

    private static bool Applies(NamedTypeNode? condition, ObjectType root, ValidationContext context) =>
        condition is null
            || (context.Schema!.Type(condition.Name) is { } type && context.Schema.IsPossible(type, root));
}
