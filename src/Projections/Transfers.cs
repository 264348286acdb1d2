// Every move of the vault's money, one row each, by its place in the chain. Rows never change.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Projections;

/// <summary>The list of transfers.</summary>
public static class Transfers
{
    private const int LogBits = 20;

    /// <summary>How moves become rows.</summary>
    public static Fold<ulong, Row> Fold { get; } = new Fold<ulong, Row>("transfer", Apply)
        .Each<Moved>(at => at.Block << LogBits | at.LogIndex);

    /// <summary>A transfer.</summary>
    /// <param name="TransferId">Its place: the block's number, 20 bits of the log's place behind it.</param>
    /// <param name="FromAccount">The account that paid.</param>
    /// <param name="ToAccount">The account that received.</param>
    /// <param name="Reference">What it was for.</param>
    /// <param name="Amount">How much, in base units.</param>
    /// <param name="Reason">Why: see the contracts' Reasons.</param>
    /// <param name="Block">The block.</param>
    /// <param name="MovedAt">The block's time.</param>
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
