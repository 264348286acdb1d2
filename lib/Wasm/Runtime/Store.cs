// The world of some instances: their fuel, depth and limits. Enters: grants by the host, charges by compiled code. Leaves:
// what was consumed. Always holds: fuel remaining = Slice + reserve; compiled code takes from Slice, and comes back to
// Refill when it is used up, where the host's cancellation is seen too. A store belongs to one thread at a time.
using System.Runtime.CompilerServices;

namespace EventSourced.Wasm;

/// <summary>Instances, memories, tables and globals that belong together, with their fuel and limits.</summary>
public sealed class Store : IDisposable
{
    /// <summary>How much fuel compiled code may burn before it looks for a cancellation: some milliseconds.</summary>
    private const long SliceSize = 1 << 22;

    /// <summary>What compiled code still has of its slice.</summary>
    internal long Slice;

    /// <summary>What nested calls may still use of the depth; set whenever the guest calls the host.</summary>
    internal int Depth;

    /// <summary>Numeric results after the first of the last call.</summary>
    internal readonly NumberCell[] MoreNumbers;

    /// <summary>Reference results after the first of the last call.</summary>
    internal readonly object?[] MoreReferences;

    private long _reserve;
    private long _granted;
    private object? _data;
    private long _mostMemoryBytes = long.MaxValue;
    private long _mostTableElements = long.MaxValue;
    private long _mostInstances = long.MaxValue;
    private long _mostTables = long.MaxValue;
    private long _mostMemories = long.MaxValue;
    private long _instances;
    private long _tables;
    private long _memories;
    private long _memoryPages;

    /// <summary>Makes a store, with an object of the host's choice in it.</summary>
    public Store(Engine engine, object? data = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Engine = engine;
        _data = data;
        Depth = engine.Limits.CallDepth;
        MoreNumbers = new NumberCell[Math.Min(engine.Limits.Results, 1_000)];
        MoreReferences = new object?[Math.Min(engine.Limits.Results, 1_000)];
        Fuel = engine.Config.FuelConsumption ? 0UL : long.MaxValue / 2;
    }

    /// <summary>The engine the store was made with.</summary>
    public Engine Engine { get; }

    /// <summary>What guests may still consume.</summary>
    public ulong Fuel
    {
        get => (ulong)Math.Max(0, Slice + _reserve);
        set
        {
            var consumed = (long)FuelConsumed;
            _reserve = (long)Math.Min(value, long.MaxValue / 2);
            _granted = consumed + _reserve;
            Slice = 0;
            CutSlice();
        }
    }

    /// <summary>What guests have consumed since the store was made.</summary>
    public ulong FuelConsumed => (ulong)(_granted - (long)Fuel);

    /// <summary>The most bytes that the memories of this store had together.</summary>
    public long MemoryPeakBytes { get; private set; }

    /// <summary>When cancelled, running guests trap with <see cref="TrapCode.Interrupt"/> within milliseconds.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal uint MostMemoryPages =>
        (uint)Math.Min(_mostMemoryBytes / Memory.PageSize, Math.Min((uint)Engine.Limits.MemoryPages, Memory.MostPages));

    internal long MostTableElements => Math.Min(_mostTableElements, Engine.Limits.TableElements);

    /// <summary>The object the host put in.</summary>
    public object? GetData() => _data;

    /// <summary>Replaces the object the host put in.</summary>
    public void SetData(object? data) => _data = data;

    /// <summary>
    /// Bounds this store below the engine's limits: bytes of each memory, elements of each table, and the numbers of
    /// instances, tables and memories. Null leaves a bound as it is.
    /// </summary>
    public void SetLimits(
        long? memorySize = null,
        long? tableElements = null,
        long? instances = null,
        long? tables = null,
        long? memories = null)
    {
        _mostMemoryBytes = memorySize ?? _mostMemoryBytes;
        _mostTableElements = tableElements ?? _mostTableElements;
        _mostInstances = instances ?? _mostInstances;
        _mostTables = tables ?? _mostTables;
        _mostMemories = memories ?? _mostMemories;
    }

    /// <summary>Sets how many small frames may nest in the calls that follow.</summary>
    public void SetCallDepth(int frames)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frames);
        Depth = Math.Min(frames, Engine.Limits.CallDepth);
    }

    /// <summary>Nothing is held outside managed memory; a store may also just be dropped.</summary>
    public void Dispose()
    {
    }

    /// <summary>Takes fuel, or traps where there is not enough.</summary>
    internal void Charge(long units)
    {
        if ((Slice -= units) < 0)
            Refill();
    }

    /// <summary>
    /// Called with Slice below zero: cuts a new slice from the reserve and gives what is left of it, or traps: out of fuel
    /// (all is consumed then), or interrupted.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal long Refill()
    {
        if (Slice + _reserve < 0)
        {
            Slice = 0;
            _reserve = 0;
            throw new TrapException(TrapCode.OutOfFuel);
        }

        CutSlice();
        if (CancellationToken.IsCancellationRequested)
            throw new TrapException(TrapCode.Interrupt);
        return Slice;
    }

    internal void CheckOwn(Function? function)
    {
        if (function is not null && !ReferenceEquals(function.Store, this))
            throw new WasmException(WasmErrorKind.Usage, "expected a function of this store, found one of another");
    }

    internal void CountInstance() => Count(ref _instances, _mostInstances, "instances");

    internal void CountMemory() => Count(ref _memories, _mostMemories, "memories");

    internal void CountTable() => Count(ref _tables, _mostTables, "tables");

    internal void CountPages(uint added)
    {
        _memoryPages += added;
        MemoryPeakBytes = Math.Max(MemoryPeakBytes, _memoryPages * Memory.PageSize);
    }

    internal bool MayHaveElements(ulong count) => count <= (ulong)MostTableElements;

    private static void Count(ref long count, long most, string what)
    {
        if (count >= most)
            throw new WasmException(WasmErrorKind.Limit, $"expected at most {most} {what} in the store, found one more");
        count++;
    }

    private void CutSlice()
    {
        var cut = Math.Min(_reserve, SliceSize - Math.Min(Slice, 0));
        _reserve -= cut;
        Slice += cut;
    }
}
