// One kernel in our engine, with fuel, depth and NaN canonicalization on. Enters: a module's bytes. Leaves: the time
// of a run and what it answered.
using System.Diagnostics;
using System.Globalization;
using EventSourced.Wasm;

namespace EventSourced.Bench.Wasm;

/// <summary>A kernel: its module instantiated and set up.</summary>
public sealed class Kernel : IDisposable
{
    private readonly Store _store;
    private readonly Func<long>? _run;
    private readonly Func<int, int, int, int>? _check;

    public Kernel(Engine engine, string name, byte[] bytes, int inner)
    {
        Name = name;
        Inner = inner;
        _store = new Store(engine);
        var instance = new Instance(_store, Module.FromBytes(engine, name, bytes));
        instance.GetAction("setup")!();
        _run = instance.GetFunction<long>("run");
        _check = instance.GetFunction<int, int, int, int>("check");
    }

    public string Name { get; }

    /// <summary>Calls that one measurement makes.</summary>
    public int Inner { get; }

    /// <summary>Measures some runs: microseconds a call, what the last one answered in hex, and its fuel.</summary>
    public (double[] Microseconds, string Result, ulong Fuel) Measure(int reps)
    {
        var times = new double[reps];
        var (result, fuel) = ("", 0UL);
        for (var rep = 0; rep < reps; rep++)
        {
            var before = _store.FuelConsumed;
            var start = Stopwatch.GetTimestamp();
            var answer = _run is null ? CheckMany() : _run();
            times[rep] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / Inner;
            result = (_run is null ? (uint)answer : (ulong)answer).ToString("x", CultureInfo.InvariantCulture);
            fuel = _store.FuelConsumed - before;
        }

        return (times, result, fuel / (ulong)Inner);
    }

    public void Dispose() => _store.Dispose();

    // The same argument values as in v8.mjs: every term decides now and then.
    private long CheckMany()
    {
        var sum = 0;
        for (var i = 0; i < Inner; i++) sum = (sum * 31) + _check!(900 + (i & 127), i & 63, i & 255);
        return sum;
    }
}
