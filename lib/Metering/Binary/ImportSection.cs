// The import section (specification 5.5.5). Enters: bytes. Leaves: import entries in order. Always holds: a kind is
// one of function, table, memory, global.
namespace EventSourced.Metering.Binary;

internal static class ImportSection
{
    public static void Decode(ref ByteReader reader, ModuleDefinition module, MeterLimits limits)
    {
        var count = reader.Count(limits.Imports, "imports");
        for (var i = 0; i < count; i++)
        {
            var (from, name) = (reader.Name(), reader.Name());
            module.Imports.Add(reader.Byte() switch
            {
                0 => new ImportEntry(from, name, ExternKind.Function) { TypeIndex = reader.U32() },
                1 => new ImportEntry(from, name, ExternKind.Table) { Table = TypeSection.ReadTableType(ref reader) },
                2 => new ImportEntry(from, name, ExternKind.Memory) { Memory = TypeSection.ReadBounds(ref reader) },
                3 => new ImportEntry(from, name, ExternKind.Global) { Global = TypeSection.ReadGlobalType(ref reader) },
                _ => throw reader.Malformed("malformed import kind"),
            });
        }
    }
}
