// The measuring of reads. Enters: a filled database. Leaves: rows and targets of the report. Always holds: before
// anything is measured, every server has given the same values; each figure is the median of its rounds, which take
// turns.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using EventSourced.Reporting;

namespace EventSourced.BenchGraphQL;

internal static class Reading
{
    private const int Connections = 50;
    private const int All = 10;

    // Longer than the runtime takes to compile the hot paths anew.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    private sealed record Contender(string Label, string Server, Question Question)
    {
        public List<Round> Rounds { get; } = [];

        public double Median(Func<Round, double> figure) => Report.Median(Rounds.Select(figure));
    }

    private sealed record Round(double PerSecond, double P50, double P99, double Server, double Postgres);

    public static async Task RunAsync(Report report, string database, int rounds, TimeSpan time, string only)
    {
        var cpu = await Cpu.OfClusterAsync(database);
        var servers = new Dictionary<string, (Process Process, Uri Address)>();
        try
        {
            foreach (var kind in new[] { Server.Ours, "strings", "json_build_object" })
                servers[kind] = await StartAsync(kind, database);
            await CompareAsync(servers.ToDictionary(server => server.Key, server => server.Value.Address));

            Contender[] contenders =
            [
                new("(a) task", Server.Ours, Questions.OneByGraphQL()),
                new("(a) task", "strings", Questions.OneByHand),
                new("(a) task", "json_build_object", Questions.OneByHand),
                new("(b) page", Server.Ours, Questions.PageByGraphQL()),
                new("(b) page", "strings", Questions.PageByHand),
                new("(b) page", "json_build_object", Questions.PageByHand),
                new("(c) task at head - 64", Server.Ours, Questions.OneByGraphQL(Rows.Final)),
                new("(c) page at head - 64", Server.Ours, Questions.PageByGraphQL(Rows.Final)),
                new("(c) task in the middle", Server.Ours, Questions.OneByGraphQL(Rows.Tip / 2)),
                new("(c) page in the middle", Server.Ours, Questions.PageByGraphQL(Rows.Tip / 2)),
            ];
            contenders =
                [.. contenders.Where(
                    contender => $"{contender.Label} {contender.Server}".Contains(only, StringComparison.Ordinal))];
            foreach (var contender in contenders)
                await Load.RunAsync(servers[contender.Server].Address, contender.Question, Connections, WarmUp);
            for (var round = 0; round < rounds; round++)
            {
                foreach (var contender in contenders)
                    contender.Rounds.Add(await MeasureAsync(cpu, servers[contender.Server], contender.Question, time));
            }

            Tell(report, contenders);
        }
        finally
        {
            foreach (var (process, _) in servers.Values) await EndAsync(process);
        }
    }

    public static async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<Round> MeasureAsync(
        Cpu cpu, (Process Process, Uri Address) server, Question question, TimeSpan time)
    {
        var (ours, postgres) = (Cpu.OfProcess(server.Process.Id), cpu.OfPostgres());
        var answered = await Load.RunAsync(server.Address, question, Connections, time);
        return new(
            answered.Requests / answered.Seconds, Report.Percentile(answered.Milliseconds, 0.5),
            Report.Percentile(answered.Milliseconds, 0.99),
                (Cpu.OfProcess(server.Process.Id) - ours) / answered.Requests,
                (cpu.OfPostgres() - postgres) / answered.Requests);
    }

    private static void Tell(Report report, IReadOnlyList<Contender> contenders)
    {
        foreach (var contender in contenders)
        {
            report.Row(
                contender.Label, contender.Server, Text(contender.Median(round => round.PerSecond), "n0"),
                Text(contender.Median(round => round.P50), "0.0"), Text(contender.Median(round => round.P99), "0.0"),
                    Text(contender.Median(round => round.Server), "0"),
                        Text(contender.Median(round => round.Postgres), "0"));
        }

        if (contenders.Count < All) return;
        report.Target("(a) server CPU of a task by id with its agent",
            Of("(a) task", Server.Ours).Median(round => round.Server), "us", 60, Better.Lower);
        report.Target("(b) requests/s beside the string form", Ratio(Server.Ours, "strings"), "%", 85, Better.Higher);
        report.Target("(b) requests/s beside json_build_object", Ratio(Server.Ours, "json_build_object"), "%", 130,
            Better.Higher);
        foreach (var past in contenders.Where(contender => contender.Label.StartsWith("(c)", StringComparison.Ordinal)))
        {
            var now = Of(past.Label.Contains("task", StringComparison.Ordinal) ? "(a) task" : "(b) page", Server.Ours);
            report.Target($"{past.Label} beside now", Whole(past) / Whole(now), "x", 2, Better.Lower);
        }

        Contender Of(string label, string server) =>
            contenders.First(contender => contender.Label == label && contender.Server == server);
        double Ratio(string ours, string theirs) => 100 * Report.Median(
            Of("(b) page", ours).Rounds.Zip(
                Of("(b) page", theirs).Rounds, (one, other) => one.PerSecond / other.PerSecond));
        double Whole(Contender contender) => contender.Median(round => round.Server + round.Postgres);
    }

    // The same task and the same page from all: the peers' values, without what GraphQL puts around them.
    private static async Task CompareAsync(Dictionary<string, Uri> servers)
    {
        foreach (var (ours, theirs, field) in new[]
        {
            (Questions.OneByGraphQL(), Questions.OneByHand, "task"),
            (Questions.PageByGraphQL(), Questions.PageByHand, "tasks"),
            (Questions.OneByGraphQL(Rows.Tip), Questions.OneByHand, "task"),
            (Questions.PageByGraphQL(Rows.Tip), Questions.PageByHand, "tasks"),
        })
        {
            for (var at = 0; at < 4; at++)
            {
                var answer = await Load.AskOnceAsync(servers[Server.Ours], ours.Requests[at]);
                var expected = JsonNode.Parse(answer)!["data"]?[field]
                    ?? throw new InvalidOperationException($"expected data, found {answer}");
                foreach (var peer in new[] { "strings", "json_build_object" })
                {
                    var found = await Load.AskOnceAsync(servers[peer], theirs.Requests[at]);
                    if (!JsonNode.DeepEquals(expected, JsonNode.Parse(found)))
                        throw new InvalidOperationException($"expected {expected.ToJsonString()[..Math.Min(600, expected.ToJsonString().Length)]}, found {found[..Math.Min(600, found.Length)]} from {peer}");
                }
            }
        }
    }

    public static async Task<(Process Process, Uri Address)> StartAsync(string kind, string database)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(Reading).Assembly.Location, "serve", kind, database },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var address = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException($"expected {kind} to serve, found it ended");
        return (process, new Uri(address));
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
