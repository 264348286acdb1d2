// Numeric instructions (specification 4.3, 4.4.1). Enters: one or two operands. Leaves: the result on IL's stack.
// Always holds: results are those of the specification to the bit, on every machine: where IL differs (signed
// remainder, truncation, unsigned 64 bits to f32, NaNs) the difference is made up here.
using System.Reflection;
using System.Reflection.Emit;
using EventSourced.Wasm.Binary;
using EventSourced.Wasm.Validation;

namespace EventSourced.Wasm.Compile;

internal sealed partial class FunctionCompiler
{
    /// <summary>How many i32.eqz are looked through for the branch behind a comparison.</summary>
    private const int MostNegations = 4;

    private void Numeric(Opcode opcode)
    {
        var type = OperatorTypes.Of(opcode);
        if (IsShift(opcode) && ShiftByConstant(opcode, type.Operand))
            return;
        if (FoldRotation(opcode))
            return;
        var most = MostOf(opcode);
        var hide = Rotates
            && opcode is (Opcode.I32DivS or Opcode.I32RemS)
            && _operands[^1].Place != Place.Constant;
        Load(type.Arity, raw: TakesAnyNan(opcode));
        if (hide)
            HideRotation(ValueKind.Int32);
        EmitOperator(opcode);
        PushResult(type.Result, MakesNan(opcode), most);
    }

    /// <summary>
    /// A bound of the result, where the operands' bounds give one: masks and table lookups need no other.
    /// </summary>
    private uint MostOf(Opcode opcode)
    {
        if (opcode is not (Opcode.I32And or Opcode.I32Add or Opcode.I32Mul or Opcode.I32RemU))
            return uint.MaxValue;
        ulong right = _operands[^1].Bound, left = _operands[^2].Bound;
        var most = opcode switch
        {
            Opcode.I32And => Math.Min(left, right),
            Opcode.I32Add => left + right,
            Opcode.I32Mul => left * right,
            _ => left,
        };
        return (uint)Math.Min(most, uint.MaxValue);
    }

    private static uint MostOfShift(Opcode opcode, uint most, int count) => opcode switch
    {
        Opcode.I32ShrU => most >> count,
        Opcode.I32Shl => (uint)Math.Min((ulong)most << count, uint.MaxValue),
        _ => uint.MaxValue,
    };

    private void EmitOperator(Opcode opcode)
    {
        if (NumericCode.Calls.TryGetValue(opcode, out var method))
        {
            _il.Emit(OpCodes.Call, method);
            // Of constants it would have no sign: see FunctionCompiler.Rotations.cs.
            if (opcode is Opcode.I32Rotl or Opcode.I32Rotr)
            {
                _il.Emit(OpCodes.Conv_U8);
                _il.Emit(OpCodes.Conv_I4);
            }
        }
        else if (IsShift(opcode))
            EmitShift(opcode);
        else
        {
            foreach (var code in NumericCode.Codes[opcode])
                _il.Emit(code);
        }
    }

    private static bool IsShift(Opcode opcode) =>
        opcode is >= Opcode.I32Shl and <= Opcode.I32ShrU or >= Opcode.I64Shl and <= Opcode.I64ShrU;

    /// <summary>
    /// IL leaves counts beyond the width open; x64 masks them itself, so the JIT drops the mask again.
    /// </summary>
    private void EmitShift(Opcode opcode)
    {
        var wide = opcode >= Opcode.I64Clz;
        if (wide)
            _il.Emit(OpCodes.Conv_I4);
        EmitInt(wide ? 63 : 31);
        _il.Emit(OpCodes.And);
        _il.Emit(NumericCode.Shift(opcode));
    }

    private bool ShiftByConstant(Opcode opcode, ValueKind kind)
    {
        if (_operands[^1] is not { Place: Place.Constant } count)
            return false;
        var bits = (int)count.Bits & (kind == ValueKind.Int64 ? 63 : 31);
        Truncate(_operands.Count - 1);
        var most = MostOfShift(opcode, _operands[^1].Bound, bits);
        Load(1);
        EmitInt(bits);
        _il.Emit(NumericCode.Shift(opcode));
        PushResult(kind, most: most);
        return true;
    }

    /// <summary>Whether a NaN among the operands gives the same whatever its bits.</summary>
    private static bool TakesAnyNan(Opcode opcode) =>
        MakesNan(opcode)
        || opcode is >= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U
            or >= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U
            or >= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U;

    /// <summary>Whether the result may be a NaN whose bits the machine chooses.</summary>
    private static bool MakesNan(Opcode opcode) =>
        opcode is >= Opcode.F32Ceil and <= Opcode.F32Max
            or >= Opcode.F64Ceil and <= Opcode.F64Max
            or Opcode.F32DemoteF64 or Opcode.F64PromoteF32;

    private void Comparison(Opcode opcode)
    {
        var type = OperatorTypes.Of(opcode);
        var (negated, user) = NextUser();
        var next = _code.Instructions[user];
        var code = NumericCode.Comparisons[opcode];
        var hide = MayTestRotation(opcode);
        if (next.Opcode == Opcode.BrIf && Target(next.A) is { LabelKinds.Length: 0 } frame)
        {
            frame.Targeted = true;
            LoadForBranch(type.Arity, raw: true);
            if (hide)
                HideRotation(type.Operand);
            JumpIf(negated ? code.JumpUnless : code.JumpIf, negated ? code.JumpIf : code.JumpUnless, frame);
            _at = user;
            return;
        }

        if (next.Opcode == Opcode.If && BlockTypes.Of(_module.Definition, next.B) is { Parameters.Count: 0 } block)
        {
            var otherwise = _il.DefineLabel();
            LoadForBranch(type.Arity, raw: true, forBlock: true);
            if (hide)
                HideRotation(type.Operand);
            _il.Emit(negated ? code.JumpIf : code.JumpUnless, otherwise);
            _at = user;
            OpenIf(block, otherwise, null);
            return;
        }

        Load(type.Arity, raw: true);
        if (hide)
            HideRotation(type.Operand);
        foreach (var step in code.Value)
            _il.Emit(step);
        PushResult(ValueKind.Int32);
    }

    /// <summary>Who uses this comparison: behind it, or behind some i32.eqz that turn it around.</summary>
    private (bool Negated, int User) NextUser()
    {
        var negated = false;
        var user = _at + 1;
        while (_code.Instructions[user].Opcode == Opcode.I32Eqz && user <= _at + MostNegations)
        {
            negated = !negated;
            user++;
        }

        return (negated, user);
    }

    /// <summary>The value on top of IL's stack, with one NaN for all.</summary>
    private void Canonicalize(ValueKind kind)
    {
        var variable = Take(kind);
        _il.Emit(OpCodes.Stloc, variable);
        CanonicalizeVariable(variable, kind);
        _il.Emit(OpCodes.Ldloc, variable);
        Free(variable);
    }

    /// <summary>The same by a blend, for the operand on top of IL's stack.</summary>
    private void CanonicalizeInPlace(int index)
    {
        var operand = _operands[index];
        _il.Emit(
            OpCodes.Call,
            operand.Kind == ValueKind.Float32 ? Members.CanonicalSingle : Members.CanonicalDouble);
        _operands[index] = operand with { Raw = false };
    }

    private void CanonicalizeVariable(LocalBuilder variable, ValueKind kind) =>
        Canonicalize(kind, () => _il.Emit(OpCodes.Ldloc, variable), () => _il.Emit(OpCodes.Stloc, variable));

    private void CanonicalizeLocal(int local, ValueKind kind) =>
        Canonicalize(kind, () => EmitLoadLocal(local), () => EmitStoreLocal(local));

    /// <summary>A compare and a jump that is hardly ever taken, to a stub at the function's end.</summary>
    private void Canonicalize(ValueKind kind, Action load, Action store)
    {
        var (nan, back) = (_il.DefineLabel(), _il.DefineLabel());
        load();
        load();
        _il.Emit(OpCodes.Bne_Un, nan);
        _il.MarkLabel(back);
        _stubs.Add(() =>
        {
            _il.MarkLabel(nan);
            if (kind == ValueKind.Float32)
                _il.Emit(OpCodes.Ldc_R4, BitConverter.UInt32BitsToSingle(0x7FC0_0000));
            else
                _il.Emit(OpCodes.Ldc_R8, BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000));
            store();
            _il.Emit(OpCodes.Br, back);
        });
    }
}

/// <summary>A comparison as jumps and as a value; floats jump on unordered in the negated forms.</summary>
internal readonly record struct ComparisonCode(OpCode JumpIf, OpCode JumpUnless, OpCode[] Value);
