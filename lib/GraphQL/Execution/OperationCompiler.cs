// An operation enters, merged selections leave, one object type at a time and only when an object of that type turns up
// (specification 6.3.2). Constant @skip and @include are decided here; fragments are entered once for each condition.
using System.Collections.Immutable;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Execution;

internal sealed class OperationCompiler(Schema schema, DocumentNode document)
{
    private readonly Dictionary<string, FragmentDefinitionNode> _fragments =
        document.Fragments.ToDictionary(fragment => fragment.Name, StringComparer.Ordinal);

    public SelectionSet CompileRoot(OperationDefinitionNode operation, ObjectType root)
    {
        var collected = new Collected(root);
        Collect(operation.SelectionSet, [], collected);
        return collected.ToSelectionSet();
    }

    // A selection that is written once is entered only when it is included: then its conditions hold already.
    public SelectionSet Compile(Selection parent, ObjectType type)
    {
        var collected = new Collected(type);
        foreach (var occurrence in parent.Occurrences)
        {
            if (occurrence.Node.SelectionSet is { } selectionSet)
                Collect(selectionSet, parent.Occurrences.Count > 1 ? occurrence.Conditions : [], collected);
        }

        return collected.ToSelectionSet();
    }

    // On a stack of our own, because a chain of fragments may be longer than the thread's; in the order of the
    // document.
    private void Collect(SelectionSetNode root, ImmutableArray<IncludeCondition> outer, Collected collected)
    {
        var open = new Stack<(SelectionSetNode Set, int Next, ImmutableArray<IncludeCondition> Conditions)>();
        open.Push((root, 0, outer));
        while (open.TryPop(out var at))
        {
            if (at.Next == at.Set.Selections.Length)
                continue;
            open.Push(at with { Next = at.Next + 1 });
            var selection = at.Set.Selections[at.Next];
            if (!TryConditions(selection.Directives, at.Conditions, out var conditions))
                continue;
            switch (selection)
            {
                case FieldNode field when schema.Field(collected.Type, field.Name) is { } definition:
                    collected.Add(this, definition, new(field, conditions));
                    break;
                case InlineFragmentNode inline when Applies(inline.TypeCondition, collected.Type):
                    open.Push((inline.SelectionSet, 0, conditions));
                    break;
                case FragmentSpreadNode spread when collected.Enter(spread.Name, conditions)
                    && _fragments.TryGetValue(spread.Name, out var fragment)
                    && Applies(fragment.TypeCondition, collected.Type):
                    open.Push((fragment.SelectionSet, 0, conditions));
                    break;
            }
        }
    }

    private bool Applies(NamedTypeNode? condition, ObjectType type) =>
        condition is null || (schema.Type(condition.Name) is { } named && schema.IsPossible(named, type));

    // False when a constant directive leaves the selection out for good.
    private static bool TryConditions(
        ImmutableArray<DirectiveNode> directives, ImmutableArray<IncludeCondition> outer,
        out ImmutableArray<IncludeCondition> conditions)
    {
        conditions = outer;
        foreach (var directive in directives)
        {
            if (directive.Name is not ("skip" or "include"))
                continue;
            var expected = directive.Name == "include";
            switch (directive.Argument("if"))
            {
                case BooleanValueNode constant when constant.Value != expected:
                    return false;
                case VariableNode variable:
                    conditions = conditions.Add(new(variable.Name, expected));
                    break;
            }
        }

        return true;
    }

    private sealed class Collected(ObjectType type)
    {
        private readonly List<Selection> _selections = [];
        private readonly Dictionary<string, Selection> _byName = new(StringComparer.Ordinal);
        private readonly HashSet<string> _enteredAlways = new(StringComparer.Ordinal);

        public ObjectType Type => type;

        public void Add(OperationCompiler compiler, OutputField field, Occurrence occurrence)
        {
            if (_byName.TryGetValue(occurrence.Node.ResponseName, out var selection))
            {
                selection.Add(occurrence);
                return;
            }

            selection = new(compiler, field, occurrence);
            _byName[occurrence.Node.ResponseName] = selection;
            _selections.Add(selection);
        }

        public bool Enter(string fragment, ImmutableArray<IncludeCondition> conditions) =>
            conditions.IsEmpty ? _enteredAlways.Add(fragment) : !_enteredAlways.Contains(fragment);

        public SelectionSet ToSelectionSet() => new(type, [.. _selections]);
    }
}
