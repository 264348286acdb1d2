// The bar of a replay, where standard error is a terminal. Elsewhere the replay is silent until its end.
using System.Globalization;
using Spectre.Console;

namespace EventSourced.Host.Replaying;

/// <summary>Shows the progress of a replay.</summary>
internal static class ReplayLine
{
    internal static Task<ReplayAnswer> ShowAsync(Verification verification, CancellationToken cancellation)
    {
        if (Console.IsErrorRedirected) return verification.RunAsync(cancellation);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var bar = context.AddTask("replay");
                verification.Progress = (done, all, block) =>
                {
                    (bar.MaxValue, bar.Value) = (Math.Max(1, all), done);
                    bar.Description = string.Create(
                        CultureInfo.InvariantCulture, $"{done:N0} of {all:N0} events, block {block:N0}");
                };
                return verification.RunAsync(cancellation);
            });
    }
}
