// ./es bench commands [SECONDS [SPIKE_SECONDS]]: acceptance in this process, the relayer in a host of its own,
// PostgreSQL, an anvil with a block a second. Sustained: 100 commands a second, what acceptance takes and what a
// command costs in CPU until it is final. Spike: 500 a second, accepted and drained. Messages: how late scheduled ones
// are, and how long after a host's death the other has done its work. Door: the same commands by HTTP to one host with
// every role, signature, Decide and rehearsal included, and what readers feel while a flood is shed.
using System.Globalization;
using EventSourced.BenchCommands;
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Hosting;
using EventSourced.Reporting;
using EventSourced.Testing;
using EventSourced.World;
using Npgsql;

const int PerSecond = 100;
const int SpikePerSecond = 500;
const int WarmUpSeconds = 5;
const int IdleSeconds = 10;
const int LateMessages = 300;
const int LeftMessages = 200;
const int FloodCallers = 256;
const int FloodBodies = 20_000;
const ulong DeadlineSeconds = 7_200;
var lateWithin = TimeSpan.FromSeconds(10);
var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 30;
var spike = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 30;
var cancellation = CancellationToken.None;
var report = new Report("commands").Columns("what", "p50", "p95", "unit");

await using var chain = await WorldChain.FreshAsync(cancellation);
await using var database = await TestDatabase.CreateAsync();
// As the host opens it.
await using var source = NpgsqlDataSource.Create(
    new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxAutoPrepare = 200 }.ConnectionString);
using var store = CommandStore.Open(source);
await CommandStore.PrepareAsync(store, source, cancellation);
using var account = SigningKey.Generate();
await chain.Anvil.SetBalanceAsync(account.Address, (UInt256)1_000_000_000_000_000_000UL * 1_000_000UL, cancellation);
await chain.Anvil.SetAutomineAsync(false, cancellation);
await chain.Anvil.SetIntervalMiningAsync(1, cancellation);
await using var host = await BenchHost.StartAsync(
    chain, database.ConnectionString, account, "workers", BenchHost.Leads, cancellation);
var load = new Load(Contracts.Load(chain.Deployment, WorldChain.Root), new Acceptance(source, store), source);
var cpu = await Cpu.OfClusterAsync(source);
long all = 0;

await RunAsync(PerSecond * WarmUpSeconds, PerSecond);
var (idleHost, idlePostgres) = (Cpu.OfProcess(host.Id), cpu.OfPostgres());
await Task.Delay(TimeSpan.FromSeconds(IdleSeconds), cancellation);
report.Row(
    "CPU of an idle second: relayer's host", $"{(Cpu.OfProcess(host.Id) - idleHost) / IdleSeconds:0.0}", "", "ms");
report.Row("CPU of an idle second: PostgreSQL", $"{(cpu.OfPostgres() - idlePostgres) / IdleSeconds:0.0}", "", "ms");
var sustained = await RunAsync(PerSecond * seconds, PerSecond);
report.Row($"acceptance at {PerSecond}/s for {seconds} s", $"{Report.Percentile(sustained.Took, 0.5):0.0}",
    $"{Report.Percentile(sustained.Took, 0.95):0.0}", "ms");
report.Row("CPU a command: acceptance", $"{sustained.Acceptance:0.00}", "", "ms");
report.Row("CPU a command: relayer's host", $"{sustained.Relayer:0.00}", "", "ms");
report.Row("CPU a command: PostgreSQL", $"{sustained.Postgres:0.00}", "", "ms");
report.Target("CPU of server and PostgreSQL a command", sustained.All, "ms", 4, Better.Lower);
report.Target(
    $"{PerSecond}/s sustained, acceptance p95", Report.Percentile(sustained.Took, 0.95), "ms", 100, Better.Lower);
if (spike > 0)
{
    var burst = await RunAsync(SpikePerSecond * spike, SpikePerSecond);
    report.Row($"acceptance at {SpikePerSecond}/s for {spike} s", $"{Report.Percentile(burst.Took, 0.5):0.0}",
        $"{Report.Percentile(burst.Took, 0.95):0.0}", "ms");
    report.Row($"CPU a command in the spike, all in", $"{burst.All:0.00}", "", "ms");
    report.Row("from the spike's end until all is final", $"{burst.Drain.TotalSeconds:0.0}", "", "s");
    report.Target($"{SpikePerSecond}/s for {spike} s, acceptance p95", Report.Percentile(burst.Took, 0.95), "ms", 500,
        Better.Lower);
}

await MessagesAsync();
await DoorAsync();
return report.Print();

// A database of its own: the index and the commands of one host that has all roles.
async Task DoorAsync()
{
    await host.DisposeAsync();
    await using var own = await TestDatabase.CreateAsync();
    await using var mine = NpgsqlDataSource.Create(own.ConnectionString);
    await using var server = await BenchHost.StartAsync(
        chain, own.ConnectionString, account, "indexer,api,commands,workers", BenchHost.Leads, cancellation,
        "--commands-trust", "127.0.0.0/8");
    using var door = new DoorRounds(await server.Address, () => server.LastWords);
    var there = new Load(Contracts.Load(chain.Deployment, WorldChain.Root), new Acceptance(mine, store), mine);
    var newest = await chain.Client.GetHeaderAsync(BlockTag.Latest, cancellation);
    var deadline = newest!.Timestamp + DeadlineSeconds;
    await door.ReadyAsync(cancellation);
    await door.AtRateAsync(
        DoorRounds.Bodies(there.Sign(PerSecond * WarmUpSeconds, deadline)), PerSecond / 2, cancellation);
    await there.DrainAsync(PerSecond * WarmUpSeconds, cancellation);
    var count = PerSecond * seconds;
    var bodies = DoorRounds.Bodies(there.Sign(count, deadline));
    GC.Collect();
    var (before, postgres) = (Cpu.OfProcess(server.Id), cpu.OfPostgres());
    var took = await door.AtRateAsync(bodies, PerSecond, cancellation);
    await there.DrainAsync(count + PerSecond * WarmUpSeconds, cancellation);
    var (hostCost, databaseCost) = ((Cpu.OfProcess(server.Id) - before) / count, (cpu.OfPostgres() - postgres) / count);
    report.Row($"by HTTP at {PerSecond}/s for {seconds} s", $"{Report.Percentile(took, 0.5):0.0}",
        $"{Report.Percentile(took, 0.95):0.0}", "ms");
    report.Row("CPU a command by HTTP, all roles: host", $"{hostCost:0.00}", "", "ms");
    report.Row("CPU a command by HTTP, all roles: PostgreSQL", $"{databaseCost:0.00}", "", "ms");
    report.Target(
        $"by HTTP at {PerSecond}/s, answer p95", Report.Percentile(took, 0.95), "ms", 100, Better.Lower);
    report.Target("CPU of host and PostgreSQL a command by HTTP", hostCost + databaseCost, "ms", 4, Better.Lower);
    await FloodAsync(door, DoorRounds.Bodies(there.Sign(FloodBodies, deadline)));
}

async Task FloodAsync(DoorRounds door, byte[][] bodies)
{
    using var quiet = new CancellationTokenSource(TimeSpan.FromSeconds(IdleSeconds));
    var idle = await door.ReadsAsync(quiet.Token);
    using var flood = new CancellationTokenSource(TimeSpan.FromSeconds(IdleSeconds));
    var reading = door.ReadsAsync(flood.Token);
    var statuses = await door.FloodAsync(bodies, FloodCallers, flood.Token);
    await flood.CancelAsync();
    var loaded = await reading;
    report.Row($"answers to {FloodCallers} callers who never pause",
        string.Join(", ", statuses.Select(pair => $"{pair.Value} x {pair.Key}")), "", "");
    report.Row("reads idle", $"{Report.Percentile(idle, 0.5):0.0}", $"{Report.Percentile(idle, 0.95):0.0}", "ms");
    report.Row(
        "reads in the flood", $"{Report.Percentile(loaded, 0.5):0.0}", $"{Report.Percentile(loaded, 0.95):0.0}", "ms");
    report.Target("reads' p95 in the flood by idle", Report.Percentile(loaded, 0.95) / Report.Percentile(idle, 0.95),
        "", 2, Better.Lower);
}

// A second host, so that one may die.
async Task MessagesAsync()
{
    await using var messages = new Messages(source, database.ConnectionString);
    var first = (await messages.NodesAsync(cancellation)).Single();
    // It leads nothing: it is there when its workers are.
    await using var second = await BenchHost.StartAsync(
        chain, database.ConnectionString, account, "workers", BenchHost.Works, cancellation);
    var other = (await messages.NodesAsync(cancellation)).Single(node => node != first);
    var late = await messages.LatenessAsync(LateMessages, lateWithin, cancellation);
    report.Row($"{LateMessages} scheduled messages in {lateWithin.TotalSeconds} s: lateness",
        $"{Report.Percentile(late, 0.5):0}", $"{Report.Percentile(late, 0.95):0}", "ms");
    report.Target("scheduled messages, lateness p95", Report.Percentile(late, 0.95), "ms", 500, Better.Lower);
    var takeover = await messages.TakeoverAsync(
        LeftMessages, new Dictionary<int, int> { [first] = host.Id, [other] = second.Id }, cancellation);
    report.Row(
        $"{LeftMessages} messages of two nodes, one killed: all done after", $"{takeover.TotalSeconds:0.0}", "", "s");
    report.Target("a dead node's work taken over", takeover.TotalSeconds, "s", 5, Better.Lower);
}

// Until the last one is final: what runs in the background in this time counts.
async Task<Round> RunAsync(int count, int perSecond)
{
    var submissions = load.Sign(count);
    GC.Collect();
    all += count;
    var (own, relayer, postgres) = (Cpu.OfProcess(Environment.ProcessId), Cpu.OfProcess(host.Id), cpu.OfPostgres());
    var took = await load.AcceptAsync(submissions, perSecond, cancellation);
    var accepted = Cpu.OfProcess(Environment.ProcessId) - own;
    var drain = await load.DrainAsync(all, cancellation);
    return new Round(
        took, drain, accepted / count, (Cpu.OfProcess(host.Id) - relayer) / count,
        (cpu.OfPostgres() - postgres) / count);
}

internal sealed record Round(List<double> Took, TimeSpan Drain, double Acceptance, double Relayer, double Postgres)
{
    public double All => Acceptance + Relayer + Postgres;
}
