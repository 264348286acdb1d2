// The data section (specification 5.5.14). Enters: bytes. Leaves: segments as ranges of the module's bytes. Always
// holds: every range lies within the module.
namespace EventSourced.Metering.Binary;

internal static class DataSection
{
    public static void Decode(ref ByteReader reader, ModuleDefinition module, MeterLimits limits)
    {
        var count = reader.Count(limits.DataSegments, "data segments");
        for (var i = 0; i < count; i++)
        {
            var flags = reader.U32();
            if (flags > 2)
                throw reader.Malformed("malformed data segment kind");
            var memory = flags == 2 ? reader.U32() : 0;
            var offset = flags == 1 ? default : ConstantExpression.Read(ref reader);
            var length = reader.Length();
            var mode = flags == 1 ? SegmentMode.Passive : SegmentMode.Active;
            module.Data.Add(new DataSegment(mode, memory, offset, reader.Position, length));
            reader.Skip(length);
        }
    }
}
