// The world of some instances: their fuel, depth and limits. Enters: grants by the host, charges by compiled code.
// Leaves: what was consumed. Always holds: compiled code takes fuel before it runs and stops when less than the floor
// is left; the floor is zero, or above everything once the host cancels. A store belongs to one thread at a time.
using System.Runtime.CompilerServices;

namespace EventSourced.Wasm;

/// <summary>Instances, memories, tables and globals that belong together, with their fuel and limits.</summary>
public sealed class Store : IDisposable
{
    /// <summary>More fuel than any program burns in some centuries: what a store has that is not metered.</summary>
    private const long Unlimited = long.MaxValue / 2;

    /// <summary>The fuel that is left; compiled code keeps it in a register between calls.</summary>
    internal long FuelLeft;

    /// <summary>What nested calls may still use of the depth; set whenever the guest calls the host.</summary>
    internal int Depth;

    /// <summary>Numeric results after the first of the last call.</summary>
    internal readonly NumberCell[] MoreNumbers;

    /// <summary>Reference results after the first of the last call.</summary>
    internal readonly object?[] MoreReferences;

    private readonly List<Instance> _instances = [];
    private CancellationTokenRegistration _cancellation;
    private long _floor;
    private long _granted;
    private object? _data;
    private long _mostMemoryBytes = long.MaxValue;
    private long _mostTableElements = long.MaxValue;
    private long _mostInstances = long.MaxValue;
    private long _mostTables = long.MaxValue;
    private long _mostMemories = long.MaxValue;
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
        Fuel = engine.Config.FuelConsumption ? 0UL : Unlimited;
    }

    /// <summary>The engine the store was made with.</summary>
    public Engine Engine { get; }

    /// <summary>What guests may still consume.</summary>
    public ulong Fuel
    {
        get => (ulong)Math.Max(0, FuelLeft);
        set
        {
            var consumed = (long)FuelConsumed;
            FuelLeft = (long)Math.Min(value, Unlimited);
            _granted = consumed + FuelLeft;
        }
    }

    /// <summary>What guests have consumed since the store was made.</summary>
    public ulong FuelConsumed => (ulong)(_granted - (long)Fuel);

    /// <summary>The most bytes that the memories of this store had together.</summary>
    public long MemoryPeakBytes { get; private set; }

    /// <summary>
    /// When cancelled, guests trap with <see cref="TrapCode.Interrupt"/> at their next charge of fuel, which every
    /// call and every turn of a loop has; until another token is set.
    /// </summary>
    public CancellationToken CancellationToken
    {
        get => _cancellation.Token;
        set
        {
            _cancellation.Dispose();
            SetFloor(0);
            _cancellation = value.UnsafeRegister(static store => ((Store)store!).SetFloor(long.MaxValue), this);
        }
    }

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

    /// <summary>Stops listening to the cancellation token; nothing else is held outside managed memory.</summary>
    public void Dispose() => _cancellation.Dispose();

    /// <summary>Takes fuel, or traps where there is not enough.</summary>
    internal void Charge(long units)
    {
        if ((FuelLeft -= units) < 0)
            throw Stop();
    }

    /// <summary>Why compiled code may not go on: no fuel (all is consumed then), or the host cancelled.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal Exception Stop()
    {
        if (FuelLeft >= 0)
            return new TrapException(TrapCode.Interrupt);
        FuelLeft = 0;
        return new TrapException(TrapCode.OutOfFuel);
    }

    internal void Add(Instance instance)
    {
        Count(_instances.Count, _mostInstances, "instances");
        lock (_instances)
        {
            instance.FuelFloor = _floor;
            _instances.Add(instance);
        }
    }

    private void SetFloor(long floor)
    {
        lock (_instances)
        {
            _floor = floor;
            foreach (var instance in _instances)
                Volatile.Write(ref instance.FuelFloor, floor);
        }
    }

    internal void CheckOwn(Function? function)
    {
        if (function is not null && !ReferenceEquals(function.Store, this))
            throw new WasmException(WasmErrorKind.Usage, "expected a function of this store, found one of another");
    }

    internal void CountMemory() => Count(_memories++, _mostMemories, "memories");

    internal void CountTable() => Count(_tables++, _mostTables, "tables");

    internal void CountPages(uint added)
    {
        _memoryPages += added;
        MemoryPeakBytes = Math.Max(MemoryPeakBytes, _memoryPages * Memory.PageSize);
    }

    internal bool MayHaveElements(ulong count) => count <= (ulong)MostTableElements;

    private static void Count(long present, long most, string what)
    {
        if (present >= most)
            throw new WasmException(WasmErrorKind.Limit, $"expected at most {most} {what}, found one more");
    }
}
