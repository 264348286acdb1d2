// The types of a schema (specification 3): named types, and lists and non-null wrappers around them. Types are made
// once by SchemaBuilder and never change afterwards; a document's types are compared with them by reference.
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.TypeSystem;

/// <summary>A type.</summary>
public abstract class GraphQLType
{
    /// <summary>The named type inside all wrappers.</summary>
    public NamedType NamedType => this switch
    {
        ListType list => list.ElementType.NamedType,
        NonNullType nonNull => nonNull.InnerType.NamedType,
        _ => (NamedType)this,
    };

    /// <summary>The type without a non-null wrapper around it.</summary>
    public GraphQLType Nullable => this is NonNullType nonNull ? nonNull.InnerType : this;

    /// <summary>Whether null is never a value.</summary>
    public bool IsNonNull => this is NonNullType;

    /// <summary>Whether values of the type can be sent by clients (3.4.2).</summary>
    public bool IsInput => NamedType is ScalarType or EnumType or InputObjectType;

    /// <summary>Whether values of the type can be sent to clients (3.4.2).</summary>
    public bool IsOutput => NamedType is not InputObjectType;

    /// <summary>Whether fields are selected on it.</summary>
    public bool IsComposite => this is ObjectType or InterfaceType or UnionType;

    /// <summary>Whether it has no fields and is not an input object.</summary>
    public bool IsLeaf => this is ScalarType or EnumType;
}

/// <summary>A list of a type (3.11).</summary>
public sealed class ListType(GraphQLType elementType) : GraphQLType
{
    /// <summary>The type of each element.</summary>
    public GraphQLType ElementType { get; } = elementType;

    /// <inheritdoc/>
    public override string ToString() => $"[{ElementType}]";
}

/// <summary>A type that is never null (3.12).</summary>
public sealed class NonNullType(GraphQLType innerType) : GraphQLType
{
    /// <summary>The type that is not null.</summary>
    public GraphQLType InnerType { get; } = innerType;

    /// <inheritdoc/>
    public override string ToString() => $"{InnerType}!";
}

/// <summary>A type with a name.</summary>
public abstract class NamedType(TypeDefinitionNode syntax) : GraphQLType
{
    /// <summary>The name.</summary>
    public string Name { get; } = syntax.Name;

    /// <summary>The description, in Markdown.</summary>
    public string? Description { get; } = syntax.Description;

    /// <summary>The definition, extensions merged in.</summary>
    public TypeDefinitionNode Syntax { get; } = syntax;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A type with fields: an object or an interface.</summary>
public abstract class ComplexType(ComplexTypeDefinitionNode syntax) : NamedType(syntax)
{
    /// <summary>The fields.</summary>
    public MemberCollection<OutputField> Fields { get; internal set; } = MemberCollection<OutputField>.Empty;

    /// <summary>The interfaces that it implements.</summary>
    public ImmutableArray<InterfaceType> Interfaces { get; internal set; } = [];
}

/// <summary>An object (3.6).</summary>
public sealed class ObjectType(ObjectTypeDefinitionNode syntax) : ComplexType(syntax)
{
    /// <summary>Whether a value of an abstract type is of this type; null when its CLR type or __typename says
    /// it.</summary>
    public Func<object, bool>? IsTypeOf { get; internal set; }
}

/// <summary>An interface (3.7).</summary>
public sealed class InterfaceType(InterfaceTypeDefinitionNode syntax) : ComplexType(syntax);

/// <summary>A union (3.8).</summary>
public sealed class UnionType(UnionTypeDefinitionNode syntax) : NamedType(syntax)
{
    /// <summary>The objects that it may be.</summary>
    public ImmutableArray<ObjectType> Types { get; internal set; } = [];
}

/// <summary>An enum (3.9).</summary>
public sealed class EnumType : NamedType
{
    /// <summary>Makes the enum of a definition.</summary>
    public EnumType(EnumTypeDefinitionNode syntax)
        : base(syntax) =>
        Values = new(syntax.Values.Select(value => new EnumValue(value)), value => value.Name);

    /// <summary>The values.</summary>
    public MemberCollection<EnumValue> Values { get; }
}

/// <summary>One value of an enum.</summary>
public sealed class EnumValue(EnumValueDefinitionNode syntax)
{
    /// <summary>The name, which is the value.</summary>
    public string Name { get; } = syntax.Name;

    /// <summary>The description, in Markdown.</summary>
    public string? Description { get; } = syntax.Description;

    /// <summary>Why it should no longer be used; null while it should.</summary>
    public string? DeprecationReason { get; } = AppliedDirectives.DeprecationReason(syntax.Directives);
}

/// <summary>An input object (3.10).</summary>
public sealed class InputObjectType(InputObjectTypeDefinitionNode syntax) : NamedType(syntax)
{
    /// <summary>The fields.</summary>
    public MemberCollection<InputField> Fields { get; internal set; } = MemberCollection<InputField>.Empty;

    /// <summary>Whether exactly one field must be given (3.10.1).</summary>
    public bool IsOneOf { get; } = AppliedDirectives.Find(syntax.Directives, "oneOf") is not null;
}

/// <summary>A field of an object or an interface.</summary>
public sealed class OutputField
{
    internal OutputField(FieldDefinitionNode syntax, GraphQLType type, MemberCollection<InputField> arguments)
    {
        Syntax = syntax;
        Type = type;
        Arguments = arguments;
        DeprecationReason = AppliedDirectives.DeprecationReason(syntax.Directives);
    }

    /// <summary>The name.</summary>
    public string Name => Syntax.Name;

    /// <summary>The description, in Markdown.</summary>
    public string? Description => Syntax.Description;

    /// <summary>The type.</summary>
    public GraphQLType Type { get; }

    /// <summary>The arguments.</summary>
    public MemberCollection<InputField> Arguments { get; }

    /// <summary>Why it should no longer be used; null while it should.</summary>
    public string? DeprecationReason { get; }

    /// <summary>The definition.</summary>
    public FieldDefinitionNode Syntax { get; }

    /// <summary>The executor's part of the field; null for a field without a resolver.</summary>
    internal FieldBinding? Binding { get; set; }
}

/// <summary>An argument, or a field of an input object.</summary>
public sealed class InputField
{
    internal InputField(InputValueDefinitionNode syntax, GraphQLType type)
    {
        Syntax = syntax;
        Type = type;
        DeprecationReason = AppliedDirectives.DeprecationReason(syntax.Directives);
    }

    /// <summary>The name.</summary>
    public string Name => Syntax.Name;

    /// <summary>The description, in Markdown.</summary>
    public string? Description => Syntax.Description;

    /// <summary>The type.</summary>
    public GraphQLType Type { get; }

    /// <summary>The value when none is given; null when there is no default.</summary>
    public ValueNode? DefaultValue => Syntax.DefaultValue;

    /// <summary>Why it should no longer be used; null while it should.</summary>
    public string? DeprecationReason { get; }

    /// <summary>The definition.</summary>
    public InputValueDefinitionNode Syntax { get; }

    /// <summary>Whether a value must be given (5.4.3).</summary>
    public bool IsRequired => Type.IsNonNull && DefaultValue is null;
}

/// <summary>A directive of the schema (3.13).</summary>
public sealed class DirectiveType(DirectiveDefinitionNode syntax, MemberCollection<InputField> arguments)
{
    /// <summary>The name, without the sign.</summary>
    public string Name { get; } = syntax.Name;

    /// <summary>The description, in Markdown.</summary>
    public string? Description { get; } = syntax.Description;

    /// <summary>The arguments.</summary>
    public MemberCollection<InputField> Arguments { get; } = arguments;

    /// <summary>Whether it may stand more than once in one place.</summary>
    public bool IsRepeatable { get; } = syntax.IsRepeatable;

    /// <summary>The places where it may stand.</summary>
    public ImmutableArray<string> Locations { get; } = syntax.Locations;

    /// <summary>The definition.</summary>
    public DirectiveDefinitionNode Syntax { get; } = syntax;
}

/// <summary>Members in the order of their definition, found by name.</summary>
public sealed class MemberCollection<T> : IReadOnlyCollection<T>
    where T : class
{
    private readonly ImmutableArray<T> _members;
    private readonly Dictionary<string, T> _byName = new(StringComparer.Ordinal);

    /// <summary>Keeps members by their names; of two with one name the first is found.</summary>
    public MemberCollection(IEnumerable<T> members, Func<T, string> name)
    {
        _members = [.. members];
        foreach (var member in _members)
            _byName.TryAdd(name(member), member);
    }

    /// <summary>No members.</summary>
    public static MemberCollection<T> Empty { get; } = new([], _ => "");

    /// <inheritdoc/>
    public int Count => _members.Length;

    /// <summary>The names.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <summary>The member with this name, or null.</summary>
    public T? this[string name] => _byName.GetValueOrDefault(name);

    /// <summary>Finds the member with this name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out T? member) => _byName.TryGetValue(name, out member);

    /// <summary>The members in their order.</summary>
    public ImmutableArray<T>.Enumerator GetEnumerator() => _members.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)_members).GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() =>
        ((IEnumerable<T>)_members).GetEnumerator();
}
