// 5.5.2.2 Fragment spreads must not form cycles. Each fragment is entered once, on a stack of our own.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class NoFragmentCycles : ValidationRule
{
    public override void Leave(SyntaxNode node, ValidationContext context)
    {
        if (node is not DocumentNode document)
            return;
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var fragment in document.Fragments)
        {
            if (!done.Contains(fragment.Name))
                Search(fragment, context, done);
        }
    }

    private static void Search(FragmentDefinitionNode root, ValidationContext context, HashSet<string> done)
    {
        var path = new List<(FragmentDefinitionNode Fragment, int Next)> { (root, 0) };
        var position = new Dictionary<string, int>(StringComparer.Ordinal) { [root.Name] = 0 };
        while (path.Count > 0)
        {
            var (fragment, next) = path[^1];
            var spreads = context.Spreads.GetValueOrDefault(fragment) ?? [];
            if (next == spreads.Count)
            {
                done.Add(fragment.Name);
                position.Remove(fragment.Name);
                path.RemoveAt(path.Count - 1);
                continue;
            }

            path[^1] = (fragment, next + 1);
            var spread = spreads[next];
            if (position.TryGetValue(spread.Name, out var start))
                Report(path, start, spread, context);
            else if (!done.Contains(spread.Name) && context.Fragments.TryGetValue(spread.Name, out var target))
            {
                position[spread.Name] = path.Count;
                path.Add((target, 0));
            }
        }
    }

    private static void Report(
        List<(FragmentDefinitionNode Fragment, int Next)> path, int start, FragmentSpreadNode spread,
        ValidationContext context)
    {
        var via = string.Join(", ", path.Skip(start + 1).Select(step => $"\"{step.Fragment.Name}\""));
        context.Report(
            $"Cannot spread fragment \"{spread.Name}\" within itself{(via.Length > 0 ? $" via {via}" : "")}.", spread);
    }
}
