// The document that a request names by an id or a hash: trusted documents, which the operator chose, and automatic
// persisted queries, which clients register by sending hash and text together once.
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using EventSourced.GraphQL.Errors;

namespace EventSourced.GraphQL.Execution;

internal sealed class PersistedDocuments(ExecutionOptions options)
{
    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> _automatic = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    // The bytes to run, and the hash to register them under once they have proved good.
    public (ReadOnlyMemory<byte> Document, string? Register) Find(OperationRequest request)
    {
        var hash = Hash(request.Extensions);
        if (Trusted(request.DocumentId) is { } trusted)
            return (trusted, null);
        if (Trusted(hash) is { } trustedHash)
            return (trustedHash, null);
        if (request.DocumentId is { } id)
            throw Refused($"No document has the id \"{id}\".", ErrorCodes.PersistedQueryNotFound);
        if (options.OnlyTrustedDocuments)
            throw Refused(
                "Only trusted documents are run; send the id of one as documentId.", ErrorCodes.UntrustedDocument);
        if (hash is null)
            return request.Document.IsEmpty
                ? throw Refused("Must provide a query string.", ErrorCodes.BadRequest)
                : (request.Document, null);
        return Automatic(request.Document, hash);
    }

    public void Register(string hash, ReadOnlyMemory<byte> document)
    {
        if (!_automatic.TryAdd(hash, document.ToArray()))
            return;
        _order.Enqueue(hash);
        while (_automatic.Count > options.AutomaticPersistedQueries && _order.TryDequeue(out var oldest))
            _automatic.TryRemove(oldest, out _);
    }

    private (ReadOnlyMemory<byte>, string?) Automatic(ReadOnlyMemory<byte> document, string hash)
    {
        if (options.AutomaticPersistedQueries == 0)
            throw Refused("PersistedQueryNotSupported", ErrorCodes.PersistedQueryNotSupported);
        if (document.IsEmpty)
        {
            return _automatic.TryGetValue(hash, out var known)
                ? (known, null)
                : throw Refused("PersistedQueryNotFound", ErrorCodes.PersistedQueryNotFound);
        }

        var actual = Convert.ToHexStringLower(SHA256.HashData(document.Span));
        return actual == hash
            ? (document, hash)
            : throw Refused(
                $"Expected the hash {actual} for this document, found {hash}.", ErrorCodes.PersistedQueryMismatch);
    }

    private ReadOnlyMemory<byte>? Trusted(string? id) =>
        id is not null && options.TrustedDocuments is { } trusted
        && (trusted.TryGetValue(id, out var document) || trusted.TryGetValue($"sha256:{id}", out document))
            ? document
            : default(ReadOnlyMemory<byte>?);

    private static string? Hash(JsonElement? extensions) =>
        extensions is { ValueKind: JsonValueKind.Object } json
        && json.TryGetProperty("persistedQuery", out var persisted) && persisted.ValueKind == JsonValueKind.Object
        && persisted.TryGetProperty("sha256Hash", out var hash) && hash.ValueKind == JsonValueKind.String
            ? hash.GetString()
            : null;

    private static GraphQLException Refused(string message, string code) => new(new GraphQLError(message, code));
}
