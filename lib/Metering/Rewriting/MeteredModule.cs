// The result of the pass. Enters: a validated module. Leaves: the rewritten bytes and the facts that a host must know
// to run them on any engine. Always holds: names and orders are those of the original module; the meter's own exports
// are not among the exports told here.
namespace EventSourced.Metering.Rewriting;

/// <summary>The kind of an import or export, numbered as the binary format does.</summary>
public enum ExternalKind : byte
{
    /// <summary>A function.</summary>
    Function = 0,

    /// <summary>A table.</summary>
    Table = 1,

    /// <summary>A memory.</summary>
    Memory = 2,

    /// <summary>A global.</summary>
    Global = 3,
}

/// <summary>Something that a module needs from outside; Type only for functions.</summary>
public sealed record ModuleImport(string Module, string Name, ExternalKind Kind, FunctionType? Type);

/// <summary>Something that a module offers; Type only for functions.</summary>
public sealed record ModuleExport(string Name, ExternalKind Kind, FunctionType? Type);

/// <summary>A module that counts its own fuel and depth.</summary>
public sealed record MeteredModule
{
    /// <summary>The rewritten module.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The imports, in order: the pass adds none.</summary>
    public required IReadOnlyList<ModuleImport> Imports { get; init; }

    /// <summary>The exports of the original, in order.</summary>
    public required IReadOnlyList<ModuleExport> Exports { get; init; }

    /// <summary>Whether the host must call the export <see cref="Meter.StartExport"/> after granting fuel.</summary>
    public required bool HasStart { get; init; }

    /// <summary>Whether it has a memory, exported as <see cref="Meter.MemoryExport"/>.</summary>
    public required bool HasMemory { get; init; }

    /// <summary>Whether the original exports a memory as 'memory'.</summary>
    public bool ExportsMemory => Exports.Any(export => export is { Name: "memory", Kind: ExternalKind.Memory });

    /// <summary>Pages of its own memories at first.</summary>
    public required long InitialPages { get; init; }

    /// <summary>Elements of its own tables at first.</summary>
    public required long InitialElements { get; init; }

    /// <summary>
    /// The fuel that instantiation costs: the value of the fuel global, negative, before the host grants.
    /// </summary>
    public required long InstantiationFuel { get; init; }
}
