// The meaning of a node's refusal of a transaction. Enters: a fault of the node. Leaves: one of a few meanings. Always
// holds: it is pure; unknown words have no certain meaning, and are never taken for "it will not happen".
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Workers.Relaying;

/// <summary>The outcome of sending a transaction.</summary>
public enum Sending
{
    /// <summary>The node has it.</summary>
    Taken,

    /// <summary>Its nonce is used, perhaps by the transaction itself.</summary>
    NonceUsed,

    /// <summary>Its fees are too low, or another transaction with its nonce offers as much.</summary>
    Underpriced,

    /// <summary>The account cannot pay.</summary>
    Insolvent,

    /// <summary>No node will ever take these bytes.</summary>
    Refused,

    /// <summary>The node gave an answer that we do not know.</summary>
    Unknown,

    /// <summary>The outcome is unknown: the node may have it.</summary>
    Unanswered,
}

/// <summary>Reads refusals.</summary>
public static class NodeRefusals
{
    // These words were seen in geth, erigon, nethermind, reth, besu and anvil.
    private static readonly (string Words, Sending Meaning)[] Wordings =
    [
        ("already known", Sending.Taken),
        ("already imported", Sending.Taken),
        ("known transaction", Sending.Taken),
        ("nonce too low", Sending.NonceUsed),
        ("nonce is too low", Sending.NonceUsed),
        ("oldnonce", Sending.NonceUsed),
        ("underpriced", Sending.Underpriced),
        ("less than block base fee", Sending.Underpriced),
        ("fee too low", Sending.Underpriced),
        ("feetoolow", Sending.Underpriced),
        ("insufficient funds", Sending.Insolvent),
        ("insufficient balance", Sending.Insolvent),
        ("insufficientfunds", Sending.Insolvent),
        ("intrinsic gas", Sending.Refused),
        ("exceeds block gas limit", Sending.Refused),
        ("gas limit", Sending.Refused),
        ("gas too high", Sending.Refused),
        ("oversized data", Sending.Refused),
        ("invalid sender", Sending.Refused),
        ("invalid signature", Sending.Refused),
        ("invalid chain id", Sending.Refused),
        ("type not supported", Sending.Refused),
        ("failed to decode", Sending.Refused),
    ];

    /// <summary>The meaning of a fault.</summary>
    public static Sending Read(RpcException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        foreach (var (words, meaning) in Wordings)
            if (fault.Message.Contains(words, StringComparison.OrdinalIgnoreCase)) return meaning;
        return fault.IsTransient || fault.Fault == RpcFault.WrongChain ? Sending.Unanswered : Sending.Unknown;
    }
}
