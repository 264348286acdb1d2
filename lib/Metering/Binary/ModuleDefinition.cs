// A decoded module: what its sections say, nothing else. Enters: filled by ModuleDecoder. Leaves: read by validation,
// and by the writer. Always holds: indices are still unchecked until ModuleValidator has passed; function
// bodies and data stay ranges of the module's own bytes.
namespace EventSourced.Metering.Binary;

internal enum ExternKind : byte
{
    Function = 0,
    Table = 1,
    Memory = 2,
    Global = 3,
}

internal enum SectionId : byte
{
    Custom, Type, Import, Function, Table, Memory, Global, Export, Start, Element, Code, Data, DataCount,
}

/// <summary>A section as it stands in the module's bytes, without its head.</summary>
internal readonly record struct SectionRange(SectionId Id, int Start, int Length);

internal readonly record struct Bounds(uint Minimum, uint? Maximum);

internal readonly record struct TableType(ValueKind Element, Bounds Bounds);

internal readonly record struct GlobalType(ValueKind Kind, bool Mutable);

internal sealed record ImportEntry(string Module, string Name, ExternKind Kind)
{
    public uint TypeIndex { get; init; }

    public TableType Table { get; init; }

    public Bounds Memory { get; init; }

    public GlobalType Global { get; init; }
}

internal readonly record struct ExportEntry(string Name, ExternKind Kind, uint Index);

internal enum ConstantKind : byte
{
    Value,
    Global,
    Function,
    Null,
}

/// <summary>A constant expression of one instruction (specification 3.3.10); longer ones never validate.</summary>
internal readonly record struct Constant(ConstantKind Kind, ValueKind Type, ulong Bits, string? Fault = null)
{
    public uint Index => (uint)Bits;
}

internal sealed record GlobalEntry(GlobalType Type, Constant Initial);

internal enum SegmentMode : byte
{
    Active,
    Passive,
    Declarative,
}

internal sealed record ElementSegment(
    SegmentMode Mode, uint Table, Constant Offset, ValueKind Type, Constant[] Items);

internal sealed record DataSegment(SegmentMode Mode, uint Memory, Constant Offset, int Start, int Length);

internal readonly record struct LocalGroup(uint Count, ValueKind Kind);

internal sealed record FunctionBody(int Start, int End, LocalGroup[] Locals);

internal sealed class ModuleDefinition
{
    public required byte[] Bytes { get; init; }

    public List<SectionRange> Sections { get; } = [];

    public List<FunctionType> Types { get; } = [];

    public List<ImportEntry> Imports { get; } = [];

    /// <summary>Type indices of the functions that the module defines itself.</summary>
    public List<uint> Functions { get; } = [];

    public List<TableType> Tables { get; } = [];

    public List<Bounds> Memories { get; } = [];

    public List<GlobalEntry> Globals { get; } = [];

    public List<ExportEntry> Exports { get; } = [];

    public uint? Start { get; set; }

    public List<ElementSegment> Elements { get; } = [];

    public uint? DataCount { get; set; }

    public List<FunctionBody> Bodies { get; } = [];

    public List<DataSegment> Data { get; } = [];
}
