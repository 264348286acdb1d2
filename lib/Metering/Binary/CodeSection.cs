// The code section (specification 5.5.13). Enters: bytes. Leaves: for each body its locals in groups and the range of
// its expression. Always holds: locals are counted in 64 bits, so that no sum wraps.
namespace EventSourced.Metering.Binary;

internal static class CodeSection
{
    public static void Decode(ref ByteReader reader, ModuleDefinition module, MeterLimits limits)
    {
        var count = reader.Count(limits.Functions, "function bodies");
        var left = limits.CodeBytes;
        for (var i = 0; i < count; i++)
        {
            var length = reader.Length();
            if (length > limits.FunctionBytes)
            {
                throw new WasmException(
                    WasmErrorKind.Limit,
                    $"expected a function body of at most {limits.FunctionBytes} bytes, found {length}, body {i}");
            }

            left -= length;
            if (left < 0)
            {
                throw new WasmException(
                    WasmErrorKind.Limit,
                    $"expected function bodies of at most {limits.CodeBytes} bytes together, found more at body {i}");
            }

            var body = new ByteReader(module.Bytes, reader.Position, reader.Position + length);
            var locals = ReadLocals(ref body);
            module.Bodies.Add(new FunctionBody(body.Position, body.End, locals));
            reader.Skip(length);
        }
    }

    private static LocalGroup[] ReadLocals(ref ByteReader reader)
    {
        var groups = new LocalGroup[reader.Count(int.MaxValue, "groups of locals")];
        ulong total = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            var count = reader.U32();
            total += count;
            if (total > uint.MaxValue)
                throw reader.Malformed("too many locals");
            groups[i] = new LocalGroup(count, TypeSection.ReadValueType(ref reader));
        }

        return groups;
    }
}
