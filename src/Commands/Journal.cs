// The journal of one command: the facts of its way to the chain. Enters: facts that acceptance and relayer have brought
// about. Leaves: the state that they fold to. Always holds: pure; the names of events are stored in the stream
// `command-{id}` and are never changed; a fact that cannot follow on a state folds to null and is never skipped.
using System.Text.Json.Serialization;
using EventSourced.Ethereum;

namespace EventSourced.Commands;

/// <summary>The phase of a command. Stored as a number; never renumber.</summary>
public enum Phase
{
    /// <summary>Written down; nothing else is known.</summary>
    Received = 0,

    /// <summary>A node has rehearsed the command; it waits for its transaction.</summary>
    Simulated = 1,

    /// <summary>Its transaction is signed and written down; a node may have it already.</summary>
    Signed = 2,

    /// <summary>A node has taken its transaction.</summary>
    Broadcast = 3,

    /// <summary>A block holds its transaction; the block may still be taken back.</summary>
    Included = 4,

    /// <summary>It happened, for good.</summary>
    Finalized = 5,

    /// <summary>It did not happen and never will by this transaction; code and reason say why.</summary>
    Failed = 6,

    /// <summary>It did not happen before its deadline, and never will.</summary>
    Expired = 7,
}

/// <summary>The journal of a command.</summary>
public static class Journal
{
    /// <summary>The beginning of a stream's key. Stored; never rename.</summary>
    public const string Prefix = "command-";

    /// <summary>The key of a command's stream.</summary>
    public static string KeyOf(Guid id) => $"{Prefix}{id:D}";

    // Events

    /// <summary>A fact in the journal.</summary>
    public abstract record Event;

    /// <summary>The command came in, with all that the relayer needs.</summary>
    /// <param name="Name">The command's name, as tasks.create.</param>
    /// <param name="Asker">The address that asked.</param>
    /// <param name="IdempotencyKey">The asker's own name for the request.</param>
    /// <param name="BodyHash">The hash of the canonical body.</param>
    /// <param name="CorrelationId">The id of the command in traces and logs.</param>
    /// <param name="Payload">The payload that goes to the chain, encoded by <see cref="Commands.Payload"/>.</param>
    /// <param name="DeadlineSeconds">The last second in which it may happen; null: there is none.</param>
    public sealed record Received(
        string Name, Address Asker, string IdempotencyKey, Hash32 BodyHash, string CorrelationId,
        ReadOnlyMemory<byte> Payload, ulong? DeadlineSeconds) : Event;

    /// <summary>A node has run the command without effect.</summary>
    /// <param name="GasUsed">The gas that it took.</param>
    /// <param name="Effect">The change that the command makes, in words.</param>
    public sealed record Simulated(ulong GasUsed, string Effect) : Event;

    /// <summary>A transaction was signed and written down before any node saw it.</summary>
    /// <param name="Signer">The account that pays.</param>
    /// <param name="Nonce">The account's nonce.</param>
    /// <param name="Transaction">The transaction's hash.</param>
    /// <param name="MaxPriorityFeePerGas">The tip, in wei.</param>
    /// <param name="MaxFeePerGas">The tip with the base fee, in wei.</param>
    public sealed record Signed(
        Address Signer, ulong Nonce, Hash32 Transaction, UInt256 MaxPriorityFeePerGas, UInt256 MaxFeePerGas) : Event;

    /// <summary>A node has taken the transaction.</summary>
    /// <param name="Transaction">Its hash.</param>
    public sealed record Broadcast(Hash32 Transaction) : Event;

    /// <summary>A transaction with higher fees took the place of the last one: same command, same nonce.</summary>
    /// <param name="Transaction">The new one's hash.</param>
    /// <param name="MaxPriorityFeePerGas">The new tip, in wei.</param>
    /// <param name="MaxFeePerGas">The new tip with the base fee, in wei.</param>
    public sealed record Replaced(Hash32 Transaction, UInt256 MaxPriorityFeePerGas, UInt256 MaxFeePerGas) : Event;

    /// <summary>A block holds one of the command's transactions.</summary>
    /// <param name="Transaction">Which one.</param>
    /// <param name="Block">The block's number.</param>
    /// <param name="BlockHash">The block's hash.</param>
    /// <param name="Succeeded">Whether the contract did it; false: it reverted.</param>
    /// <param name="GasUsed">The gas that it took.</param>
    /// <param name="Reason">Why it reverted, in words; null: it did not.</param>
    public sealed record Included(
        Hash32 Transaction, ulong Block, Hash32 BlockHash, bool Succeeded, ulong GasUsed, string? Reason) : Event;

    /// <summary>The chain took the block back.</summary>
    /// <param name="Block">The block's number.</param>
    /// <param name="BlockHash">The hash of the block that is gone.</param>
    public sealed record Reorganized(ulong Block, Hash32 BlockHash) : Event;

    /// <summary>
    /// The relayer gave the command up, and its nonce to another transaction. It did not happen once that one is final;
    /// until then the old transaction may still come.
    /// </summary>
    /// <param name="Code">Why, as a name.</param>
    /// <param name="Reason">Why, in words.</param>
    public sealed record Abandoned(string Code, string Reason) : Event;

    /// <summary>Another transaction used the nonce for good: the command waits for a new one.</summary>
    /// <param name="Nonce">The nonce that is gone.</param>
    public sealed record Displaced(ulong Nonce) : Event;

    /// <summary>It happened, and its block is final.</summary>
    /// <param name="Block">The block's number.</param>
    public sealed record Finalized(ulong Block) : Event;

    /// <summary>It did not happen, for good.</summary>
    /// <param name="Code">Why, as a name.</param>
    /// <param name="Reason">Why, in words.</param>
    public sealed record Failed(string Code, string Reason) : Event;

    /// <summary>Its deadline passed, and it did not happen.</summary>
    /// <param name="DeadlineSeconds">The deadline.</param>
    public sealed record Expired(ulong DeadlineSeconds) : Event;

    // State

    /// <summary>The known state of a command.</summary>
    public sealed record State(Phase Phase, string Name, Address Asker)
    {
        /// <summary>The account that pays; null before a transaction is signed.</summary>
        public Address? Signer { get; init; }

        /// <summary>The nonce of the present transaction.</summary>
        public ulong? Nonce { get; init; }

        /// <summary>The hash of the present transaction, or of the one that a block holds.</summary>
        public Hash32? Transaction { get; init; }

        /// <summary>The block that holds it.</summary>
        public ulong? Block { get; init; }

        /// <summary>The hash of that block.</summary>
        public Hash32? BlockHash { get; init; }

        /// <summary>Whether the contract carried the command out; known when a block holds it.</summary>
        public bool? Succeeded { get; init; }

        /// <summary>Why it will not happen, as a name.</summary>
        public string? Code { get; init; }

        /// <summary>Why it will not happen, in words.</summary>
        public string? Reason { get; init; }

        /// <summary>Whether nothing can happen to it any more.</summary>
        [JsonIgnore]
        public bool IsOver => Phase is Phase.Finalized or Phase.Failed or Phase.Expired;
    }

    // Evolve

    /// <summary>The state after a fact; null: the fact cannot follow.</summary>
    public static State? Evolve(State? state, Event happened) => (state, happened) switch
    {
        (null, Received received) => new State(Phase.Received, received.Name, received.Asker),
        ({ Phase: Phase.Received }, Simulated) => state with { Phase = Phase.Simulated },
        ({ Phase: Phase.Received or Phase.Simulated }, Signed signed) => state with
        {
            Phase = Phase.Signed,
            Signer = signed.Signer,
            Nonce = signed.Nonce,
            Transaction = signed.Transaction,
        },
        ({ Phase: Phase.Signed or Phase.Broadcast }, Broadcast) => state with { Phase = Phase.Broadcast },
        ({ Phase: Phase.Signed or Phase.Broadcast }, Replaced replaced) => state with
        {
            Phase = Phase.Signed,
            Transaction = replaced.Transaction,
        },
        ({ Phase: Phase.Signed or Phase.Broadcast }, Included block) => state with
        {
            Phase = Phase.Included,
            Transaction = block.Transaction,
            Block = block.Block,
            BlockHash = block.BlockHash,
            Succeeded = block.Succeeded,
            // A command that was given up keeps its own reason.
            Code = block.Succeeded ? state.Code : state.Code ?? CommandCodes.Reverted,
            Reason = block.Succeeded ? state.Reason : state.Reason ?? block.Reason,
        },
        ({ Phase: Phase.Included }, Reorganized) => state with
        {
            Phase = Phase.Broadcast,
            Block = null,
            BlockHash = null,
            Succeeded = null,
            Code = state.Code == CommandCodes.Reverted ? null : state.Code,
            Reason = state.Code == CommandCodes.Reverted ? null : state.Reason,
        },
        ({ Phase: Phase.Signed or Phase.Broadcast }, Abandoned abandoned) => state with
        {
            Code = abandoned.Code,
            Reason = abandoned.Reason,
        },
        ({ Phase: Phase.Signed or Phase.Broadcast }, Displaced) => state with
        {
            Phase = Phase.Simulated,
            Signer = null,
            Nonce = null,
            Transaction = null,
        },
        ({ Phase: Phase.Included, Succeeded: true }, Finalized) => state with
        {
            Phase = Phase.Finalized,
            Code = null,
            Reason = null,
        },
        ({ IsOver: false }, Failed failed) => state with
        {
            Phase = Phase.Failed,
            Code = failed.Code,
            Reason = failed.Reason,
        },
        ({ IsOver: false }, Expired) => state with
        {
            Phase = Phase.Expired,
            Code = CommandCodes.Expired,
            Reason = "the deadline passed before it happened",
        },
        _ => null,
    };
}
