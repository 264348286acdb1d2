// The memory section (specification 5.5.8). Enters: bytes. Leaves: memory types. Always holds: that there is at most
// one is left to validation.
namespace EventSourced.Metering.Binary;

internal static class MemorySection
{
    private const int Most = 1_000;

    public static void Decode(ref ByteReader reader, ModuleDefinition module, MeterLimits limits)
    {
        _ = limits;
        var count = reader.Count(Most, "memories");
        for (var i = 0; i < count; i++)
            module.Memories.Add(TypeSection.ReadBounds(ref reader));
    }
}
