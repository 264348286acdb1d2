// ./es bench keep [COUNT]: so many stakes whose time is over become due in one block (1,000); an anvil with a block a
// second, PostgreSQL, and one host with indexer, relayer and keepers. Throughput is what was cleared from that block to
// the last one, lateness what the chain's clock says of each: the second of its block less the second since which it
// was due. What the journal took is counted beside it: one command for each, no more.
using System.Diagnostics;
using System.Globalization;
using EventSourced.BenchKeep;
using EventSourced.Ethereum;
using EventSourced.Hosting;
using EventSourced.Reporting;
using EventSourced.Testing;
using EventSourced.World;
using Npgsql;

var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000;
var cancellation = CancellationToken.None;
var limit = TimeSpan.FromMinutes(10);
var poll = TimeSpan.FromMilliseconds(250);
var report = new Report("keep").Columns("what", "p50", "p95", "unit");

await using var chain = await WorldChain.FreshAsync(cancellation, shared: true);
await using var database = await TestDatabase.CreateAsync();
await using var source = NpgsqlDataSource.Create(database.ConnectionString);
using var account = SigningKey.Generate();
await chain.Anvil.SetBalanceAsync(account.Address, (UInt256)1_000_000_000_000_000_000UL * 1_000_000UL, cancellation);
using var stakes = new Stakes(chain, Contracts.Load(chain.Deployment, WorldChain.Root));
await stakes.LeaveAsync(count, cancellation);
await using var host = await BenchHost.StartAsync(
    chain, database.ConnectionString, account, "indexer,workers", BenchHost.Keeps, cancellation);
await UntilAsync($"select count(*) from model.unbonding", count);
await chain.Anvil.SetIntervalMiningAsync(1, cancellation);
var due = await stakes.PassAsync(cancellation);
var clock = Stopwatch.StartNew();
await UntilAsync("select count(*) from model.unbonding where status = 1", count);
var took = clock.Elapsed;
var lateness = await LatenessAsync(due);
var commands = await CountAsync("select count(*) from commands.request where name = 'stake.release'");
report.Row($"{count} due in one block: lateness by the chain's clock", $"{Report.Percentile(lateness, 0.5):0}",
    $"{Report.Percentile(lateness, 0.95):0}", "s");
report.Row("all cleared after", $"{took.TotalSeconds:0.0}", "", "s");
report.Target("deadlines cleared", count / took.TotalSeconds, "1/s", 50, Better.Higher);
report.Target("lateness p95", Report.Percentile(lateness, 0.95), "s", 30, Better.Lower);
report.Target("commands a deadline", (double)commands / count, "", 1, Better.Lower);
return report.Print();

async Task UntilAsync(string query, long expected)
{
    var waited = Stopwatch.StartNew();
    long found = 0;
    while (waited.Elapsed < limit)
    {
        try
        {
            if ((found = await CountAsync(query)) >= expected) return;
        }
        catch (PostgresException fault) when (fault.SqlState is "42P01" or "3F000")
        {
            // The index has not made its tables yet.
        }

        await Task.Delay(poll, cancellation);
    }

    throw new TimeoutException($"expected {expected} of {query} within {limit}, found {found}");
}

async Task<long> CountAsync(string query)
{
    await using var command = source.CreateCommand(query);
    return (long)(await command.ExecuteScalarAsync(cancellation))!;
}

async Task<List<double>> LatenessAsync(long since)
{
    await using var command = source.CreateCommand("select ended_at from model.unbonding where status = 1");
    await using var reader = await command.ExecuteReaderAsync(cancellation);
    var found = new List<double>();
    while (await reader.ReadAsync(cancellation)) found.Add(reader.GetInt64(0) - since);
    return found;
}
