// The log of the loop of jobs. Enters: happenings, each with one event name. Leaves: lines of the log. Always holds:
// names are stored in alerts and never renamed; no key, no content and no signature is in them.
using Microsoft.Extensions.Logging;

namespace EventSourced.Workers.Queueing;

/// <summary>The events of the loop's log.</summary>
internal static partial class JobLog
{
    [LoggerMessage(401, LogLevel.Information, "job_done: {Job}: {Reason}", EventName = "job_done")]
    internal static partial void JobDone(this ILogger log, string job, string reason);

    [LoggerMessage(402, LogLevel.Debug, "job_later: {Job}: {Reason}", EventName = "job_later")]
    internal static partial void JobLater(this ILogger log, string job, string reason);

    [LoggerMessage(403, LogLevel.Warning, "job_left: {Job}: its claim ended", EventName = "job_left")]
    internal static partial void JobLeft(this ILogger log, string job);

    [LoggerMessage(404, LogLevel.Error, "job_failed: {Job}, fault {Faults}: {Fault}", EventName = "job_failed")]
    internal static partial void JobFailed(
        this ILogger log, Exception exception, string job, int faults, string fault);

    [LoggerMessage(405, LogLevel.Warning, "job_look_failed: {Fault}", EventName = "job_look_failed")]
    internal static partial void JobLookFailed(this ILogger log, string fault);
}
