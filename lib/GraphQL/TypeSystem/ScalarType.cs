// Scalars (specification 3.5): how a value of .NET becomes JSON, and how JSON and literals become a value of .NET. A
// scalar that nobody binds passes everything through, as the specification allows for custom scalars.
using System.Text.Json;
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.TypeSystem;

/// <summary>The three coercions of a scalar.</summary>
/// <param name="Serialize">A resolver's value, never null, to string, bool, int, long, double, decimal or raw
/// JSON.</param>
/// <param name="ParseValue">A variable's JSON, never null.</param>
/// <param name="ParseLiteral">A literal without variables, never null.</param>
public sealed record ScalarBinding(
    Func<object, Coercion> Serialize, Func<JsonElement, Coercion> ParseValue, Func<ValueNode, Coercion> ParseLiteral)
{
    /// <summary>A scalar that stands as a string in JSON and documents.</summary>
    public static ScalarBinding OfString(Func<string, Coercion> parse, Func<object, Coercion>? serialize = null) => new(
        serialize ?? (value => Coercion.Of(value.ToString())),
        json => json.ValueKind == JsonValueKind.String
            ? parse(json.GetString()!)
            : Coercion.Failed($"Expected a string, found {json.GetRawText()}."),
        literal =>
            literal is StringValueNode text
                ? parse(text.Value)
                : Coercion.Failed($"Expected a string, found {literal}."));
}

/// <summary>A scalar (3.5).</summary>
public sealed class ScalarType(ScalarTypeDefinitionNode syntax, ScalarBinding? binding) : NamedType(syntax)
{
    /// <summary>The coercions of the values.</summary>
    public ScalarBinding Binding { get; } = binding ?? AnyScalar.Binding;

    /// <summary>Whether somebody said how values are coerced; otherwise all pass, variables within literals
    /// too.</summary>
    public bool IsBound { get; } = binding is not null;

    /// <summary>The document that specifies the scalar (3.5.5).</summary>
    public string? SpecifiedBy { get; } =
        (AppliedDirectives.Find(syntax.Directives, "specifiedBy")?.Argument("url") as StringValueNode)?.Value;
}
