// The log of the keepers. Enters: happenings, each with one event name. Leaves: lines of the log. Always holds: names
// are stored in alerts and never renamed.
using Microsoft.Extensions.Logging;

namespace EventSourced.Workers.Keeping;

/// <summary>The events of the keepers' log.</summary>
public static partial class KeepingLog
{
    /// <summary>The keepers of this process begin.</summary>
    [LoggerMessage(201, LogLevel.Information, "keepers_started: {Count} keepers on account {Account}",
        EventName = "keepers_started")]
    public static partial void KeepersStarted(this ILogger log, int count, string account);

    [LoggerMessage(202, LogLevel.Information, "keeper_due: {Count} things", EventName = "keeper_due")]
    internal static partial void KeeperDue(this ILogger log, int count);

    [LoggerMessage(203, LogLevel.Debug, "keeper_sent: {Keeper} {Thing} as command {Command}", EventName = "keeper_sent")]
    internal static partial void KeeperSent(this ILogger log, string keeper, string thing, Guid command);

    [LoggerMessage(204, LogLevel.Debug, "keeper_refused: {Keeper} {Thing}: {Reason}", EventName = "keeper_refused")]
    internal static partial void KeeperRefused(this ILogger log, string keeper, string thing, string reason);

    [LoggerMessage(205, LogLevel.Warning, "keeper_fault_survived: {Fault}", EventName = "keeper_fault_survived")]
    internal static partial void KeeperFaultSurvived(this ILogger log, string fault);

    [LoggerMessage(206, LogLevel.Error, "keeper_gave_up: {Keeper} {Thing} after {Tries} commands: {Reason}",
        EventName = "keeper_gave_up")]
    internal static partial void KeeperGaveUp(this ILogger log, string keeper, string thing, int tries, string reason);
}
