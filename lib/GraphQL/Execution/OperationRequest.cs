// A request as every transport delivers it (specification 6.1 and GraphQL over HTTP 5).
using System.Text;
using System.Text.Json;

namespace EventSourced.GraphQL.Execution;

/// <summary>One request.</summary>
public sealed record OperationRequest
{
    /// <summary>The document as UTF-8; empty when an id or a hash stands for it.</summary>
    public ReadOnlyMemory<byte> Document { get; init; }

    /// <summary>The id of a trusted document.</summary>
    public string? DocumentId { get; init; }

    /// <summary>The name of the operation in the document.</summary>
    public string? OperationName { get; init; }

    /// <summary>The variables: a JSON object.</summary>
    public JsonElement? Variables { get; init; }

    /// <summary>The protocol's extensions: a JSON object.</summary>
    public JsonElement? Extensions { get; init; }

    /// <summary>The services of the host.</summary>
    public IServiceProvider? Services { get; init; }

    /// <summary>Whether only queries may run, as over GET.</summary>
    public bool QueriesOnly { get; init; }

    /// <summary>A request for a document in text.</summary>
    public static OperationRequest FromText(string document) => new() { Document = Encoding.UTF8.GetBytes(document) };
}
