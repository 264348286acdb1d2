// How an engine behaves. Enters: choices in the words of the Wasmtime package. Leaves: a configuration that an engine
// copies. Always holds: the defaults are deterministic: metered, NaNs canonical, no clock, no randomness.
namespace EventSourced.Wasm;

/// <summary>The choices an <see cref="Engine"/> is made with.</summary>
public sealed class Config
{
    /// <summary>The bounds of decoding, compiling and running.</summary>
    public Limits Limits { get; private set; } = new();

    /// <summary>Whether a new store starts without fuel, so that the host must grant some.</summary>
    public bool FuelConsumption { get; private set; }

    /// <summary>Whether every NaN that arithmetic makes has the one canonical bit pattern.</summary>
    public bool NanCanonicalization { get; private set; } = true;

    /// <summary>Whether running code looks for a cancellation at every call and every turn of a loop.</summary>
    public bool Interruption { get; private set; } = true;

    /// <summary>Sets the bounds.</summary>
    public Config WithLimits(Limits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        Limits = limits;
        return this;
    }

    /// <summary>
    /// With true, a new store has no fuel until <see cref="Store.Fuel"/> is set. With false (the default) it has fuel
    /// for some centuries. Fuel is counted either way.
    /// </summary>
    public Config WithFuelConsumption(bool enable)
    {
        FuelConsumption = enable;
        return this;
    }

    /// <summary>
    /// Canonical NaNs (the default) make results equal on every machine; without, payloads may differ.
    /// </summary>
    public Config WithNanCanonicalization(bool enable)
    {
        NanCanonicalization = enable;
        return this;
    }

    /// <summary>
    /// With true (the default), <see cref="Store.CancellationToken"/> stops running code. With false it is only seen
    /// where a guest is entered or calls the host, and code is some percent faster: for hosts whose bound is fuel.
    /// </summary>
    public Config WithInterruption(bool enable)
    {
        Interruption = enable;
        return this;
    }

    /// <summary>
    /// How many small frames may nest; larger frames count as several. See <see cref="Limits.CallDepth"/>.
    /// </summary>
    public Config WithMaximumCallDepth(int frames)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frames);
        Limits = Limits with { CallDepth = frames };
        return this;
    }
}
