// Every move of the vault's money, one row each, keyed by its place in the chain. Rows never change.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Projections;

/// <summary>The list of transfers.</summary>
public static class Transfers
{
    private const int LogBits = 20;

    /// <summary>Turns moves into rows.</summary>
    public static Fold<ulong, Row> Fold { get; } = new Fold<ulong, Row>("transfer", Apply)
        .Each<Moved>(at => at.Block << LogBits | at.LogIndex);

    /// <summary>A move of money between two accounts of the vault.</summary>
    /// <param name="TransferId">The move's place in the chain: the block's number, followed by 20 bits of the log's
    /// place.</param>
    /// <param name="FromAccount">The account that paid.</param>
    /// <param name="ToAccount">The account that received.</param>
    /// <param name="Reference">The id of the move's subject. The reason gives its meaning.</param>
    /// <param name="Amount">The amount, in base units.</param>
    /// <param name="Reason">The reason for the move: see the contracts' Reasons.</param>
    /// <param name="Block">The block of the move.</param>
    /// <param name="MovedAt">The time of the block.</param>
    public sealed record Row(
        ulong TransferId, Word FromAccount, Word ToAccount, Word Reference, UInt128 Amount, byte Reason, ulong Block,
        Instant MovedAt);

    private static Row? Apply(Row? row, ChainEvent happened, in At at) => (row, happened) switch
    {
        (null, Moved e) => new Row(
            at.Block << LogBits | at.LogIndex, e.From, e.To, e.Ref, (UInt128)e.Amount, e.Reason, at.Block, at.Time),
        _ => null,
    };
}
