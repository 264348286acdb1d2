// Small dynamic methods between host and guest. Enters: function types and delegate types. Leaves: an entry per
// function type (boxes to arguments, results to boxes) and a code pointer per host delegate type. Always holds: one
// of each per engine; a host function's pointer has the same signature as a guest's.
using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace EventSourced.Wasm.Compile;

/// <summary>Calls a function's code with boxed arguments.</summary>
internal delegate void EntryThunk(Function function, int depth, ref ValueBox arguments, ref ValueBox results);

internal sealed class Thunks
{
    private static readonly ConstructorInfo BoxOf = typeof(ValueBox).GetConstructor(
        BindingFlags.Instance | BindingFlags.NonPublic, [typeof(ValueKind), typeof(ulong), typeof(object)])!;

    private readonly ConcurrentDictionary<FunctionType, EntryThunk> _entries = new();
    private readonly ConcurrentDictionary<(FunctionType Type, Type Callback), HostCode> _hosts = new();

    /// <summary>Code of a host function; the type is held so that the code stays.</summary>
    internal sealed record HostCode(nint Pointer, Type Holder);

    public EntryThunk EntryOf(FunctionType type) => _entries.GetOrAdd(type, MakeEntry);

    public HostCode HostOf(FunctionType type, Type callback) =>
        _hosts.GetOrAdd((type, callback), key => HostThunk.Make(key.Type, key.Callback));

    private static EntryThunk MakeEntry(FunctionType type)
    {
        var method = new DynamicMethod(
            "entry",
            null,
            [typeof(Function), typeof(int), typeof(ValueBox).MakeByRefType(), typeof(ValueBox).MakeByRefType()],
            typeof(Function).Module,
            skipVisibility: true);
        var il = method.GetILGenerator();
        var results = type.ResultKinds;
        if (results.Length > 0)
            il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, Members.Context);
        il.Emit(OpCodes.Ldarg_1);
        for (var i = 0; i < type.ParameterKinds.Length; i++)
            LoadArgument(il, i, type.ParameterKinds[i]);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, Members.Code);
        il.EmitCalli(
            OpCodes.Calli, CallingConventions.Standard, Signatures.Result(type), Signatures.Parameters(type), null);
        if (results.Length > 0)
            StoreBox(il, results[0]);
        for (var i = 1; i < results.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_3);
            Offset(il, i);
            LoadMore(il, i, results[i]);
            StoreBox(il, results[i]);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<EntryThunk>();
    }

    private static void Offset(ILGenerator il, int index)
    {
        if (index == 0)
            return;
        il.Emit(OpCodes.Sizeof, typeof(ValueBox));
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Add);
    }

    private static void LoadArgument(ILGenerator il, int index, ValueKind kind)
    {
        il.Emit(OpCodes.Ldarg_2);
        Offset(il, index);
        Unbox(il, kind);
    }

    /// <summary>From the address of a box to the value in it.</summary>
    public static void Unbox(ILGenerator il, ValueKind kind)
    {
        if (kind.IsReference())
        {
            il.Emit(OpCodes.Ldfld, Members.Field(typeof(ValueBox), nameof(ValueBox.Reference)));
            if (kind == ValueKind.FuncRef)
                il.Emit(OpCodes.Castclass, typeof(Function));
            return;
        }

        il.Emit(OpCodes.Ldfld, Members.Field(typeof(ValueBox), nameof(ValueBox.Bits)));
        switch (kind)
        {
            case ValueKind.Int32:
                il.Emit(OpCodes.Conv_I4);
                break;
            case ValueKind.Float32:
                il.Emit(OpCodes.Conv_I4);
                il.Emit(OpCodes.Call, ((Func<int, float>)BitConverter.Int32BitsToSingle).Method);
                break;
            case ValueKind.Float64:
                il.Emit(OpCodes.Call, ((Func<long, double>)BitConverter.Int64BitsToDouble).Method);
                break;
        }
    }

    /// <summary>The address of a box and a value are on the stack: the box gets the value.</summary>
    public static void StoreBox(ILGenerator il, ValueKind kind)
    {
        var value = il.DeclareLocal(kind.ClrType());
        il.Emit(OpCodes.Stloc, value);
        il.Emit(OpCodes.Ldc_I4, (int)kind);
        if (kind.IsReference())
        {
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Conv_U8);
            il.Emit(OpCodes.Ldloc, value);
        }
        else
        {
            il.Emit(OpCodes.Ldloc, value);
            ToBits(il, kind);
            il.Emit(OpCodes.Ldnull);
        }

        il.Emit(OpCodes.Newobj, BoxOf);
        il.Emit(OpCodes.Stobj, typeof(ValueBox));
    }

    private static void ToBits(ILGenerator il, ValueKind kind)
    {
        switch (kind)
        {
            case ValueKind.Int32:
                il.Emit(OpCodes.Conv_U8);
                break;
            case ValueKind.Float32:
                il.Emit(OpCodes.Call, ((Func<float, int>)BitConverter.SingleToInt32Bits).Method);
                il.Emit(OpCodes.Conv_U8);
                break;
            case ValueKind.Float64:
                il.Emit(OpCodes.Call, ((Func<double, long>)BitConverter.DoubleToInt64Bits).Method);
                break;
        }
    }

    private static void LoadMore(ILGenerator il, int index, ValueKind kind)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, Members.Context);
        il.Emit(OpCodes.Ldfld, Members.Store);
        if (kind.IsReference())
        {
            il.Emit(OpCodes.Ldfld, Members.MoreReferences);
            il.Emit(OpCodes.Ldc_I4, index);
            il.Emit(OpCodes.Ldelem_Ref);
            if (kind == ValueKind.FuncRef)
                il.Emit(OpCodes.Castclass, typeof(Function));
            return;
        }

        il.Emit(OpCodes.Ldfld, Members.MoreNumbers);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Ldelema, typeof(NumberCell));
        il.Emit(OpCodes.Ldfld, Members.CellField(kind));
    }
}
