// The log of the host. Enters: happenings, each with one event name. Leaves: a line of JSON for each on standard
// output. Always holds: names are stored in alerts and never renamed; addresses come without path and credentials,
// databases without password.
using EventSourced.Indexer;
using EventSourced.Indexer.Decode;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Spectre.Console;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace EventSourced.Host.Serving;

/// <summary>The events of the log.</summary>
internal static partial class Logs
{
    /// <summary>A logger that writes JSON lines.</summary>
    internal static Logger Open() => new LoggerConfiguration()
        .MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .MinimumLevel.Override("Npgsql", LogEventLevel.Warning)
        .MinimumLevel.Override("Wolverine", LogEventLevel.Warning)
        .MinimumLevel.Override("Marten", LogEventLevel.Warning)
        .MinimumLevel.Override("JasperFx", LogEventLevel.Warning)
        .MinimumLevel.Override("Weasel", LogEventLevel.Warning)
        .WriteTo.Sink(new StandardOutput())
        .CreateLogger();

    [LoggerMessage(1, LogLevel.Information, "host_started: {Address}, roles {Roles}", EventName = "host_started")]
    internal static partial void HostStarted(this ILogger log, string address, string roles);

    [LoggerMessage(2, LogLevel.Information,
        "indexer_started: chain {Chain}, deployment {Deployment}, database {Database}, nodes {Nodes}, heads {Heads}",
            EventName = "indexer_started")]
    internal static partial void IndexerStarted(
        this ILogger log, ulong chain, string deployment, string database, string nodes, string heads);

    [LoggerMessage(3, LogLevel.Information, "phase_changed: {Before} to {Now}, tip {Tip}, {Events} events",
        EventName = "phase_changed")]
    internal static partial void PhaseChanged(
        this ILogger log, IndexerPhase before, IndexerPhase now, ulong tip, long events);

    [LoggerMessage(4, LogLevel.Warning, "fault_survived: {Fault}", EventName = "fault_survived")]
    internal static partial void FaultSurvived(this ILogger log, string fault);

    [LoggerMessage(
        5, LogLevel.Critical, "indexer_stopped: {Fault}; the process stays, not ready", EventName = "indexer_stopped")]
    internal static partial void IndexerStopped(this ILogger log, Exception exception, string fault);

    [LoggerMessage(6, LogLevel.Warning, "reorg: {Reorgs} since the start, tip {Tip}", EventName = "reorg")]
    internal static partial void Reorg(this ILogger log, long reorgs, ulong tip);

    [LoggerMessage(
        7, LogLevel.Error, "integrity_violated: {Violations} violations on record", EventName = "integrity_violated")]
    internal static partial void IntegrityViolated(this ILogger log, int violations);

    [LoggerMessage(8, LogLevel.Warning, "node_unreachable: {Node}: {Fault}", EventName = "node_unreachable")]
    internal static partial void NodeUnreachable(this ILogger log, string node, string fault);

    [LoggerMessage(9, LogLevel.Information, "host_stopping: leadership is released", EventName = "host_stopping")]
    internal static partial void HostStopping(this ILogger log);

    [LoggerMessage(10, LogLevel.Information, "host_stopped: tip {Tip}, {Events} events", EventName = "host_stopped")]
    internal static partial void HostStopped(this ILogger log, ulong tip, long events);

    [LoggerMessage(
        11, LogLevel.Error, "api_fault: {Fault}; the client was told that it was ours", EventName = "api_fault")]
    internal static partial void ApiFault(this ILogger log, Exception exception, string fault);

    [LoggerMessage(12, LogLevel.Information, "workers_started: node {Node}, after {Milliseconds} ms",
        EventName = "workers_started")]
    internal static partial void WorkersStarted(this ILogger log, int node, long milliseconds);

    [LoggerMessage(
        13, LogLevel.Critical, "workers_stopped: {Fault}; the process stays, not ready", EventName = "workers_stopped")]
    internal static partial void WorkersStopped(this ILogger log, Exception exception, string fault);

    [LoggerMessage(14, LogLevel.Warning, "witness_refused: {Witness}: {Refusal}", EventName = "witness_refused")]
    internal static partial void WitnessRefused(this ILogger log, string witness, string refusal);

    [LoggerMessage(15, LogLevel.Warning, "witness_round_failed: {Fault}", EventName = "witness_round_failed")]
    internal static partial void WitnessRoundFailed(this ILogger log, string fault);

    [LoggerMessage(
        16, LogLevel.Error, "content_damaged: {Cid}; the disk changed it, and it counts as missing",
        EventName = "content_damaged")]
    internal static partial void ContentDamaged(this ILogger log, string cid);

    [LoggerMessage(17, LogLevel.Warning, "peer_refused: {Peer}: {Refusal}", EventName = "peer_refused")]
    internal static partial void PeerRefused(this ILogger log, string peer, string refusal);

    [LoggerMessage(
        18, LogLevel.Information, "hosted_opened: acts for {Agents} agents and {Verifiers} verifiers",
        EventName = "hosted_opened")]
    internal static partial void HostedOpened(this ILogger log, int agents, int verifiers);

    [LoggerMessage(
        19, LogLevel.Information, "content_collected: {Removed} removed, {RemovedBytes} bytes, {Kept} kept",
        EventName = "content_collected")]
    internal static partial void ContentCollected(this ILogger log, long removed, long removedBytes, long kept);

    // Where a console draws the progress, the line goes through that console: it appears above the progress and not
    // within it.
    private sealed class StandardOutput : ILogEventSink
    {
        private readonly RenderedCompactJsonFormatter _format = new();

        public void Emit(LogEvent logEvent)
        {
            using var line = new StringWriter();
            // The formatter ends the line itself.
            _format.Format(logEvent, line);
            if (Console.IsOutputRedirected) Console.Out.Write(line);
            else AnsiConsole.Write(line.ToString());
        }
    }
}
