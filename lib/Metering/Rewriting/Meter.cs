// The pass: a WebAssembly module in, the same module with its own meter out. Enters: untrusted bytes. Leaves: a module
// that any engine runs with the same results, fuel and depth, or a refusal by name. Always holds: the original bytes
// are validated before anything is rewritten; imports and all indices stay what they are. The rules are in
// docs/metering.md; a change of any price is a new Version.
using EventSourced.Metering.Binary;
using EventSourced.Metering.Validation;

namespace EventSourced.Metering.Rewriting;

/// <summary>Rewrites modules so that they meter themselves.</summary>
public static class Meter
{
    /// <summary>The rules by which fuel, depth and NaNs are counted; stored in receipts, never rename.</summary>
    public const string Version = "eventsourced-meter/1";

    /// <summary>Exports whose names begin like this are the meter's own.</summary>
    public const string ReservedPrefix = "eventsourced-meter";

    /// <summary>Mutable i64: the fuel that is left; negative once it did not suffice.</summary>
    public const string FuelExport = Version + " fuel";

    /// <summary>Mutable i64: the frames that may still nest; negative once they did not suffice.</summary>
    public const string DepthExport = Version + " depth";

    /// <summary>Mutable i64: the most pages that a memory may grow to.</summary>
    public const string PagesExport = Version + " pages";

    /// <summary>Mutable i64: the most elements that a table may grow to.</summary>
    public const string ElementsExport = Version + " elements";

    /// <summary>The module's memory, where it has one.</summary>
    public const string MemoryExport = Version + " memory";

    /// <summary>The module's start function, which the host calls after granting fuel.</summary>
    public const string StartExport = Version + " start";

    /// <summary>Pages that a memory of a metered run has at most: 1 GiB.</summary>
    public const long PagesMost = MeterLimits.PagesMost;

    /// <summary>Elements that a table has at most.</summary>
    public const long TableElementsMost = MeterLimits.TableElementsMost;

    private static readonly MeterLimits Defaults = new();

    /// <summary>Validates a module; null where it may pass, else why not.</summary>
    public static WasmException? Validate(ReadOnlySpan<byte> bytes, MeterLimits? limits = null)
    {
        try
        {
            limits ??= Defaults;
            ModuleValidator.Validate(Decode(bytes, limits), limits);
            return null;
        }
        catch (WasmException refusal)
        {
            return refusal;
        }
    }

    /// <summary>Rewrites a module; throws a <see cref="WasmException"/> where it cannot be bounded.</summary>
    public static MeteredModule Rewrite(ReadOnlySpan<byte> bytes, MeterLimits? limits = null)
    {
        limits ??= Defaults;
        var module = Decode(bytes, limits);
        var outside = ModuleValidator.ValidateOutside(module, limits);
        // The whole module is validated before any of it is rewritten, so that a fault has one name.
        var plans = ModulePlans.Of(module, outside, limits);
        foreach (var export in module.Exports)
        {
            if (export.Name.StartsWith(ReservedPrefix, StringComparison.Ordinal))
            {
                throw new WasmException(
                    WasmErrorKind.Reserved,
                    $"expected no export that begins with '{ReservedPrefix}', found '{export.Name}'");
            }
        }

        return new ModuleWriter(module, outside.Spaces, plans, limits).Write();
    }

    private static ModuleDefinition Decode(ReadOnlySpan<byte> bytes, MeterLimits limits)
    {
        if (bytes.Length > limits.ModuleBytes)
        {
            throw new WasmException(
                WasmErrorKind.Limit, $"expected a module of at most {limits.ModuleBytes} bytes, found {bytes.Length}");
        }

        return ModuleDecoder.Decode(bytes.ToArray(), limits);
    }
}
