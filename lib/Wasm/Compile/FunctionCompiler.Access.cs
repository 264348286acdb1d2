// Memory instructions (specification 4.4.7). Enters: an address and perhaps a value. Leaves: one bounds check and one
// access. Always holds: the element address is taken at address + offset + size - 1, where the array checks that the
// last byte is inside, and then stepped back by size - 1, which cannot leave the array: so every byte accessed is the
// memory's own. The address is 32 bits, the sum is 64, so nothing wraps. An address that is constant and below the
// memory's declared minimum needs no check, because a memory never shrinks and no smaller one links.
using System.Reflection.Emit;
using EventSourced.Wasm.Binary;
using EventSourced.Wasm.Validation;

namespace EventSourced.Wasm.Compile;

internal sealed partial class FunctionCompiler
{
    private void ReloadMemory()
    {
        if (_memory is null)
            return;
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldfld, Members.Memory0);
        _il.Emit(OpCodes.Ldfld, Members.MemoryBytes);
        _il.Emit(OpCodes.Stloc, _memory);
    }

    private void MemoryLoad(Opcode opcode, uint offset)
    {
        var access = OperatorTypes.Access(opcode);
        LoadAddress(offset, access.Bytes);
        if (access.Bytes > 1)
            _il.Emit(OpCodes.Unaligned, (byte)1);
        switch (opcode)
        {
            case Opcode.I32Load or Opcode.I64Load32S:
                _il.Emit(OpCodes.Ldind_I4);
                break;
            case Opcode.I64Load:
                _il.Emit(OpCodes.Ldind_I8);
                break;
            case Opcode.F32Load:
                _il.Emit(OpCodes.Ldind_R4);
                break;
            case Opcode.F64Load:
                _il.Emit(OpCodes.Ldind_R8);
                break;
            case Opcode.I32Load8S or Opcode.I64Load8S:
                _il.Emit(OpCodes.Ldind_I1);
                break;
            case Opcode.I32Load8U or Opcode.I64Load8U:
                _il.Emit(OpCodes.Ldind_U1);
                break;
            case Opcode.I32Load16S or Opcode.I64Load16S:
                _il.Emit(OpCodes.Ldind_I2);
                break;
            case Opcode.I32Load16U or Opcode.I64Load16U:
                _il.Emit(OpCodes.Ldind_U2);
                break;
            default:
                _il.Emit(OpCodes.Ldind_U4);
                break;
        }

        if (opcode is Opcode.I64Load8S or Opcode.I64Load16S or Opcode.I64Load32S)
            _il.Emit(OpCodes.Conv_I8);
        if (opcode is Opcode.I64Load8U or Opcode.I64Load16U or Opcode.I64Load32U)
            _il.Emit(OpCodes.Conv_U8);
        PushResult(access.Kind, most: opcode switch
        {
            Opcode.I32Load8U => byte.MaxValue,
            Opcode.I32Load16U => ushort.MaxValue,
            _ => uint.MaxValue,
        });
    }

    private void MemoryStore(Opcode opcode, uint offset)
    {
        var access = OperatorTypes.Access(opcode);
        var value = _operands[^1];
        if (value.Place == Place.OnStack)
        {
            // A jump here would be taken at every store: the JIT puts the stub in its way. A store has time to blend.
            if (value.Raw)
                CanonicalizeInPlace(_operands.Count - 1);
            Spill(_operands.Count - 1);
            value = _operands[^1];
        }

        Remove(_operands.Count - 1);
        LoadAddress(offset, access.Bytes);
        Emit(value);
        Free(value);
        if (access.Bytes > 1)
            _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit(opcode switch
        {
            Opcode.I32Store or Opcode.I64Store32 => OpCodes.Stind_I4,
            Opcode.I64Store => OpCodes.Stind_I8,
            Opcode.F32Store => OpCodes.Stind_R4,
            Opcode.F64Store => OpCodes.Stind_R8,
            Opcode.I32Store8 or Opcode.I64Store8 => OpCodes.Stind_I1,
            _ => OpCodes.Stind_I2,
        });
    }

    /// <summary>Takes the address off the guest's stack and leaves that of the first byte on IL's.</summary>
    private void LoadAddress(uint offset, int bytes)
    {
        if (_operands[^1].Bound + (long)offset + bytes <= _module.LeastMemoryBytes
            || (_behindGuards && _guards.IsGuarded(_at)))
        {
            LoadKnownAddress(offset);
            return;
        }

        LoadAbove(() => _il.Emit(OpCodes.Ldloc, _memory!), 1);
        EmitAddress(offset, bytes);
    }

    /// <summary>An address whose bound keeps it inside the memory's least size: no check.</summary>
    private void LoadKnownAddress(uint offset)
    {
        void FirstByte()
        {
            _il.Emit(OpCodes.Ldloc, _memory!);
            _il.Emit(OpCodes.Call, Members.FirstByte);
        }

        if (_operands[^1] is { Place: Place.Constant } constant)
        {
            Truncate(_operands.Count - 1);
            FirstByte();
            EmitInt((int)((uint)constant.Bits + offset));
            _loadedDepth = 0;
        }
        else
        {
            LoadAbove(FirstByte, 1);
            EmitFarther(offset);
        }

        _il.Emit(OpCodes.Add);
    }

    /// <summary>The array and the address are on IL's stack; the address of the first byte is left there.</summary>
    private void EmitAddress(uint offset, int bytes)
    {
        EmitFarther((long)offset + bytes - 1);
        _il.Emit(OpCodes.Ldelema, typeof(byte));
        if (bytes == 1)
            return;
        EmitInt(bytes - 1);
        _il.Emit(OpCodes.Sub);
    }

    /// <summary>From an address of 32 bits to the native one so far behind it.</summary>
    private void EmitFarther(long distance)
    {
        _il.Emit(OpCodes.Conv_U);
        if (distance == 0)
            return;
        // IL adds a 32-bit number to a native one by sign, so a large one is widened first.
        if (distance <= int.MaxValue)
            EmitInt((int)distance);
        else
        {
            EmitLong(distance);
            _il.Emit(OpCodes.Conv_I);
        }

        _il.Emit(OpCodes.Add);
    }

    private void MemoryInstruction(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.MemorySize:
                _il.Emit(OpCodes.Ldloc, _memory!);
                _il.Emit(OpCodes.Ldlen);
                _il.Emit(OpCodes.Conv_I4);
                EmitInt(16);
                _il.Emit(OpCodes.Shr_Un);
                _loadedDepth = 0;
                PushResult(ValueKind.Int32);
                break;
            case Opcode.MemoryGrow:
                CallRuntime(1, Members.MemoryGrow);
                ReloadMemory();
                PushResult(ValueKind.Int32);
                break;
            case Opcode.MemoryFill:
                CallRuntime(3, Members.MemoryFill);
                break;
            case Opcode.MemoryCopy:
                CallRuntime(3, Members.MemoryCopy);
                break;
            case Opcode.MemoryInit:
                CallRuntime(3, Members.MemoryInit, instruction.Index);
                break;
            default:
                CallRuntime(0, Members.DataDrop, instruction.Index);
                break;
        }
    }

    private void TableInstruction(Instruction instruction)
    {
        var table = instruction.Index;
        switch (instruction.Opcode)
        {
            case Opcode.TableGet:
                var element = _module.Spaces.Tables[table].Element;
                CallRuntime(
                    1, element == ValueKind.FuncRef ? Members.TableGetFunction : Members.TableGetReference, table);
                PushResult(element);
                break;
            case Opcode.TableSet:
                var kind = _module.Spaces.Tables[table].Element;
                CallRuntime(2, kind == ValueKind.FuncRef ? Members.TableSetFunction : Members.TableSetReference, table);
                break;
            case Opcode.TableInit:
                CallRuntime(3, Members.TableInit, (int)instruction.B, instruction.Index);
                break;
            case Opcode.ElemDrop:
                CallRuntime(0, Members.ElementDrop, instruction.Index);
                break;
            case Opcode.TableCopy:
                CallRuntime(3, Members.TableCopy, instruction.Index, (int)instruction.B);
                break;
            case Opcode.TableGrow:
                CallRuntime(2, Members.TableGrow, table);
                PushResult(ValueKind.Int32);
                break;
            case Opcode.TableSize:
                CallRuntime(0, Members.TableSize, table);
                PushResult(ValueKind.Int32);
                break;
            default:
                CallRuntime(3, Members.TableFill, table);
                break;
        }
    }

    /// <summary>Calls the runtime: operands first, then the instance and the immediates; it may charge fuel.</summary>
    private void CallRuntime(int operands, System.Reflection.MethodInfo method, params ReadOnlySpan<int> immediates)
    {
        Load(operands);
        SaveFuel();
        _il.Emit(OpCodes.Ldarg_0);
        foreach (var immediate in immediates)
            EmitInt(immediate);
        _il.Emit(OpCodes.Call, method);
        LoadFuel();
        _loadedDepth = 0;
    }
}
