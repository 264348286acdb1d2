// The export section (specification 5.5.10). Enters: bytes. Leaves: names, kinds and indices. Always holds: that
// names differ and indices exist is left to validation.
namespace EventSourced.Metering.Binary;

internal static class ExportSection
{
    public static void Decode(ref ByteReader reader, ModuleDefinition module, MeterLimits limits)
    {
        var count = reader.Count(limits.Exports, "exports");
        for (var i = 0; i < count; i++)
        {
            var name = reader.Name();
            var kind = (ExternKind)reader.Byte();
            if (kind > ExternKind.Global)
                throw reader.Malformed("malformed export kind");
            module.Exports.Add(new ExportEntry(name, kind, reader.U32()));
        }
    }
}
