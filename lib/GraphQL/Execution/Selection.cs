// A field of an operation, merged and ready to run (specification 6.3.2 "CollectFields"): what one object's response
// has under one name. Compiled once for each operation and object type; @skip and @include with variables are kept as
// conditions.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Execution;

/// <summary>A variable that must have a value for a field to be there.</summary>
/// <param name="Variable">The variable's name.</param>
/// <param name="Expected">The value that lets the field in.</param>
public readonly record struct IncludeCondition(string Variable, bool Expected);

/// <summary>One place in the document where a selection is written, and when it counts.</summary>
internal readonly record struct Occurrence(FieldNode Node, ImmutableArray<IncludeCondition> Conditions);

/// <summary>A field under its response name.</summary>
public sealed class Selection
{
    private readonly OperationCompiler _compiler;
    private readonly List<Occurrence> _occurrences;
    private readonly ConcurrentDictionary<ObjectType, SelectionSet> _children = new();
    private ArgumentBinder? _arguments;

    internal Selection(OperationCompiler compiler, OutputField field, Occurrence first)
    {
        _compiler = compiler;
        _occurrences = [first];
        Field = field;
        Binding = ResolverBinding.Of(field);
        EncodedName = JsonEncodedText.Encode(first.Node.ResponseName);
    }

    /// <summary>The name in the response.</summary>
    public string ResponseName => Node.ResponseName;

    /// <summary>The field of the schema.</summary>
    public OutputField Field { get; }

    /// <summary>The field's first place in the document.</summary>
    public FieldNode Node => _occurrences[0].Node;

    /// <summary>The selection sets below it: one for each place in the document.</summary>
    public IEnumerable<SelectionSetNode> SelectionSets =>
        _occurrences.Where(o => o.Node.SelectionSet is not null).Select(o => o.Node.SelectionSet!);

    /// <summary>Whether the response has it for all values of the variables.</summary>
    public bool IsUnconditional => _occurrences.Exists(occurrence => occurrence.Conditions.IsEmpty);

    internal JsonEncodedText EncodedName { get; }

    internal ResolverBinding? Binding { get; }

    internal IReadOnlyList<Occurrence> Occurrences => _occurrences;

    internal ArgumentBinder Arguments => _arguments ??= new(Field, Node);

    internal void Add(Occurrence occurrence) => _occurrences.Add(occurrence);

    /// <summary>The selection on an object of this type.</summary>
    public SelectionSet SelectionSet(ObjectType type) =>
        _children.GetOrAdd(type, static (type, self) => self._compiler.Compile(self, type), this);

    /// <summary>Whether the variables let it in (3.13.1, 3.13.2).</summary>
    public bool IsIncluded(IReadOnlyDictionary<string, object?> variables)
    {
        foreach (var occurrence in _occurrences)
        {
            var holds = true;
            foreach (var condition in occurrence.Conditions)
                holds &= variables.TryGetValue(condition.Variable, out var value) && value is bool truth
                    && truth == condition.Expected;
            if (holds)
                return true;
        }

        return false;
    }
}

/// <summary>The fields that are selected on objects of one type, in the order of the response.</summary>
public sealed class SelectionSet
{
    internal SelectionSet(ObjectType type, ImmutableArray<Selection> selections)
    {
        Type = type;
        Selections = selections;
        Names = [.. selections.Select(selection => selection.EncodedName)];
        IsUnconditional = selections.All(selection => selection.IsUnconditional);
    }

    /// <summary>The type of the objects.</summary>
    public ObjectType Type { get; }

    /// <summary>The fields.</summary>
    public ImmutableArray<Selection> Selections { get; }

    /// <summary>The names of the fields in the response, ready to be written.</summary>
    internal JsonEncodedText[] Names { get; }

    internal bool IsUnconditional { get; }
}
