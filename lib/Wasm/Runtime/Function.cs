// A function of a guest or of the host. Enters: arguments as boxes or .NET values. Leaves: results the same way, or a
// trap. Always holds: Code has exactly the signature (Instance, int depth, parameters...) -> first result of Type, and
// Context is the instance it belongs to; both are made by Compile/ alone.
using EventSourced.Wasm.Compile;

namespace EventSourced.Wasm;

/// <summary>A function that the host or a guest can call.</summary>
public sealed partial class Function
{
    internal readonly nint Code;
    internal readonly Instance Context;
    internal readonly int TypeId;
    internal EntryThunk? Entry;

    internal Function(Instance context, nint code, FunctionType type, int typeId)
    {
        Context = context;
        Code = code;
        Type = type;
        TypeId = typeId;
    }

    /// <summary>The kinds of parameters and results.</summary>
    public FunctionType Type { get; }

    internal Store Store => Context.Store;

    /// <summary>
    /// Makes a function of the host. The callback may take a <see cref="Caller"/> first; its other parameters and its
    /// result are int, long, float, double, <see cref="Function"/>, object, or a value tuple of these as result.
    /// </summary>
    public static Function FromCallback(Store store, Delegate callback)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(callback);
        return HostFunctions.Create(store, callback);
    }

    /// <summary>Makes a function of the host with a given type, which gets and gives boxes.</summary>
    public static Function FromCallback(Store store, FunctionType type, HostCallback callback)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(callback);
        return HostFunctions.Create(store, type, callback);
    }

    /// <summary>Calls the function; the result is null, one value, or an array of values.</summary>
    public object? Invoke(params ReadOnlySpan<ValueBox> arguments)
    {
        if (Type.Results.Count == 0)
        {
            Invoke(arguments, []);
            return null;
        }

        var results = new ValueBox[Type.Results.Count];
        Invoke(arguments, results);
        return results.Length == 1 ? results[0].ToObject() : Array.ConvertAll(results, box => box.ToObject());
    }

    /// <summary>Calls the function; arguments and results have exactly the type's counts and kinds.</summary>
    public void Invoke(ReadOnlySpan<ValueBox> arguments, Span<ValueBox> results)
    {
        var parameters = Type.ParameterKinds;
        if (arguments.Length != parameters.Length || results.Length != Type.ResultKinds.Length)
        {
            throw new WasmException(
                WasmErrorKind.Usage,
                $"expected arguments and results of {Type}, found {arguments.Length} and room for {results.Length}");
        }

        for (var i = 0; i < parameters.Length; i++)
            CheckArgument(parameters[i], arguments[i], i);
        Boundary.Call(this, arguments, results);
    }

    /// <summary>A host function as this instance sees it, so that the host can tell who calls.</summary>
    internal Function BoundTo(Instance importer) =>
        Context.Callback is { } callback
            ? new Function(
                new Instance(Store, callback, importer) { HostType = Type, HostCode = Context.HostCode },
                Code,
                Type,
                TypeId)
            : this;

    private void CheckArgument(ValueKind expected, in ValueBox argument, int position)
    {
        if (argument.Kind != expected)
        {
            throw new WasmException(
                WasmErrorKind.Usage,
                $"expected {expected.Text()} as argument {position} of {Type}, found {argument.Kind.Text()}");
        }

        if (expected == ValueKind.FuncRef)
            Store.CheckOwn((Function?)argument.Reference);
    }
}

/// <summary>A host function over boxes: reads arguments, writes every result.</summary>
public delegate void HostCallback(Caller caller, ReadOnlySpan<ValueBox> arguments, Span<ValueBox> results);
