// The typing rule of each instruction (specification 3.3). Enters: one instruction. Leaves: operands popped and
// pushed. Always holds: indices are checked before they are used.
using EventSourced.Metering.Binary;

namespace EventSourced.Metering.Validation;

internal sealed partial class FunctionValidator
{
    private void Check(Instruction instruction)
    {
        var opcode = instruction.Opcode;
        switch (opcode)
        {
            case Opcode.Nop:
                break;
            case >= Opcode.I32Eqz and <= Opcode.I64Extend32S:
            case >= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U:
                CheckNumeric(opcode, OperatorTypes.Of(opcode));
                break;
            case >= Opcode.V128Load:
                CheckVector(instruction);
                break;
            case Opcode.LocalGet:
                Local(instruction.A);
                PushLocal(instruction.Index);
                break;
            case Opcode.LocalSet:
                Assign(instruction.Index, PopQuiet(Local(instruction.A)));
                break;
            case Opcode.LocalTee:
                Push(Assign(instruction.Index, PopQuiet(Local(instruction.A))) with { Kind = Local(instruction.A) });
                break;
            case Opcode.I32Const:
                Push(ValueKind.Int32);
                break;
            case Opcode.I64Const:
                Push(ValueKind.Int64);
                break;
            case Opcode.F32Const:
                Push(new Operand(ValueKind.Float32, OfConstant((uint)instruction.B)));
                break;
            case Opcode.F64Const:
                Push(new Operand(ValueKind.Float64, OfConstant((ulong)instruction.B)));
                break;
            case >= Opcode.I32Load and <= Opcode.I64Store32:
                CheckAccess(opcode, instruction.A);
                break;
            case Opcode.Drop:
                PopQuiet();
                break;
            case Opcode.Select or Opcode.SelectTyped:
                CheckSelect(instruction);
                break;
            case Opcode.GlobalGet or Opcode.GlobalSet:
                CheckGlobal(instruction);
                break;
            case Opcode.RefNull or Opcode.RefIsNull or Opcode.RefFunc:
                CheckReference(instruction);
                break;
            case <= Opcode.CallIndirect:
                CheckControl(instruction);
                break;
            case Opcode.TableGet or Opcode.TableSet:
            case >= Opcode.TableInit and <= Opcode.TableFill:
                CheckTableInstruction(instruction);
                break;
            default:
                CheckMemoryInstruction(instruction);
                break;
        }
    }

    private ValueKind Local(uint index) =>
        index < _locals.Count ? _locals[(int)index] : throw Invalid($"unknown local {index}");

    private void CheckAccess(Opcode opcode, uint alignment)
    {
        NeedMemory();
        var access = OperatorTypes.Access(opcode);
        CheckAlignment(alignment, access.Bytes);
        if (opcode >= Opcode.I32Store)
        {
            Pop(access.Kind);
            Pop(ValueKind.Int32);
        }
        else
        {
            Pop(ValueKind.Int32);
            Push(access.Kind);
        }
    }

    private void NeedMemory()
    {
        if (spaces.Memories.Count == 0)
            throw Invalid("unknown memory 0");
    }

    private void CheckSelect(Instruction instruction)
    {
        Pop(ValueKind.Int32);
        if (instruction.Opcode == Opcode.SelectTyped)
        {
            if (instruction.B != 1)
                throw Invalid($"invalid result arity: expected 1, found {instruction.B}");
            var kind = (ValueKind)instruction.A;
            var (other, one) = (PopQuiet(kind), PopQuiet(kind));
            Push(Either(one, other));
            return;
        }

        var second = PopQuiet();
        var first = PopQuiet();
        if (first.Kind.IsReference() || second.Kind.IsReference())
            throw Invalid("type mismatch: expected numbers for select without a type, found references");
        if (first.Kind != second.Kind && first.Kind != Unknown && second.Kind != Unknown)
            throw Invalid($"type mismatch: expected {first.Kind.Text()}, found {second.Kind.Text()}");
        Push(Either(first, second));
    }

    private void CheckVector(Instruction instruction)
    {
        var type = Vectors.Of(instruction.Opcode);
        if (type.Immediate is VectorImmediate.Memory or VectorImmediate.MemoryAndLane)
        {
            NeedMemory();
            CheckAlignment(instruction.A, type.Bytes);
        }

        var lanes = type.Immediate == VectorImmediate.Shuffle ? 32 : type.Lanes;
        if (lanes > 0 && instruction.B >= lanes)
            throw Invalid($"invalid lane index: expected less than {lanes}, found {instruction.B}");
        CheckVectorOperands(instruction, type);
    }

    private void CheckAlignment(uint alignment, int bytes)
    {
        if (alignment > 31 || 1L << (int)alignment > bytes)
            throw Invalid($"alignment must not be larger than natural, found 2^{alignment} for {bytes} bytes");
    }

    private void CheckGlobal(Instruction instruction)
    {
        if (instruction.A >= spaces.Globals.Count)
            throw Invalid($"unknown global {instruction.A}");
        var global = spaces.Globals[instruction.Index];
        if (instruction.Opcode == Opcode.GlobalGet)
        {
            Push(global.Kind);
            return;
        }

        if (!global.Mutable)
            throw Invalid($"global is immutable: expected a mutable global, found {instruction.A}");
        Pop(global.Kind);
    }

    private void CheckReference(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.RefNull:
                Push((ValueKind)instruction.A);
                break;
            case Opcode.RefIsNull:
                var kind = Pop();
                if (kind != Unknown && !kind.IsReference())
                    throw Invalid($"type mismatch: expected a reference, found {kind.Text()}");
                Push(ValueKind.Int32);
                break;
            default:
                FunctionAt(instruction.A);
                if (!referred.Contains(instruction.A))
                    throw Invalid($"undeclared function reference {instruction.A}");
                Push(ValueKind.FuncRef);
                break;
        }
    }

    private FunctionType FunctionAt(uint index) =>
        index < spaces.FunctionTypes.Count
            ? spaces.FunctionTypes[(int)index]
            : throw Invalid($"unknown function {index}");

    private void CheckControl(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Unreachable:
                BecomeUnreachable();
                break;
            case Opcode.Block or Opcode.Loop or Opcode.If:
                if (instruction.Opcode == Opcode.If)
                    Pop(ValueKind.Int32);
                var type = BlockTypes.Of(module, instruction.B);
                Pop(type.ParameterKinds);
                Enter(instruction.Opcode, type);
                break;
            case Opcode.Else:
                Enter(Opcode.Else, Leave().Type);
                break;
            case Opcode.End:
                CheckEnd();
                break;
            case Opcode.Br:
                Pop(Label(instruction.A).LabelKinds);
                BecomeUnreachable();
                break;
            case Opcode.BrIf:
                Pop(ValueKind.Int32);
                var label = Label(instruction.A);
                Pop(label.LabelKinds);
                Push(label.LabelKinds);
                break;
            case Opcode.BrTable:
                CheckBranchTable(instruction);
                break;
            case Opcode.Return:
                Pop(_frames[0].Type.ResultKinds);
                BecomeUnreachable();
                break;
            case Opcode.Call:
                CheckCall(FunctionAt(instruction.A));
                break;
            default:
                CheckIndirectCall(instruction);
                break;
        }
    }

    private void CheckEnd()
    {
        var frame = Leave();
        if (frame.Opcode == Opcode.If && !frame.Type.ParameterKinds.SequenceEqual(frame.Type.ResultKinds))
            throw Invalid($"type mismatch: expected an else for a block of type {frame.Type}, found none");
        Push(frame.Type.ResultKinds);
    }

    private void CheckBranchTable(Instruction instruction)
    {
        Pop(ValueKind.Int32);
        var targets = _code.Targets;
        var fallback = Label(targets[instruction.Index + (int)instruction.B]);
        var arity = fallback.LabelKinds.Length;
        Span<ValueKind> popped = arity <= 64 ? stackalloc ValueKind[arity] : new ValueKind[arity];
        _checkedLabels.Clear();
        for (var i = 0; i < instruction.B; i++)
        {
            var target = targets[instruction.Index + i];
            if (!_checkedLabels.Add(target))
                continue;
            var kinds = Label(target).LabelKinds;
            if (kinds.Length != arity)
                throw Invalid($"type mismatch: expected {arity} values at each label, found {kinds.Length}");
            // Popped operands go back as they were, so that unknown operands stay unknown for the next label.
            for (var j = arity - 1; j >= 0; j--)
            {
                popped[j] = Pop();
                if (popped[j] != kinds[j] && popped[j] != Unknown)
                    throw Invalid($"type mismatch: expected {kinds[j].Text()}, found {popped[j].Text()}");
            }

            Push(popped);
        }

        Pop(fallback.LabelKinds);
        BecomeUnreachable();
    }

    private void CheckCall(FunctionType type)
    {
        Pop(type.ParameterKinds);
        Push(type.ResultKinds);
    }

    private void CheckIndirectCall(Instruction instruction)
    {
        var table = TableAt((uint)instruction.B);
        if (table.Element != ValueKind.FuncRef)
            throw Invalid($"type mismatch: expected a table of funcref, found {table.Element.Text()}");
        if (instruction.A >= module.Types.Count)
            throw Invalid($"unknown type {instruction.A}");
        Pop(ValueKind.Int32);
        CheckCall(module.Types[instruction.Index]);
    }

    private TableType TableAt(uint index) =>
        index < spaces.Tables.Count ? spaces.Tables[(int)index] : throw Invalid($"unknown table {index}");

    private void CheckTableInstruction(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.TableGet:
                var kind = TableAt(instruction.A).Element;
                Pop(ValueKind.Int32);
                Push(kind);
                break;
            case Opcode.TableSet:
                Pop(TableAt(instruction.A).Element);
                Pop(ValueKind.Int32);
                break;
            case Opcode.TableInit:
                SameElements(TableAt((uint)instruction.B).Element, SegmentAt(instruction.A).Type);
                PopThreeIntegers();
                break;
            case Opcode.ElemDrop:
                SegmentAt(instruction.A);
                break;
            case Opcode.TableCopy:
                SameElements(TableAt(instruction.A).Element, TableAt((uint)instruction.B).Element);
                PopThreeIntegers();
                break;
            case Opcode.TableGrow:
                Pop(ValueKind.Int32);
                Pop(TableAt(instruction.A).Element);
                Push(ValueKind.Int32);
                break;
            case Opcode.TableSize:
                TableAt(instruction.A);
                Push(ValueKind.Int32);
                break;
            default:
                Pop(ValueKind.Int32);
                Pop(TableAt(instruction.A).Element);
                Pop(ValueKind.Int32);
                break;
        }
    }

    private void SameElements(ValueKind target, ValueKind source)
    {
        if (target != source)
            throw Invalid($"type mismatch: expected elements of {target.Text()}, found {source.Text()}");
    }

    private ElementSegment SegmentAt(uint index) =>
        index < module.Elements.Count ? module.Elements[(int)index] : throw Invalid($"unknown elem segment {index}");

    private void PopThreeIntegers()
    {
        Pop(ValueKind.Int32);
        Pop(ValueKind.Int32);
        Pop(ValueKind.Int32);
    }

    private void CheckMemoryInstruction(Instruction instruction)
    {
        if (instruction.Opcode is Opcode.MemoryInit or Opcode.DataDrop && instruction.A >= module.Data.Count)
            throw Invalid($"unknown data segment {instruction.A}");
        if (instruction.Opcode == Opcode.DataDrop)
            return;
        NeedMemory();
        switch (instruction.Opcode)
        {
            case Opcode.MemorySize:
                Push(ValueKind.Int32);
                break;
            case Opcode.MemoryGrow:
                Pop(ValueKind.Int32);
                Push(ValueKind.Int32);
                break;
            default:
                PopThreeIntegers();
                break;
        }
    }
}
