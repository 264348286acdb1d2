// The values of `extensions.code`: stable, because clients branch on them.
namespace EventSourced.GraphQL.Errors;

/// <summary>The values of an error's <c>extensions.code</c>.</summary>
public static class ErrorCodes
{
    /// <summary>The document is not GraphQL.</summary>
    public const string Syntax = "GRAPHQL_PARSE_FAILED";

    /// <summary>The document does not fit the schema.</summary>
    public const string Validation = "GRAPHQL_VALIDATION_FAILED";

    /// <summary>The request names an operation that the document does not have, or none where it must.</summary>
    public const string OperationResolution = "OPERATION_RESOLUTION_FAILURE";

    /// <summary>A variable's value does not fit its type, or an argument's.</summary>
    public const string BadUserInput = "BAD_USER_INPUT";

    /// <summary>The request itself is malformed: no document, bad JSON, bad UTF-8.</summary>
    public const string BadRequest = "BAD_REQUEST";

    /// <summary>A named limit is exceeded; the extensions hold its name, the limit and the found value.</summary>
    public const string LimitExceeded = "LIMIT_EXCEEDED";

    /// <summary>No persisted document has this hash; send it together with its text.</summary>
    public const string PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND";

    /// <summary>Automatic persisted queries are switched off.</summary>
    public const string PersistedQueryNotSupported = "PERSISTED_QUERY_NOT_SUPPORTED";

    /// <summary>The hash that came with a document is not the document's.</summary>
    public const string PersistedQueryMismatch = "PERSISTED_QUERY_HASH_MISMATCH";

    /// <summary>Only documents that the operator trusts are served.</summary>
    public const string UntrustedDocument = "UNTRUSTED_DOCUMENT";

    /// <summary>This transport cannot carry this operation.</summary>
    public const string MethodNotAllowed = "METHOD_NOT_ALLOWED";

    /// <summary>No canonical block has this number or hash.</summary>
    public const string UnknownBlock = "UNKNOWN_BLOCK";

    /// <summary>Rows as of this block were archived, and dropped from the index.</summary>
    public const string BlockArchived = "BLOCK_ARCHIVED";

    /// <summary>The index is not at this block yet: ask again later.</summary>
    public const string BlockNotIndexed = "BLOCK_NOT_INDEXED";

    /// <summary>The block may still be taken back, and a final one was asked for.</summary>
    public const string BlockNotFinal = "BLOCK_NOT_FINAL";

    /// <summary>A resolver failed in a way that it did not announce.</summary>
    public const string Internal = "INTERNAL_SERVER_ERROR";
}
