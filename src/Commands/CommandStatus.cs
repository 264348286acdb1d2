// The status of a command, as one row. Enters: a row of the table of commands. Leaves: the answer for clients. Always
// holds: the row is the fold of the command's journal, written in the journal's own transactions.
using EventSourced.Ethereum;

namespace EventSourced.Commands;

/// <summary>How a command is.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Number">Its place in the order of acceptance.</param>
/// <param name="Phase">The phase of the command.</param>
/// <param name="Name">Its name.</param>
/// <param name="Asker">The address that asked.</param>
/// <param name="CorrelationId">The id of the command in traces and logs.</param>
/// <param name="GasUsed">The gas that the simulation took.</param>
/// <param name="Effect">The change that the command makes, in words.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="ChangedAt">When anything happened to it last.</param>
/// <param name="Version">How many facts its journal holds.</param>
public sealed record CommandStatus(
    Guid Id, long Number, Phase Phase, string Name, Address Asker, string CorrelationId, ulong GasUsed, string Effect,
    DateTimeOffset ReceivedAt, DateTimeOffset ChangedAt, int Version)
{
    /// <summary>The last second in which it may happen; null: there is none.</summary>
    public ulong? DeadlineSeconds { get; init; }

    /// <summary>The account that pays.</summary>
    public Address? Signer { get; init; }

    /// <summary>The nonce of the present transaction.</summary>
    public ulong? Nonce { get; init; }

    /// <summary>The present transaction, or the one that a block holds.</summary>
    public Hash32? Transaction { get; init; }

    /// <summary>The block that holds it.</summary>
    public ulong? Block { get; init; }

    /// <summary>The hash of that block.</summary>
    public Hash32? BlockHash { get; init; }

    /// <summary>Whether the contract carried the command out; known when a block holds it.</summary>
    public bool? Succeeded { get; init; }

    /// <summary>Why it does not happen, as a name.</summary>
    public string? Code { get; init; }

    /// <summary>Why it does not happen, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether nothing can happen to it any more.</summary>
    public bool IsOver => Phase is Phase.Finalized or Phase.Failed or Phase.Expired;
}
