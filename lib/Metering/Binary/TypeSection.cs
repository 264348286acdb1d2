// Types and the type section (specification 5.3, 5.5.4). Enters: bytes. Leaves: function types; other sections read
// value, reference, table, memory and global types here. Always holds: only types of WebAssembly 2.0 pass.
namespace EventSourced.Metering.Binary;

internal static class TypeSection
{
    private const byte FunctionForm = 0x60;

    public static void Decode(ref ByteReader reader, ModuleDefinition module, MeterLimits limits)
    {
        var count = reader.Count(limits.Types, "types");
        for (var i = 0; i < count; i++)
        {
            if (reader.Byte() != FunctionForm)
                throw reader.Malformed("integer representation too long: expected the form of a function type");
            var parameters = ReadKinds(ref reader, limits.Parameters, "parameters");
            var results = ReadKinds(ref reader, limits.Results, "results");
            module.Types.Add(new FunctionType(parameters, results));
        }
    }

    public static bool IsValueType(byte first) => first is >= 0x7B and <= 0x7F or 0x70 or 0x6F;

    public static ValueKind ReadValueType(ref ByteReader reader)
    {
        var first = reader.Byte();
        return IsValueType(first) ? (ValueKind)first : throw reader.Malformed($"malformed value type {first:x2}");
    }

    public static ValueKind ReadReferenceType(ref ByteReader reader)
    {
        var kind = (ValueKind)reader.Byte();
        return kind.IsReference() ? kind : throw reader.Malformed($"malformed reference type {(int)kind:x2}");
    }

    public static TableType ReadTableType(ref ByteReader reader) =>
        new(ReadReferenceType(ref reader), ReadBounds(ref reader));

    public static Bounds ReadBounds(ref ByteReader reader) => reader.Byte() switch
    {
        0 => new Bounds(reader.U32(), null),
        1 => new Bounds(reader.U32(), reader.U32()),
        >= 0x80 => throw reader.Malformed("integer representation too long: malformed limits flags"),
        _ => throw reader.Malformed("integer too large: malformed limits flags"),
    };

    public static GlobalType ReadGlobalType(ref ByteReader reader)
    {
        var kind = ReadValueType(ref reader);
        return reader.Byte() switch
        {
            0 => new GlobalType(kind, false),
            1 => new GlobalType(kind, true),
            _ => throw reader.Malformed("malformed mutability"),
        };
    }

    private static ValueKind[] ReadKinds(ref ByteReader reader, int limit, string what)
    {
        var kinds = new ValueKind[reader.Count(limit, what)];
        for (var i = 0; i < kinds.Length; i++)
            kinds[i] = ReadValueType(ref reader);
        return kinds;
    }
}
