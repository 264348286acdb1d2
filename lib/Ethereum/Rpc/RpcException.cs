// The faults between us and a node, by name. Enters: HTTP states, JSON-RPC codes and the wordings of geth, erigon,
// Alchemy, Infura and others. Leaves: one fault that says whether another try can help.
using System.Globalization;

namespace EventSourced.Ethereum.Rpc;

/// <summary>The kinds of faults of a node.</summary>
public enum RpcFault
{
    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>No answer within the time-out.</summary>
    TimedOut,

    /// <summary>Too many requests; RetryAfter says when to come again, where the node says so.</summary>
    RateLimited,

    /// <summary>The node is overloaded or starting.</summary>
    Unavailable,

    /// <summary>An answer that is no JSON-RPC, is cut off, or misses what the method promises.</summary>
    Malformed,

    /// <summary>An answer above our own limit of bytes.</summary>
    ReplyTooLarge,

    /// <summary>A log query that the node finds too wide: halve the range.</summary>
    RangeTooLarge,

    /// <summary>The call reverted; Data holds the revert data.</summary>
    Reverted,

    /// <summary>The node refused the method or its parameters.</summary>
    Refused,

    /// <summary>The node serves another chain.</summary>
    WrongChain,
}

/// <summary>A fault of a node: what, of which method, at which endpoint.</summary>
public sealed class RpcException : Exception
{
    /// <summary>Names a fault.</summary>
    public RpcException(RpcFault fault, string endpoint, string method, string message, Exception? inner = null)
        : base($"{method} at {endpoint}: {message}", inner) =>
        (Fault, Endpoint, Method) = (fault, endpoint, method);

    /// <summary>The kind.</summary>
    public RpcFault Fault { get; }

    /// <summary>The endpoint, without credentials or path.</summary>
    public string Endpoint { get; }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>The JSON-RPC code, where the node gave one.</summary>
    public int? Code { get; init; }

    /// <summary>When to come again, where the node says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The revert data of a call that reverted.</summary>
    public ReadOnlyMemory<byte> RevertData { get; init; }

    /// <summary>Whether the same request may succeed later or elsewhere.</summary>
    public bool IsTransient =>
        Fault is RpcFault.Unreachable or RpcFault.TimedOut or RpcFault.RateLimited or RpcFault.Unavailable
            or RpcFault.Malformed;

    internal static RpcException FromError(string endpoint, string method, RpcError error) =>
        new(RpcFaults.Classify(error.Code, error.Message), endpoint, method,
            string.Create(CultureInfo.InvariantCulture, $"the node answered error {error.Code}: {error.Message}"))
        {
            Code = error.Code,
            RevertData = error.Data,
        };
}

/// <summary>An error as the node wrote it.</summary>
internal readonly record struct RpcError(int Code, string Message, ReadOnlyMemory<byte> Data);

/// <summary>The wordings of nodes and providers, sorted into faults.</summary>
public static class RpcFaults
{
    // Seen in geth, erigon, nethermind, reth, anvil, Alchemy, Infura, QuickNode, Ankr and Cloudflare.
    private static readonly string[] RangeWordings =
    [
        "query returned more than", "more than 10000 results", "too many results", "too many logs", "max results",
        "exceed max results", "query exceeds max", "result set too large", "logs matched by query exceeds",
        "block range", "range is too large", "range too large", "limited to a", "response size",
        "response is too big", "query timeout exceeded",
    ];

    private static readonly string[] RateWordings =
    [
        "rate limit", "too many requests", "request limit", "requests per second", "compute units per second",
        "exceeded its throughput", "daily request count exceeded", "capacity",
    ];

    private static readonly string[] BusyWordings =
    [
        "server is busy", "try again", "service unavailable", "temporarily unavailable", "header not found",
        "timeout", "timed out", "syncing",
        // The head moved on between the block that a tag names and the reading of its state.
        "BlockOutOfRange",
    ];

    /// <summary>The fault that a JSON-RPC error means.</summary>
    public static RpcFault Classify(int code, string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (code == 3 || Says(message, "execution reverted") || Says(message, "revert")) return RpcFault.Reverted;
        if (SaysAny(message, RangeWordings)) return RpcFault.RangeTooLarge;
        if (code is 429 or -32005 or -32007 || SaysAny(message, RateWordings)) return RpcFault.RateLimited;
        if (code is -32002 || SaysAny(message, BusyWordings)) return RpcFault.Unavailable;
        return RpcFault.Refused;
    }

    private static bool SaysAny(string message, string[] wordings) =>
        Array.Exists(wordings, wording => Says(message, wording));

    private static bool Says(string message, string wording) =>
        message.Contains(wording, StringComparison.OrdinalIgnoreCase);
}
