// Functions of the host. Enters: a delegate. Leaves: a Function that guests call like their own. Always holds: the
// delegate's types map one to one to WebAssembly types; results are checked before the guest sees them.
using System.Runtime.CompilerServices;
using EventSourced.Wasm.Compile;

namespace EventSourced.Wasm;

internal static class HostFunctions
{
    public static Function Create(Store store, Delegate callback)
    {
        var delegateType = callback.GetType();
        var invoke = delegateType.GetMethod("Invoke")!;
        var parameters = invoke.GetParameters().Select(parameter => parameter.ParameterType).ToList();
        if (parameters.Count > 0 && parameters[0] == typeof(Caller))
            parameters.RemoveAt(0);
        if (!delegateType.IsVisible)
        {
            throw new WasmException(
                WasmErrorKind.Usage, $"expected a public delegate type such as Func or Action, found {delegateType}");
        }

        var type = new FunctionType([.. parameters.Select(KindOf)], [.. ResultKinds(invoke.ReturnType)]);
        return Create(store, type, callback, delegateType);
    }

    public static Function Create(Store store, FunctionType type, HostCallback callback) =>
        Create(store, type, callback, typeof(HostCallback));

    /// <summary>Called before the delegate: nested calls may use what is left of the depth.</summary>
    public static void Begin(Instance host, int depth)
    {
        var left = depth - FrameWeight.Host;
        // The frames of the host are not weighed, so the thread itself is asked as well.
        if (left < 0 || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Traps.StackOverflow();
        host.Store.Depth = left;
    }

    public static Caller CallerOf(Instance host) => new(host.Store, host.Importer);

    public static void CallBoxes(Instance host, ValueBox[] arguments, ValueBox[] results)
    {
        var type = host.HostType!;
        for (var i = 0; i < results.Length; i++)
            results[i] = ValueBox.Zero(type.ResultKinds[i]);
        ((HostCallback)host.Callback!)(CallerOf(host), arguments, results);
        for (var i = 0; i < results.Length; i++)
        {
            var kind = type.ResultKinds[i];
            if (results[i].Kind != kind)
            {
                throw new WasmException(
                    WasmErrorKind.Usage, $"expected {kind.Text()} as result {i}, found {results[i].Kind.Text()}");
            }

            if (kind == ValueKind.FuncRef)
                host.Store.CheckOwn((Function?)results[i].Reference);
            host.Store.MoreReferences[i] = results[i].Reference;
            host.Store.MoreNumbers[i].Int64 = (long)results[i].Bits;
        }
    }

    /// <summary>Whether what a host function threw must be wrapped, lest it be taken for a trap of the guest.</summary>
    public static bool IsForeign(object thrown) => thrown is not WasmException;

    public static Exception Wrap(Exception thrown) =>
        new WasmException(WasmErrorKind.Host, $"a function of the host failed: {thrown.Message}", thrown);

    private static Function Create(Store store, FunctionType type, Delegate callback, Type delegateType)
    {
        var code = store.Engine.Thunks.HostOf(type, delegateType);
        var context = new Instance(store, callback, null) { HostType = type, HostCode = code };
        return new Function(context, code.Pointer, type, store.Engine.TypeId(type));
    }

    private static ValueKind KindOf(Type type) =>
        type == typeof(int) || type == typeof(uint) ? ValueKind.Int32
        : type == typeof(long) || type == typeof(ulong) ? ValueKind.Int64
        : type == typeof(float) ? ValueKind.Float32
        : type == typeof(double) ? ValueKind.Float64
        : type == typeof(Function) ? ValueKind.FuncRef
        : type == typeof(object) ? ValueKind.ExternRef
        : throw new WasmException(
            WasmErrorKind.Usage, $"expected int, long, float, double, Function or object, found {type}");

    private static IEnumerable<ValueKind> ResultKinds(Type type) =>
        type == typeof(void) ? []
        : type.IsGenericType && type.IsAssignableTo(typeof(ITuple)) && type.IsValueType
            ? type.GetGenericArguments().Select(KindOf)
            : [KindOf(type)];
}
