// Custom sections (specification 5.5.3) and, among them, names (7.4.1). Enters: bytes. Leaves: function names for
// stack traces. Always holds: only the section's own name must be well formed; a broken name section gives no names.
namespace EventSourced.Wasm.Binary;

internal static class CustomSection
{
    private const byte FunctionNames = 1;
    private const int MostNames = 100_000;
    private const int LongestName = 200;

    public static void Decode(ref ByteReader reader, ModuleDefinition module)
    {
        var name = reader.Name();
        if (name == "name")
        {
            try
            {
                ReadNames(ref reader, module);
            }
            catch (WasmException)
            {
                module.FunctionNames.Clear();
            }
        }

        reader.Skip(reader.Remaining);
    }

    private static void ReadNames(ref ByteReader reader, ModuleDefinition module)
    {
        while (!reader.AtEnd)
        {
            var id = reader.Byte();
            var length = reader.Length();
            if (id != FunctionNames)
            {
                reader.Skip(length);
                continue;
            }

            var count = reader.Count(MostNames, "function names");
            for (var i = 0; i < count; i++)
            {
                var index = reader.U32();
                var name = reader.Name();
                if (index < int.MaxValue)
                    module.FunctionNames[(int)index] = name.Length <= LongestName ? name : name[..LongestName];
            }
        }
    }
}
