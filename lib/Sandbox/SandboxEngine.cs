// Wasmtime as this system uses it. Enters: modules of anyone. Leaves: compiled modules, each once, by hash. Always
// holds: only rewritten modules are compiled, so that fuel, depth and NaNs come from the meter and never from the
// engine; what the engine does by itself (its stack, its limits) is a backstop behind the meter and ends named.
using System.Security.Cryptography;
using EventSourced.Metering;
using Wasmtime;

namespace EventSourced.Sandbox;

/// <summary>What an engine is made with.</summary>
public sealed record SandboxOptions
{
    /// <summary>The bounds of modules.</summary>
    public MeterLimits Limits { get; init; } = new();

    /// <summary>Guests that may exist at once in the engine's pool; zero for memory on demand, without a bound.</summary>
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

    /// <summary>Stack that the engine grants guests, far more than the meter's depth can use.</summary>
    internal const int GuestStackBytes = 2 << 20;

    private readonly ModuleCache _cache;
    private readonly GuestThreads _threads = new();
    private readonly Linker _wasi;

    /// <summary>Starts an engine.</summary>
    public SandboxEngine(SandboxOptions? options = null)
    {
        Options = options ?? new SandboxOptions();
        Native = new Engine(Configure(Options));
        _cache = new ModuleCache(Options.CachedModules);
        _wasi = new Linker(Native);
        Wasi.WasiLinker.Define(_wasi);
    }

    /// <summary>What the engine was made with.</summary>
    public SandboxOptions Options { get; }

    /// <summary>The engine of the package.</summary>
    public Engine Native { get; }

    internal Linker WasiFunctions => _wasi;

    internal GuestThreads Threads => _threads;

    /// <summary>Rewrites and compiles a module, or finds it by the hash of its bytes.</summary>
    public GuestModule Compile(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Options.Limits.ModuleBytes)
        {
            throw new WasmException(
                WasmErrorKind.Limit,
                $"expected a module of at most {Options.Limits.ModuleBytes} bytes, found {bytes.Length}");
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        var name = Convert.ToHexStringLower(hash);
        return _cache.Find(name) ?? _cache.Add(CompileNew(name, bytes));
    }

    /// <summary>Runs work on a thread whose stack is large enough for guests.</summary>
    public T OnGuestThread<T>(Func<T> work) => _threads.Run(work);

    /// <summary>Lets every running guest look whether its host cancelled.</summary>
    internal void Nudge() => Native.IncrementEpoch();

    /// <inheritdoc/>
    public void Dispose()
    {
        _threads.Dispose();
        _wasi.Dispose();
        _cache.Dispose();
        Native.Dispose();
    }

    private static Config Configure(SandboxOptions options)
    {
        var config = new Config()
            .WithEpochInterruption(true)
            .WithMaximumStackSize(GuestStackBytes)
            .WithMemoryInitCopyOnWrite(false)
            .WithOptimizationLevel(OptimizationLevel.Speed)
            .WithBranchHinting(true)
            .WithRelaxedSIMD(false, true)
            .WithWasmThreads(false)
            .WithTailCalls(false)
            .WithMultiMemory(false)
            .WithMemory64(false)
            .WithSignalsBasedTraps(!OperatingSystem.IsWindows());
        if (options.PooledGuests == 0)
            return config;
        var guests = (uint)options.PooledGuests;
        using var pool = new PoolingAllocationConfig()
            .WithMaxCoreInstances(guests)
            .WithMaxMemories(guests)
            .WithMaxTables(4 * guests)
            .WithMaxTablesPerModule(4)
            .WithMaxMemoriesPerModule(1)
            .WithMaxMemorySize((nuint)(Meter.PagesMost << 16))
            .WithMaxTableElements((nuint)Meter.TableElementsMost)
            .WithMaxCoreInstanceSize(1 << 20)
            .WithMaxUnusedWarmSlots(guests)
            .WithLinearMemoryKeepResidentBytes(1 << 17)
            .WithTableKeepResidentBytes(1 << 14);
        return config.WithPoolingAllocationStrategy(pool);
    }

    private GuestModule CompileNew(string hash, ReadOnlySpan<byte> bytes)
    {
        var metered = Meter.Rewrite(bytes, Options.Limits);
        try
        {
            return new GuestModule(hash, metered, Module.FromBytes(Native, hash, metered.Bytes.Span));
        }
        catch (WasmtimeException refusal)
        {
            throw new WasmException(WasmErrorKind.Compile, $"the engine refused the module: {refusal.Message}", refusal);
        }
    }
}
