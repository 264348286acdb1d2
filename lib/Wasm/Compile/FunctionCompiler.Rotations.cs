// Two faults of .NET 10's JIT on x64, kept away from guests. It takes the zero flag for what a rotation by a
// constant left, when the rotation's result is compared with zero; but x64's rotations leave that flag alone, so the
// answer is one of some earlier instruction. And where both operands of a 32-bit rotation are constants, it holds a
// result with the top bit set for a positive number, and divides it as one by a divisor that is never negative, or
// compares it as one; widened and narrowed again it has its sign, and the JIT drops both where nothing is constant.
// Enters: an integer about to be tested, or a divisor. Leaves: the same integer, in a form in which the JIT cannot
// see what it is. Always holds: what is surely no rotation, or surely not compared with zero, costs nothing. The
// guest's shifts and ors count as rotations too: the JIT recognizes them.
using System.Numerics;
using System.Reflection.Emit;
using EventSourced.Wasm.Binary;

namespace EventSourced.Wasm.Compile;

internal sealed partial class FunctionCompiler
{
    /// <summary>Switches of at most so many labels are compared one by one.</summary>
    private const int ShortSwitch = 4;

    /// <summary>
    /// Whether a rotation may be in this function: its own, one of a callee that the JIT puts here, or one of a
    /// caller that the JIT puts this function into, which it never does with a loop (see Compile).
    /// </summary>
    private bool Rotates => _plan.Rotates || (_module.Definition.Rotates && (_plan.HasCall || !_plan.HasLoop));

    /// <summary>Whether the integer on top may be a rotation tested for zero; asked before it is loaded.</summary>
    private bool MayTestRotation(Opcode comparison)
    {
        if (!Rotates || comparison is >= Opcode.F32Eq and <= Opcode.F64Ge)
            return false;
        var top = _operands[^1];
        if (comparison is >= Opcode.I32Eq and <= Opcode.I32GeU or >= Opcode.I64Eq and <= Opcode.I64GeU)
        {
            // Two operands: the JIT must know one to be zero, or one where it means zero.
            return !IsSigned(comparison) && !(top.Place == Place.Constant && (ulong)top.Bits > 1);
        }

        var before = _at > 0 ? _code.Instructions[_at - 1].Opcode : Opcode.Nop;
        return !(top.Place == Place.Constant
            || (top.Place == Place.OnStack && before is (>= Opcode.I32Load and <= Opcode.I64Load32U)
                or (>= Opcode.I32Eqz and <= Opcode.F64Ge)));
    }

    /// <summary>The integer on top of IL's stack with a zero mixed in that the JIT does not know to be one.</summary>
    private void HideRotation(ValueKind kind)
    {
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldfld, Members.Zero);
        if (kind == ValueKind.Int32)
            _il.Emit(OpCodes.Conv_I4);
        _il.Emit(OpCodes.Xor);
    }

    /// <summary>A rotation of a constant by a constant is made here, so that the JIT does not make it.</summary>
    private bool FoldRotation(Opcode opcode)
    {
        if (opcode is not (Opcode.I32Rotl or Opcode.I32Rotr)
            || _operands[^1].Place != Place.Constant
            || _operands[^2].Place != Place.Constant)
        {
            return false;
        }

        var (value, count) = ((uint)_operands[^2].Bits, (int)_operands[^1].Bits);
        Truncate(_operands.Count - 2);
        var rotated = opcode == Opcode.I32Rotl
            ? BitOperations.RotateLeft(value, count)
            : BitOperations.RotateRight(value, count);
        PushConstant(ValueKind.Int32, (int)rotated);
        return true;
    }

    private static bool IsSigned(Opcode comparison) => comparison is
        Opcode.I32LtS or Opcode.I32GtS or Opcode.I32LeS or Opcode.I32GeS
        or Opcode.I64LtS or Opcode.I64GtS or Opcode.I64LeS or Opcode.I64GeS;
}
