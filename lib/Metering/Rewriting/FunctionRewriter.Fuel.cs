// Fuel, depth and growth in rewritten code. Enters: charges of the plan. Leaves: instructions that take them. Always
// holds: in a function with loops fuel is in a local, written back before every call that takes fuel and at every
// end; in others it is taken from the global. What is negative stops: the meter's own code branches to the function's
// end and traps there; nothing of the guest runs after that.
using EventSourced.Metering.Binary;

namespace EventSourced.Metering.Rewriting;

internal sealed partial class FunctionRewriter
{
    /// <summary>Uses of the meter's i64 locals.</summary>
    private const int FuelLocal = 0;
    private const int DepthLocal = 1;

    /// <summary>Uses of the meter's i32 locals.</summary>
    private const int LengthLocal = 0;
    private const int AnswerLocal = 1;

    /// <summary>
    /// At the function's head, inside the outer block: the entry's fuel and its depth, checked at once.
    /// </summary>
    private void Enter()
    {
        var units = _plan.Fuel.EntryCharge;
        var fuel = Local(ValueKind.Int64, FuelLocal);
        var paid = units > 0;
        if (paid || _plan.KeepsFuel)
        {
            Op(Opcode.GlobalGet).U32(FuelGlobal);
            if (paid)
            {
                Constant(units);
                Op(Opcode.I64Sub);
            }

            if (_plan.KeepsFuel)
            {
                Set(fuel);
            }
            else
            {
                Tee(fuel);
                Op(Opcode.GlobalSet).U32(FuelGlobal);
            }
        }

        if (_plan.TakesDepth)
            EnterDepth();
        if (paid)
            Get(fuel);
        if (_plan.TakesDepth)
            Get(Local(ValueKind.Int64, DepthLocal));
        if (paid && _plan.TakesDepth)
            Op(Opcode.I64Or);
        if (!paid && !_plan.TakesDepth)
            return;
        Constant(0);
        Op(Opcode.I64LtS);
        Unlikely();
        Op(Opcode.BrIf).U32(0);
    }

    private void EnterDepth()
    {
        Op(Opcode.GlobalGet).U32(DepthGlobal);
        Constant(_plan.Weight);
        Op(Opcode.I64Sub);
        Tee(Local(ValueKind.Int64, DepthLocal));
        Op(Opcode.GlobalSet).U32(DepthGlobal);
    }

    /// <summary>The function's return: its results are on the stack.</summary>
    private void Leave()
    {
        SaveFuel();
        if (!_plan.TakesDepth)
            return;
        Get(Local(ValueKind.Int64, DepthLocal));
        Constant(_plan.Weight);
        Op(Opcode.I64Add);
        Op(Opcode.GlobalSet).U32(DepthGlobal);
    }

    private void SaveFuel()
    {
        if (!_plan.KeepsFuel)
            return;
        Get(Local(ValueKind.Int64, FuelLocal));
        Op(Opcode.GlobalSet).U32(FuelGlobal);
    }

    private void LoadFuel()
    {
        Op(Opcode.GlobalGet).U32(FuelGlobal);
        Set(Local(ValueKind.Int64, FuelLocal));
    }

    private void Charge(long units)
    {
        BeginCharge();
        Constant(units);
        EndCharge();
    }

    private void BeginCharge()
    {
        if (_plan.KeepsFuel)
            Get(Local(ValueKind.Int64, FuelLocal));
        else
            Op(Opcode.GlobalGet).U32(FuelGlobal);
    }

    /// <summary>The price lies above the fuel: takes it and stops where too little is left.</summary>
    private void EndCharge()
    {
        var fuel = Local(ValueKind.Int64, FuelLocal);
        Op(Opcode.I64Sub);
        Tee(fuel);
        if (!_plan.KeepsFuel)
        {
            Op(Opcode.GlobalSet).U32(FuelGlobal);
            Get(fuel);
        }

        Constant(0);
        Op(Opcode.I64LtS);
        Unlikely();
        Op(Opcode.BrIf).U32(_nesting + 1);
    }

    /// <summary>A bulk operation's length lies on top: it is paid before the operation looks at its bounds.</summary>
    private void PayLength(int shift)
    {
        var length = Local(ValueKind.Int32, LengthLocal);
        Set(length);
        BeginCharge();
        Wide(length);
        Constant(shift);
        Op(Opcode.I64ShrU);
        EndCharge();
        Get(length);
    }

    /// <summary>Growth fails beyond the host's limit; the pages that are new are paid once they are there.</summary>
    private void GrowMemory(ReadOnlySpan<byte> instruction)
    {
        var (length, answer) = (Local(ValueKind.Int32, LengthLocal), Local(ValueKind.Int32, AnswerLocal));
        Set(length);
        _code.Byte((byte)Opcode.MemorySize).Byte(0);
        IfBeyond(length, PagesGlobal);
        Get(length);
        _code.Raw(instruction);
        Op(Opcode.End);
        Set(answer);
        BeginCharge();
        Wide(length);
        Constant(Prices.PageShift);
        Op(Opcode.I64Shl);
        PayIfGrown(answer);
    }

    /// <summary>Growth of a table may move all of it, so all of it is paid.</summary>
    private void GrowTable(uint table, ReadOnlySpan<byte> instruction)
    {
        var (length, answer) = (Local(ValueKind.Int32, LengthLocal), Local(ValueKind.Int32, AnswerLocal));
        var item = Local(spaces.Tables[(int)table].Element);
        Set(length);
        Set(item);
        TableSize(table);
        IfBeyond(length, ElementsGlobal);
        Get(item);
        Get(length);
        _code.Raw(instruction);
        Op(Opcode.End);
        Set(answer);
        BeginCharge();
        TableSize(table);
        Op(Opcode.I64ExtendI32U);
        Constant(Prices.ElementsShift);
        Op(Opcode.I64ShrU);
        PayIfGrown(answer);
    }

    /// <summary>
    /// The size lies on top: -1 when size and length exceed a limit; else the code that follows runs until an end.
    /// </summary>
    private void IfBeyond(uint length, uint limit)
    {
        Op(Opcode.I64ExtendI32U);
        Wide(length);
        Op(Opcode.I64Add);
        Op(Opcode.GlobalGet).U32(limit);
        Op(Opcode.I64GtU);
        Op(Opcode.If).Byte((byte)ValueKind.Int32);
        Op(Opcode.I32Const).S64(-1);
        Op(Opcode.Else);
    }

    /// <summary>The price lies on top; it is nothing where growth failed. Leaves the answer.</summary>
    private void PayIfGrown(uint answer)
    {
        Constant(0);
        Get(answer);
        Op(Opcode.I32Const).S64(-1);
        Op(Opcode.I32Ne);
        Op(Opcode.Select);
        EndCharge();
        Get(answer);
    }

    private void TableSize(uint table) => _code.Byte(0xFC).U32(Opcode.TableSize - Opcode.I32TruncSatF32S).U32(table);

    private void Wide(uint local)
    {
        Get(local);
        Op(Opcode.I64ExtendI32U);
    }
}
