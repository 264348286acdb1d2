// The knowledge that rules may use while the walker goes through a document: the schema (none while the document is
// itself a schema), the types under the walker, the fragments, and the places where variables and fragments are used.
// Errors are collected up to a limit.
using System.Collections.Immutable;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Validation.Traversal;

// A variable where it is used, with what its place expects.
internal readonly record struct VariableUsage(
    VariableNode Node, GraphQLType? Type, bool HasDefault, GraphQLType? ParentType);

internal sealed class ValidationContext
{
    private readonly int _maxErrors;
    private readonly ImmutableArray<GraphQLError>.Builder _errors = ImmutableArray.CreateBuilder<GraphQLError>();
    private readonly Dictionary<string, DirectiveDefinitionNode> _directives = new(StringComparer.Ordinal);
    private readonly HashSet<string> _typeNames = new(StringComparer.Ordinal);
    private Dictionary<DefinitionNode, List<DefinitionNode>>? _reachable;

    public ValidationContext(DocumentNode document, Schema? schema, int maxErrors)
    {
        _maxErrors = maxErrors;
        Document = document;
        Schema = schema;
        foreach (var fragment in document.Fragments)
            Fragments.TryAdd(fragment.Name, fragment);
        foreach (var directive in schema?.Directives ?? [])
            _directives[directive.Name] = directive.Syntax;
        foreach (var directive in document.Definitions.OfType<DirectiveDefinitionNode>())
            _directives[directive.Name] = directive;
        _typeNames.UnionWith((schema?.Types ?? []).Select(type => type.Name));
        _typeNames.UnionWith(
            document.Definitions.OfType<TypeDefinitionNode>().Where(d => !d.IsExtension).Select(d => d.Name));
    }

    public DocumentNode Document { get; }

    public Schema? Schema { get; }

    public Dictionary<string, FragmentDefinitionNode> Fragments { get; } = new(StringComparer.Ordinal);

    // Under the walker.
    public Stack<SyntaxNode> Ancestors { get; } = new();

    public GraphQLType? Type { get; set; }

    public NamedType? ParentType { get; set; }

    public OutputField? Field { get; set; }

    public DirectiveDefinitionNode? Directive { get; set; }

    public GraphQLType? InputType { get; set; }

    public GraphQLType? ParentInputType { get; set; }

    public bool HasInputDefault { get; set; }

    // By the definition in which they stand.
    public Dictionary<DefinitionNode, List<VariableUsage>> Usages { get; } = new(ReferenceEqualityComparer.Instance);

    public Dictionary<DefinitionNode, List<FragmentSpreadNode>> Spreads { get; } =
        new(ReferenceEqualityComparer.Instance);

    public bool IsFull => _errors.Count >= _maxErrors;

    public ImmutableArray<GraphQLError> Errors => _errors.ToImmutable();

    public IEnumerable<string> DirectiveNames => _directives.Keys;

    public IEnumerable<string> TypeNames => _typeNames;

    public bool HasType(string name) => _typeNames.Contains(name);

    public DirectiveDefinitionNode? FindDirective(string name) => _directives.GetValueOrDefault(name);

    public void Report(string message, params ReadOnlySpan<SyntaxNode> nodes)
    {
        if (IsFull)
            return;
        var locations = ImmutableArray.CreateBuilder<SourceLocation>();
        foreach (var node in nodes)
            locations.AddRange(Document.Locate(node));
        _errors.Add(new(message, ErrorCodes.Validation) { Locations = locations.ToImmutable() });
    }

    public void Report(GraphQLError error) => _errors.Add(error);

    // The operation itself and every fragment that it reaches, each once; complete when the walker has left the
    // document.
    public List<DefinitionNode> Reachable(OperationDefinitionNode operation)
    {
        _reachable ??= new(ReferenceEqualityComparer.Instance);
        if (_reachable.TryGetValue(operation, out var reached))
            return reached;
        reached = [operation];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < reached.Count; index++)
        {
            foreach (var spread in Spreads.GetValueOrDefault(reached[index]) ?? [])
            {
                if (seen.Add(spread.Name) && Fragments.TryGetValue(spread.Name, out var fragment))
                    reached.Add(fragment);
            }
        }

        _reachable[operation] = reached;
        return reached;
    }

    public IEnumerable<VariableUsage> UsagesIn(OperationDefinitionNode operation) =>
        Reachable(operation).SelectMany(definition => Usages.GetValueOrDefault(definition) ?? []);
}
