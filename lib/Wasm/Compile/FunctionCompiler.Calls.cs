// Calls (specification 4.4.8.9). Enters: a callee and its arguments. Leaves: a direct call within the module, or a
// call through the code pointer of a Function. Always holds: the callee gets its own instance and what is left of the
// depth; fuel and memory are current before and after; an indirect call compares the type's number before it trusts
// the pointer.
using System.Reflection;
using System.Reflection.Emit;

namespace EventSourced.Wasm.Compile;

internal sealed partial class FunctionCompiler
{
    private void Call(int function)
    {
        var type = _module.Spaces.FunctionTypes[function];
        if (function < _module.Spaces.ImportedFunctions)
        {
            var callee = Take(typeof(Function));
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Ldfld, Members.Functions);
            EmitInt(function);
            _il.Emit(OpCodes.Ldelem_Ref);
            _il.Emit(OpCodes.Stloc, callee);
            CallPointer(callee, type);
            return;
        }

        LoadAbove(
            () =>
            {
                _il.Emit(OpCodes.Ldarg_0);
                _il.Emit(OpCodes.Ldarg_1);
            },
            type.Parameters.Count);
        SaveFuel();
        _il.Emit(OpCodes.Call, _module.Methods[function - _module.Spaces.ImportedFunctions]);
        AfterCall(_module.MayGrow(function));
        PushResults(type.ResultKinds);
    }

    private void CallIndirect(FunctionType type, int table)
    {
        SpillAll();
        var index = Take(ValueKind.Int32);
        Load(1);
        _il.Emit(OpCodes.Stloc, index);
        var (elements, callee) = (Take(typeof(Function[])), Take(typeof(Function)));
        EmitTable(table);
        _il.Emit(OpCodes.Ldfld, Members.TableFunctions);
        _il.Emit(OpCodes.Stloc, elements);
        _il.Emit(OpCodes.Ldloc, index);
        _il.Emit(OpCodes.Ldloc, elements);
        _il.Emit(OpCodes.Ldlen);
        _il.Emit(OpCodes.Conv_I4);
        _il.Emit(OpCodes.Bge_Un, ThrowLabel(Members.UndefinedElement));
        _il.Emit(OpCodes.Ldloc, elements);
        _il.Emit(OpCodes.Ldloc, index);
        _il.Emit(OpCodes.Ldelem_Ref);
        _il.Emit(OpCodes.Stloc, callee);
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Brfalse, ThrowLabel(Members.UninitializedElement));
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Ldfld, Members.TypeId);
        EmitInt(_module.Engine.TypeId(type));
        _il.Emit(OpCodes.Bne_Un, ThrowLabel(Members.BadSignature));
        Free(index);
        Free(elements);
        CallPointer(callee, type);
    }

    private void EmitTable(int table)
    {
        _il.Emit(OpCodes.Ldarg_0);
        if (table == 0)
        {
            _il.Emit(OpCodes.Ldfld, Members.Table0);
            return;
        }

        _il.Emit(OpCodes.Ldfld, Members.Tables);
        EmitInt(table);
        _il.Emit(OpCodes.Ldelem_Ref);
    }

    private void CallPointer(LocalBuilder callee, FunctionType type)
    {
        LoadAbove(
            () =>
            {
                _il.Emit(OpCodes.Ldloc, callee);
                _il.Emit(OpCodes.Ldfld, Members.Context);
                _il.Emit(OpCodes.Ldarg_1);
            },
            type.Parameters.Count);
        SaveFuel();
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Ldfld, Members.Code);
        _il.EmitCalli(
            OpCodes.Calli, CallingConventions.Standard, Signatures.Result(type), Signatures.Parameters(type), null);
        Free(callee);
        AfterCall(_module.OutsideMayGrow);
        PushResults(type.ResultKinds);
    }

    private void AfterCall(bool mayGrow)
    {
        LoadFuel();
        if (mayGrow)
            ReloadMemory();
    }

    private void PushResults(ReadOnlySpan<ValueKind> results)
    {
        if (results.Length == 0)
            return;
        _loadedDepth = 0;
        PushResult(results[0]);
        if (results.Length == 1)
            return;
        Spill(_operands.Count - 1);
        for (var i = 1; i < results.Length; i++)
        {
            EmitMoreResult(i, results[i]);
            var variable = Take(results[i]);
            _il.Emit(OpCodes.Stloc, variable);
            Push(new Operand(results[i], Place.Variable, Variable: variable));
        }
    }

    private void EmitMoreResult(int index, ValueKind kind)
    {
        EmitStore();
        if (kind.IsReference())
        {
            _il.Emit(OpCodes.Ldfld, Members.MoreReferences);
            EmitInt(index);
            _il.Emit(OpCodes.Ldelem_Ref);
            if (kind == ValueKind.FuncRef)
                _il.Emit(OpCodes.Castclass, typeof(Function));
            return;
        }

        _il.Emit(OpCodes.Ldfld, Members.MoreNumbers);
        EmitInt(index);
        _il.Emit(OpCodes.Ldelema, typeof(NumberCell));
        _il.Emit(OpCodes.Ldfld, Members.CellField(kind));
    }

    /// <summary>
    /// Puts all results but the first where the caller finds them, and leaves the first on the guest's stack.
    /// </summary>
    private void StoreMoreResults(ReadOnlySpan<ValueKind> results)
    {
        for (var i = results.Length - 1; i > 0; i--)
        {
            var kind = results[i];
            var index = i;
            LoadAbove(
                () =>
                {
                    EmitStore();
                    _il.Emit(OpCodes.Ldfld, kind.IsReference() ? Members.MoreReferences : Members.MoreNumbers);
                    EmitInt(index);
                    if (!kind.IsReference())
                        _il.Emit(OpCodes.Ldelema, typeof(NumberCell));
                },
                1);
            if (kind.IsReference())
                _il.Emit(OpCodes.Stelem_Ref);
            else
                _il.Emit(OpCodes.Stfld, Members.CellField(kind));
        }
    }
}
