// ./es bench economy [TASKS [PER_SECOND [CONCURRENT]]]: one host with every role, an anvil that mines each transaction,
// PostgreSQL, and an economy without a human. Steady: so many tasks posted by HTTP at a rate (200 at 2 a second), one
// of twenty done dishonestly by a stranger, from the post to the money; from the block of a match to the block of its
// delivery is a task's time. At once: so many tasks (500) as quickly as the callers can. Takeover: two processes with
// jobs in work, one killed by SIGKILL, until the other has each of its jobs.
using System.Diagnostics;
using System.Globalization;
using EventSourced.BenchEconomy;
using EventSourced.Economy.Tests;
using EventSourced.Reporting;
using EventSourced.Testing;
using Economy = EventSourced.Economy.Tests.Economy;

const int OneLieOf = 20;
const int Workers = 5;
const int Clients = 5;
const int Kills = 3;
var limit = TimeSpan.FromMinutes(15);

var tasks = Argument(0, 200);
var perSecond = Argument(1, 2);
var atOnce = Argument(2, 500);
var lies = Math.Max(1, tasks / OneLieOf);
var seed = Seed.FromEnvironment();
var report = new Report("economy").Columns("what", "p50", "p95", "unit");
var town = new Town(new TownPlan
{
    Workers = Workers,
    Clients = Clients,
    Capacity = (ulong)(tasks + atOnce),
    Roles = "indexer,api,commands,workers",
    More = ["--commands-trust", "127.0.0.0/8", "--relayer-in-flight", "2000"],
});
try
{
    await town.InitializeAsync();
    using var door = await Posting.OpenAsync(town);
    Console.WriteLine($"seed {seed.Value}; again with ES_SEED={seed.Value}; load of the machine {Load()}");
    await SteadyAsync(door);
    await AtOnceAsync(door);
    await TakeoverAsync();
    return report.Print();
}
finally
{
    await town.DisposeAsync();
}

int Argument(int index, int otherwise) =>
    args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;

async Task SteadyAsync(Posting door)
{
    if (tasks == 0) return;
    var economy = new Economy(town, seed.Generator(), door.PostAsync) { Limit = limit };
    var clock = Stopwatch.StartNew();
    await economy.PostAsync(tasks, lies, TimeSpan.FromSeconds(1.0 / perSecond));
    await economy.DeliveredAsync();
    var delivered = clock.Elapsed;
    var seconds = await economy.SecondsAsync();
    await economy.SettleAsync();
    var (paid, caught, open) = await economy.EndsAsync();
    var (inAccounts, held) = await economy.MoneyAsync();
    report.Row($"{tasks} tasks, {perSecond}/s: from match to delivery", $"{Report.Percentile(seconds, 0.5):0.000}",
        $"{Report.Percentile(seconds, 0.95):0.000}", "s");
    report.Row("all delivered after", $"{delivered.TotalSeconds:0.0}", "", "s");
    report.Row("all settled after", $"{clock.Elapsed.TotalSeconds:0.0}", "", "s");
    report.Row("load of the machine meanwhile", Load(), "", "");
    report.Target("match to delivery, p95", Report.Percentile(seconds, 0.95), "s", 1.5, Better.Lower);
    report.Target("honest tasks paid", 100.0 * paid / (tasks - lies), "%", 100, Better.Higher);
    report.Target("dishonest results caught", 100.0 * caught / lies, "%", 100, Better.Higher);
    report.Target("tasks that are not settled", open, "", 0, Better.Lower);
    report.Target("leases, deliveries and commands that happened twice", await economy.TwiceAsync(), "", 0, Better.Lower);
    report.Target("money made or lost", inAccounts == held ? 0 : 1, "", 0, Better.Lower);
}

async Task AtOnceAsync(Posting door)
{
    if (atOnce == 0) return;
    var economy = new Economy(town, new Random(seed.Value + 1), door.PostAsync) { Limit = limit };
    var clock = Stopwatch.StartNew();
    await economy.PostAtOnceAsync(atOnce, Clients);
    var posted = clock.Elapsed;
    await economy.DeliveredAsync();
    var seconds = await economy.SecondsAsync();
    var took = clock.Elapsed;
    await economy.SettleAsync();
    var (paid, _, _) = await economy.EndsAsync();
    report.Row($"{atOnce} tasks at once: from match to delivery", $"{Report.Percentile(seconds, 0.5):0.000}",
        $"{Report.Percentile(seconds, 0.95):0.000}", "s");
    report.Row("all posted after", $"{posted.TotalSeconds:0.0}", "", "s");
    report.Row("all delivered after", $"{took.TotalSeconds:0.0}", "", "s");
    report.Row("delivered a second", $"{atOnce / took.TotalSeconds:0.0}", "", "1/s");
    report.Target($"{atOnce} tasks at once that succeeded", 100.0 * paid / atOnce, "%", 99.5, Better.Higher);
}

async Task TakeoverAsync()
{
    var longest = new List<double>();
    for (var kill = 0; kill < Kills; kill++) longest.Add(await Takeover.MeasureAsync(town));
    report.Row($"a worker killed in its work, {Kills} times: all its jobs taken over", $"{Report.Median(longest):0.0}",
        $"{longest.Max():0.0}", "s");
    report.Target("a dead worker's jobs taken over, the slowest", longest.Max(), "s", 5, Better.Lower);
}

static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
