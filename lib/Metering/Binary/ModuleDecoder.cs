// Decodes a module (specification 5.5.16): magic, version, then sections in their order. Enters: bytes. Leaves: a
// definition. Always holds: every byte belongs to the grammar or the module is Malformed; function bodies were
// scanned too.
using System.Buffers.Binary;

namespace EventSourced.Metering.Binary;

internal static class ModuleDecoder
{
    private const uint Magic = 0x6D73_6100;
    private const uint Version = 1;

    public static ModuleDefinition Decode(byte[] bytes, MeterLimits limits)
    {
        CheckHeader(bytes);
        var module = new ModuleDefinition { Bytes = bytes };
        var reader = new ByteReader(bytes, 8, bytes.Length);
        var last = 0;
        while (!reader.AtEnd)
        {
            var id = (SectionId)reader.Byte();
            if (id > SectionId.DataCount)
                throw reader.Malformed($"malformed section id {(int)id}");
            var length = reader.Length();
            if (id != SectionId.Custom)
            {
                if (Order(id) <= last)
                    throw reader.Malformed("unexpected content after last section");
                last = Order(id);
            }

            var section = new ByteReader(bytes, reader.Position, reader.Position + length);
            DecodeSection(id, ref section, module, limits);
            if (!section.AtEnd)
                throw section.Malformed("section size mismatch");
            module.Sections.Add(new SectionRange(id, section.Start, length));
            reader.Skip(length);
        }

        CheckCounts(module);
        ScanBodies(module, limits);
        return module;
    }

    private static void CheckHeader(byte[] bytes)
    {
        // A prefix of the header is malformed; the message is the suite's for missing bytes.
        if (bytes.Length < 4)
            throw new WasmException(WasmErrorKind.Malformed, "unexpected end, at the magic header");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            throw new WasmException(WasmErrorKind.Malformed, "magic header not detected, at byte 0");
        if (bytes.Length < 8)
            throw new WasmException(WasmErrorKind.Malformed, "unexpected end, at the version");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) != Version)
            throw new WasmException(WasmErrorKind.Malformed, "unknown binary version, at byte 4");
    }

    /// <summary>The data count stands between elements and code.</summary>
    internal static int Order(SectionId id) => id switch
    {
        SectionId.DataCount => 2 * (int)SectionId.Element + 1,
        _ => 2 * (int)id,
    };

    private static void DecodeSection(SectionId id, ref ByteReader reader, ModuleDefinition module, MeterLimits limits)
    {
        switch (id)
        {
            case SectionId.Custom:
                // Only the section's own name must be well formed (5.5.3).
                reader.Name();
                reader.Skip(reader.Remaining);
                break;
            case SectionId.Type:
                TypeSection.Decode(ref reader, module, limits);
                break;
            case SectionId.Import:
                ImportSection.Decode(ref reader, module, limits);
                break;
            case SectionId.Function:
                FunctionSection.Decode(ref reader, module, limits);
                break;
            case SectionId.Table:
                TableSection.Decode(ref reader, module, limits);
                break;
            case SectionId.Memory:
                MemorySection.Decode(ref reader, module, limits);
                break;
            case SectionId.Global:
                GlobalSection.Decode(ref reader, module, limits);
                break;
            case SectionId.Export:
                ExportSection.Decode(ref reader, module, limits);
                break;
            case SectionId.Start:
                module.Start = reader.U32();
                break;
            case SectionId.Element:
                ElementSection.Decode(ref reader, module, limits);
                break;
            case SectionId.DataCount:
                module.DataCount = reader.U32();
                break;
            case SectionId.Code:
                CodeSection.Decode(ref reader, module, limits);
                break;
            default:
                DataSection.Decode(ref reader, module, limits);
                break;
        }
    }

    private static void CheckCounts(ModuleDefinition module)
    {
        if (module.Functions.Count != module.Bodies.Count)
        {
            throw new WasmException(
                WasmErrorKind.Malformed,
                "function and code section have inconsistent lengths: "
                + $"expected {module.Functions.Count} bodies, found {module.Bodies.Count}");
        }

        if (module.DataCount is { } count && count != module.Data.Count)
        {
            throw new WasmException(
                WasmErrorKind.Malformed,
                $"data count and data section have inconsistent lengths: expected {count}, found {module.Data.Count}");
        }
    }

    /// <summary>All of a module is decoded before any of it is validated: malformed comes before invalid.</summary>
    private static void ScanBodies(ModuleDefinition module, MeterLimits limits)
    {
        var decoder = new InstructionDecoder(module, limits);
        var code = new FunctionCode();
        foreach (var body in module.Bodies)
        {
            decoder.Decode(body, code);
        }
    }
}
