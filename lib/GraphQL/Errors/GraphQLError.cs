// An entry of the response's `errors` (specification 7.1.2), and the exception that carries it. Every error has a code;
// the wording names the expected, the found and the place.
using System.Collections.Immutable;

namespace EventSourced.GraphQL.Errors;

/// <summary>One error of a response.</summary>
/// <param name="Message">The fault, in words for the developer of the client.</param>
/// <param name="Code">The value of <c>extensions.code</c>.</param>
public sealed record GraphQLError(string Message, string Code)
{
    /// <summary>The places in the document.</summary>
    public ImmutableArray<SourceLocation> Locations { get; init; } = [];

    /// <summary>The field of the response, for a field's error.</summary>
    public ResultPath? Path { get; init; }

    /// <summary>More facts for programs, beside the code.</summary>
    public ImmutableDictionary<string, object?> Extensions { get; init; } = ImmutableDictionary<string, object?>.Empty;

    /// <summary>The exception behind the error; never sent to a client.</summary>
    public Exception? Exception { get; init; }

    /// <summary>The same error with one more fact for programs.</summary>
    public GraphQLError WithExtension(string name, object? value) =>
        this with { Extensions = Extensions.SetItem(name, value) };
}

/// <summary>Stops a request, or one of its fields, with errors for the client.</summary>
public class GraphQLException : Exception
{
    /// <summary>Stops with one error.</summary>
    public GraphQLException(GraphQLError error)
        : base(error.Message) => Errors = [error];

    /// <summary>Stops with several errors.</summary>
    public GraphQLException(ImmutableArray<GraphQLError> errors)
        : base(string.Join("\n", errors.Select(error => error.Message))) => Errors = errors;

    /// <summary>The errors for the client.</summary>
    public ImmutableArray<GraphQLError> Errors { get; }
}
