// A document that is not GraphQL (specification 2): the message names the found text, the location its place.
using EventSourced.GraphQL.Errors;

namespace EventSourced.GraphQL.Language;

/// <summary>A document broke the grammar.</summary>
public sealed class SyntaxException : GraphQLException
{
    internal SyntaxException(string message, ReadOnlySpan<byte> source, int offset)
        : base(new GraphQLError($"Syntax Error: {message}", ErrorCodes.Syntax)
        {
            Locations = [SourceLocation.At(source, offset)],
        })
    {
    }
}
