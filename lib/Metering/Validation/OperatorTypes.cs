// The types of operators (specification 3.3.1, 3.3.7). Enters: an opcode. Leaves: its operands and its result. Always
// holds: every numeric operator takes one or two operands of one kind and gives one value.
using EventSourced.Metering.Binary;

namespace EventSourced.Metering.Validation;

internal readonly record struct OperatorType(ValueKind Operand, int Arity, ValueKind Result);

/// <summary>A load or store: the kind on the stack and the bytes in memory.</summary>
internal readonly record struct AccessType(ValueKind Kind, int Bytes);

internal static class OperatorTypes
{
    private static readonly OperatorType[] Plain = Build(Opcode.I32Eqz, Opcode.I64Extend32S);
    private static readonly OperatorType[] Saturating = Build(Opcode.I32TruncSatF32S, Opcode.I64TruncSatF64U);

    public static OperatorType Of(Opcode opcode) =>
        opcode >= Opcode.I32TruncSatF32S ? Saturating[opcode - Opcode.I32TruncSatF32S] : Plain[opcode - Opcode.I32Eqz];

    public static AccessType Access(Opcode opcode) => opcode switch
    {
        Opcode.I32Load or Opcode.I32Store => new(ValueKind.Int32, 4),
        Opcode.I64Load or Opcode.I64Store => new(ValueKind.Int64, 8),
        Opcode.F32Load or Opcode.F32Store => new(ValueKind.Float32, 4),
        Opcode.F64Load or Opcode.F64Store => new(ValueKind.Float64, 8),
        Opcode.I32Load8S or Opcode.I32Load8U or Opcode.I32Store8 => new(ValueKind.Int32, 1),
        Opcode.I32Load16S or Opcode.I32Load16U or Opcode.I32Store16 => new(ValueKind.Int32, 2),
        Opcode.I64Load8S or Opcode.I64Load8U or Opcode.I64Store8 => new(ValueKind.Int64, 1),
        Opcode.I64Load16S or Opcode.I64Load16U or Opcode.I64Store16 => new(ValueKind.Int64, 2),
        _ => new(ValueKind.Int64, 4),
    };

    private static OperatorType[] Build(Opcode first, Opcode last)
    {
        var types = new OperatorType[last - first + 1];
        for (var opcode = first; opcode <= last; opcode++)
            types[opcode - first] = Describe(opcode);
        return types;
    }

    private static OperatorType Describe(Opcode opcode)
    {
        const ValueKind i32 = ValueKind.Int32, i64 = ValueKind.Int64, f32 = ValueKind.Float32, f64 = ValueKind.Float64;
        return opcode switch
        {
            Opcode.I32Eqz => new(i32, 1, i32),
            <= Opcode.I32GeU => new(i32, 2, i32),
            Opcode.I64Eqz => new(i64, 1, i32),
            <= Opcode.I64GeU => new(i64, 2, i32),
            <= Opcode.F32Ge => new(f32, 2, i32),
            <= Opcode.F64Ge => new(f64, 2, i32),
            <= Opcode.I32Popcnt => new(i32, 1, i32),
            <= Opcode.I32Rotr => new(i32, 2, i32),
            <= Opcode.I64Popcnt => new(i64, 1, i64),
            <= Opcode.I64Rotr => new(i64, 2, i64),
            <= Opcode.F32Sqrt => new(f32, 1, f32),
            <= Opcode.F32Copysign => new(f32, 2, f32),
            <= Opcode.F64Sqrt => new(f64, 1, f64),
            <= Opcode.F64Copysign => new(f64, 2, f64),
            Opcode.I32WrapI64 => new(i64, 1, i32),
            <= Opcode.I32TruncF32U => new(f32, 1, i32),
            <= Opcode.I32TruncF64U => new(f64, 1, i32),
            <= Opcode.I64ExtendI32U => new(i32, 1, i64),
            <= Opcode.I64TruncF32U => new(f32, 1, i64),
            <= Opcode.I64TruncF64U => new(f64, 1, i64),
            <= Opcode.F32ConvertI32U => new(i32, 1, f32),
            <= Opcode.F32ConvertI64U => new(i64, 1, f32),
            Opcode.F32DemoteF64 => new(f64, 1, f32),
            <= Opcode.F64ConvertI32U => new(i32, 1, f64),
            <= Opcode.F64ConvertI64U => new(i64, 1, f64),
            Opcode.F64PromoteF32 => new(f32, 1, f64),
            Opcode.I32ReinterpretF32 => new(f32, 1, i32),
            Opcode.I64ReinterpretF64 => new(f64, 1, i64),
            Opcode.F32ReinterpretI32 => new(i32, 1, f32),
            Opcode.F64ReinterpretI64 => new(i64, 1, f64),
            <= Opcode.I32Extend16S => new(i32, 1, i32),
            <= Opcode.I64Extend32S => new(i64, 1, i64),
            <= Opcode.I32TruncSatF32U => new(f32, 1, i32),
            <= Opcode.I32TruncSatF64U => new(f64, 1, i32),
            <= Opcode.I64TruncSatF32U => new(f32, 1, i64),
            _ => new(f64, 1, i64),
        };
    }
}
