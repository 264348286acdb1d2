// What all modules of a host share: configuration, type numbers, and compiled modules by hash. Enters: a
// configuration. Leaves: compiled modules. Always holds: safe to use from many threads; equal function types have
// equal numbers.
using System.Collections.Concurrent;
using EventSourced.Wasm.Compile;

namespace EventSourced.Wasm;

/// <summary>Compiles modules and keeps compiled ones by hash.</summary>
public sealed class Engine : IDisposable
{
    /// <summary>Stands in receipts: results, fuel and traps of one version never change.</summary>
    public const string Version = "eventsourced-wasm/1";

    private readonly ConcurrentDictionary<FunctionType, int> _types = new();
    private readonly ModuleCache _cache;
    private int _nextType;

    /// <summary>Makes an engine.</summary>
    public Engine(Config? config = null)
    {
        Config = config ?? new Config();
        Limits = Config.Limits;
        _cache = new ModuleCache(Limits.CachedModules);
    }

    internal Thunks Thunks { get; } = new();

    internal Config Config { get; }

    internal Limits Limits { get; }

    /// <summary>
    /// Compiles and runs a small module, so that the first real one does not pay for loading the compiler: some hundred
    /// milliseconds once in a process.
    /// </summary>
    public void WarmUp() => Compile.WarmUp.Run(this);

    /// <summary>
    /// Compiled modules are collected when nothing refers to them; an engine may also just be dropped.
    /// </summary>
    public void Dispose() => _cache.Clear();

    internal CompiledModule Compiled(string name, ReadOnlySpan<byte> bytes, Hash256 hash)
    {
        if (_cache.TryGet(hash, out var cached))
            return cached;
        var compiled = ModuleCompiler.Compile(this, name, bytes.ToArray());
        _cache.Put(hash, compiled);
        return compiled;
    }

    /// <summary>The number of a function type in this engine: what an indirect call compares.</summary>
    internal int TypeId(FunctionType type)
    {
        if (_types.TryGetValue(type, out var known))
            return known;
        if (_types.Count >= Limits.EngineTypes)
        {
            throw new WasmException(
                WasmErrorKind.Limit, $"expected at most {Limits.EngineTypes} function types, found one more");
        }

        return _types.GetOrAdd(type, _ => Interlocked.Increment(ref _nextType));
    }
}
