// 5.3.2 Field selection merging. The specification compares every pair of fields; here fields that meet in the response
// are grouped and each is compared with the first of its group, which finds the same conflicts because "same shape" and
// "same name and arguments" are equivalences. A set of fields that was compared once is not compared again, so that
// fragments that double stay cheap, and the cost of a document here has a named limit.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class OverlappingFieldsCanBeMerged : ValidationRule
{
    // Ordinary documents visit each selection a few times; only merging that explodes needs more.
    private const int FreeVisits = 20_000;
    private const int VisitsPerSelection = 10;

    private readonly Dictionary<FieldNode, Occurrence> _occurrences = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<(FieldNode, FieldNode)> _reported = [];
    private readonly HashSet<string> _shapesSeen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _parentsSeen = new(StringComparer.Ordinal);
    private ValidationContext _context = null!;
    private int _visits;
    private int _maxVisits = FreeVisits;

    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is SelectionNode)
            _maxVisits += VisitsPerSelection;
    }

    public override void Leave(SyntaxNode node, ValidationContext context)
    {
        if (node is not DocumentNode document)
            return;
        _context = context;
        // A fragment is checked where it is spread; one that is not spread is refused for that.
        foreach (var operation in document.Operations)
            Check(operation.SelectionSet, context.Schema!.RootType(operation.Operation));
    }

    private void Check(SelectionSetNode selectionSet, NamedType? parent)
    {
        var fields = Collect([(selectionSet, parent)]);
        Exhaust(fields, _shapesSeen, CheckShapes);
        Exhaust(fields, _parentsSeen, CheckCommonParents);
    }

    // Compares a set of fields, then the sets below it; without recursion, because fragments can nest without bound.
    private void Exhaust(
        List<Occurrence> fields, HashSet<string> seen, Action<List<Occurrence>, Queue<List<Occurrence>>> check)
    {
        var waiting = new Queue<List<Occurrence>>([fields]);
        while (waiting.TryDequeue(out var set) && !_context.IsFull)
        {
            if (set.Count == 0 || !seen.Add(Key(set)))
                continue;
            _visits += set.Count;
            if (_visits > _maxVisits)
            {
                _context.Report(LimitExceeded.Error(LimitNames.OverlappingFields, _maxVisits, _visits));
                return;
            }

            check(set, waiting);
        }
    }

    // SameResponseShape: the response has one form for all objects.
    private void CheckShapes(List<Occurrence> fields, Queue<List<Occurrence>> waiting)
    {
        foreach (var group in ByResponseName(fields))
        {
            var first = group.Find(field => field.Shape is not null);
            foreach (var field in group)
            {
                if (first is not null && field.Shape is not null && field.Shape != first.Shape)
                    Report(first, field,
                        $"they return conflicting types \"{first.Definition!.Type}\" and \"{field.Definition!.Type}\"");
            }

            waiting.Enqueue(Children(group));
        }
    }

    // FieldsInSetCanMerge: fields that can meet on one object are the same field with the same arguments.
    private void CheckCommonParents(List<Occurrence> fields, Queue<List<Occurrence>> waiting)
    {
        foreach (var group in ByResponseName(fields))
        {
            foreach (var meeting in Meeting(group))
            {
                var first = meeting[0];
                foreach (var field in meeting)
                {
                    if (field.Node.Name != first.Node.Name)
                        Report(first, field, $"\"{first.Node.Name}\" and \"{field.Node.Name}\" are different fields");
                    else if (field.Arguments != first.Arguments)
                        Report(first, field, "they have differing arguments");
                }

                waiting.Enqueue(Children(meeting));
            }
        }
    }

    // Fields of two different object types never meet; a field of an abstract type may meet each of them.
    private static IEnumerable<List<Occurrence>> Meeting(List<Occurrence> group)
    {
        var isMixed = group.Exists(field => field.Parent is ObjectType && field.Parent != group[0].Parent)
            || (group[0].Parent is ObjectType && group.Exists(field => field.Parent != group[0].Parent));
        if (!isMixed)
            return [group];
        var anywhere = group.FindAll(field => field.Parent is not ObjectType);
        return group.Where(field => field.Parent is ObjectType)
            .GroupBy(field => field.Parent)
            .Select(parent => (List<Occurrence>)[.. parent, .. anywhere]);
    }

    private static Dictionary<string, List<Occurrence>>.ValueCollection ByResponseName(List<Occurrence> fields)
    {
        var groups = new Dictionary<string, List<Occurrence>>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            if (!groups.TryGetValue(field.Node.ResponseName, out var group))
                groups[field.Node.ResponseName] = group = [];
            group.Add(field);
        }

        return groups.Values;
    }

    private List<Occurrence> Children(List<Occurrence> fields) => Collect(
        fields.Where(field => field.Node.SelectionSet is not null)
            .Select(field => (field.Node.SelectionSet!, Composite(field.Definition?.Type.NamedType))));

    // Every field of some selection sets, fragments expanded, each field and each fragment once.
    private List<Occurrence> Collect(IEnumerable<(SelectionSetNode SelectionSet, NamedType? Parent)> sets)
    {
        var found = new List<Occurrence>();
        var seen = new HashSet<int>();
        var fragments = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<(SelectionSetNode SelectionSet, NamedType? Parent)>(sets.Reverse());
        while (open.TryPop(out var next))
        {
            _visits++;
            foreach (var selection in next.SelectionSet.Selections)
            {
                switch (selection)
                {
                    case FieldNode field:
                        var occurrence = Occur(field, next.Parent);
                        if (seen.Add(occurrence.Id))
                            found.Add(occurrence);
                        break;
                    case InlineFragmentNode inline:
                        var condition = inline.TypeCondition;
                        open.Push(
                            (inline.SelectionSet, condition is null
                                ? next.Parent
                                : Composite(_context.Schema!.Type(condition.Name))));
                        break;
                    case FragmentSpreadNode spread when fragments.Add(spread.Name)
                        && _context.Fragments.TryGetValue(spread.Name, out var fragment):
                        open.Push(
                            (fragment.SelectionSet, Composite(_context.Schema!.Type(fragment.TypeCondition.Name))));
                        break;
                }
            }
        }

        found.Sort(static (left, right) => left.Node.Start.CompareTo(right.Node.Start));
        return found;
    }

    private static NamedType? Composite(NamedType? type) => type is { IsComposite: true } ? type : null;

    private Occurrence Occur(FieldNode field, NamedType? parent)
    {
        if (_occurrences.TryGetValue(field, out var known))
            return known;
        var definition = parent is null ? null : _context.Schema!.Field(parent, field.Name);
        return _occurrences[field] = new(_occurrences.Count, field, parent, definition);
    }

    private static string Key(List<Occurrence> fields) =>
        string.Concat(fields.Select(field => (char)field.Id).Order()) is var key
            && fields.TrueForAll(field => field.Id <= char.MaxValue)
            ? key
            : string.Join(',', fields.Select(field => field.Id).Order());

    private void Report(Occurrence first, Occurrence second, string reason)
    {
        if (_reported.Add((first.Node, second.Node)))
        {
            _context.Report(
                $"Fields \"{first.Node.ResponseName}\" conflict because {reason}. Use different aliases on the " +
                $"fields to fetch both if this was intentional.",
                first.Node, second.Node);
        }
    }

    private sealed class Occurrence(int id, FieldNode node, NamedType? parent, OutputField? definition)
    {
        private string? _arguments;

        public int Id => id;

        public FieldNode Node => node;

        public NamedType? Parent => parent;

        public OutputField? Definition => definition;

        // Equal for types that look alike in a response: the wrappers and, for leaves, the name.
        public string? Shape { get; } = definition is null ? null
            : definition.Type.NamedType.IsLeaf ? definition.Type.ToString()
            : definition.Type.ToString()!.Replace(definition.Type.NamedType.Name, "{}", StringComparison.Ordinal);

        public string Arguments => _arguments ??= string.Join(
            ',', node.Arguments.OrderBy(a => a.Name, StringComparer.Ordinal)
                .Select(a => $"{a.Name}:{Canonical(a.Value)}"));

        private static string Canonical(ValueNode value) => value switch
        {
            ObjectValueNode fields => $"{{{string.Join(',', fields.Fields
                .OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => $"{f.Name}:{Canonical(f.Value)}"))}}}",
            ListValueNode list => $"[{string.Join(',', list.Values.Select(Canonical))}]",
            StringValueNode text => Printer.Print(text with { IsBlock = false }),
            _ => value.ToString(),
        };
    }
}
