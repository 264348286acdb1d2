// A wish: an action on the chain that one of our workers wants. Enters: a contract's function with arguments, and the
// key that identifies the wish. Leaves: the call, and the hash by which a repetition is recognised. Always holds: the
// same wish under the same key is one command for ever; the key names thing, verb and round, so that two processes give
// the same key.
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Contracts;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using Nethereum.Contracts;

namespace EventSourced.Workers.Acting;

/// <summary>A wish of a worker.</summary>
/// <param name="Name">The command's name, as tasks.finalize.</param>
/// <param name="To">The contract.</param>
/// <param name="Data">The call.</param>
/// <param name="Key">The key that identifies the wish to all processes.</param>
/// <param name="Effect">The change that the wish makes, in words.</param>
public sealed record Deed(string Name, Address To, ReadOnlyMemory<byte> Data, string Key, string Effect)
{
    /// <summary>The seconds of the chain that the command may be on its way.</summary>
    public ulong LifeSeconds { get; init; } = 3_600;

    /// <summary>A wish for one of the generated messages.</summary>
    public static Deed Of<T>(string name, Address to, T message, string key, string effect)
        where T : FunctionMessage, new() =>
        new(name, to, message.GetCallData(), key, effect);

    /// <summary>A wish for a function with values.</summary>
    public static Deed Of(
        string name, Address to, ContractInterface contract, string function, IReadOnlyList<AbiValue> arguments,
        string key, string effect)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return new(name, to, contract.Function(function).EncodeCall(arguments), key, effect);
    }

    /// <summary>The hash of the wish: equal for equal wishes, whatever key signs them and when.</summary>
    internal Hash32 Hash(Address actor) => Keccak256.Hash(
        [.. Keccak256.Hash(System.Text.Encoding.UTF8.GetBytes(Name)).Bytes, .. actor.Bytes, .. To.Bytes, .. Data.Span]);
}

/// <summary>The outcome of handing in a wish.</summary>
public abstract record Done
{
    private Done()
    {
    }

    /// <summary>The wish is written down as a command, and the relayer will send it.</summary>
    /// <param name="Id">The command's id.</param>
    public sealed record Accepted(Guid Id) : Done;

    /// <summary>The wish was written down before.</summary>
    /// <param name="Command">The command in its present state.</param>
    public sealed record Known(EventSourced.Commands.CommandStatus Command) : Done;

    /// <summary>The contract does not grant the wish now.</summary>
    /// <param name="Code">The name of the error.</param>
    /// <param name="Reason">The error with its arguments.</param>
    /// <param name="FromSecond">
    /// The second from which on the contract will grant it; 0: the contract names none.
    /// </param>
    public sealed record Refused(string Code, string Reason, long FromSecond = 0) : Done;

    /// <summary>Too many commands are on their way; nothing was written down.</summary>
    /// <param name="RetryAfter">The pause before the next attempt.</param>
    public sealed record Busy(TimeSpan RetryAfter) : Done;
}
