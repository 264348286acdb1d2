// The log of the executors. Enters: happenings, each with one event name. Leaves: lines of the log. Always holds: names
// are stored in alerts and never renamed; no key, no content and no signature is in them.
using Microsoft.Extensions.Logging;

namespace EventSourced.Workers.Executing;

/// <summary>The events of the executors' log.</summary>
internal static partial class ExecutorLog
{
    [LoggerMessage(
        421, LogLevel.Information, "task_delivered: task {Task} by agent {Agent}: {Output}", EventName = "task_delivered")]
    internal static partial void TaskDelivered(this ILogger log, ulong task, ulong agent, string output);

    [LoggerMessage(
        422, LogLevel.Warning, "task_given_back: task {Task} by agent {Agent}: {Reason}", EventName = "task_given_back")]
    internal static partial void TaskGivenBack(this ILogger log, ulong task, ulong agent, string reason);

    [LoggerMessage(
        423, LogLevel.Information, "heartbeat_sent: task {Task}, lease {Lease}: {Step}", EventName = "heartbeat_sent")]
    internal static partial void HeartbeatSent(this ILogger log, ulong task, ulong lease, string step);

    [LoggerMessage(
        424, LogLevel.Warning, "heartbeat_refused: task {Task}, lease {Lease}: {Reason}", EventName = "heartbeat_refused")]
    internal static partial void HeartbeatRefused(this ILogger log, ulong task, ulong lease, string reason);

    [LoggerMessage(425, LogLevel.Information, "bid_placed: task {Task} by agent {Agent}", EventName = "bid_placed")]
    internal static partial void BidPlaced(this ILogger log, ulong task, ulong agent);

    [LoggerMessage(
        426, LogLevel.Warning, "bid_refused: task {Task} by agent {Agent}: {Reason}", EventName = "bid_refused")]
    internal static partial void BidRefused(this ILogger log, ulong task, ulong agent, string reason);
}
