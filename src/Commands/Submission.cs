// The input and the answers of acceptance. Enters: a command that schema, signature, authorization, Decide and
// simulation have passed. Leaves: one of five answers. Always holds: the same key of the same asker is one command for
// ever.
using EventSourced.Ethereum;

namespace EventSourced.Commands;

/// <summary>A node's rehearsal of a command.</summary>
/// <param name="GasUsed">The gas that it took.</param>
/// <param name="Effect">The change that the command makes, in words.</param>
public sealed record Simulation(ulong GasUsed, string Effect);

/// <summary>A command that may go to the chain.</summary>
/// <param name="Name">Its name, as tasks.create.</param>
/// <param name="Asker">The address that asks: the request's or the transaction's signer.</param>
/// <param name="IdempotencyKey">The asker's own name for this request; at most <see cref="MostKey"/>
/// characters.</param>
/// <param name="BodyHash">The hash of the canonical body.</param>
/// <param name="CorrelationId">The id of the command in traces and logs.</param>
/// <param name="Payload">The payload that goes to the chain.</param>
/// <param name="Simulation">The result of the rehearsal.</param>
public sealed record Submission(
    string Name, Address Asker, string IdempotencyKey, Hash32 BodyHash, string CorrelationId, Payload Payload,
    Simulation Simulation)
{
    /// <summary>The most characters of an idempotency key.</summary>
    public const int MostKey = 200;

    /// <summary>The most characters of the words about an effect.</summary>
    public const int MostEffect = 2_000;

    /// <summary>The most characters of a correlation id.</summary>
    public const int MostCorrelation = 128;

    /// <summary>The command's id.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();
}

/// <summary>The answer of acceptance.</summary>
public abstract record Answer
{
    private Answer()
    {
    }

    /// <summary>The command is written down and will be sent.</summary>
    /// <param name="Id">Its id.</param>
    public sealed record Accepted(Guid Id) : Answer;

    /// <summary>This key came before with the same body.</summary>
    /// <param name="Command">The command of that time, as it is now.</param>
    public sealed record Same(CommandStatus Command) : Answer;

    /// <summary>This key came before with another body.</summary>
    /// <param name="Id">The command of that time.</param>
    /// <param name="Expected">The hash of its body.</param>
    /// <param name="Found">The hash of the body that came now.</param>
    public sealed record Conflict(Guid Id, Hash32 Expected, Hash32 Found) : Answer;

    /// <summary>Another request of this asker with this nonce is on its way, or was there.</summary>
    /// <param name="Nonce">The request's nonce.</param>
    public sealed record NonceTaken(ulong Nonce) : Answer;

    /// <summary>Too many commands wait for their transactions.</summary>
    /// <param name="Limit">How many may.</param>
    /// <param name="RetryAfter">When to come again.</param>
    public sealed record Full(int Limit, TimeSpan RetryAfter) : Answer;
}
