// Every bound of the engine, by name. Enters: nothing. Leaves: numbers that decode, compile and run check. Always
// holds: whatever a module asks beyond one of these is refused with WasmErrorKind.Limit or a trap, in bounded time
// and memory.
namespace EventSourced.Wasm;

/// <summary>The bounds within which modules are decoded, compiled and run.</summary>
public sealed record Limits
{
    /// <summary>Size of a module in bytes.</summary>
    public int ModuleBytes { get; init; } = 64 << 20;

    /// <summary>Size of one function body in bytes.</summary>
    public int FunctionBytes { get; init; } = 1 << 20;

    /// <summary>Function types in one module.</summary>
    public int Types { get; init; } = 100_000;

    /// <summary>Functions in one module, imported ones included.</summary>
    public int Functions { get; init; } = 100_000;

    /// <summary>Parameters of one function type or block.</summary>
    public int Parameters { get; init; } = 1_000;

    /// <summary>Results of one function type or block.</summary>
    public int Results { get; init; } = 1_000;

    /// <summary>Locals of one function, parameters included.</summary>
    public int Locals { get; init; } = 50_000;

    /// <summary>Targets of one br_table.</summary>
    public int BranchTargets { get; init; } = 1_000_000;

    /// <summary>Blocks nested in one another in one function.</summary>
    public int Nesting { get; init; } = 10_000;

    /// <summary>Operands on the stack of one function at once.</summary>
    public int Operands { get; init; } = 20_000;

    /// <summary>Imports of one module.</summary>
    public int Imports { get; init; } = 100_000;

    /// <summary>Exports of one module.</summary>
    public int Exports { get; init; } = 100_000;

    /// <summary>Globals of one module, imported ones included.</summary>
    public int Globals { get; init; } = 100_000;

    /// <summary>Tables of one module, imported ones included.</summary>
    public int Tables { get; init; } = 1_000;

    /// <summary>Element segments of one module.</summary>
    public int ElementSegments { get; init; } = 100_000;

    /// <summary>Elements of all segments of one module together.</summary>
    public int SegmentElements { get; init; } = 10_000_000;

    /// <summary>Data segments of one module.</summary>
    public int DataSegments { get; init; } = 100_000;

    /// <summary>Pages of 64 KiB in one memory; an array of .NET ends just below 2 GiB.</summary>
    public int MemoryPages { get; init; } = 16_384;

    /// <summary>Elements in one table.</summary>
    public int TableElements { get; init; } = 10_000_000;

    /// <summary>Calls nested in one another, in units of a small frame: a function of 16 locals counts two.</summary>
    public int CallDepth { get; init; } = 4_000;

    /// <summary>Distinct function types that one engine knows at once.</summary>
    public int EngineTypes { get; init; } = 1_000_000;

    /// <summary>Compiled modules that one engine keeps by hash.</summary>
    public int CachedModules { get; init; } = 64;
}
