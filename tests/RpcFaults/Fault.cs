// The ways in which RPC nodes fail, each a value that a plan can choose.
namespace EventSourced.RpcFaults;

/// <summary>What the proxy does to one request or its reply.</summary>
public enum Fault
{
    /// <summary>Passes the request and the reply through.</summary>
    None,

    /// <summary>Closes the connection without an answer.</summary>
    Refuse,

    /// <summary>Answers after a while.</summary>
    Delay,

    /// <summary>Sends half of the body and closes the connection.</summary>
    Truncate,

    /// <summary>
    /// Sends a body that ends in the middle of the JSON, with a length that says so: only a parser notices.
    /// </summary>
    HalfJson,

    /// <summary>Serves logs twice.</summary>
    DuplicateLogs,

    /// <summary>Serves logs in another order.</summary>
    ReorderLogs,

    /// <summary>Serves logs of a block that is not on the chain: another block hash.</summary>
    OrphanLogs,

    /// <summary>Leaves out the last third of the logs: an index that lags behind.</summary>
    DropLogs,

    /// <summary>Leaves out all logs: an index that knows nothing of the range.</summary>
    DropAllLogs,

    /// <summary>Serves one log that never happened, at the end of the last block that has logs.</summary>
    InventLog,

    /// <summary>Tells the last transfer of a token as one of a unit more.</summary>
    ForgeTransfer,

    /// <summary>Serves headers with another state root, under the hash that they had.</summary>
    ForgeStateRoot,

    /// <summary>Serves the proof of an account with one digit changed.</summary>
    ForgeAccountProof,

    /// <summary>Serves the proof of a slot with one digit changed.</summary>
    ForgeSlotProof,

    /// <summary>Serves the proof of a slot without its last node.</summary>
    ShortenProof,

    /// <summary>Answers proofs as of the block before.</summary>
    StaleProof,

    /// <summary>Answers eth_chainId with another chain.</summary>
    WrongChainId,

    /// <summary>Answers a block by null.</summary>
    NullBlock,

    /// <summary>429 with Retry-After.</summary>
    RateLimit,

    /// <summary>503 without a body.</summary>
    Unavailable,

    /// <summary>200 with an HTML page, as gateways do.</summary>
    Html,

    /// <summary>"Too many results" in geth's words.</summary>
    TooManyGeth,

    /// <summary>"Too many results" in erigon's words.</summary>
    TooManyErigon,

    /// <summary>"Too many results" in Alchemy's words.</summary>
    TooManyAlchemy,

    /// <summary>"Too many results" in Infura's words.</summary>
    TooManyInfura,

    /// <summary>Answers a batch in another order than asked.</summary>
    ShuffleBatch,

    /// <summary>Takes the request and says nothing until whoever asked has gone.</summary>
    Silence,
}

/// <summary>Decides which fault meets a request; called in the order in which requests arrive.</summary>
public delegate Fault FaultPlan(string method);

/// <summary>Plans that tests use.</summary>
public static class FaultPlans
{
    /// <summary>No fault at all.</summary>
    public static FaultPlan Calm { get; } = _ => Fault.None;

    /// <summary>The given fault for the first requests of a method, then calm.</summary>
    public static FaultPlan First(int requests, Fault fault, string? method = null)
    {
        var left = requests;
        return asked =>
            (method is null || asked == method) && Interlocked.Decrement(ref left) >= 0 ? fault : Fault.None;
    }

    /// <summary>Any of the faults, each request with the given chance, from a seed alone.</summary>
    public static FaultPlan Random(int seed, double chance, params Fault[] faults)
    {
        var random = new Random(seed);
        return _ =>
        {
            lock (random)
                return random.NextDouble() < chance ? faults[random.Next(faults.Length)] : Fault.None;
        };
    }

    /// <summary>
    /// Any of the faults that can meet a method, each request with the given chance, from a seed alone.
    /// </summary>
    public static FaultPlan Weather(int seed, double chance, params IReadOnlyList<Fault> faults)
    {
        var random = new Random(seed);
        return method =>
        {
            Fault[] possible = [.. faults.Where(fault => CanMeet(fault, method))];
            lock (random)
                return random.NextDouble() < chance && possible.Length > 0
                    ? possible[random.Next(possible.Length)] : Fault.None;
        };
    }

    /// <summary>
    /// Whether a fault changes anything for a method; the others are of the connection, and meet all.
    /// </summary>
    public static bool CanMeet(Fault fault, string method) => fault switch
    {
        Fault.WrongChainId => method == "eth_chainId",
        Fault.NullBlock or Fault.ForgeStateRoot => method is "eth_getBlockByNumber" or "eth_getBlockByHash",
        Fault.ForgeAccountProof or Fault.ForgeSlotProof or Fault.ShortenProof or Fault.StaleProof =>
            method == "eth_getProof",
        Fault.ShuffleBatch => method is "eth_getBlockByNumber" or "eth_getBlockReceipts",
        Fault.DuplicateLogs or Fault.ReorderLogs or Fault.OrphanLogs or Fault.DropLogs or Fault.DropAllLogs
            or Fault.InventLog or Fault.ForgeTransfer
            or Fault.TooManyGeth or Fault.TooManyErigon or Fault.TooManyAlchemy or Fault.TooManyInfura =>
                method == "eth_getLogs",
        _ => true,
    };
}
