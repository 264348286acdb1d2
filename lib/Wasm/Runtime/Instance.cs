// One instance of a module, and argument 0 of all its compiled functions. Enters: a module and its imports. Leaves:
// exports. Always holds: once made, the fields that compiled code reads are never null where the module validated
// their use. A host function has an Instance of its own without a module, so that every function's context has one
// type.
using EventSourced.Wasm.Binary;
using EventSourced.Wasm.Compile;

namespace EventSourced.Wasm;

/// <summary>One instance of a module.</summary>
public sealed partial class Instance
{
    internal readonly Store Store;

    /// <summary>
    /// Compiled code stops when less fuel than this is left: zero, or above everything after a cancellation.
    /// </summary>
    internal long FuelFloor;

    /// <summary>Always zero, and the JIT does not know; see FunctionCompiler.Rotations.cs.</summary>
#pragma warning disable CS0649 // Never assigned: that is its use.
    internal long Zero;
#pragma warning restore CS0649

    /// <summary>Memory 0, where the module has one.</summary>
    internal readonly Memory Memory0 = null!;

    /// <summary>Table 0, where the module has one: indirect calls mostly go through it.</summary>
    internal readonly Table Table0 = null!;

    internal readonly Table[] Tables = [];

    internal readonly Global[] Globals = [];

    /// <summary>The first globals again, one load nearer: the stack pointer of compiled C is one of them.</summary>
    internal Global Global0 = null!, Global1 = null!, Global2 = null!, Global3 = null!;

    /// <summary>Imported functions, then functions made when first referred to.</summary>
    internal readonly Function?[] Functions = [];

    /// <summary>What a host function calls; null in an instance of a module.</summary>
    internal readonly Delegate? Callback;

    /// <summary>For a host function: its type, and what keeps its code alive.</summary>
    internal FunctionType? HostType;

    internal Thunks.HostCode? HostCode;

    /// <summary>For a host function: the instance that imported it.</summary>
    internal readonly Instance? Importer;

    private readonly CompiledModule _compiled = null!;
    private readonly bool[] _droppedData = [];
    private readonly bool[] _droppedElements = [];
    private readonly Dictionary<string, object> _exports = [];

    /// <summary>Instantiates a module with its imports in order: functions, memories, tables and globals.</summary>
    public Instance(Store store, Module module, params ReadOnlySpan<object> imports)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(module);
        Store = store;
        Module = module;
        _compiled = module.Compiled;
        if (!ReferenceEquals(_compiled.Engine, store.Engine))
            throw new WasmException(WasmErrorKind.Usage, "expected a module of the store's engine, found another's");
        store.Add(this);
        var spaces = _compiled.Spaces;
        Functions = new Function?[spaces.FunctionTypes.Count];
        Tables = new Table[spaces.Tables.Count];
        Globals = new Global[spaces.Globals.Count];
        Memory0 = Link(imports)!;
        Memory0 ??= MakeMemory()!;
        MakeTables();
        Table0 = Tables.Length > 0 ? Tables[0] : null!;
        MakeGlobals();
        _droppedData = new bool[_compiled.Definition.Data.Count];
        _droppedElements = new bool[_compiled.Definition.Elements.Count];
        MakeExports();
        FillSegments();
        if (_compiled.Definition.Start is { } start)
            FunctionAt((int)start).Invoke([], []);
    }

    internal Instance(Store store, Delegate callback, Instance? importer)
    {
        Store = store;
        Callback = callback;
        Importer = importer;
    }

    /// <summary>The module this is an instance of.</summary>
    public Module Module { get; } = null!;

    internal IEnumerable<KeyValuePair<string, object>> ExportedThings => _exports;

    /// <summary>The exported function of that name, or null.</summary>
    public Function? GetFunction(string name) => Find<Function>(name);

    /// <summary>The exported memory of that name, or null.</summary>
    public Memory? GetMemory(string name) => Find<Memory>(name);

    /// <summary>The exported table of that name, or null.</summary>
    public Table? GetTable(string name) => Find<Table>(name);

    /// <summary>The exported global of that name, or null.</summary>
    public Global? GetGlobal(string name) => Find<Global>(name);

    /// <summary>The exported function as an action, or null where there is none of that type.</summary>
    public Action? GetAction(string name) => GetFunction(name)?.WrapAction();

    /// <summary>The exported function as an action, or null where there is none of that type.</summary>
    public Action<T>? GetAction<T>(string name) => GetFunction(name)?.WrapAction<T>();

    /// <summary>The exported function as an action, or null where there is none of that type.</summary>
    public Action<T1, T2>? GetAction<T1, T2>(string name) => GetFunction(name)?.WrapAction<T1, T2>();

    /// <summary>The exported function as a delegate, or null where there is none of that type.</summary>
    public Func<TResult>? GetFunction<TResult>(string name) => GetFunction(name)?.WrapFunc<TResult>();

    /// <summary>The exported function as a delegate, or null where there is none of that type.</summary>
    public Func<T, TResult>? GetFunction<T, TResult>(string name) => GetFunction(name)?.WrapFunc<T, TResult>();

    /// <summary>The exported function as a delegate, or null where there is none of that type.</summary>
    public Func<T1, T2, TResult>? GetFunction<T1, T2, TResult>(string name) =>
        GetFunction(name)?.WrapFunc<T1, T2, TResult>();

    /// <summary>The exported function as a delegate, or null where there is none of that type.</summary>
    public Func<T1, T2, T3, TResult>? GetFunction<T1, T2, T3, TResult>(string name) =>
        GetFunction(name)?.WrapFunc<T1, T2, T3, TResult>();

    /// <summary>The function at an index; made when it is first asked for, and then always the same.</summary>
    internal Function FunctionAt(int index)
    {
        if (Functions[index] is { } known)
            return known;
        var type = _compiled.Spaces.FunctionTypes[index];
        return Functions[index] = new Function(this, _compiled.Pointer(index), type, _compiled.TypeIdOf(index));
    }

    internal ReadOnlySpan<byte> DataOf(int segment)
    {
        if (_droppedData[segment])
            return default;
        var data = _compiled.Definition.Data[segment];
        return _compiled.Definition.Bytes.AsSpan(data.Start, data.Length);
    }

    internal void DropData(int segment) => _droppedData[segment] = true;

    internal ReadOnlySpan<Constant> ElementsOf(int segment) =>
        _droppedElements[segment] ? default : _compiled.Definition.Elements[segment].Items;

    internal void DropElements(int segment) => _droppedElements[segment] = true;

    private T? Find<T>(string name)
        where T : class => _exports.TryGetValue(name, out var thing) ? thing as T : null;
}
