// Which IL stands for which numeric operator. Enters: an opcode. Leaves: IL instructions, or a method of the runtime
// or of .NET that the JIT inlines. Always holds: a table, exempt from the limits on length; FunctionCompiler.Numeric
// reads it.
using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using EventSourced.Wasm.Binary;

namespace EventSourced.Wasm.Compile;

internal static class NumericCode
{
    private static readonly OpCode[] Not = [OpCodes.Ceq, OpCodes.Ldc_I4_0, OpCodes.Ceq];

    public static readonly Dictionary<Opcode, OpCode[]> Codes = new()
    {
        [Opcode.I32Add] = [OpCodes.Add],
        [Opcode.I32Sub] = [OpCodes.Sub],
        [Opcode.I32Mul] = [OpCodes.Mul],
        [Opcode.I32DivS] = [OpCodes.Div],
        [Opcode.I32DivU] = [OpCodes.Div_Un],
        [Opcode.I32RemU] = [OpCodes.Rem_Un],
        [Opcode.I32And] = [OpCodes.And],
        [Opcode.I32Or] = [OpCodes.Or],
        [Opcode.I32Xor] = [OpCodes.Xor],
        [Opcode.I64Add] = [OpCodes.Add],
        [Opcode.I64Sub] = [OpCodes.Sub],
        [Opcode.I64Mul] = [OpCodes.Mul],
        [Opcode.I64DivS] = [OpCodes.Div],
        [Opcode.I64DivU] = [OpCodes.Div_Un],
        [Opcode.I64RemU] = [OpCodes.Rem_Un],
        [Opcode.I64And] = [OpCodes.And],
        [Opcode.I64Or] = [OpCodes.Or],
        [Opcode.I64Xor] = [OpCodes.Xor],
        [Opcode.F32Neg] = [OpCodes.Neg],
        [Opcode.F32Add] = [OpCodes.Add],
        [Opcode.F32Sub] = [OpCodes.Sub],
        [Opcode.F32Mul] = [OpCodes.Mul],
        [Opcode.F32Div] = [OpCodes.Div],
        [Opcode.F64Neg] = [OpCodes.Neg],
        [Opcode.F64Add] = [OpCodes.Add],
        [Opcode.F64Sub] = [OpCodes.Sub],
        [Opcode.F64Mul] = [OpCodes.Mul],
        [Opcode.F64Div] = [OpCodes.Div],
        [Opcode.I32WrapI64] = [OpCodes.Conv_I4],
        [Opcode.I64ExtendI32S] = [OpCodes.Conv_I8],
        [Opcode.I64ExtendI32U] = [OpCodes.Conv_U8],
        [Opcode.F32ConvertI32S] = [OpCodes.Conv_R4],
        [Opcode.F32ConvertI32U] = [OpCodes.Conv_U8, OpCodes.Conv_R4],
        [Opcode.F32ConvertI64S] = [OpCodes.Conv_R4],
        [Opcode.F32DemoteF64] = [OpCodes.Conv_R4],
        [Opcode.F64ConvertI32S] = [OpCodes.Conv_R8],
        [Opcode.F64ConvertI32U] = [OpCodes.Conv_U8, OpCodes.Conv_R8],
        [Opcode.F64ConvertI64S] = [OpCodes.Conv_R8],
        [Opcode.F64ConvertI64U] = [OpCodes.Conv_R_Un, OpCodes.Conv_R8],
        [Opcode.F64PromoteF32] = [OpCodes.Conv_R8],
        [Opcode.I32Extend8S] = [OpCodes.Conv_I1],
        [Opcode.I32Extend16S] = [OpCodes.Conv_I2],
        [Opcode.I64Extend8S] = [OpCodes.Conv_I1, OpCodes.Conv_I8],
        [Opcode.I64Extend16S] = [OpCodes.Conv_I2, OpCodes.Conv_I8],
        [Opcode.I64Extend32S] = [OpCodes.Conv_I4, OpCodes.Conv_I8],
        // Since .NET 9 these conversions saturate and take NaN to zero, on every machine.
        [Opcode.I32TruncSatF32S] = [OpCodes.Conv_I4],
        [Opcode.I32TruncSatF32U] = [OpCodes.Conv_U4],
        [Opcode.I32TruncSatF64S] = [OpCodes.Conv_I4],
        [Opcode.I32TruncSatF64U] = [OpCodes.Conv_U4],
        [Opcode.I64TruncSatF32S] = [OpCodes.Conv_I8],
        [Opcode.I64TruncSatF32U] = [OpCodes.Conv_U8],
        [Opcode.I64TruncSatF64S] = [OpCodes.Conv_I8],
        [Opcode.I64TruncSatF64U] = [OpCodes.Conv_U8],
    };

    public static readonly Dictionary<Opcode, MethodInfo> Calls = new()
    {
        [Opcode.I32RemS] = Arithmetic(nameof(Wasm.Arithmetic.RemainderSigned32)),
        [Opcode.I64RemS] = Arithmetic(nameof(Wasm.Arithmetic.RemainderSigned64)),
        [Opcode.I32Clz] = Arithmetic(nameof(Wasm.Arithmetic.LeadingZeros32)),
        [Opcode.I32Ctz] = Arithmetic(nameof(Wasm.Arithmetic.TrailingZeros32)),
        [Opcode.I32Popcnt] = Arithmetic(nameof(Wasm.Arithmetic.OneBits32)),
        [Opcode.I64Clz] = Arithmetic(nameof(Wasm.Arithmetic.LeadingZeros64)),
        [Opcode.I64Ctz] = Arithmetic(nameof(Wasm.Arithmetic.TrailingZeros64)),
        [Opcode.I64Popcnt] = Arithmetic(nameof(Wasm.Arithmetic.OneBits64)),
        [Opcode.I32Rotl] = Of(typeof(BitOperations), nameof(BitOperations.RotateLeft), typeof(uint), typeof(int)),
        [Opcode.I32Rotr] = Of(typeof(BitOperations), nameof(BitOperations.RotateRight), typeof(uint), typeof(int)),
        [Opcode.I64Rotl] = Arithmetic(nameof(Wasm.Arithmetic.RotateLeft64)),
        [Opcode.I64Rotr] = Arithmetic(nameof(Wasm.Arithmetic.RotateRight64)),
        [Opcode.F32Abs] = Of(typeof(MathF), nameof(MathF.Abs), typeof(float)),
        [Opcode.F32Ceil] = Of(typeof(MathF), nameof(MathF.Ceiling), typeof(float)),
        [Opcode.F32Floor] = Of(typeof(MathF), nameof(MathF.Floor), typeof(float)),
        [Opcode.F32Trunc] = Of(typeof(MathF), nameof(MathF.Truncate), typeof(float)),
        [Opcode.F32Nearest] = Of(typeof(MathF), nameof(MathF.Round), typeof(float)),
        [Opcode.F32Sqrt] = Of(typeof(MathF), nameof(MathF.Sqrt), typeof(float)),
        [Opcode.F32Min] = Arithmetic(nameof(Wasm.Arithmetic.Least), typeof(float), typeof(float)),
        [Opcode.F32Max] = Arithmetic(nameof(Wasm.Arithmetic.Greatest), typeof(float), typeof(float)),
        [Opcode.F32Copysign] = Of(typeof(MathF), nameof(MathF.CopySign), typeof(float), typeof(float)),
        [Opcode.F64Abs] = Of(typeof(Math), nameof(Math.Abs), typeof(double)),
        [Opcode.F64Ceil] = Of(typeof(Math), nameof(Math.Ceiling), typeof(double)),
        [Opcode.F64Floor] = Of(typeof(Math), nameof(Math.Floor), typeof(double)),
        [Opcode.F64Trunc] = Of(typeof(Math), nameof(Math.Truncate), typeof(double)),
        [Opcode.F64Nearest] = Of(typeof(Math), nameof(Math.Round), typeof(double)),
        [Opcode.F64Sqrt] = Of(typeof(Math), nameof(Math.Sqrt), typeof(double)),
        [Opcode.F64Min] = Arithmetic(nameof(Wasm.Arithmetic.Least), typeof(double), typeof(double)),
        [Opcode.F64Max] = Arithmetic(nameof(Wasm.Arithmetic.Greatest), typeof(double), typeof(double)),
        [Opcode.F64Copysign] = Of(typeof(Math), nameof(Math.CopySign), typeof(double), typeof(double)),
        [Opcode.I32TruncF32S] = Arithmetic(nameof(Wasm.Arithmetic.TruncateToInt32), typeof(float)),
        [Opcode.I32TruncF32U] = Arithmetic(nameof(Wasm.Arithmetic.TruncateToUInt32), typeof(float)),
        [Opcode.I32TruncF64S] = Arithmetic(nameof(Wasm.Arithmetic.TruncateToInt32), typeof(double)),
        [Opcode.I32TruncF64U] = Arithmetic(nameof(Wasm.Arithmetic.TruncateToUInt32), typeof(double)),
        [Opcode.I64TruncF32S] = Arithmetic(nameof(Wasm.Arithmetic.TruncateToInt64), typeof(float)),
        [Opcode.I64TruncF32U] = Arithmetic(nameof(Wasm.Arithmetic.TruncateToUInt64), typeof(float)),
        [Opcode.I64TruncF64S] = Arithmetic(nameof(Wasm.Arithmetic.TruncateToInt64), typeof(double)),
        [Opcode.I64TruncF64U] = Arithmetic(nameof(Wasm.Arithmetic.TruncateToUInt64), typeof(double)),
        [Opcode.F32ConvertI64U] = Arithmetic(nameof(Wasm.Arithmetic.UnsignedToSingle)),
        [Opcode.I32ReinterpretF32] =
            Of(typeof(BitConverter), nameof(BitConverter.SingleToInt32Bits), typeof(float)),
        [Opcode.I64ReinterpretF64] =
            Of(typeof(BitConverter), nameof(BitConverter.DoubleToInt64Bits), typeof(double)),
        [Opcode.F32ReinterpretI32] = Arithmetic(nameof(Wasm.Arithmetic.ReinterpretToSingle)),
        [Opcode.F64ReinterpretI64] = Of(typeof(BitConverter), nameof(BitConverter.Int64BitsToDouble), typeof(long)),
    };

    public static readonly Dictionary<Opcode, ComparisonCode> Comparisons = new()
    {
        [Opcode.I32Eqz] = new(OpCodes.Brfalse, OpCodes.Brtrue, [OpCodes.Ldc_I4_0, OpCodes.Ceq]),
        [Opcode.I32Eq] = new(OpCodes.Beq, OpCodes.Bne_Un, [OpCodes.Ceq]),
        [Opcode.I32Ne] = new(OpCodes.Bne_Un, OpCodes.Beq, Not),
        [Opcode.I32LtS] = new(OpCodes.Blt, OpCodes.Bge, [OpCodes.Clt]),
        [Opcode.I32LtU] = new(OpCodes.Blt_Un, OpCodes.Bge_Un, [OpCodes.Clt_Un]),
        [Opcode.I32GtS] = new(OpCodes.Bgt, OpCodes.Ble, [OpCodes.Cgt]),
        [Opcode.I32GtU] = new(OpCodes.Bgt_Un, OpCodes.Ble_Un, [OpCodes.Cgt_Un]),
        [Opcode.I32LeS] = new(OpCodes.Ble, OpCodes.Bgt, [OpCodes.Cgt, OpCodes.Ldc_I4_0, OpCodes.Ceq]),
        [Opcode.I32LeU] = new(OpCodes.Ble_Un, OpCodes.Bgt_Un, [OpCodes.Cgt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq]),
        [Opcode.I32GeS] = new(OpCodes.Bge, OpCodes.Blt, [OpCodes.Clt, OpCodes.Ldc_I4_0, OpCodes.Ceq]),
        [Opcode.I32GeU] = new(OpCodes.Bge_Un, OpCodes.Blt_Un, [OpCodes.Clt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq]),
        [Opcode.I64Eqz] = new(OpCodes.Brfalse, OpCodes.Brtrue, [OpCodes.Ldc_I4_0, OpCodes.Conv_I8, OpCodes.Ceq]),
        [Opcode.F32Eq] = new(OpCodes.Beq, OpCodes.Bne_Un, [OpCodes.Ceq]),
        [Opcode.F32Ne] = new(OpCodes.Bne_Un, OpCodes.Beq, Not),
        [Opcode.F32Lt] = new(OpCodes.Blt, OpCodes.Bge_Un, [OpCodes.Clt]),
        [Opcode.F32Gt] = new(OpCodes.Bgt, OpCodes.Ble_Un, [OpCodes.Cgt]),
        [Opcode.F32Le] = new(OpCodes.Ble, OpCodes.Bgt_Un, [OpCodes.Cgt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq]),
        [Opcode.F32Ge] = new(OpCodes.Bge, OpCodes.Blt_Un, [OpCodes.Clt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq]),
    };

    static NumericCode()
    {
        // 64-bit integers compare like 32-bit ones, and f64 like f32.
        for (var opcode = Opcode.I64Eq; opcode <= Opcode.I64GeU; opcode++)
            Comparisons[opcode] = Comparisons[opcode - Opcode.I64Eq + Opcode.I32Eq];
        for (var opcode = Opcode.F64Eq; opcode <= Opcode.F64Ge; opcode++)
            Comparisons[opcode] = Comparisons[opcode - Opcode.F64Eq + Opcode.F32Eq];
    }

    public static OpCode Shift(Opcode opcode) => opcode switch
    {
        Opcode.I32Shl or Opcode.I64Shl => OpCodes.Shl,
        Opcode.I32ShrS or Opcode.I64ShrS => OpCodes.Shr,
        _ => OpCodes.Shr_Un,
    };

    private static MethodInfo Arithmetic(string name, params Type[] parameters) =>
        parameters.Length == 0
            ? typeof(Arithmetic).GetMethod(name)!
            : Of(typeof(Arithmetic), name, parameters);

    private static MethodInfo Of(Type type, string name, params Type[] parameters) =>
        type.GetMethod(name, parameters)
        ?? throw new MissingMethodException(type.FullName, name);
}
