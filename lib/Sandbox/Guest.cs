// One instance under its meter. Enters: a compiled module, a store, functions that it may import, and how much it may
// use. Leaves: results, or a trap by name. Always holds: fuel and depth are the meter's, granted before anything of
// the guest runs; a trap of the engine's own (its stack) is no trap of the guest and is told apart.
using EventSourced.Metering;
using EventSourced.Metering.Rewriting;
using Wasmtime;

namespace EventSourced.Sandbox;

/// <summary>The limits of a guest.</summary>
public readonly record struct GuestLimits(long Fuel, long CallDepth, long MemoryBytes);

/// <summary>An instance that runs.</summary>
public sealed class Guest
{
    private const int PageBytes = 65_536;

    private readonly GuestModule _module;
    private readonly Global.Accessor<long> _fuel;
    private readonly Global.Accessor<long> _depth;
    private readonly Instance _instance;
    private Global.Accessor<long>? _pages;
    private long _granted;
    private long _callDepth;

    private Guest(GuestModule module, Instance instance)
    {
        (_module, _instance) = (module, instance);
        _fuel = instance.GetGlobal(Meter.FuelExport)!.Wrap<long>()!;
        _depth = instance.GetGlobal(Meter.DepthExport)!.Wrap<long>()!;
        Memory = module.Metered.HasMemory ? instance.GetMemory(Meter.MemoryExport) : null;
    }

    /// <summary>The instance of the package.</summary>
    public Instance Native => _instance;

    /// <summary>The memory, where there is one, exported or not.</summary>
    public Memory? Memory { get; }

    /// <summary>The memory, where the guest exports it under WASI's name.</summary>
    internal Memory? WasiMemory => _module.Metered.ExportsMemory ? Memory : null;

    /// <summary>The fuel that is left.</summary>
    public long Fuel => Math.Max(0, _fuel.GetValue());

    /// <summary>The fuel that was used of all that was granted; all of it where it did not suffice.</summary>
    public long FuelUsed => _granted - Fuel;

    /// <summary>Makes a guest and runs its start function.</summary>
    public static Guest Instantiate(
        GuestModule module, Store store, Linker linker, GuestLimits limits, IGuestWorld? world = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(linker);
        if (module.Metered.InitialPages * PageBytes > limits.MemoryBytes)
        {
            throw new WasmException(
                WasmErrorKind.Limit,
                $"expected memory of at most {limits.MemoryBytes} bytes, found {module.Metered.InitialPages} pages");
        }

        var guest = new Guest(module, Link(module, store, linker));
        world?.Enter(guest);
        guest.Grant(limits.Fuel);
        guest.SetCallDepth(limits.CallDepth);
        guest.LimitMemory(limits.MemoryBytes);
        if (module.Metered.HasStart)
            guest.Run(guest._instance.GetAction(Meter.StartExport)!);
        return guest;
    }

    /// <summary>Grants more fuel.</summary>
    public void Grant(long units)
    {
        _granted += units;
        _fuel.SetValue(_fuel.GetValue() + units);
        if (_granted == units && _fuel.GetValue() < 0)
            throw new GuestTrapException(TrapKind.OutOfFuel);
    }

    /// <summary>Takes fuel for work that the host does for the guest; throws where it does not suffice.</summary>
    public void Charge(long units)
    {
        var left = _fuel.GetValue() - units;
        _fuel.SetValue(left);
        if (left < 0)
            throw new GuestTrapException(TrapKind.OutOfFuel);
    }

    /// <summary>Sets the remaining fuel, whatever was granted before.</summary>
    public void SetFuel(long units)
    {
        _granted = units;
        _fuel.SetValue(units);
    }

    /// <summary>Sets how deep calls may nest from here on, and that none does now.</summary>
    public void SetCallDepth(long frames)
    {
        _callDepth = frames;
        _depth.SetValue(frames);
    }

    /// <summary>The exceeded limit, or null.</summary>
    public TrapKind? Exhausted =>
        _fuel.GetValue() < 0 ? TrapKind.OutOfFuel : _depth.GetValue() < 0 ? TrapKind.StackExhausted : null;

    /// <summary>Sets how far memories may grow from here on.</summary>
    public void LimitMemory(long bytes)
    {
        _pages ??= _instance.GetGlobal(Meter.PagesExport)!.Wrap<long>()!;
        _pages.SetValue(Math.Min(bytes / PageBytes, PageBytes));
    }

    /// <summary>Runs something of the guest, and names the trap that it ends in.</summary>
    public void Run(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Run(() =>
        {
            work();
            return 0;
        });
    }

    /// <summary>Runs something of the guest, and names the trap that it ends in.</summary>
    public T Run<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _depth.SetValue(_callDepth);
        try
        {
            return work();
        }
        catch (TrapException trap)
        {
            throw Named(trap);
        }
        catch (WasmtimeException failure) when (failure.InnerException is WasmException named)
        {
            // A host function or the epoch said why.
            throw named;
        }
    }

    private static Instance Link(GuestModule module, Store store, Linker linker)
    {
        try
        {
            return linker.Instantiate(store, module.Native);
        }
        catch (TrapException trap)
        {
            throw new GuestTrapException(
                GuestTrapException.KindOf(trap.Type) ?? TrapKind.MemoryOutOfBounds, trap);
        }
        catch (WasmtimeException refusal)
        {
            // A full pool is the host's trouble and says nothing of the module.
            var kind = refusal.Message.Contains("import", StringComparison.Ordinal)
                ? WasmErrorKind.Unlinkable
                : WasmErrorKind.Engine;
            throw new WasmException(kind, refusal.Message, refusal);
        }
    }

    private WasmException Named(WasmtimeException failure)
    {
        if (Exhausted is { } exhausted)
            return new GuestTrapException(exhausted, failure);
        if (failure is not TrapException trap)
            return new WasmException(WasmErrorKind.Engine, failure.Message, failure);
        if (trap.Type == TrapCode.Interrupt)
            return new GuestTrapException(TrapKind.Interrupted, failure);
        return GuestTrapException.KindOf(trap.Type) is { } kind
            ? new GuestTrapException(kind, failure)
            : new WasmException(
                WasmErrorKind.Engine, $"the engine gave up before the meter did: {trap.Type}: {trap.Message}", failure);
    }
}

/// <summary>The state from which host functions answer.</summary>
public interface IGuestWorld
{
    /// <summary>The guest exists, and nothing of it ran yet.</summary>
    void Enter(Guest guest);
}
