// The counts of each hour and each day, by the blocks' own time. Sums of events alone: no state of the domain is read.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Projections;

/// <summary>The statistics by hour and by day.</summary>
public static class Statistics
{
    private const ulong Hour = 3_600;
    private const ulong Day = 86_400;
    private const byte Payment = 25;
    private const byte Fee = 24;

    /// <summary>The statistics of each hour.</summary>
    public static Fold<ulong, Row> Hourly { get; } = Over(new Fold<ulong, Row>("hourly", HourOf), Hour);

    /// <summary>The statistics of each day.</summary>
    public static Fold<ulong, Row> Daily { get; } = Over(new Fold<ulong, Row>("daily", DayOf), Day);

    /// <summary>The number of events of each kind in a period, with sums of money.</summary>
    /// <param name="Number">The period's number, counted in hours or days since 1970.</param>
    /// <param name="Start">The time at which the period began.</param>
    /// <param name="AgentsRegistered">The number of agents that were registered.</param>
    /// <param name="TasksCreated">The number of tasks that were created.</param>
    /// <param name="BidsPlaced">The number of bids that were placed or revealed.</param>
    /// <param name="TasksMatched">The number of tasks that were matched.</param>
    /// <param name="TasksSubmitted">The number of tasks that were delivered.</param>
    /// <param name="TasksFinalized">The number of tasks that were paid.</param>
    /// <param name="TasksCancelled">The number of tasks that were cancelled.</param>
    /// <param name="DisputesOpened">The number of disputes that were opened.</param>
    /// <param name="DisputesSettled">The number of disputes that were settled.</param>
    /// <param name="Moves">The number of moves of money.</param>
    /// <param name="Volume">The sum of all moves of money, in base units.</param>
    /// <param name="Paid">The amount that tasks paid to agents.</param>
    /// <param name="Fees">The amount that the treasury earned by fees.</param>
    public sealed record Row(
        ulong Number,
        Instant Start,
        ulong AgentsRegistered,
        ulong TasksCreated,
        ulong BidsPlaced,
        ulong TasksMatched,
        ulong TasksSubmitted,
        ulong TasksFinalized,
        ulong TasksCancelled,
        ulong DisputesOpened,
        ulong DisputesSettled,
        ulong Moves,
        UInt256 Volume,
        UInt256 Paid,
        UInt256 Fees);

    private static Fold<ulong, Row> Over(Fold<ulong, Row> fold, ulong stretch) => fold
        .Also<Registered>((_, at) => (ulong)at.Time.Seconds / stretch)
        .Also<TaskCreated>((_, at) => (ulong)at.Time.Seconds / stretch)
        .Also<BidPlaced>((_, at) => (ulong)at.Time.Seconds / stretch)
        .Also<TaskMatched>((_, at) => (ulong)at.Time.Seconds / stretch)
        .Also<TaskSubmitted>((_, at) => (ulong)at.Time.Seconds / stretch)
        .Also<TaskFinalized>((_, at) => (ulong)at.Time.Seconds / stretch)
        .Also<TaskCancelled>((_, at) => (ulong)at.Time.Seconds / stretch)
        .Also<DisputeOpened>((_, at) => (ulong)at.Time.Seconds / stretch)
        .Also<DisputeSettled>((_, at) => (ulong)at.Time.Seconds / stretch)
        .Also<Moved>((_, at) => (ulong)at.Time.Seconds / stretch);

    private static Row HourOf(Row? row, ChainEvent happened, in At at) => Apply(row ?? Empty(at, Hour), happened);

    private static Row DayOf(Row? row, ChainEvent happened, in At at) => Apply(row ?? Empty(at, Day), happened);

    private static Row Empty(in At at, ulong stretch)
    {
        var number = (ulong)at.Time.Seconds / stretch;
        return new Row(number, number * stretch, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, default, default, default);
    }

    private static Row Apply(Row row, ChainEvent happened) => happened switch
    {
        Registered => row with { AgentsRegistered = row.AgentsRegistered + 1 },
        TaskCreated => row with { TasksCreated = row.TasksCreated + 1 },
        BidPlaced => row with { BidsPlaced = row.BidsPlaced + 1 },
        TaskMatched => row with { TasksMatched = row.TasksMatched + 1 },
        TaskSubmitted => row with { TasksSubmitted = row.TasksSubmitted + 1 },
        TaskFinalized => row with { TasksFinalized = row.TasksFinalized + 1 },
        TaskCancelled => row with { TasksCancelled = row.TasksCancelled + 1 },
        DisputeOpened => row with { DisputesOpened = row.DisputesOpened + 1 },
        DisputeSettled => row with { DisputesSettled = row.DisputesSettled + 1 },
        Moved e => row with
        {
            Moves = row.Moves + 1,
            Volume = Plus(row.Volume, e.Amount),
            Paid = e.Reason == Payment ? Plus(row.Paid, e.Amount) : row.Paid,
            Fees = e.Reason == Fee ? Plus(row.Fees, e.Amount) : row.Fees,
        },
        _ => row,
    };

    private static UInt256 Plus(UInt256 sum, UInt128 amount)
    {
        var low = unchecked(sum.Low + amount);
        return new UInt256(low < amount ? sum.High + 1 : sum.High, low);
    }
}
