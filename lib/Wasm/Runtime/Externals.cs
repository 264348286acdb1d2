// What a module says it imports and exports. Enters: the decoded sections. Leaves: descriptions in the words of the
// Wasmtime package. Always holds: the order is that of the module.
namespace EventSourced.Wasm;

/// <summary>Something a module needs from outside.</summary>
public abstract record Import(string ModuleName, string Name);

/// <summary>An imported function.</summary>
public sealed record FunctionImport(string ModuleName, string Name, FunctionType Type) : Import(ModuleName, Name);

/// <summary>An imported table.</summary>
public sealed record TableImport(string ModuleName, string Name, TableKind Kind, uint Minimum, uint? Maximum)
    : Import(ModuleName, Name);

/// <summary>An imported memory, in pages of 64 KiB.</summary>
public sealed record MemoryImport(string ModuleName, string Name, uint Minimum, uint? Maximum)
    : Import(ModuleName, Name);

/// <summary>An imported global.</summary>
public sealed record GlobalImport(string ModuleName, string Name, ValueKind Kind, Mutability Mutability)
    : Import(ModuleName, Name);

/// <summary>Something a module offers.</summary>
public abstract record Export(string Name);

/// <summary>An exported function.</summary>
public sealed record FunctionExport(string Name, FunctionType Type) : Export(Name);

/// <summary>An exported table.</summary>
public sealed record TableExport(string Name, TableKind Kind, uint Minimum, uint? Maximum) : Export(Name);

/// <summary>An exported memory, in pages of 64 KiB.</summary>
public sealed record MemoryExport(string Name, uint Minimum, uint? Maximum) : Export(Name);

/// <summary>An exported global.</summary>
public sealed record GlobalExport(string Name, ValueKind Kind, Mutability Mutability) : Export(Name);
