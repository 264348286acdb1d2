// What a life in the economy is made of. A story is an iterator that yields beats: acts, which the stage puts into the
// next block, and waits. It asks the stage for nothing but what the chain has said, so a seed decides all of it.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum.Abi;

namespace EventSourced.World;

/// <summary>One thing that happens or is waited for in a story.</summary>
public abstract record Beat
{
    private Beat()
    {
    }

    /// <summary>An actor calls a contract.</summary>
    public sealed record Act(int Actor, Contract Target, byte[] Call, string What) : Beat;

    /// <summary>
    /// One of the node's own accounts (council, guardian, attester) calls a contract; the story goes on in the next
    /// block.
    /// </summary>
    public sealed record Sign(int Account, Contract Target, byte[] Call, string What) : Beat;

    /// <summary>Until the chain's time has reached a moment (seconds).</summary>
    public sealed record Until(ulong Time) : Beat;

    /// <summary>Until a block with this number is the newest.</summary>
    public sealed record UntilBlock(ulong Number) : Beat;

    /// <summary>Until the next block, whatever it brings: for facts that come out of the last one.</summary>
    public sealed record NextBlock : Beat;

    /// <summary>An account of the node calls a contract's function.</summary>
    public static Beat SignAs(
        int account, Contract target, string function, params IReadOnlyList<AbiValue> arguments) =>
        new Sign(account, target, target.Encode(function, arguments), $"{target.Name}.{function}");

    /// <summary>An actor registers an agent by its card: the overload with one argument.</summary>
    public static Beat Register(int actor, Contract registry, string uri) =>
        new Act(actor, registry, RegisterFunction.EncodeCall(uri), "AgentRegistry.register");

    private static readonly AbiFunction RegisterFunction = AbiFunction.Parse(
        "function register(string agentURI) returns (uint256)");

    /// <summary>An actor calls a contract's function.</summary>
    public static Beat Do(int actor, Contract target, string function, params IReadOnlyList<AbiValue> arguments) =>
        new Act(actor, target, target.Encode(function, arguments), $"{target.Name}.{function}");
}
