// ./es bench execute: the sandbox beside V8 unmetered on the same modules in one run. Rounds are interleaved; a
// kernel's time is the median of its rounds' medians; answers must be equal bit for bit, or the bench fails. Fuel,
// depth and NaN canonicalization are on in the sandbox; beside it stand the same guest as long runs have it,
// interruptible, and the bare module on Wasmtime.
using System.Diagnostics;
using System.Globalization;
using EventSourced.Bench.Execute;
using EventSourced.Reporting;
using EventSourced.Sandbox;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Policies;

const int Rounds = 15;
const int WarmUps = 3;
const int Calls = 500_000;

(string Name, int Reps)[] plan =
[
    ("sha256", 3), ("keccak", 4), ("matmul", 10), ("fib", 3), ("sieve", 6), ("json", 10),
    ("dispatch", 4), ("policy", 4),
];

var folder = Path.Combine(AppContext.BaseDirectory, "kernels");
using var engine = new SandboxEngine();
using var peer = new Peer(folder);
var modes = Enum.GetValues<Mode>();
var kernels = plan.ToDictionary(entry => entry.Name, entry => modes.ToDictionary(mode => mode, mode =>
    new Kernel(engine, entry.Name, File.ReadAllBytes(Path.Combine(folder, $"{entry.Name}.wasm")), mode)));
var ours = plan.ToDictionary(entry => entry.Name, _ => modes.ToDictionary(mode => mode, _ => new List<double>()));
var theirs = plan.ToDictionary(entry => entry.Name, _ => new List<double>());
var fuels = new Dictionary<string, long>();

// The fastest single runs: what a machine that others share still tells of the code.
var fastest = plan.ToDictionary(
    entry => entry.Name, _ => Enumerable.Repeat(double.MaxValue, modes.Length + 1).ToArray());

for (var round = -WarmUps; round < Rounds; round++)
{
    foreach (var entry in plan)
    {
        // Who goes first changes every round, so that none always runs on the warmer machine.
        var results = new List<string>();
        for (var turn = 0; turn <= modes.Length; turn++)
        {
            var who = (turn + round + WarmUps) % (modes.Length + 1);
            if (who == modes.Length)
            {
                var v8 = peer.Measure(kernels[entry.Name][Mode.Metered], entry.Reps);
                results.Add(v8.Result);
                fastest[entry.Name][who] = Math.Min(fastest[entry.Name][who], v8.Microseconds.Min());
                if (round >= 0) theirs[entry.Name].Add(Report.Median(v8.Microseconds));
                continue;
            }

            var mine = kernels[entry.Name][modes[who]].Measure(entry.Reps);
            results.Add(mine.Result);
            fastest[entry.Name][who] = Math.Min(fastest[entry.Name][who], mine.Microseconds.Min());
            if (modes[who] == Mode.Metered) fuels[entry.Name] = mine.Fuel;
            if (round >= 0) ours[entry.Name][modes[who]].Add(Report.Median(mine.Microseconds));
        }

        if (results.Distinct().Count() != 1)
        {
            Console.Error.WriteLine($"{entry.Name}: expected equal answers, found {string.Join(", ", results)}");
            return 1;
        }
    }
}

var report = new Report(
    "execute").Columns("kernel", "V8, us", "sandbox, us", "sandbox / V8", "interruptible / V8", "bare / V8", "fuel");
var products = modes.ToDictionary(mode => mode, _ => 1.0);
foreach (var (name, _) in plan)
{
    var v8 = Report.Median(theirs[name]);
    foreach (var mode in modes) products[mode] *= Report.Median(ours[name][mode]) / v8;
    var mine = Report.Median(ours[name][Mode.Metered]);
    report.Row(
        name,
        Text(v8),
        Text(mine),
        Text(mine / v8),
        Text(Report.Median(ours[name][Mode.Interruptible]) / v8),
        Text(Report.Median(ours[name][Mode.Bare]) / v8),
        $"{fuels[name]:n0}");
}

double Mean(Mode mode) => Math.Pow(products[mode], 1.0 / plan.Length);
report.Row("geometric mean", $"V8 {peer.Version()}", "", Text(Mean(Mode.Metered)), Text(Mean(Mode.Interruptible)),
    Text(Mean(Mode.Bare)), "");
var mean = Mean(Mode.Metered);
string Fastest(int who) => Text(Math.Pow(
    fastest.Values.Aggregate(1.0, (product, times) => product * times[who] / times[modes.Length]), 1.0 / plan.Length));
foreach (var (name, times) in fastest)
    report.Row($"{name}, fastest", Text(times[^1]), Text(times[0]), Text(times[0] / times[^1]),
        Text(times[1] / times[^1]), Text(times[2] / times[^1]), "");
report.Row("geometric mean of the fastest runs", "", "", Fastest(0), Fastest(1), Fastest(2), "");

report.Row("a call from the host", "", Text(kernels["policy"][Mode.Metered].Call(Calls)));

var (cached, bare, v8Instance) = Instantiations();
report.Row("instantiate, cached by bytes", "", Text(cached));
report.Row("instantiate, module at hand", Text(v8Instance), Text(bare), Text(bare / v8Instance));
report.Target("time as a share of V8's, geometric mean", mean, "x", 1.25, Better.Lower);
report.Target("instantiate a cached module", cached, "us", 50, Better.Lower);

var worst = 0.0;
foreach (var (
    policy, sample) in new[] { ("bid_acceptance", "bid"), ("task_admission", "task"), ("data_lease_purpose", "lease") })
{
    var times = Evaluations(policy, sample);
    report.Row(
        $"policy {policy}, p50 / p95", "", $"{Text(Report.Median(times))} / {Text(Report.Percentile(times, 0.95))}");
    worst = Math.Max(worst, Report.Percentile(times, 0.95));
}

report.Target("policy evaluation, p95 of the slowest policy", worst, "us", 200, Better.Lower);
return report.Print();

static string Text(double value) => value.ToString(value < 1 ? "0.0000" : "0.00", CultureInfo.InvariantCulture);

// From the bytes (hash, cache, instance), from the compiled module, and V8 from its compiled module; the json kernel
// has a data segment and 18 pages of memory.
(double Cached, double Bare, double V8) Instantiations()
{
    const int Count = 400;
    var bytes = File.ReadAllBytes(Path.Combine(folder, "json.wasm"));
    var module = engine.Compile(bytes);
    var limits = new GuestLimits(SandboxEngine.ShortFuel, 1_000, 1L << 30);
    var (cached, bare, v8) = (new List<double>(), new List<double>(), new List<double>());
    for (var i = 0; i < Count; i++)
    {
        cached.Add(engine.OnGuestThread(() => Timed(() => Start(engine.Compile(bytes)))));
        bare.Add(engine.OnGuestThread(() => Timed(() => Start(module))));
        v8.AddRange(peer.Instantiate("json", 1));
    }

    return (Report.Median(cached), Report.Median(bare), Report.Median(v8));

    // With what takes the instance down again: a slot of the pool, which V8 leaves to its collector.
    object Start(GuestModule compiled)
    {
        using var store = new GuestStore(engine);
        return Guest.Instantiate(compiled, store.Native, engine.WasiFunctions, limits);
    }
}

// Each evaluation as a worker makes it: a fresh instance, the input copied in, the decision parsed.
List<double> Evaluations(string policy, string sample)
{
    const int Count = 3_000, Warm = 300;
    var set = new PolicySet(engine);
    var hash = set.Add(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "policies", $"{policy}.wasm")));
    var input = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "samples", $"{sample}.json"));
    var times = new List<double>();
    for (var i = -Warm; i < Count; i++)
    {
        PolicyDecision? decision = null;
        var time = Timed(() => decision = set.Evaluate(hash, input));
        if (!decision!.Allow) throw new InvalidOperationException(
            $"expected {policy} to allow {sample}.json, found {decision}");
        if (i >= 0) times.Add(time);
    }

    return times;
}

static double Timed(Func<object> action)
{
    var start = Stopwatch.GetTimestamp();
    action();
    return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
}
