// Every bound of the pass, by name. Enters: nothing. Leaves: numbers that decoding, validation and rewriting check.
// Always holds: whatever a module asks beyond one of these is refused with WasmErrorKind.Limit, in bounded time and
// memory; what passes compiles in bounded time on the engines that the tests drive.
namespace EventSourced.Metering;

/// <summary>The bounds within which modules are rewritten.</summary>
public sealed record MeterLimits
{
    /// <summary>Pages that a memory of a metered run has at most: 1 GiB.</summary>
    public const long PagesMost = 16_384;

    /// <summary>Elements that a table has at most.</summary>
    public const long TableElementsMost = 1_000_000;

    /// <summary>Size of a module in bytes.</summary>
    public int ModuleBytes { get; init; } = 8 << 20;

    /// <summary>Size of one function body in bytes.</summary>
    public int FunctionBytes { get; init; } = 128 << 10;

    /// <summary>
    /// Bytes of all function bodies together; the slowest code that was found compiles 60 KB a second.
    /// </summary>
    public int CodeBytes { get; init; } = 1 << 20;

    /// <summary>Function types in one module.</summary>
    public int Types { get; init; } = 100_000;

    /// <summary>Functions in one module, imported ones included.</summary>
    public int Functions { get; init; } = 20_000;

    /// <summary>Parameters of one function type or block.</summary>
    public int Parameters { get; init; } = 1_000;

    /// <summary>Results of one function type or block.</summary>
    public int Results { get; init; } = 1_000;

    /// <summary>Locals of one function, parameters included.</summary>
    public int Locals { get; init; } = 50_000;

    /// <summary>Targets of one br_table.</summary>
    public int BranchTargets { get; init; } = 65_000;

    /// <summary>Blocks nested in one another in one function.</summary>
    public int Nesting { get; init; } = 1_000;

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
    public int SegmentElements { get; init; } = 1_000_000;

    /// <summary>Data segments of one module.</summary>
    public int DataSegments { get; init; } = 100_000;

    /// <summary>
    /// The highest cost of compiling a module: the sum over its functions of blocks, squared, times locals and
    /// operands. A good compiler keeps values for each block and looks along blocks; measurements followed this figure.
    /// </summary>
    public long CompileCost { get; init; } = 1_000_000_000;

    /// <summary>Bytes of code that the rewritten module may have.</summary>
    public int RewrittenBytes { get; init; } = 4 << 20;
}
