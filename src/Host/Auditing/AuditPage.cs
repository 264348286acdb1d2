// The page of an audit: a bar while it runs, where standard error is a terminal; then a line for each subject. Enters:
// a question, a report. Leaves: texts.
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventSourced.Indexer.Audit;
using Spectre.Console;

namespace EventSourced.Host.Auditing;

/// <summary>Shows an audit.</summary>
internal static class AuditPage
{
    private const int SubjectWidth = 12;

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static Task<AuditReport> RunAsync(AuditQuestion question, CancellationToken cancellation)
    {
        if (Console.IsErrorRedirected) return new Auditor(question).RunAsync(cancellation);
        var unit = question.Node is null ? "leaves" : "blocks";
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(),
                new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var bar = context.AddTask("audit");
                return new Auditor(question with
                {
                    Progress = (done, all) =>
                    {
                        (bar.MaxValue, bar.Value) = (Math.Max(1, all), done);
                        bar.Description = string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {all:N0} {unit}");
                    },
                }).RunAsync(cancellation);
            });
    }

    internal static IEnumerable<string> Lines(AuditReport report)
    {
        foreach (var line in report.Lines)
            yield return $"{(line.Holds switch { true => "ok", false => "NO", null => "--" })}  {line.Subject.PadRight(SubjectWidth)}{line.Text}";
        foreach (var line in report.Explanation) yield return line;
        yield return report.Holds ? "verified: everything that was checked holds" : $"different: {report.Difference}";
    }

    internal static string Json(AuditReport report) => JsonSerializer.Serialize(
        new
        {
            holds = report.Holds,
            lines = report.Lines,
            difference = report.Difference,
            explanation = report.Explanation,
        },
        Indented);
}
