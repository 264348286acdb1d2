// One kernel in the sandbox, with fuel, depth and NaN canonicalization on, and beside it the bare module on the same
// engine. Enters: a module's bytes. Leaves: the time of a run and what it answered.
using System.Diagnostics;
using System.Globalization;
using EventSourced.Sandbox;
using EventSourced.Sandbox.Engines;
using Wasmtime;

namespace EventSourced.Bench.Execute;

/// <summary>How a kernel is run.</summary>
public enum Mode
{
    /// <summary>As the sandbox runs guests that end by themselves.</summary>
    Metered,

    /// <summary>As the sandbox runs long guests: they can be interrupted.</summary>
    Interruptible,

    /// <summary>As it came, without any meter: what the engine can do.</summary>
    Bare,
}

/// <summary>A kernel: its module instantiated and set up.</summary>
public sealed class Kernel
{
    private readonly SandboxEngine _engine;
    private readonly Guest? _guest;
    private readonly Func<long> _run;
    private readonly Func<int, int, int, int>? _check;

    public Kernel(SandboxEngine engine, string name, byte[] bytes, Mode mode)
    {
        (_engine, Name) = (engine, name);
        Instance instance;
        if (mode == Mode.Bare)
        {
            var bare = new Engine(new Config().WithOptimizationLevel(OptimizationLevel.Speed));
            instance = new Instance(new Store(bare), Module.FromBytes(bare, name, bytes));
        }
        else
        {
            _guest = Run(() => mode == Mode.Metered ? engine.Start(bytes) : engine.StartInterruptible(bytes));
            instance = _guest.Native;
        }

        Run(() =>
        {
            instance.GetAction("setup")!();
            return 0;
        });
        _run = instance.GetFunction<long>("run")!;
        _check = instance.GetFunction<int, int, int, int>("check");
    }

    public string Name { get; }

    /// <summary>Measures some runs: microseconds a call, what the last one answered in hex, and its fuel.</summary>
    public (double[] Microseconds, string Result, long Fuel) Measure(int reps) => Run(() =>
    {
        var times = new double[reps];
        var (result, fuel) = ("", 0L);
        for (var rep = 0; rep < reps; rep++)
        {
            var before = _guest?.FuelUsed ?? 0;
            var start = Stopwatch.GetTimestamp();
            var answer = (ulong)_run();
            times[rep] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            result = answer.ToString("x", CultureInfo.InvariantCulture);
            fuel = (_guest?.FuelUsed ?? 0) - before;
        }

        return (times, result, fuel);
    });

    /// <summary>Microseconds for a call from the host: of the policy kernel's check.</summary>
    public double Call(int calls) => Run(() => CheckMany(calls));

    private T Run<T>(Func<T> work) => _engine.OnGuestThread(work);

    // The same argument values as in the kernel's own loop.
    private double CheckMany(int calls)
    {
        var (start, sum) = (Stopwatch.GetTimestamp(), 0);
        for (var i = 0; i < calls; i++) sum = (sum * 31) + _check!(900 + (i & 127), i & 63, i & 255);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / calls;
    }
}

internal static class Guests
{
    private const long Plenty = long.MaxValue / 4;

    public static Guest Start(this SandboxEngine engine, byte[] bytes) => Guest.Instantiate(
        engine.Compile(bytes), new GuestStore(engine).Native, engine.WasiFunctions, Limits);

    public static Guest StartInterruptible(this SandboxEngine engine, byte[] bytes)
    {
        var room = engine.RoomFor(Plenty, new CancellationTokenSource().Token);
        var store = new GuestStore(room, null, CancellationToken.None);
        return Guest.Instantiate(room.Compile(bytes), store.Native, room.Wasi, Limits);
    }

    private static GuestLimits Limits => new(Plenty, 4_000, 1L << 30);
}
