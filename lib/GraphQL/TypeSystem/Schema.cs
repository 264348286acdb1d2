// A schema (specification 3.3): the types by name, the root types, the directives, and the implementations of
// interfaces. Every schema is valid: SchemaBuilder refuses all others.
using System.Collections.Frozen;
using System.Collections.Immutable;
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.TypeSystem;

/// <summary>A valid schema.</summary>
public sealed class Schema
{
    private readonly FrozenDictionary<string, NamedType> _types;
    private readonly FrozenDictionary<string, DirectiveType> _directives;
    private readonly FrozenDictionary<NamedType, FrozenSet<ObjectType>> _possible;

    internal Schema(
        IEnumerable<NamedType> types, IEnumerable<DirectiveType> directives, SchemaDefinitionNode? syntax,
        ObjectType query, ObjectType? mutation, ObjectType? subscription)
    {
        Types = [.. types];
        Directives = [.. directives];
        _types = Types.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);
        _directives = Directives.ToFrozenDictionary(directive => directive.Name, StringComparer.Ordinal);
        Description = syntax?.Description;
        QueryType = query;
        MutationType = mutation;
        SubscriptionType = subscription;
        _possible = Types.Where(type => type.IsComposite).ToFrozenDictionary(type => type, FindPossible);
    }

    /// <summary>The description, in Markdown.</summary>
    public string? Description { get; }

    /// <summary>All types, in the order of their definition.</summary>
    public ImmutableArray<NamedType> Types { get; }

    /// <summary>All directives.</summary>
    public ImmutableArray<DirectiveType> Directives { get; }

    /// <summary>The root of queries.</summary>
    public ObjectType QueryType { get; }

    /// <summary>The root of mutations, if there are any.</summary>
    public ObjectType? MutationType { get; }

    /// <summary>The root of subscriptions, if there are any.</summary>
    public ObjectType? SubscriptionType { get; }

    /// <summary>The meta fields that every query root has (4.2).</summary>
    public OutputField SchemaMetaField { get; internal set; } = null!;

    /// <summary>The meta field <c>__type</c>.</summary>
    public OutputField TypeMetaField { get; internal set; } = null!;

    /// <summary>The meta field <c>__typename</c>.</summary>
    public OutputField TypeNameMetaField { get; internal set; } = null!;

    /// <summary>The type with this name, or null.</summary>
    public NamedType? Type(string name) => _types.GetValueOrDefault(name);

    /// <summary>The directive with this name, or null.</summary>
    public DirectiveType? Directive(string name) => _directives.GetValueOrDefault(name);

    /// <summary>The root of a kind of operation, or null when the schema has none.</summary>
    public ObjectType? RootType(OperationType operation) => operation switch
    {
        OperationType.Query => QueryType,
        OperationType.Mutation => MutationType,
        _ => SubscriptionType,
    };

    /// <summary>The objects that a value of this type may be.</summary>
    public IReadOnlyCollection<ObjectType> PossibleTypes(NamedType type) =>
        _possible.TryGetValue(type, out var possible) ? possible : [];

    /// <summary>Whether an object may be a value of this type.</summary>
    public bool IsPossible(NamedType type, ObjectType of) =>
        _possible.TryGetValue(type, out var possible) && possible.Contains(of);

    /// <summary>The field that a selection on this type names, meta fields included.</summary>
    public OutputField? Field(NamedType parent, string name) => name switch
    {
        "__typename" when parent.IsComposite => TypeNameMetaField,
        "__schema" when parent == QueryType => SchemaMetaField,
        "__type" when parent == QueryType => TypeMetaField,
        _ => (parent as ComplexType)?.Fields[name],
    };

    /// <summary>The schema as text, built-in parts left out.</summary>
    public override string ToString() => SchemaPrinter.Print(this);

    private FrozenSet<ObjectType> FindPossible(NamedType type) => type switch
    {
        ObjectType self => FrozenSet.Create(self),
        UnionType union => union.Types.ToFrozenSet(),
        InterfaceType @interface =>
            Types.OfType<ObjectType>().Where(o => o.Interfaces.Contains(@interface)).ToFrozenSet(),
        _ => [],
    };
}
