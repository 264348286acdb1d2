// Parametric, variable and reference instructions (specification 4.4.2, 4.4.4, 4.4.5). Enters: one of them. Leaves:
// operands that wait to be loaded, or IL. Always holds: an operand that waits for a local is saved before the local
// is set.
using System.Reflection.Emit;
using EventSourced.Wasm.Binary;

namespace EventSourced.Wasm.Compile;

internal sealed partial class FunctionCompiler
{
    private void Variable(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.LocalGet:
                Push(new Operand(_localKinds[instruction.Index], Place.Local, instruction.A));
                break;
            case Opcode.LocalSet:
                SetLocal(instruction.Index);
                break;
            case Opcode.LocalTee:
                SetLocal(instruction.Index);
                Push(new Operand(_localKinds[instruction.Index], Place.Local, instruction.A));
                break;
            case Opcode.GlobalGet:
                GetGlobal(instruction.Index);
                break;
            case Opcode.GlobalSet:
                SetGlobal(instruction.Index);
                break;
            case Opcode.Drop:
                if (_operands[^1].Place == Place.OnStack)
                    _il.Emit(OpCodes.Pop);
                Truncate(_operands.Count - 1);
                break;
            case Opcode.Select or Opcode.SelectTyped:
                Select();
                break;
            case Opcode.RefNull:
                PushConstant((ValueKind)instruction.A, 0);
                break;
            case Opcode.RefIsNull:
                Load(1);
                _il.Emit(OpCodes.Ldnull);
                _il.Emit(OpCodes.Ceq);
                PushResult(ValueKind.Int32);
                break;
            default:
                _il.Emit(OpCodes.Ldarg_0);
                EmitInt(instruction.Index);
                _il.Emit(OpCodes.Call, Members.FunctionAt);
                _loadedDepth = 0;
                PushResult(ValueKind.FuncRef);
                break;
        }
    }

    private void EmitLoadLocal(int index)
    {
        if (index >= _type.Parameters.Count)
        {
            _il.Emit(OpCodes.Ldloc, _locals[index - _type.Parameters.Count]);
            return;
        }

        var argument = index + HiddenArguments;
        if (argument <= 3)
            _il.Emit(argument == 2 ? OpCodes.Ldarg_2 : OpCodes.Ldarg_3);
        else if (argument <= byte.MaxValue)
            _il.Emit(OpCodes.Ldarg_S, (byte)argument);
        else
            _il.Emit(OpCodes.Ldarg, (short)argument);
    }

    private void EmitStoreLocal(int index)
    {
        if (index >= _type.Parameters.Count)
        {
            _il.Emit(OpCodes.Stloc, _locals[index - _type.Parameters.Count]);
            return;
        }

        var argument = index + HiddenArguments;
        if (argument <= byte.MaxValue)
            _il.Emit(OpCodes.Starg_S, (byte)argument);
        else
            _il.Emit(OpCodes.Starg, (short)argument);
    }

    private void SetLocal(int index)
    {
        var value = _operands[^1];
        if (value is { Place: Place.Local } && value.Bits == index)
        {
            Truncate(_operands.Count - 1);
            return;
        }

        Load(1, raw: true);
        SaveLocal(index);
        EmitStoreLocal(index);
        if (value.Raw)
            CanonicalizeLocal(index, value.Kind);
    }

    private void GetGlobal(int index)
    {
        var type = _module.Spaces.Globals[index];
        if (_module.ConstantGlobal(index) is { } constant)
        {
            PushConstant(type.Kind, (long)constant.Bits);
            return;
        }

        EmitGlobal(index);
        EmitGlobalCell(type.Kind);
        _il.Emit(OpCodes.Ldfld, Members.GlobalField(type.Kind));
        _loadedDepth = 0;
        PushResult(type.Kind);
    }

    private void SetGlobal(int index)
    {
        var kind = _module.Spaces.Globals[index].Kind;
        LoadAbove(
            () =>
            {
                EmitGlobal(index);
                EmitGlobalCell(kind);
            },
            1);
        _il.Emit(OpCodes.Stfld, Members.GlobalField(kind));
    }

    private void EmitGlobal(int index)
    {
        _il.Emit(OpCodes.Ldarg_0);
        if (index < Members.NearGlobals.Length)
        {
            _il.Emit(OpCodes.Ldfld, Members.NearGlobals[index]);
            return;
        }

        _il.Emit(OpCodes.Ldfld, Members.Globals);
        EmitInt(index);
        _il.Emit(OpCodes.Ldelem_Ref);
    }

    private void EmitGlobalCell(ValueKind kind)
    {
        if (!kind.IsReference())
            _il.Emit(OpCodes.Ldflda, Members.GlobalValue);
    }

    /// <summary>Both values are computed already, so choosing is a jump over one assignment.</summary>
    private void Select()
    {
        var hide = MayTestRotation(Opcode.Select);
        SpillAll();
        var (condition, second, first) = (_operands[^1], _operands[^2], _operands[^3]);
        var kind = first.Kind;
        var (chosen, done) = (Take(kind), _il.DefineLabel());
        Emit(first);
        _il.Emit(OpCodes.Stloc, chosen);
        Emit(condition);
        if (hide)
            HideRotation(ValueKind.Int32);
        _il.Emit(OpCodes.Brtrue, done);
        Emit(second);
        _il.Emit(OpCodes.Stloc, chosen);
        _il.MarkLabel(done);
        Truncate(_operands.Count - 3);
        Push(new Operand(kind, Place.Variable, Variable: chosen));
    }
}
