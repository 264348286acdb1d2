// Names to things. Enters: functions, memories, tables, globals and instances under module and field names. Leaves:
// instances whose imports were looked up there. Always holds: what a module gets has exactly the type it asked for.
namespace EventSourced.Wasm;

/// <summary>Finds what modules import, by name.</summary>
public sealed class Linker : IDisposable
{
    private readonly Engine _engine;
    private readonly Dictionary<(string Module, string Name), object> _things = [];
    private readonly Dictionary<(string Module, string Name), Func<Store, Function>> _makers = [];

    /// <summary>Makes an empty linker.</summary>
    public Linker(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
    }

    /// <summary>Whether a name may be defined again; the later definition wins.</summary>
    public bool AllowShadowing { get; set; } = true;

    /// <summary>Defines a function.</summary>
    public void Define(string module, string name, Function function) => Put(module, name, function);

    /// <summary>Defines a memory.</summary>
    public void Define(string module, string name, Memory memory) => Put(module, name, memory);

    /// <summary>Defines a table.</summary>
    public void Define(string module, string name, Table table) => Put(module, name, table);

    /// <summary>Defines a global.</summary>
    public void Define(string module, string name, Global global) => Put(module, name, global);

    /// <summary>
    /// Defines a host function for every store; see <see cref="Function.FromCallback(Store, Delegate)"/>.
    /// </summary>
    public void DefineFunction(string module, string name, Delegate callback) =>
        PutMaker(module, name, store => Function.FromCallback(store, callback));

    /// <summary>Defines a host function over boxes for every store.</summary>
    public void DefineFunction(string module, string name, FunctionType type, HostCallback callback) =>
        PutMaker(module, name, store => Function.FromCallback(store, type, callback));

    /// <summary>Defines all exports of an instance under a module name.</summary>
    public void DefineInstance(string module, Instance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        foreach (var (name, thing) in instance.ExportedThings)
            Put(module, name, thing);
    }

    /// <summary>
    /// Instantiates a module: checks its imports, makes it, fills its segments, and calls its start function.
    /// </summary>
    public Instance Instantiate(Store store, Module module)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(module);
        if (!ReferenceEquals(store.Engine, _engine))
            throw new WasmException(WasmErrorKind.Usage, "expected a store of the linker's engine, found another's");
        var imports = new object[module.Imports.Count];
        for (var i = 0; i < imports.Length; i++)
            imports[i] = Find(store, module.Imports[i]);
        return new Instance(store, module, imports);
    }

    /// <summary>Nothing is held outside managed memory.</summary>
    public void Dispose()
    {
    }

    private object Find(Store store, Import import)
    {
        var key = (import.ModuleName, import.Name);
        if (_things.TryGetValue(key, out var thing))
            return thing;
        if (_makers.TryGetValue(key, out var maker))
            return maker(store);
        throw new WasmException(
            WasmErrorKind.Unlinkable, $"unknown import: expected '{import.ModuleName}' '{import.Name}', found nothing");
    }

    private void Put(string module, string name, object thing)
    {
        ArgumentNullException.ThrowIfNull(thing);
        CheckNew(module, name);
        _makers.Remove((module, name));
        _things[(module, name)] = thing;
    }

    private void PutMaker(string module, string name, Func<Store, Function> maker)
    {
        CheckNew(module, name);
        _things.Remove((module, name));
        _makers[(module, name)] = maker;
    }

    private void CheckNew(string module, string name)
    {
        if (!AllowShadowing && (_things.ContainsKey((module, name)) || _makers.ContainsKey((module, name))))
            throw new WasmException(WasmErrorKind.Usage, $"expected a new name, found '{module}' '{name}' defined");
    }
}
