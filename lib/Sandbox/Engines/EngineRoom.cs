// One engine of the package with what belongs to it. Enters: untrusted modules. Leaves: compiled ones, each once, by
// hash. Always holds: nothing is compiled that the meter did not rewrite.
using System.Security.Cryptography;
using EventSourced.Metering;
using EventSourced.Metering.Rewriting;
using EventSourced.Sandbox.Wasi;
using Wasmtime;

namespace EventSourced.Sandbox.Engines;

internal sealed class EngineRoom : IDisposable
{
    private readonly SandboxOptions _options;
    private readonly ModuleCache _cache;

    public EngineRoom(SandboxOptions options, bool interruptible)
    {
        _options = options;
        Interruptible = interruptible;
        Native = new Engine(Configure(options).WithEpochInterruption(interruptible));
        _cache = new ModuleCache(options.CachedModules);
        Wasi = new Linker(Native);
        WasiLinker.Define(Wasi);
    }

    public bool Interruptible { get; }

    public Engine Native { get; }

    public Linker Wasi { get; }

    public GuestModule Compile(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _options.Limits.ModuleBytes)
        {
            throw new WasmException(
                WasmErrorKind.Limit,
                $"expected a module of at most {_options.Limits.ModuleBytes} bytes, found {bytes.Length}");
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        var name = Convert.ToHexStringLower(hash);
        return _cache.Find(name) ?? _cache.Add(CompileNew(name, bytes));
    }

    public void Dispose()
    {
        Wasi.Dispose();
        _cache.Dispose();
        Native.Dispose();
    }

    private static Config Configure(SandboxOptions options)
    {
        var config = new Config()
            .WithMaximumStackSize(SandboxEngine.GuestStackBytes)
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
        var metered = Meter.Rewrite(bytes, _options.Limits);
        try
        {
            return new GuestModule(hash, metered, Module.FromBytes(Native, hash, metered.Bytes.Span));
        }
        catch (WasmtimeException refusal)
        {
            throw new WasmException(
                WasmErrorKind.Compile, $"the engine refused the module: {refusal.Message}", refusal);
        }
    }
}
