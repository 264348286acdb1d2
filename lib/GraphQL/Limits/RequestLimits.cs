// All limits of a request in one place. Each refusal names the one that was exceeded as it is called in LimitNames.
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.Limits;

/// <summary>The limits of one request.</summary>
public sealed record RequestLimits
{
    /// <summary>For clients that nobody knows.</summary>
    public static RequestLimits Default { get; } = new();

    /// <summary>No limits but those that guard the stack: for documents that a program wrote itself, and for
    /// tests.</summary>
    public static RequestLimits Unlimited { get; } = new()
    {
        MaxDocumentBytes = ParserLimits.Default.MaxDocumentBytes,
        MaxTokens = ParserLimits.Default.MaxTokens,
        MaxNesting = ParserLimits.Default.MaxNesting,
        MaxDepth = ParserLimits.Default.MaxNesting,
        MaxAliases = int.MaxValue,
        MaxFields = 1_000_000,
        MaxDirectives = int.MaxValue,
        MaxCost = double.MaxValue,
        MaxListSize = int.MaxValue,
        MaxRequestBytes = 64 << 20,
        MaxVariableDepth = 64,
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    /// <summary>DOCUMENT_BYTES.</summary>
    public int MaxDocumentBytes { get; init; } = 100_000;

    /// <summary>TOKENS.</summary>
    public int MaxTokens { get; init; } = 10_000;

    /// <summary>NESTING.</summary>
    public int MaxNesting { get; init; } = 64;

    /// <summary>DEPTH.</summary>
    public int MaxDepth { get; init; } = 20;

    /// <summary>ALIASES.</summary>
    public int MaxAliases { get; init; } = 200;

    /// <summary>FRAGMENT_EXPANSION.</summary>
    public int MaxFields { get; init; } = 5_000;

    /// <summary>DIRECTIVES.</summary>
    public int MaxDirectives { get; init; } = 200;

    /// <summary>COST.</summary>
    public double MaxCost { get; init; } = 100_000;

    /// <summary>LIST_SIZE.</summary>
    public int MaxListSize { get; init; } = 1_000;

    /// <summary>REQUEST_BYTES.</summary>
    public int MaxRequestBytes { get; init; } = 1_000_000;

    /// <summary>VARIABLE_DEPTH.</summary>
    public int MaxVariableDepth { get; init; } = 32;

    /// <summary>TIME_MS.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>SUBSCRIPTIONS.</summary>
    public int MaxSubscriptionsPerConnection { get; init; } = 100;

    /// <summary>QUEUE.</summary>
    public int MaxQueuedResults { get; init; } = 64;

    /// <summary>The part that holds while a document is read.</summary>
    public ParserLimits Parser => new(MaxDocumentBytes, MaxTokens, MaxNesting);
}
