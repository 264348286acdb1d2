// The named limits of talking with nodes. Every loop of this folder ends because one of these says so.
namespace EventSourced.Ethereum.Rpc;

/// <summary>Limits and expectations of a JSON-RPC client.</summary>
public sealed record RpcOptions
{
    /// <summary>
    /// The chain that every endpoint must serve; null trusts them. Asked of an endpoint before its first use.
    /// </summary>
    public ulong? ExpectedChainId { get; init; }

    /// <summary>The longest time of one request, its answer read.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The number of tries of a request in all, over all endpoints.</summary>
    public int MaxAttempts { get; init; } = 6;

    /// <summary>The pause after the first round of endpoints failed; it doubles each round.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause of our own choice.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest Retry-After that is honoured; a longer one counts as this.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time for which a failed endpoint is passed over while another one answers.</summary>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The most bytes of one answer, after decompression; a longer one of logs is asked for in halves.
    /// </summary>
    public int MaxReplyBytes { get; init; } = 32 << 20;

    /// <summary>The most requests in one batch; longer ones are split.</summary>
    public int MaxBatch { get; init; } = 100;

    /// <summary>The most connections to one endpoint.</summary>
    public int MaxConnections { get; init; } = 16;

    /// <summary>
    /// The most notifications of a subscription that may wait; above, the connection is given up and caught up anew.
    /// </summary>
    public int MaxWaitingNotifications { get; init; } = 4096;

    /// <summary>The most failures in a row to connect a WebSocket; after them the subscription fails.</summary>
    public int MaxReconnects { get; init; } = 30;
}
