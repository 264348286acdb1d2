// Constant expressions (specification 3.3.10, 5.4.9). Enters: bytes up to the expression's end. Leaves: the one
// constant, or a fault that validation will name: a wrong count of values or an instruction that is not constant.
// Always holds: the bytes are in the grammar of instructions.
namespace EventSourced.Metering.Binary;

internal static class ConstantExpression
{
    public static Constant Read(ref ByteReader reader)
    {
        Constant? only = null;
        string? fault = null;
        while (true)
        {
            var opcode = (Opcode)reader.Byte();
            if (opcode == Opcode.End)
                break;
            var constant = ReadOne(opcode, ref reader, ref fault);
            if (only is not null)
                fault ??= "type mismatch: expected one constant, found several";
            only ??= constant;
        }

        fault ??= only is null ? "type mismatch: expected a constant, found none" : null;
        return (only ?? default) with { Fault = fault };
    }

    private static Constant Vector(ref ByteReader reader, ref string? fault)
    {
        var second = reader.U32();
        if (second != Opcode.V128Const - Opcode.V128Load)
            fault ??= $"constant expression required, found fd {second:x2}";
        else
            reader.Skip(16);
        return new Constant(ConstantKind.Value, ValueKind.V128, 0);
    }

    private static Constant ReadOne(Opcode opcode, ref ByteReader reader, ref string? fault)
    {
        switch (opcode)
        {
            case Opcode.I32Const:
                return new Constant(ConstantKind.Value, ValueKind.Int32, (uint)reader.S32());
            case Opcode.I64Const:
                return new Constant(ConstantKind.Value, ValueKind.Int64, (ulong)reader.S64());
            case Opcode.F32Const:
                return new Constant(ConstantKind.Value, ValueKind.Float32, reader.F32());
            case Opcode.F64Const:
                return new Constant(ConstantKind.Value, ValueKind.Float64, reader.F64());
            case (Opcode)Vectors.Prefix:
                return Vector(ref reader, ref fault);
            case Opcode.GlobalGet:
                return new Constant(ConstantKind.Global, default, reader.U32());
            case Opcode.RefFunc:
                return new Constant(ConstantKind.Function, ValueKind.FuncRef, reader.U32());
            case Opcode.RefNull:
                return new Constant(ConstantKind.Null, TypeSection.ReadReferenceType(ref reader), 0);
            case Opcode.Unreachable or Opcode.Nop or Opcode.Return or Opcode.Drop or Opcode.Select or Opcode.RefIsNull:
            case >= Opcode.I32Eqz and <= Opcode.I64Extend32S:
                fault ??= $"constant expression required, found {opcode}";
                return default;
            case Opcode.Br or Opcode.BrIf or Opcode.Call:
            case Opcode.LocalGet or Opcode.LocalSet or Opcode.LocalTee or Opcode.GlobalSet:
            case Opcode.TableGet or Opcode.TableSet:
                fault ??= $"constant expression required, found {opcode}";
                reader.U32();
                return default;
            case >= Opcode.I32Load and <= Opcode.I64Store32:
                fault ??= $"constant expression required, found {opcode}";
                reader.U32();
                reader.U32();
                return default;
            case Opcode.MemorySize or Opcode.MemoryGrow:
                fault ??= $"constant expression required, found {opcode}";
                reader.Skip(1);
                return default;
            default:
                // Nested blocks and prefixed instructions are never constant: nothing behind them matters.
                throw opcode is Opcode.Block or Opcode.Loop or Opcode.If or (Opcode)0xFC or Opcode.CallIndirect
                    or Opcode.BrTable or Opcode.SelectTyped
                    ? new WasmException(WasmErrorKind.Invalid, $"constant expression required, found {opcode}")
                    : reader.Malformed($"illegal opcode {(int)opcode:x2}");
        }
    }
}
