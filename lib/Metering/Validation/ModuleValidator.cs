// Validates everything of a module but its function bodies (specification 3.4). Enters: a decoded definition. Leaves:
// its index spaces and the functions that may be referred to, or Invalid. Always holds: after this every index
// outside of bodies exists and has the right type.
using EventSourced.Metering.Binary;

namespace EventSourced.Metering.Validation;

internal sealed class ModuleValidator
{
    private const uint MostPages = 65_536;

    private readonly ModuleDefinition _module;
    private readonly MeterLimits _limits;

    private ModuleValidator(ModuleDefinition module, MeterLimits limits)
    {
        _module = module;
        _limits = limits;
        Spaces = IndexSpaces.Of(module);
    }

    public IndexSpaces Spaces { get; }

    /// <summary>
    /// Functions that exports, globals or segments name (C.refs): ref.func may name them, and tables hold them.
    /// </summary>
    public HashSet<uint> Referred { get; } = [];

    /// <summary>Validates the whole module, bodies too.</summary>
    public static void Validate(ModuleDefinition module, MeterLimits limits)
    {
        var context = ValidateOutside(module, limits);
        var decoder = new InstructionDecoder(module, limits);
        var validator = new FunctionValidator(module, context.Spaces, context.Referred, limits);
        var code = new FunctionCode();
        for (var i = 0; i < module.Bodies.Count; i++)
        {
            decoder.Decode(module.Bodies[i], code);
            validator.Validate(i, code);
        }
    }

    /// <summary>
    /// Validates all but the bodies, which the compiler validates one by one before it compiles them.
    /// </summary>
    public static ModuleValidator ValidateOutside(ModuleDefinition module, MeterLimits limits)
    {
        var validator = new ModuleValidator(module, limits);
        validator.CheckSpaces();
        validator.CheckGlobals();
        validator.CheckExports();
        validator.CheckStart();
        validator.CheckElements();
        validator.CheckData();
        return validator;
    }

    private static WasmException Invalid(string what) => new(WasmErrorKind.Invalid, what);

    private void CheckSpaces()
    {
        Within(Spaces.FunctionTypes.Count, _limits.Functions, "functions");
        Within(Spaces.Tables.Count, _limits.Tables, "tables");
        Within(Spaces.Globals.Count, _limits.Globals, "globals");
        if (Spaces.Memories.Count > 1)
            throw Invalid($"multiple memories: expected at most one, found {Spaces.Memories.Count}");
        foreach (var memory in Spaces.Memories)
        {
            if (memory.Minimum > MostPages || memory.Maximum > MostPages)
                throw Invalid($"memory size must be at most 65536 pages (4GiB), found {memory}");
            if (memory.Minimum > memory.Maximum)
                throw Invalid($"size minimum must not be greater than maximum, found {memory}");
        }

        foreach (var table in Spaces.Tables)
        {
            if (table.Bounds.Minimum > MeterLimits.TableElementsMost && Spaces.ImportedTables == 0)
            {
                throw new WasmException(
                    WasmErrorKind.Limit,
                    $"expected tables of at most {MeterLimits.TableElementsMost} elements, found {table.Bounds.Minimum}");
            }

            if (table.Bounds.Minimum > table.Bounds.Maximum)
                throw Invalid($"size minimum must not be greater than maximum, found {table.Bounds}");
        }
    }

    private static void Within(int count, int limit, string what)
    {
        if (count > limit)
            throw new WasmException(WasmErrorKind.Limit, $"expected at most {limit} {what}, found {count}");
    }

    private void CheckGlobals()
    {
        foreach (var global in _module.Globals)
            CheckConstant(global.Initial, global.Type.Kind);
    }

    private void CheckConstant(in Constant constant, ValueKind wanted)
    {
        if (constant.Fault is { } fault)
            throw Invalid(fault);
        var found = constant.Type;
        if (constant.Kind == ConstantKind.Global)
        {
            // A constant expression sees imported globals alone (3.4.10, context C').
            if (constant.Index >= Spaces.ImportedGlobals)
                throw Invalid($"unknown global {constant.Index} in a constant expression");
            var global = Spaces.Globals[(int)constant.Index];
            if (global.Mutable)
                throw Invalid($"constant expression required, found mutable global {constant.Index}");
            found = global.Kind;
        }

        if (constant.Kind == ConstantKind.Function)
        {
            CheckFunction(constant.Index);
            Referred.Add(constant.Index);
        }

        if (found != wanted)
            throw Invalid($"type mismatch: expected {wanted.Text()}, found {found.Text()} in a constant expression");
    }

    private void CheckFunction(uint index)
    {
        if (index >= Spaces.FunctionTypes.Count)
            throw Invalid($"unknown function {index}");
    }

    private void CheckExports()
    {
        var names = new HashSet<string>(_module.Exports.Count, StringComparer.Ordinal);
        foreach (var export in _module.Exports)
        {
            if (!names.Add(export.Name))
                throw Invalid($"duplicate export name '{export.Name}'");
            var (count, what) = export.Kind switch
            {
                ExternKind.Function => (Spaces.FunctionTypes.Count, "function"),
                ExternKind.Table => (Spaces.Tables.Count, "table"),
                ExternKind.Memory => (Spaces.Memories.Count, "memory"),
                _ => (Spaces.Globals.Count, "global"),
            };
            if (export.Index >= count)
                throw Invalid($"unknown {what} {export.Index}");
            if (export.Kind == ExternKind.Function)
                Referred.Add(export.Index);
        }
    }

    private void CheckStart()
    {
        if (_module.Start is not { } start)
            return;
        CheckFunction(start);
        if (Spaces.FunctionTypes[(int)start] is { Parameters.Count: > 0 } or { Results.Count: > 0 })
            throw Invalid($"start function: expected () -> (), found {Spaces.FunctionTypes[(int)start]}");
    }

    private void CheckElements()
    {
        foreach (var segment in _module.Elements)
        {
            if (segment.Mode == SegmentMode.Active)
            {
                if (segment.Table >= Spaces.Tables.Count)
                    throw Invalid($"unknown table {segment.Table}");
                var element = Spaces.Tables[(int)segment.Table].Element;
                if (element != segment.Type)
                    throw Invalid($"type mismatch: expected elements of {element.Text()}, found {segment.Type.Text()}");
                CheckConstant(segment.Offset, ValueKind.Int32);
            }

            foreach (var item in segment.Items)
                CheckConstant(item, segment.Type);
        }
    }

    private void CheckData()
    {
        foreach (var segment in _module.Data)
        {
            if (segment.Mode != SegmentMode.Active)
                continue;
            if (segment.Memory >= Spaces.Memories.Count)
                throw Invalid($"unknown memory {segment.Memory}");
            CheckConstant(segment.Offset, ValueKind.Int32);
        }
    }
}
