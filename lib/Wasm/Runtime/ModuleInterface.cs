// The interface of a module in public words. Enters: a validated definition. Leaves: imports and exports with their
// types. Always holds: index spaces count imports first (specification 2.5.1).
using EventSourced.Wasm.Binary;
using EventSourced.Wasm.Compile;

namespace EventSourced.Wasm;

internal static class ModuleInterface
{
    public static IEnumerable<Import> Imports(ModuleDefinition definition) =>
        definition.Imports.Select<ImportEntry, Import>(import => import.Kind switch
        {
            ExternKind.Function =>
                new FunctionImport(import.Module, import.Name, definition.Types[(int)import.TypeIndex]),
            ExternKind.Table => new TableImport(
                import.Module,
                import.Name,
                (TableKind)import.Table.Element,
                import.Table.Bounds.Minimum,
                import.Table.Bounds.Maximum),
            ExternKind.Memory =>
                new MemoryImport(import.Module, import.Name, import.Memory.Minimum, import.Memory.Maximum),
            _ => new GlobalImport(
                import.Module,
                import.Name,
                import.Global.Kind,
                import.Global.Mutable ? Mutability.Mutable : Mutability.Immutable),
        });

    public static IEnumerable<Export> Exports(CompiledModule module) =>
        module.Definition.Exports.Select<ExportEntry, Export>(export =>
        {
            var index = (int)export.Index;
            var spaces = module.Spaces;
            return export.Kind switch
            {
                ExternKind.Function => new FunctionExport(export.Name, spaces.FunctionTypes[index]),
                ExternKind.Table => new TableExport(
                    export.Name,
                    (TableKind)spaces.Tables[index].Element,
                    spaces.Tables[index].Bounds.Minimum,
                    spaces.Tables[index].Bounds.Maximum),
                ExternKind.Memory => new MemoryExport(
                    export.Name, spaces.Memories[index].Minimum, spaces.Memories[index].Maximum),
                _ => new GlobalExport(
                    export.Name,
                    spaces.Globals[index].Kind,
                    spaces.Globals[index].Mutable ? Mutability.Mutable : Mutability.Immutable),
            };
        });
}
