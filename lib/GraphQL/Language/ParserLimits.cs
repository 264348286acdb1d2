// The limits of a text that are known without a schema.
namespace EventSourced.GraphQL.Language;

/// <summary>The limits while reading a document.</summary>
/// <param name="MaxDocumentBytes">The bytes of a document.</param>
/// <param name="MaxTokens">The tokens of a document.</param>
/// <param name="MaxNesting">The deepest nesting of braces and brackets; bounds the stack of every later reader of the
/// document.</param>
public sealed record ParserLimits(int MaxDocumentBytes, int MaxTokens, int MaxNesting)
{
    /// <summary>For documents that a program trusts, such as its own schema: only the stack is guarded.</summary>
    public static ParserLimits Default { get; } = new(64 << 20, 16 << 20, 400);
}
