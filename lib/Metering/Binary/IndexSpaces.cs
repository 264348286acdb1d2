// The index spaces of a module (specification 2.5.1). Enters: a definition whose type indices were checked. Leaves:
// the type of everything by index, imports first. Always holds: the counts of imports tell where the module's own
// things begin.
namespace EventSourced.Metering.Binary;

internal sealed class IndexSpaces
{
    public List<FunctionType> FunctionTypes { get; } = [];

    public List<TableType> Tables { get; } = [];

    public List<Bounds> Memories { get; } = [];

    public List<GlobalType> Globals { get; } = [];

    public int ImportedFunctions { get; private set; }

    public int ImportedTables { get; private set; }

    public int ImportedMemories { get; private set; }

    public int ImportedGlobals { get; private set; }

    public static IndexSpaces Of(ModuleDefinition module)
    {
        var spaces = new IndexSpaces();
        foreach (var import in module.Imports)
            spaces.AddImport(module, import);
        spaces.ImportedFunctions = spaces.FunctionTypes.Count;
        spaces.ImportedTables = spaces.Tables.Count;
        spaces.ImportedMemories = spaces.Memories.Count;
        spaces.ImportedGlobals = spaces.Globals.Count;
        foreach (var index in module.Functions)
            spaces.FunctionTypes.Add(TypeAt(module, index));
        spaces.Tables.AddRange(module.Tables);
        spaces.Memories.AddRange(module.Memories);
        spaces.Globals.AddRange(module.Globals.Select(global => global.Type));
        return spaces;
    }

    private static FunctionType TypeAt(ModuleDefinition module, uint index) =>
        index < module.Types.Count
            ? module.Types[(int)index]
            : throw new WasmException(WasmErrorKind.Invalid, $"unknown type {index}");

    private void AddImport(ModuleDefinition module, ImportEntry import)
    {
        switch (import.Kind)
        {
            case ExternKind.Function:
                FunctionTypes.Add(TypeAt(module, import.TypeIndex));
                break;
            case ExternKind.Table:
                Tables.Add(import.Table);
                break;
            case ExternKind.Memory:
                Memories.Add(import.Memory);
                break;
            default:
                Globals.Add(import.Global);
                break;
        }
    }
}
