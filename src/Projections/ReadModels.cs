// Every read model, in the order in which an event moves them.
using EventSourced.Domain;
using EventSourced.Projections.Models;

namespace EventSourced.Projections;

/// <summary>The read models.</summary>
public static class ReadModels
{
    /// <summary>The schema of the database whose tables serve. Stored; never rename.</summary>
    public const string ServingSchema = "model";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ReadModel> All { get; } =
    [
        new ReadModel<string, Violations.State>(Violations.Fold, "Violation", isState: true),
        .. Market.All,
        .. People.All,
        .. Ledger.All,
        .. Court.All,
        .. Work.All,
        .. Government.All,
        new ReadModel<ulong, Statistics.Row>(Statistics.Hourly, "HourlyStatistics", isState: false)
            .Serial(),
        new ReadModel<ulong, Statistics.Row>(Statistics.Daily, "DailyStatistics", isState: false)
            .Serial(),
    ];
}
