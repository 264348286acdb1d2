// The schema definition language (specification 3). An extension is the same node as the definition that it extends,
// with `IsExtension` set: what may stand in one may stand in the other.
using System.Collections.Immutable;

namespace EventSourced.GraphQL.Language;

/// <summary>A definition of the type system.</summary>
public abstract record TypeSystemDefinitionNode : DefinitionNode
{
    /// <summary>Whether the definition adds to one made elsewhere.</summary>
    public bool IsExtension { get; init; }
}

/// <summary>The root types (3.3).</summary>
public sealed record SchemaDefinitionNode(ImmutableArray<OperationTypeDefinitionNode> OperationTypes)
    : TypeSystemDefinitionNode;

/// <summary>One root type.</summary>
public sealed record OperationTypeDefinitionNode(OperationType Operation, NamedTypeNode Type) : SyntaxNode;

/// <summary>A directive (3.13).</summary>
public sealed record DirectiveDefinitionNode(
    string Name, ImmutableArray<InputValueDefinitionNode> Arguments, bool IsRepeatable,
    ImmutableArray<string> Locations)
    : TypeSystemDefinitionNode;

/// <summary>A named type (3.4).</summary>
public abstract record TypeDefinitionNode(string Name) : TypeSystemDefinitionNode;

/// <summary>A scalar (3.5).</summary>
public sealed record ScalarTypeDefinitionNode(string Name) : TypeDefinitionNode(Name);

/// <summary>A type with fields: an object or an interface.</summary>
public abstract record ComplexTypeDefinitionNode(
    string Name, ImmutableArray<NamedTypeNode> Interfaces, ImmutableArray<FieldDefinitionNode> Fields)
    : TypeDefinitionNode(Name);

/// <summary>An object (3.6).</summary>
public sealed record ObjectTypeDefinitionNode(
    string Name, ImmutableArray<NamedTypeNode> Interfaces, ImmutableArray<FieldDefinitionNode> Fields)
    : ComplexTypeDefinitionNode(Name, Interfaces, Fields);

/// <summary>An interface (3.7).</summary>
public sealed record InterfaceTypeDefinitionNode(
    string Name, ImmutableArray<NamedTypeNode> Interfaces, ImmutableArray<FieldDefinitionNode> Fields)
    : ComplexTypeDefinitionNode(Name, Interfaces, Fields);

/// <summary>A union (3.8).</summary>
public sealed record UnionTypeDefinitionNode(string Name, ImmutableArray<NamedTypeNode> Types)
    : TypeDefinitionNode(Name);

/// <summary>An enum (3.9).</summary>
public sealed record EnumTypeDefinitionNode(string Name, ImmutableArray<EnumValueDefinitionNode> Values)
    : TypeDefinitionNode(Name);

/// <summary>An input object (3.10).</summary>
public sealed record InputObjectTypeDefinitionNode(string Name, ImmutableArray<InputValueDefinitionNode> Fields)
    : TypeDefinitionNode(Name);

/// <summary>A field of an object or an interface.</summary>
public sealed record FieldDefinitionNode(string Name, ImmutableArray<InputValueDefinitionNode> Arguments, TypeNode Type)
    : SyntaxNode
{
    /// <summary>The description before it.</summary>
    public string? Description { get; init; }

    /// <summary>The directives on it.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; init; } = [];
}

/// <summary>An argument, or a field of an input object.</summary>
public sealed record InputValueDefinitionNode(string Name, TypeNode Type, ValueNode? DefaultValue) : SyntaxNode
{
    /// <summary>The description before it.</summary>
    public string? Description { get; init; }

    /// <summary>The directives on it.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; init; } = [];
}

/// <summary>A value of an enum.</summary>
public sealed record EnumValueDefinitionNode(string Name) : SyntaxNode
{
    /// <summary>The description before it.</summary>
    public string? Description { get; init; }

    /// <summary>The directives on it.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; init; } = [];
}
