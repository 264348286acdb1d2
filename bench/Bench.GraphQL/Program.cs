// ./es bench graphql [--rounds N] [--seconds S] [--keep] [--only TEXT]: the planner beside two hand-written minimal
// APIs in the same run, over the same tables, at 50 connections, rounds interleaved, medians; and the subscriptions of
// the whole API to 1,000 clients. Enters: a PostgreSQL cluster (ES_DATABASE). Leaves: the table, the targets, one JSON
// line. --keep reads the database that an earlier run left; --only measures the lines whose question or server has the
// text.
using System.Globalization;
using EventSourced.BenchGraphQL;
using EventSourced.Reporting;

if (args is ["serve", var kind, var connection]) return await Server.RunAsync(kind, connection);

var cluster = Environment.GetEnvironmentVariable("ES_DATABASE")
    ?? $"Host=127.0.0.1;Port={Environment.GetEnvironmentVariable("ES_DB_PORT") ?? "15432"};Username=es;Database=postgres";
var rounds = Option("--rounds", 5);
var seconds = Option("--seconds", 2);
var report = new Report(
    "graphql").Columns("question", "server", "requests/s", "p50 ms", "p99 ms", "server us", "PostgreSQL us");
var database = args.Contains("--keep")
    ? new Npgsql.NpgsqlConnectionStringBuilder(cluster) { Database = "bench_graphql" }.ConnectionString
    : await Rows.FillAsync(cluster, CancellationToken.None);
if (Word("--only") != "(d)") await Reading.RunAsync(
    report, database, rounds, TimeSpan.FromSeconds(seconds), Word("--only"));
if ("(d)".Contains(Word("--only"), StringComparison.Ordinal))
{
    var (process, address) = await Reading.StartAsync(Server.Subscriptions, database);
    try
    {
        await Live.RunAsync(report, database, address, process.Id);
    }
    finally
    {
        await Reading.EndAsync(process);
    }
}

return report.Print();

string Word(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : "";

int Option(string name, int otherwise) =>
    Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length
        ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
