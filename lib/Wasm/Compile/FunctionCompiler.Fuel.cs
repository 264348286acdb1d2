// Fuel in compiled code. Enters: charges of the plan. Leaves: IL that takes them. Always holds: in a function with
// loops fuel is in a variable, saved before every call and loaded behind it; in others it is taken from the store
// directly. What is left is compared with the instance's floor: zero, or above everything once the host cancels;
// below it the code throws and never comes back, so that nothing need survive a call in the loop (a call here made
// matrix products five times slower).
using System.Reflection.Emit;

namespace EventSourced.Wasm.Compile;

internal sealed partial class FunctionCompiler
{
    private Label? _stop;

    /// <summary>Takes fuel, and stops where too little is left; nothing may be on IL's stack.</summary>
    private void Charge(long units)
    {
        if (units == 0)
            return;
        TakeFuel(units);
        EmitFloor();
        _il.Emit(OpCodes.Blt, StopLabel());
    }

    /// <summary>Takes fuel and leaves what is left on IL's stack.</summary>
    private void TakeFuel(long units)
    {
        if (_fuel is not null)
        {
            _il.Emit(OpCodes.Ldloc, _fuel);
            EmitLong(units);
            _il.Emit(OpCodes.Sub);
            _il.Emit(OpCodes.Stloc, _fuel);
            _il.Emit(OpCodes.Ldloc, _fuel);
            return;
        }

        var left = Take(ValueKind.Int64);
        EmitStore();
        _il.Emit(OpCodes.Dup);
        _il.Emit(OpCodes.Ldfld, Members.FuelLeft);
        EmitLong(units);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Dup);
        _il.Emit(OpCodes.Stloc, left);
        _il.Emit(OpCodes.Stfld, Members.FuelLeft);
        _il.Emit(OpCodes.Ldloc, left);
        Free(left);
    }

    /// <summary>Jumps on a condition of IL's stack, or around the turn that the opposite one jumps over.</summary>
    private void JumpIf(OpCode condition, OpCode opposite, Frame frame)
    {
        if (frame.Turn is not { } units)
        {
            _il.Emit(condition, frame.Label);
            return;
        }

        var next = _il.DefineLabel();
        _il.Emit(opposite, next);
        TurnAround(frame, units);
        _il.MarkLabel(next);
    }

    /// <summary>The branch back of a loop: it pays for the next turn.</summary>
    private void TurnAround(Frame frame, long units)
    {
        TakeFuel(units);
        EmitFloor();
        _il.Emit(OpCodes.Bge, frame.Label);
        _il.Emit(OpCodes.Br, StopLabel());
    }

    private void EmitFloor()
    {
        if (!_module.Engine.Config.Interruption)
        {
            EmitLong(0);
            return;
        }

        _il.Emit(OpCodes.Ldarg_0);
        // Volatile, or the JIT would read it once before a loop.
        _il.Emit(OpCodes.Volatile);
        _il.Emit(OpCodes.Ldfld, Members.FuelFloor);
    }

    private Label StopLabel()
    {
        if (_stop is { } known)
            return known;
        var label = _il.DefineLabel();
        _stop = label;
        _stubs.Add(() =>
        {
            _il.MarkLabel(label);
            SaveFuel();
            EmitStore();
            _il.Emit(OpCodes.Call, Members.Stop);
            _il.Emit(OpCodes.Throw);
        });
        return label;
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
        _il.Emit(OpCodes.Stfld, Members.FuelLeft);
    }

    private void LoadFuel()
    {
        if (_fuel is null)
            return;
        EmitStore();
        _il.Emit(OpCodes.Ldfld, Members.FuelLeft);
        _il.Emit(OpCodes.Stloc, _fuel);
    }
}
