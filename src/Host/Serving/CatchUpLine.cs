// The line on a terminal while the indexer catches up. Enters: its status. Leaves: a bar with events a second, the
// block, the time left; the bar vanishes when the indexer is live or stopped.
using System.Diagnostics;
using System.Globalization;
using EventSourced.Indexer;
using Spectre.Console;

namespace EventSourced.Host.Serving;

/// <summary>Shows the progress of an indexer.</summary>
internal static class CatchUpLine
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    internal static Task ShowAsync(
        IndexerStatus status, NodeHead head, CancellationToken cancellation) => AnsiConsole.Progress()
        .AutoClear(true)
        .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
            new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            var bar = context.AddTask(Describe(status, head, 0));
            var clock = Stopwatch.StartNew();
            while (
                status.Phase != IndexerPhase.Stopped && !IsThere(status, head) && !cancellation.IsCancellationRequested)
            {
                bar.MaxValue = 1;
                bar.Value = status.RebuildShare
                    ?? Math.Min(1, (double)(status.Tip?.Number ?? 0) / Math.Max(1, head.Newest));
                bar.Description = Describe(status, head, status.Events / Math.Max(0.001, clock.Elapsed.TotalSeconds));
                await Task.Delay(Every, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });

    // A phase may become Live before the node's newest block is reached.
    private static bool IsThere(IndexerStatus status, NodeHead head) =>
        status.Phase == IndexerPhase.Live && status.Tip is { } tip && tip.Number + 1 >= head.Newest;

    private static string Describe(IndexerStatus status, NodeHead head, double speed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{status.Phase}: block {status.Tip?.Number ?? 0:N0} of {head.Newest:N0}, {status.Events:N0} events, {speed:N0}/s");
}
