// The nodes of a document (specification 2): immutable, compared by reference, each with its place in the text. Nodes
// made by programs instead of a parser have no place (both offsets are -1).
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using EventSourced.GraphQL.Errors;

namespace EventSourced.GraphQL.Language;

/// <summary>A part of a document.</summary>
public abstract record SyntaxNode
{
    /// <summary>The offset of the first byte; -1 when no text stands behind the node.</summary>
    public int Start { get; init; } = -1;

    /// <summary>The offset after the last byte.</summary>
    public int End { get; init; } = -1;

    /// <summary>Nodes are themselves: two that look alike stand in different places.</summary>
    public virtual bool Equals(SyntaxNode? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The node as GraphQL text.</summary>
    public sealed override string ToString() => Printer.Print(this);
}

/// <summary>A whole document and its bytes.</summary>
public sealed record DocumentNode(ImmutableArray<DefinitionNode> Definitions) : SyntaxNode
{
    /// <summary>The text that was parsed; empty when the document was made by a program.</summary>
    public ReadOnlyMemory<byte> Source { get; init; }

    /// <summary>The operations in their order.</summary>
    public IEnumerable<OperationDefinitionNode> Operations => Definitions.OfType<OperationDefinitionNode>();

    /// <summary>The fragments in their order.</summary>
    public IEnumerable<FragmentDefinitionNode> Fragments => Definitions.OfType<FragmentDefinitionNode>();

    /// <summary>The place of a node of this document, or nothing for a node without a place.</summary>
    public ImmutableArray<SourceLocation> Locate(SyntaxNode node) =>
        node.Start < 0 || Source.IsEmpty ? [] : [SourceLocation.At(Source.Span, node.Start)];
}

/// <summary>A definition at the top of a document.</summary>
public abstract record DefinitionNode : SyntaxNode
{
    /// <summary>The description before it.</summary>
    public string? Description { get; init; }

    /// <summary>The directives on it.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; init; } = [];
}

/// <summary>A definition that a client can run.</summary>
public abstract record ExecutableDefinitionNode(SelectionSetNode SelectionSet) : DefinitionNode;

/// <summary>The three kinds of operation.</summary>
public enum OperationType
{
    /// <summary>Reads.</summary>
    Query,

    /// <summary>Writes, then reads.</summary>
    Mutation,

    /// <summary>Reads again at every event.</summary>
    Subscription,
}

/// <summary>An operation (2.3).</summary>
public sealed record OperationDefinitionNode(OperationType Operation, string? Name, SelectionSetNode SelectionSet)
    : ExecutableDefinitionNode(SelectionSet)
{
    /// <summary>The variables that it declares.</summary>
    public ImmutableArray<VariableDefinitionNode> VariableDefinitions { get; init; } = [];
}

/// <summary>A fragment (2.8).</summary>
public sealed record FragmentDefinitionNode(string Name, NamedTypeNode TypeCondition, SelectionSetNode SelectionSet)
    : ExecutableDefinitionNode(SelectionSet);

/// <summary>A declared variable (2.10).</summary>
public sealed record VariableDefinitionNode(string Name, TypeNode Type, ValueNode? DefaultValue) : SyntaxNode
{
    /// <summary>The directives on it.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; init; } = [];

    /// <summary>The description before it.</summary>
    public string? Description { get; init; }
}

/// <summary>A part of a selection set, between braces (2.4).</summary>
public sealed record SelectionSetNode(ImmutableArray<SelectionNode> Selections) : SyntaxNode;

/// <summary>A field or a fragment within a selection set.</summary>
public abstract record SelectionNode : SyntaxNode
{
    /// <summary>The directives on it.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; init; } = [];
}

/// <summary>A field (2.5).</summary>
public sealed record FieldNode(
    string? Alias, string Name, ImmutableArray<ArgumentNode> Arguments, SelectionSetNode? SelectionSet) : SelectionNode
{
    /// <summary>The name in the response: the alias, else the name.</summary>
    public string ResponseName => Alias ?? Name;
}

/// <summary>A fragment used by its name (2.8).</summary>
public sealed record FragmentSpreadNode(string Name) : SelectionNode;

/// <summary>A fragment where it is used (2.8.2).</summary>
public sealed record InlineFragmentNode(NamedTypeNode? TypeCondition, SelectionSetNode SelectionSet) : SelectionNode;

/// <summary>A named value given to a field or a directive (2.6).</summary>
public sealed record ArgumentNode(string Name, ValueNode Value) : SyntaxNode;

/// <summary>A directive where it is used (2.12).</summary>
public sealed record DirectiveNode(string Name, ImmutableArray<ArgumentNode> Arguments) : SyntaxNode
{
    /// <summary>The value of an argument, or null when it is not given.</summary>
    public ValueNode? Argument(string name)
    {
        foreach (var argument in Arguments)
        {
            if (argument.Name == name)
                return argument.Value;
        }

        return null;
    }
}

/// <summary>A value in a document (2.9).</summary>
public abstract record ValueNode : SyntaxNode;

/// <summary>A variable where it is used.</summary>
public sealed record VariableNode(string Name) : ValueNode;

/// <summary>An integer, in its own digits.</summary>
public sealed record IntValueNode(string Value) : ValueNode;

/// <summary>A number with a fraction or an exponent, in its own digits.</summary>
public sealed record FloatValueNode(string Value) : ValueNode;

/// <summary>A string, escapes decoded.</summary>
public sealed record StringValueNode(string Value, bool IsBlock = false) : ValueNode;

/// <summary>true or false.</summary>
public sealed record BooleanValueNode(bool Value) : ValueNode;

/// <summary>null.</summary>
public sealed record NullValueNode : ValueNode;

/// <summary>A name that is a value.</summary>
public sealed record EnumValueNode(string Value) : ValueNode;

/// <summary>Values between brackets.</summary>
public sealed record ListValueNode(ImmutableArray<ValueNode> Values) : ValueNode;

/// <summary>Named values between braces.</summary>
public sealed record ObjectValueNode(ImmutableArray<ObjectFieldNode> Fields) : ValueNode;

/// <summary>A named value within braces.</summary>
public sealed record ObjectFieldNode(string Name, ValueNode Value) : SyntaxNode;

/// <summary>A type as it is written (2.11).</summary>
public abstract record TypeNode : SyntaxNode;

/// <summary>A type by its name.</summary>
public sealed record NamedTypeNode(string Name) : TypeNode;

/// <summary>A list of a type.</summary>
public sealed record ListTypeNode(TypeNode Type) : TypeNode;

/// <summary>A type that is never null.</summary>
public sealed record NonNullTypeNode(TypeNode Type) : TypeNode;
