// Decodes a function's expression (specification 5.4). Enters: the bytes of one body behind its locals. Leaves:
// instructions with their immediates. Always holds: bytes outside of the grammar are Malformed, also inside code that
// is never reached.
namespace EventSourced.Metering.Binary;

internal sealed class InstructionDecoder(ModuleDefinition module, MeterLimits limits)
{
    private readonly Stack<Opcode> _blocks = new();

    public void Decode(FunctionBody body, FunctionCode code)
    {
        code.Clear();
        _blocks.Clear();
        _blocks.Push(Opcode.Block);
        var reader = new ByteReader(module.Bytes, body.Start, body.End);
        while (_blocks.Count > 0)
        {
            var at = reader.Position;
            var opcode = ReadOpcode(ref reader);
            Track(opcode, ref reader);
            code.Positions.Add(at);
            code.Instructions.Add(ReadInstruction(opcode, ref reader, code));
        }

        code.Positions.Add(reader.Position);

        if (!reader.AtEnd)
            throw reader.Malformed("section size mismatch: END opcode expected at the end of the function");
    }

    private static Opcode ReadOpcode(ref ByteReader reader)
    {
        var first = reader.Byte();
        switch (first)
        {
            case 0xFC:
                var second = reader.U32();
                return second <= (Opcode.TableFill - Opcode.I32TruncSatF32S)
                    ? Opcode.I32TruncSatF32S + (ushort)second
                    : throw reader.Malformed($"illegal opcode fc {second:x2}");
            case Vectors.Prefix:
                var number = reader.U32();
                if (number >= Vectors.Relaxed && number < Vectors.Relaxed + 0x40)
                {
                    throw new WasmException(
                        WasmErrorKind.Unsupported,
                        $"relaxed vector instructions differ between machines, at byte {reader.Position}");
                }

                return Vectors.Exists(number)
                    ? Opcode.V128Load + (ushort)number
                    : throw reader.Malformed($"illegal opcode fd {number:x2}");
            default:
                return (Opcode)first;
        }
    }

    private void Track(Opcode opcode, ref ByteReader reader)
    {
        switch (opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.If:
                _blocks.Push(opcode);
                if (_blocks.Count > limits.Nesting)
                {
                    throw new WasmException(
                        WasmErrorKind.Limit, $"expected at most {limits.Nesting} nested blocks, found one more");
                }

                break;
            case Opcode.Else:
                if (_blocks.Pop() != Opcode.If)
                    throw reader.Malformed("illegal opcode: else without if");
                _blocks.Push(Opcode.Else);
                break;
            case Opcode.End:
                _blocks.Pop();
                break;
        }
    }

    private Instruction ReadInstruction(Opcode opcode, ref ByteReader reader, FunctionCode code)
    {
        switch (opcode)
        {
            case Opcode.Unreachable or Opcode.Nop or Opcode.Else or Opcode.End or Opcode.Return:
            case Opcode.Drop or Opcode.Select or Opcode.RefIsNull:
            case >= Opcode.I32Eqz and <= Opcode.I64Extend32S:
            case >= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U:
                return new Instruction(opcode, 0, 0);
            case Opcode.Block or Opcode.Loop or Opcode.If:
                return new Instruction(opcode, 0, BlockType(ref reader));
            case Opcode.Br or Opcode.BrIf or Opcode.Call or Opcode.RefFunc:
            case Opcode.LocalGet or Opcode.LocalSet or Opcode.LocalTee or Opcode.GlobalGet or Opcode.GlobalSet:
            case Opcode.TableGet or Opcode.TableSet or Opcode.TableGrow or Opcode.TableSize or Opcode.TableFill:
            case Opcode.ElemDrop:
                return new Instruction(opcode, reader.U32(), 0);
            case Opcode.CallIndirect or Opcode.TableInit or Opcode.TableCopy:
                return new Instruction(opcode, reader.U32(), reader.U32());
            case Opcode.BrTable:
                return BranchTable(ref reader, code);
            case Opcode.SelectTyped:
                return SelectTyped(ref reader);
            case >= Opcode.I32Load and <= Opcode.I64Store32:
                return new Instruction(opcode, reader.U32(), reader.U32());
            case Opcode.I32Const:
                return new Instruction(opcode, 0, (uint)reader.S32());
            case Opcode.I64Const:
                return new Instruction(opcode, 0, reader.S64());
            case Opcode.F32Const:
                return new Instruction(opcode, 0, reader.F32());
            case Opcode.F64Const:
                return new Instruction(opcode, 0, (long)reader.F64());
            case Opcode.RefNull:
                return new Instruction(opcode, (uint)TypeSection.ReadReferenceType(ref reader), 0);
            case Opcode.MemorySize or Opcode.MemoryGrow or Opcode.MemoryFill:
            case Opcode.MemoryCopy or Opcode.MemoryInit or Opcode.DataDrop:
                return MemoryInstruction(opcode, ref reader);
            case >= Opcode.V128Load:
                return Vector(opcode, ref reader);
            default:
                throw reader.Malformed($"illegal opcode {(int)opcode:x2}");
        }
    }

    private static long BlockType(ref ByteReader reader)
    {
        var first = reader.Peek();
        if (first == 0x40 || TypeSection.IsValueType(first))
        {
            reader.Skip(1);
            return -first;
        }

        var index = reader.S33();
        return index >= 0 ? index : throw reader.Malformed("malformed block type");
    }

    private Instruction BranchTable(ref ByteReader reader, FunctionCode code)
    {
        var start = (uint)code.Targets.Count;
        var count = reader.Count(limits.BranchTargets, "targets of br_table");
        for (var i = 0; i <= count; i++)
            code.Targets.Add(reader.U32());
        return new Instruction(Opcode.BrTable, start, count);
    }

    private static Instruction SelectTyped(ref ByteReader reader)
    {
        var count = reader.U32();
        var kind = ValueKind.Int32;
        for (var i = 0; i < count; i++)
            kind = TypeSection.ReadValueType(ref reader);
        return new Instruction(Opcode.SelectTyped, (uint)kind, count);
    }

    private static Instruction Vector(Opcode opcode, ref ByteReader reader)
    {
        var type = Vectors.Of(opcode);
        switch (type.Immediate)
        {
            case VectorImmediate.Memory:
                var alignment = reader.U32();
                reader.U32();
                return new Instruction(opcode, alignment, 0);
            case VectorImmediate.MemoryAndLane:
                var laneAlignment = reader.U32();
                reader.U32();
                return new Instruction(opcode, laneAlignment, reader.Byte());
            case VectorImmediate.Lane:
                return new Instruction(opcode, 0, reader.Byte());
            case VectorImmediate.Constant:
                var at = reader.Position;
                reader.Skip(16);
                return new Instruction(opcode, 0, Vectors.HasNan(reader.Range(at, at + 16)) ? 0 : 1);
            case VectorImmediate.Shuffle:
                var highest = 0;
                for (var i = 0; i < 16; i++)
                    highest = Math.Max(highest, reader.Byte());
                return new Instruction(opcode, 0, highest);
            default:
                return new Instruction(opcode, 0, 0);
        }
    }

    private Instruction MemoryInstruction(Opcode opcode, ref ByteReader reader)
    {
        var segment = opcode is Opcode.MemoryInit or Opcode.DataDrop ? reader.U32() : 0;
        var zeros = opcode switch
        {
            Opcode.MemoryCopy => 2,
            Opcode.DataDrop => 0,
            _ => 1,
        };
        for (var i = 0; i < zeros; i++)
        {
            if (reader.Byte() != 0)
                throw reader.Malformed("zero byte expected");
        }

        if (opcode is Opcode.MemoryInit or Opcode.DataDrop && module.DataCount is null)
            throw reader.Malformed("data count section required");
        return new Instruction(opcode, segment, 0);
    }
}
