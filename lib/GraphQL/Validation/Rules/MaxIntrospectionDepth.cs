// Beyond the specification (13.2 asks for limits on demand): introspection lists that nest three deep multiply the
// answer and help nobody. Each fragment is measured once.
using System.Runtime.CompilerServices;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class MaxIntrospectionDepth : ValidationRule
{
    private const int MaxNestedLists = 2;

    private readonly Dictionary<string, int> _fragments = new(StringComparer.Ordinal);

    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is FieldNode { Name: "__schema" or "__type", SelectionSet: { } selection } field
            && Lists(selection, context) > MaxNestedLists)
            context.Report("Maximum introspection depth exceeded", field);
    }

    private int Lists(SelectionSetNode selectionSet, ValidationContext context)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return MaxNestedLists + 1;
        var most = 0;
        foreach (var selection in selectionSet.Selections)
        {
            most = Math.Max(most, selection switch
            {
                FieldNode { SelectionSet: { } children } field =>
                    (IsList(field.Name) ? 1 : 0) + Lists(children, context),
                InlineFragmentNode inline => Lists(inline.SelectionSet, context),
                FragmentSpreadNode spread => InFragment(spread.Name, context),
                _ => 0,
            });
        }

        return most;
    }

    private int InFragment(string name, ValidationContext context)
    {
        if (_fragments.TryGetValue(name, out var known) || !context.Fragments.TryGetValue(name, out var fragment))
            return known;
        _fragments[name] = 0; // A cycle ends here; another rule reports it.
        return _fragments[name] = Lists(fragment.SelectionSet, context);
    }

    private static bool IsList(string name) => name is "fields" or "interfaces" or "possibleTypes" or "inputFields";
}
