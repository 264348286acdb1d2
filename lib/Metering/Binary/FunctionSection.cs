// The function section (specification 5.5.6). Enters: bytes. Leaves: the type index of each function. Always holds:
// bodies follow in the code section, as many as here.
namespace EventSourced.Metering.Binary;

internal static class FunctionSection
{
    public static void Decode(ref ByteReader reader, ModuleDefinition module, MeterLimits limits)
    {
        var count = reader.Count(limits.Functions, "functions");
        for (var i = 0; i < count; i++)
            module.Functions.Add(reader.U32());
    }
}
