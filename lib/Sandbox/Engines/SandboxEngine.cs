// Wasmtime as this system uses it. Enters: modules of anyone. Leaves: compiled modules, each once, by hash. Always
// holds: only rewritten modules are compiled, so that fuel, depth and NaNs come from the meter and never from the
// engine; the engine's own bounds (its stack, its limits) are a backstop behind the meter and end named.
using EventSourced.Metering;
using EventSourced.Metering.Rewriting;
using Wasmtime;

namespace EventSourced.Sandbox.Engines;

/// <summary>The options of an engine.</summary>
public sealed record SandboxOptions
{
    /// <summary>The bounds of modules.</summary>
    public MeterLimits Limits { get; init; } = new();

    /// <summary>
    /// Guests that may exist at once in the engine's pool; zero for memory on demand, without a bound.
    /// </summary>
    public int PooledGuests { get; init; } = 64;

    /// <summary>Compiled modules that the engine keeps by hash.</summary>
    public int CachedModules { get; init; } = 64;

    /// <summary>Frames that may nest at most, whatever a run asks.</summary>
    public int CallDepth { get; init; } = 4_000;
}

/// <summary>Compiles and runs guests; safe to use from many threads.</summary>
public sealed class SandboxEngine : IDisposable
{
    /// <summary>The rules of metering, as receipts name them.</summary>
    public const string Version = Meter.Version;

    /// <summary>
    /// A run with no more fuel ends by itself soon enough; only longer ones are compiled so that they can be
    /// interrupted, for which they pay a fifth of their time.
    /// </summary>
    public const long ShortFuel = 1_000_000_000;

    /// <summary>Stack that the engine grants guests, far more than the meter's depth can use.</summary>
    internal const int GuestStackBytes = 2 << 20;

    private readonly GuestThreads _threads = new();
    private readonly EngineRoom _short;
    private readonly Lazy<EngineRoom> _long;

    /// <summary>Starts an engine.</summary>
    public SandboxEngine(SandboxOptions? options = null)
    {
        Options = options ?? new SandboxOptions();
        _short = new EngineRoom(Options, interruptible: false);
        _long = new Lazy<EngineRoom>(() => new EngineRoom(Options, interruptible: true));
    }

    /// <summary>The options of this engine.</summary>
    public SandboxOptions Options { get; }

    /// <summary>The engine of the package, for runs that end by themselves.</summary>
    public Engine Native => _short.Native;

    /// <summary>The functions of WASI, for guests of <see cref="Compile"/>.</summary>
    public Linker WasiFunctions => _short.Wasi;

    /// <summary>Rewrites and compiles a module, or finds it by the hash of its bytes.</summary>
    public GuestModule Compile(ReadOnlySpan<byte> bytes) => _short.Compile(bytes);

    /// <summary>Runs work on a thread whose stack is large enough for guests.</summary>
    public T OnGuestThread<T>(Func<T> work) => _threads.Run(work);

    /// <summary>The place of a run of so much fuel.</summary>
    internal EngineRoom RoomFor(long fuel, CancellationToken cancellation) =>
        fuel > ShortFuel && cancellation.CanBeCanceled ? _long.Value : _short;

    internal EngineRoom ShortRoom => _short;

    /// <inheritdoc/>
    public void Dispose()
    {
        _threads.Dispose();
        _short.Dispose();
        if (_long.IsValueCreated)
            _long.Value.Dispose();
    }
}
