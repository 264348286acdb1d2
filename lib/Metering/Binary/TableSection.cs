// The table section (specification 5.5.7). Enters: bytes. Leaves: table types. Always holds: bounds are unchecked
// until validation.
namespace EventSourced.Metering.Binary;

internal static class TableSection
{
    public static void Decode(ref ByteReader reader, ModuleDefinition module, MeterLimits limits)
    {
        var count = reader.Count(limits.Tables, "tables");
        for (var i = 0; i < count; i++)
            module.Tables.Add(TypeSection.ReadTableType(ref reader));
    }
}
