// The element section (specification 5.5.12): eight forms, told apart by three bits. Enters: bytes. Leaves: segments
// whose items are constant expressions, function indices included. Always holds: all segments together are bounded.
namespace EventSourced.Metering.Binary;

internal static class ElementSection
{
    private const uint PassiveOrDeclarative = 1;
    private const uint ExplicitIndex = 2;
    private const uint Expressions = 4;

    public static void Decode(ref ByteReader reader, ModuleDefinition module, MeterLimits limits)
    {
        var count = reader.Count(limits.ElementSegments, "element segments");
        var left = limits.SegmentElements;
        for (var i = 0; i < count; i++)
        {
            var segment = ReadSegment(ref reader, left);
            left -= segment.Items.Length;
            module.Elements.Add(segment);
        }
    }

    private static ElementSegment ReadSegment(ref ByteReader reader, int limit)
    {
        var flags = reader.U32();
        if (flags > 7)
            throw reader.Malformed("malformed elements segment kind");
        var active = (flags & PassiveOrDeclarative) == 0;
        var mode = active ? SegmentMode.Active
            : (flags & ExplicitIndex) != 0 ? SegmentMode.Declarative : SegmentMode.Passive;
        var table = active && (flags & ExplicitIndex) != 0 ? reader.U32() : 0;
        var offset = active ? ConstantExpression.Read(ref reader) : default;
        var type = ValueKind.FuncRef;
        var expressions = (flags & Expressions) != 0;
        if ((flags & (PassiveOrDeclarative | ExplicitIndex)) != 0)
        {
            if (expressions)
                type = TypeSection.ReadReferenceType(ref reader);
            else if (reader.Byte() != 0)
                throw reader.Malformed("malformed element kind");
        }

        var items = new Constant[reader.Count(limit, "elements in segments")];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = expressions
                ? ConstantExpression.Read(ref reader)
                : new Constant(ConstantKind.Function, ValueKind.FuncRef, reader.U32());
        }

        return new ElementSegment(mode, table, offset, type, items);
    }
}
