// The global section (specification 5.5.9). Enters: bytes. Leaves: types and initial values. Always holds: an initial
// value is one constant expression.
namespace EventSourced.Metering.Binary;

internal static class GlobalSection
{
    public static void Decode(ref ByteReader reader, ModuleDefinition module, MeterLimits limits)
    {
        var count = reader.Count(limits.Globals, "globals");
        for (var i = 0; i < count; i++)
        {
            var type = TypeSection.ReadGlobalType(ref reader);
            module.Globals.Add(new GlobalEntry(type, ConstantExpression.Read(ref reader)));
        }
    }
}
