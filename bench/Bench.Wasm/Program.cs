// ./es bench wasm: our engine beside V8 on the same modules in one run. Rounds are interleaved; a kernel's time is
// the median of its rounds' medians; answers must be equal bit for bit, or the bench fails. Fuel, depth and NaN
// canonicalization are on.
using System.Diagnostics;
using System.Globalization;
using EventSourced.Bench.Wasm;
using EventSourced.Reporting;
using EventSourced.Wasm;
using EventSourced.Wasm.Policies;

const int Rounds = 15;
const int WarmUps = 3;
const int PolicyCalls = 2_000_000;

(string Name, int Reps, int Inner)[] plan =
[
    ("sha256", 3, 1), ("keccak", 4, 1), ("matmul", 10, 1), ("fib", 3, 1), ("sieve", 6, 1), ("json", 10, 1),
    ("dispatch", 4, 1), ("policy", 1, PolicyCalls),
];

var folder = Path.Combine(AppContext.BaseDirectory, "kernels");
using var engine = new Engine(new Config());
engine.WarmUp();
using var peer = new Peer(folder);
Kernel[] kernels =
[
    .. plan.Select(entry => new Kernel(
        engine, entry.Name, File.ReadAllBytes(Path.Combine(folder, $"{entry.Name}.wasm")), entry.Inner)),
];
var ours = plan.ToDictionary(entry => entry.Name, _ => new List<double>());
var theirs = plan.ToDictionary(entry => entry.Name, _ => new List<double>());
var fuels = new Dictionary<string, ulong>();

for (var round = -WarmUps; round < Rounds; round++)
{
    foreach (var (kernel, entry) in kernels.Zip(plan))
    {
        // Who goes first changes every round, so that neither always runs on the warmer machine.
        var (mine, v8) = round % 2 == 0
            ? (kernel.Measure(entry.Reps), peer.Measure(kernel, entry.Reps))
            : Swapped(peer.Measure(kernel, entry.Reps), kernel, entry.Reps);
        if (mine.Result != v8.Result)
        {
            Console.Error.WriteLine($"{entry.Name}: expected V8's answer {v8.Result}, found {mine.Result}");
            return 1;
        }

        fuels[entry.Name] = mine.Fuel;
        if (round < 0) continue;
        ours[entry.Name].Add(Report.Median(mine.Microseconds));
        theirs[entry.Name].Add(Report.Median(v8.Microseconds));
    }
}

var report = new Report("wasm").Columns("kernel", "V8, us", "ours, us", "ours / V8", "fuel", "answers");
var product = 1.0;
foreach (var (name, _, _) in plan)
{
    var (mine, v8) = (Report.Median(ours[name]), Report.Median(theirs[name]));
    product *= mine / v8;
    report.Row(name, Text(v8), Text(mine), Text(mine / v8), $"{fuels[name]:n0}", "equal");
}

var mean = Math.Pow(product, 1.0 / plan.Length);
report.Row("geometric mean", "", "", Text(mean), "", $"V8 {peer.Version()}");

var (cached, bare, v8Instance) = Instantiations();
report.Row("instantiate, cached by bytes", "", Text(cached));
report.Row("instantiate, module at hand", Text(v8Instance), Text(bare), Text(bare / v8Instance));
report.Target("time as a share of V8's, geometric mean", mean, "x", 1.10, Better.Lower);
report.Target("instantiate a cached module", cached, "us", 100, Better.Lower);

var worst = 0.0;
foreach (var (policy, sample) in new[] { ("bid_acceptance", "bid"), ("task_admission", "task"), ("data_lease_purpose", "lease") })
{
    var times = Evaluations(policy, sample);
    report.Row($"policy {policy}, p50 / p95", "", $"{Text(Report.Median(times))} / {Text(Report.Percentile(times, 0.95))}");
    worst = Math.Max(worst, Report.Percentile(times, 0.95) / 1000);
}

report.Target("policy evaluation, p95 of the slowest policy", worst, "ms", 1, Better.Lower);
return report.Print();

static ((double[] Microseconds, string Result, ulong Fuel), (double[] Microseconds, string Result)) Swapped(
    (double[] Microseconds, string Result) v8, Kernel kernel, int reps) => (kernel.Measure(reps), v8);

static string Text(double value) => value.ToString(value < 1 ? "0.0000" : "0.00", CultureInfo.InvariantCulture);

// From the bytes (hash, cache, instance), from the compiled module, and V8 from its compiled module; the json kernel has a
// data segment and 18 pages of memory.
(double Cached, double Bare, double V8) Instantiations()
{
    const int Count = 400;
    var bytes = File.ReadAllBytes(Path.Combine(folder, "json.wasm"));
    var module = Module.FromBytes(engine, "json", bytes);
    var (cached, bare, v8) = (new List<double>(), new List<double>(), new List<double>());
    for (var i = 0; i < Count; i++)
    {
        cached.Add(Timed(() => new Instance(new Store(engine), Module.FromBytes(engine, "json", bytes))));
        bare.Add(Timed(() => new Instance(new Store(engine), module)));
        v8.AddRange(peer.Instantiate("json", 1));
    }

    return (Report.Median(cached), Report.Median(bare), Report.Median(v8));
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
        if (!decision!.Allow) throw new InvalidOperationException($"expected {policy} to allow {sample}.json, found {decision}");
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
