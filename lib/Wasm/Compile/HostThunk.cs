// The code of a host function: what a guest's call jumps to. Enters: a function type and the delegate's type. Leaves:
// a pointer to (Instance, int depth, parameters...) -> first result, which calls the delegate in the instance. Always
// holds: the depth that is left is in the store during the call; whatever the host throws is wrapped, so that it
// never looks like a trap.
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace EventSourced.Wasm.Compile;

internal static class HostThunk
{
    private static readonly MethodInfo Begin = Members.Method(typeof(HostFunctions), nameof(HostFunctions.Begin));
    private static readonly MethodInfo CallerOf = Members.Method(typeof(HostFunctions), nameof(HostFunctions.CallerOf));
    private static readonly MethodInfo IsForeign =
        Members.Method(typeof(HostFunctions), nameof(HostFunctions.IsForeign));
    private static readonly MethodInfo Wrap = Members.Method(typeof(HostFunctions), nameof(HostFunctions.Wrap));
    private static readonly MethodInfo CallBoxes =
        Members.Method(typeof(HostFunctions), nameof(HostFunctions.CallBoxes));

    private static readonly FieldInfo Callback = Members.Field(typeof(Instance), nameof(Instance.Callback));

    public static Thunks.HostCode Make(FunctionType type, Type callback)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(
            new AssemblyName(CompiledNames.AssemblyName), AssemblyBuilderAccess.RunAndCollect);
        var holder = assembly.DefineDynamicModule(CompiledNames.AssemblyName).DefineType(
            "host", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var method = holder.DefineMethod(
            "call",
            MethodAttributes.Public | MethodAttributes.Static,
            Signatures.Result(type),
            Signatures.Parameters(type));
        if (callback == typeof(HostCallback))
            EmitBoxed(method.GetILGenerator(), type);
        else
            EmitTyped(method.GetILGenerator(), type, callback);
        var pointer = holder.DefineMethod(
            "pointer", MethodAttributes.Public | MethodAttributes.Static, typeof(nint), []);
        var il = pointer.GetILGenerator();
        il.Emit(OpCodes.Ldftn, method);
        il.Emit(OpCodes.Ret);
        var created = holder.CreateType();
        return new Thunks.HostCode(created.GetMethod("pointer")!.CreateDelegate<Func<nint>>()(), created);
    }

    private static void EmitTyped(ILGenerator il, FunctionType type, Type callback)
    {
        var invoke = callback.GetMethod("Invoke")!;
        var result = invoke.ReturnType == typeof(void) ? null : il.DeclareLocal(invoke.ReturnType);
        EmitBegin(il);
        il.BeginExceptionBlock();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, Callback);
        il.Emit(OpCodes.Castclass, callback);
        var parameters = invoke.GetParameters();
        var offset = 2;
        foreach (var parameter in parameters)
        {
            if (parameter.ParameterType == typeof(Caller))
            {
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Call, CallerOf);
            }
            else
                il.Emit(OpCodes.Ldarg, (short)offset++);
        }

        il.Emit(OpCodes.Callvirt, invoke);
        if (result is not null)
            il.Emit(OpCodes.Stloc, result);
        EmitWrap(il);
        if (result is not null)
            EmitResults(il, type, result);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>One value, or the fields of a value tuple: the first is returned, the others go to the store.</summary>
    private static void EmitResults(ILGenerator il, FunctionType type, LocalBuilder result)
    {
        if (!result.LocalType.IsAssignableTo(typeof(ITuple)))
        {
            il.Emit(OpCodes.Ldloc, result);
            return;
        }

        for (var i = 1; i < type.ResultKinds.Length; i++)
        {
            var reference = type.ResultKinds[i].IsReference();
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, Members.Store);
            il.Emit(OpCodes.Ldfld, reference ? Members.MoreReferences : Members.MoreNumbers);
            il.Emit(OpCodes.Ldc_I4, i);
            if (!reference)
                il.Emit(OpCodes.Ldelema, typeof(NumberCell));
            EmitItem(il, result, i);
            if (reference)
                il.Emit(OpCodes.Stelem_Ref);
            else
                il.Emit(OpCodes.Stfld, Members.CellField(type.ResultKinds[i]));
        }

        EmitItem(il, result, 0);
    }

    private static void EmitItem(ILGenerator il, LocalBuilder tuple, int index)
    {
        il.Emit(OpCodes.Ldloc, tuple);
        il.Emit(OpCodes.Ldfld, tuple.LocalType.GetField($"Item{index + 1}")!);
    }

    /// <summary>Arguments and results in arrays of boxes.</summary>
    private static void EmitBoxed(ILGenerator il, FunctionType type)
    {
        var (arguments, results) = (il.DeclareLocal(typeof(ValueBox[])), il.DeclareLocal(typeof(ValueBox[])));
        EmitArray(il, arguments, type.ParameterKinds.Length);
        EmitArray(il, results, type.ResultKinds.Length);
        for (var i = 0; i < type.ParameterKinds.Length; i++)
        {
            EmitElement(il, arguments, i);
            il.Emit(OpCodes.Ldarg, (short)(i + 2));
            Thunks.StoreBox(il, type.ParameterKinds[i]);
        }

        EmitBegin(il);
        il.BeginExceptionBlock();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc, arguments);
        il.Emit(OpCodes.Ldloc, results);
        il.Emit(OpCodes.Call, CallBoxes);
        EmitWrap(il);
        if (type.ResultKinds.Length > 0)
        {
            EmitElement(il, results, 0);
            Thunks.Unbox(il, type.ResultKinds[0]);
        }

        il.Emit(OpCodes.Ret);
    }

    private static void EmitArray(ILGenerator il, LocalBuilder array, int length)
    {
        il.Emit(OpCodes.Ldc_I4, length);
        il.Emit(OpCodes.Newarr, typeof(ValueBox));
        il.Emit(OpCodes.Stloc, array);
    }

    private static void EmitElement(ILGenerator il, LocalBuilder array, int index)
    {
        il.Emit(OpCodes.Ldloc, array);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Ldelema, typeof(ValueBox));
    }

    private static void EmitBegin(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Call, Begin);
    }

    private static void EmitWrap(ILGenerator il)
    {
        il.BeginExceptFilterBlock();
        il.Emit(OpCodes.Call, IsForeign);
        il.BeginCatchBlock(null!);
        il.Emit(OpCodes.Castclass, typeof(Exception));
        il.Emit(OpCodes.Call, Wrap);
        il.Emit(OpCodes.Throw);
        il.EndExceptionBlock();
    }
}
