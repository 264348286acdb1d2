// Every read model, in the order in which an event moves them.
using EventSourced.Domain.Integrity;

namespace EventSourced.Projections;

/// <summary>The read models.</summary>
public static class ReadModels
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ReadModel> All { get; } =
    [
        new ReadModel<string, Violations.State>(Violations.Fold, "Violation", isState: true),
        .. Market.All,
        .. People.All,
        .. Money.All,
        .. Court.All,
        .. Work.All,
        .. Government.All,
        new ReadModel<ulong, Statistics.Row>(Statistics.Hourly, "HourlyStatistics", isState: false)
            .Serial(),
        new ReadModel<ulong, Statistics.Row>(Statistics.Daily, "DailyStatistics", isState: false)
            .Serial(),
    ];
}
