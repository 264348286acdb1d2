// Writes the rewritten module. Enters: the definition and the plans of its bodies. Leaves: bytes: sections as they
// are, but for types (some more), globals and exports (the meter's own at the end), start (an export instead) and
// code. Always holds: no index of the original changes.
using EventSourced.Metering.Binary;

namespace EventSourced.Metering.Rewriting;

internal sealed class ModuleWriter
{
    private const int MeterGlobals = 4;

    private readonly ModuleDefinition _module;
    private readonly IndexSpaces _spaces;
    private readonly BodyPlan[] _plans;
    private readonly MeterLimits _limits;
    private readonly ByteWriter _out = new();
    private readonly ByteWriter _section = new();
    private readonly AddedTypes _types;
    private readonly FunctionRewriter _rewriter;

    public ModuleWriter(ModuleDefinition module, IndexSpaces spaces, BodyPlan[] plans, MeterLimits limits)
    {
        (_module, _spaces, _plans, _limits) = (module, spaces, plans, limits);
        _types = new AddedTypes(module);
        _rewriter = new FunctionRewriter(module, spaces, plans, _types);
    }

    /// <summary>The index of the first of the meter's globals: fuel, depth, pages, elements.</summary>
    private uint FirstGlobal => (uint)_spaces.Globals.Count;

    public MeteredModule Write()
    {
        var code = Bodies();
        _out.Raw(_module.Bytes.AsSpan(0, 8));
        foreach (var id in (SectionId[])
            [
                SectionId.Type, SectionId.Import, SectionId.Function, SectionId.Table, SectionId.Memory,
                SectionId.Global, SectionId.Export, SectionId.Element, SectionId.DataCount, SectionId.Code,
                SectionId.Data,
            ])
        {
            // Hints stand before the code that they are about.
            if (id == SectionId.Code && _rewriter.HintCount > 0)
                WriteHints();
            WriteSection(id, code);
        }

        return new MeteredModule
        {
            Bytes = _out.Memory,
            Imports = [.. _module.Imports.Select(Describe)],
            Exports = [.. _module.Exports.Select(Describe)],
            HasMemory = _spaces.Memories.Count > 0,
            HasStart = _module.Start is not null,
            InitialPages = _module.Memories.Sum(memory => (long)memory.Minimum),
            InitialElements = _module.Tables.Sum(table => (long)table.Bounds.Minimum),
            InstantiationFuel = InstantiationFuel(),
        };
    }

    private void WriteHints()
    {
        _section.Clear();
        _section.Name("metadata.code.branch_hint").U32(_rewriter.HintCount).Raw(_rewriter.Hints.Span);
        _out.Byte((byte)SectionId.Custom).Sized(_section.Span);
    }

    private long InstantiationFuel() =>
        Prices.Bytes(_module.Data.Where(data => data.Mode == SegmentMode.Active).Sum(data => (long)data.Length))
        + Prices.Elements(
            _module.Elements.Where(
                element => element.Mode == SegmentMode.Active).Sum(element => (long)element.Items.Length));

    private void WriteSection(SectionId id, ByteWriter code)
    {
        _section.Clear();
        switch (id)
        {
            case SectionId.Type when _types.Count > 0:
                Extend(id, (uint)_types.Count).Raw(_types.Bytes);
                break;
            case SectionId.Global:
                Extend(id, MeterGlobals);
                Global(-InstantiationFuel());
                Global(0);
                Global(Meter.PagesMost);
                Global(Meter.TableElementsMost);
                break;
            case SectionId.Export:
                WriteExports();
                break;
            case SectionId.Code when _module.Bodies.Count > 0:
                _section.U32((uint)_module.Bodies.Count).Raw(code.Span);
                break;
            default:
                if (Range(id) is not { } range)
                    return;
                _section.Raw(Bytes(range));
                break;
        }

        _out.Byte((byte)id).Sized(_section.Span);
    }

    private void WriteExports()
    {
        var (start, memory) = (_module.Start is null ? 0U : 1, _spaces.Memories.Count == 0 ? 0U : 1);
        Extend(SectionId.Export, MeterGlobals + start + memory);
        string[] names = [Meter.FuelExport, Meter.DepthExport, Meter.PagesExport, Meter.ElementsExport];
        for (var i = 0; i < names.Length; i++)
            _section.Name(names[i]).Byte((byte)ExternKind.Global).U32(FirstGlobal + (uint)i);
        if (_module.Start is { } function)
            _section.Name(Meter.StartExport).Byte((byte)ExternKind.Function).U32(function);
        if (memory > 0)
            _section.Name(Meter.MemoryExport).Byte((byte)ExternKind.Memory).U32(0);
    }

    private void Global(long initial) =>
        _section.Byte((byte)ValueKind.Int64).Byte(1).Byte((byte)Opcode.I64Const).S64(initial).Byte((byte)Opcode.End);

    /// <summary>A section of a vector with room for more entries behind the original's.</summary>
    private ByteWriter Extend(SectionId id, uint more)
    {
        if (Range(id) is not { } range)
            return _section.U32(more);
        var reader = new ByteReader(_module.Bytes, range.Start, range.Start + range.Length);
        return _section.U32(reader.U32() + more).Raw(_module.Bytes.AsSpan(reader.Position, reader.Remaining));
    }

    private SectionRange? Range(SectionId id)
    {
        foreach (var range in _module.Sections)
        {
            if (range.Id == id)
                return range;
        }

        return null;
    }

    private ReadOnlySpan<byte> Bytes(SectionRange range) => _module.Bytes.AsSpan(range.Start, range.Length);

    private ByteWriter Bodies()
    {
        var code = new ByteWriter();
        for (var i = 0; i < _plans.Length; i++)
        {
            code.Sized(_rewriter.Rewrite(i));
            if (code.Length > _limits.RewrittenBytes)
            {
                throw new WasmException(
                    WasmErrorKind.Limit,
                    $"expected at most {_limits.RewrittenBytes} bytes of rewritten code, found more");
            }
        }

        return code;
    }

    private ModuleImport Describe(ImportEntry import) => new(
        import.Module,
        import.Name,
        (ExternalKind)import.Kind,
        import.Kind == ExternKind.Function ? _module.Types[(int)import.TypeIndex] : null);

    private ModuleExport Describe(ExportEntry export) => new(
        export.Name,
        (ExternalKind)export.Kind,
        export.Kind == ExternKind.Function ? _spaces.FunctionTypes[(int)export.Index] : null);
}
