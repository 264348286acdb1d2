// Fuel in compiled code. Enters: charges of the plan. Leaves: IL that takes them. Always holds: in a function with loops fuel
// is in a variable, saved before every call and loaded behind it; in others it is taken from the store directly. Below zero
// the code goes to Refill, which cuts another slice or traps.
using System.Reflection.Emit;

namespace EventSourced.Wasm.Compile;

internal sealed partial class FunctionCompiler
{
    /// <summary>Takes fuel; nothing may be on IL's stack.</summary>
    private void Charge(long units)
    {
        if (units == 0)
            return;
        if (_fuel is null)
        {
            ChargeStore(units);
            return;
        }

        var (refill, back) = (_il.DefineLabel(), _il.DefineLabel());
        _il.Emit(OpCodes.Ldloc, _fuel);
        EmitLong(units);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stloc, _fuel);
        _il.Emit(OpCodes.Ldloc, _fuel);
        EmitLong(0);
        _il.Emit(OpCodes.Blt, refill);
        _il.MarkLabel(back);
        _stubs.Add(() =>
        {
            _il.MarkLabel(refill);
            SaveFuel();
            EmitStore();
            _il.Emit(OpCodes.Call, Members.Refill);
            _il.Emit(OpCodes.Stloc, _fuel);
            _il.Emit(OpCodes.Br, back);
        });
    }

    private void ChargeStore(long units)
    {
        var (refill, back) = (_il.DefineLabel(), _il.DefineLabel());
        var left = Take(ValueKind.Int64);
        EmitStore();
        EmitStore();
        _il.Emit(OpCodes.Ldfld, Members.Slice);
        EmitLong(units);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Dup);
        _il.Emit(OpCodes.Stloc, left);
        _il.Emit(OpCodes.Stfld, Members.Slice);
        _il.Emit(OpCodes.Ldloc, left);
        EmitLong(0);
        _il.Emit(OpCodes.Blt, refill);
        _il.MarkLabel(back);
        Free(left);
        _stubs.Add(() =>
        {
            _il.MarkLabel(refill);
            EmitStore();
            _il.Emit(OpCodes.Call, Members.Refill);
            _il.Emit(OpCodes.Pop);
            _il.Emit(OpCodes.Br, back);
        });
    }

    private void EmitStore()
    {
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldfld, Members.Store);
    }

    /// <summary>Gives the variable back to the store: before calls and at the function's end.</summary>
    private void SaveFuel()
    {
        if (_fuel is null)
            return;
        EmitStore();
        _il.Emit(OpCodes.Ldloc, _fuel);
        _il.Emit(OpCodes.Stfld, Members.Slice);
    }

    private void LoadFuel()
    {
        if (_fuel is null)
            return;
        EmitStore();
        _il.Emit(OpCodes.Ldfld, Members.Slice);
        _il.Emit(OpCodes.Stloc, _fuel);
    }
}
