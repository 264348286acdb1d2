// Control flow (specification 4.4.8). Enters: blocks, branches and returns. Leaves: labels and jumps of IL. Always
// holds: at every jump and label IL's stack is empty; what a label takes along is in variables of its block.
using System.Reflection.Emit;
using EventSourced.Wasm.Binary;
using EventSourced.Wasm.Validation;

namespace EventSourced.Wasm.Compile;

internal sealed partial class FunctionCompiler
{
    private readonly List<Frame> _frames = [];

    /// <summary>How many blocks deep the code is that cannot be reached; zero where code is live.</summary>
    private int _dead;

    private sealed class Frame(Opcode opcode, FunctionType type, Label label, int height)
    {
        public Opcode Opcode { get; set; } = opcode;

        public FunctionType Type { get; } = type;

        /// <summary>Where branches to this block go.</summary>
        public Label Label { get; } = label;

        /// <summary>The operands below the block's parameters.</summary>
        public int Height { get; } = height;

        public Label? Else { get; set; }

        public bool Targeted { get; set; }

        /// <summary>For a loop whose one branch back pays for the next turn: how much; else null.</summary>
        public long? Turn { get; set; }

        /// <summary>What branches take along: results, or for a loop parameters. Made when first needed.</summary>
        public LocalBuilder[]? Carried { get; set; }

        /// <summary>For an if with parameters: where they wait for the else.</summary>
        public LocalBuilder[]? Parameters { get; set; }

        public ReadOnlySpan<ValueKind> LabelKinds => Opcode == Opcode.Loop ? Type.ParameterKinds : Type.ResultKinds;
    }

    private void Control(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Unreachable:
                DropOnStack();
                SaveFuel();
                _il.Emit(OpCodes.Call, Members.Unreachable);
                _il.Emit(OpCodes.Throw);
                Die();
                break;
            case Opcode.Block:
                EnterBlock(BlockTypes.Of(_module.Definition, instruction.B));
                break;
            case Opcode.Loop:
                EnterLoop(BlockTypes.Of(_module.Definition, instruction.B));
                break;
            case Opcode.If:
                EnterIf(BlockTypes.Of(_module.Definition, instruction.B));
                break;
            case Opcode.Else:
                Else(fallsThrough: true);
                break;
            case Opcode.End:
                End(fallsThrough: true);
                break;
            case Opcode.Br:
                Branch(Target(instruction.A));
                break;
            case Opcode.BrIf:
                BranchIf(Target(instruction.A));
                break;
            case Opcode.BrTable:
                BranchTable(instruction);
                break;
            default:
                Branch(_frames[0]);
                break;
        }
    }

    private Frame Target(uint depth) => _frames[_frames.Count - 1 - (int)depth];

    private void EnterBlock(FunctionType type)
    {
        SpillForBlock();
        _frames.Add(new Frame(Opcode.Block, type, _il.DefineLabel(), _operands.Count - type.Parameters.Count));
    }

    private void EnterLoop(FunctionType type)
    {
        SpillForBlock();
        var frame = new Frame(Opcode.Loop, type, _il.DefineLabel(), _operands.Count - type.Parameters.Count);
        _frames.Add(frame);
        if (type.Parameters.Count > 0)
            StoreCarried(frame);
        if (type.Parameters.Count == 0 && _plan.TurnsOnce(_at))
        {
            // Then the loop ends with its test, as the JIT likes it: no jump to a head that tests first.
            frame.Turn = _plan.ChargeAt(_at);
            Charge(_plan.ChargeAt(_at));
            _il.MarkLabel(frame.Label);
            return;
        }

        _il.MarkLabel(frame.Label);
        Charge(_plan.ChargeAt(_at));
        // A branch back overwrites what is carried, so the body works on copies.
        for (var i = 0; i < type.Parameters.Count; i++)
        {
            var copy = Take(type.Parameters[i]);
            _il.Emit(OpCodes.Ldloc, frame.Carried![i]);
            _il.Emit(OpCodes.Stloc, copy);
            Push(new Operand(type.Parameters[i], Place.Variable, Variable: copy));
        }
    }

    private void EnterIf(FunctionType type)
    {
        var parameters = type.Parameters.Count > 0 ? StoreParameters(type) : null;
        var otherwise = _il.DefineLabel();
        var hide = MayTestRotation(Opcode.If);
        LoadForBranch(1, forBlock: true);
        if (hide)
            HideRotation(ValueKind.Int32);
        _il.Emit(OpCodes.Brfalse, otherwise);
        OpenIf(type, otherwise, parameters);
    }

    /// <summary>The parameters of an if wait in variables, below the condition, for the arm that runs.</summary>
    private LocalBuilder[] StoreParameters(FunctionType type)
    {
        SpillAll();
        var condition = _operands[^1];
        Remove(_operands.Count - 1);
        var parameters = Variables(type.ParameterKinds);
        StoreTo(parameters);
        _operands.Add(condition);
        return parameters;
    }

    /// <summary>The arms of an if whose condition has been tested.</summary>
    private void OpenIf(FunctionType type, Label otherwise, LocalBuilder[]? parameters)
    {
        var frame = new Frame(Opcode.If, type, _il.DefineLabel(), _operands.Count)
        {
            Else = otherwise,
            Parameters = parameters,
        };
        if (parameters is not null)
            PushShared(type.ParameterKinds, parameters);
        _frames.Add(frame);
        Charge(_plan.ChargeAt(_at));
    }

    private void Else(bool fallsThrough)
    {
        var frame = _frames[^1];
        if (fallsThrough)
        {
            StoreCarried(frame);
            _il.Emit(OpCodes.Br, frame.Label);
            frame.Targeted = true;
        }

        _il.MarkLabel(frame.Else!.Value);
        frame.Else = null;
        frame.Opcode = Opcode.Else;
        _dead = 0;
        if (frame.Parameters is not null)
            PushShared(frame.Type.ParameterKinds, frame.Parameters);
        Charge(_plan.ChargeAt(_at));
    }

    private void End(bool fallsThrough)
    {
        var frame = _frames[^1];
        if (_frames.Count == 1)
        {
            EndFunction(frame, fallsThrough);
            return;
        }

        var isLoop = frame.Opcode == Opcode.Loop;
        var joins = !isLoop && (frame.Targeted || frame.Else is not null);
        if (!joins)
        {
            // No branch comes here: what is on the stack stays, and the block leaves no trace.
            _frames.RemoveAt(_frames.Count - 1);
            Release(frame);
            _dead = 0;
            if (!fallsThrough)
                Die();
            return;
        }

        if (fallsThrough)
            StoreCarried(frame);
        if (frame.Else is { } otherwise)
            EndWithoutElse(frame, otherwise, fallsThrough);
        _il.MarkLabel(frame.Label);
        _frames.RemoveAt(_frames.Count - 1);
        _dead = 0;
        var carried = frame.Carried ?? [];
        frame.Carried = null;
        Release(frame);
        for (var i = 0; i < carried.Length; i++)
            Push(new Operand(frame.Type.Results[i], Place.Variable, Variable: carried[i]));
        Charge(_plan.ChargeAt(_at));
    }

    /// <summary>An if without else gives its parameters back as results.</summary>
    private void EndWithoutElse(Frame frame, Label otherwise, bool fallsThrough)
    {
        if (frame.Parameters is null)
        {
            _il.MarkLabel(otherwise);
            return;
        }

        if (fallsThrough)
            _il.Emit(OpCodes.Br, frame.Label);
        _il.MarkLabel(otherwise);
        PushShared(frame.Type.ParameterKinds, frame.Parameters);
        StoreCarried(frame);
    }

    private void EndFunction(Frame frame, bool fallsThrough)
    {
        if (fallsThrough)
        {
            if (!frame.Targeted)
            {
                Return();
                return;
            }

            StoreCarried(frame);
        }

        if (!frame.Targeted)
            return;
        _il.MarkLabel(frame.Label);
        _dead = 0;
        PushShared(_type.ResultKinds, frame.Carried ?? []);
        Return();
    }

    private void Branch(Frame frame)
    {
        if (frame == _frames[0])
        {
            Return();
            return;
        }

        frame.Targeted = true;
        StoreCarried(frame);
        DropOnStack();
        if (frame.Turn is { } units)
            TurnAround(frame, units);
        else
            _il.Emit(OpCodes.Br, frame.Label);
        Die();
    }

    /// <summary>Leaves the function with the results that are on top; what is below them is dropped.</summary>
    private void Return()
    {
        var results = _type.ResultKinds;
        StoreMoreResults(results);
        if (results.Length == 0)
            DropOnStack();
        else
        {
            var extra = HasOnStackBelow(_operands.Count - 1);
            Load(1);
            if (extra)
            {
                var result = Take(results[0]);
                _il.Emit(OpCodes.Stloc, result);
                DropOnStack();
                _il.Emit(OpCodes.Ldloc, result);
                Free(result);
            }
        }

        SaveFuel();
        _il.Emit(OpCodes.Ret);
        Die();
    }

    private void BranchIf(Frame frame)
    {
        frame.Targeted = true;
        var hide = MayTestRotation(Opcode.BrIf);
        if (frame.LabelKinds.Length == 0)
        {
            LoadForBranch(1);
            if (hide)
                HideRotation(ValueKind.Int32);
            JumpIf(OpCodes.Brtrue, OpCodes.Brfalse, frame);
            return;
        }

        SpillAll();
        var condition = _operands[^1];
        Remove(_operands.Count - 1);
        CopyCarried(frame);
        Emit(condition);
        Free(condition);
        if (hide)
            HideRotation(ValueKind.Int32);
        _il.Emit(OpCodes.Brtrue, frame.Label);
    }

    private void BranchTable(Instruction instruction)
    {
        var labels = new Label[instruction.B];
        var last = Target(_code.Targets[instruction.Index + labels.Length]);
        var carries = last.LabelKinds.Length > 0;
        Operand index = default;
        if (carries)
        {
            SpillAll();
            index = _operands[^1];
            Remove(_operands.Count - 1);
        }

        var seen = new HashSet<Frame>();
        for (var i = 0; i <= labels.Length; i++)
        {
            var frame = Target(_code.Targets[instruction.Index + i]);
            frame.Targeted = true;
            if (carries && seen.Add(frame))
                CopyCarried(frame);
            if (i < labels.Length)
                labels[i] = frame.Label;
        }

        if (carries)
        {
            Emit(index);
            Free(index);
        }
        else
            LoadForBranch(1);
        // A short switch is a chain of comparisons to the JIT, the first one with zero.
        if (Rotates && labels.Length <= ShortSwitch)
            HideRotation(ValueKind.Int32);
        _il.Emit(OpCodes.Switch, labels);
        _il.Emit(OpCodes.Br, last.Label);
        Die();
    }

    /// <summary>
    /// Copies what a branch carries without taking it: where the branch may not be taken, it is still there.
    /// </summary>
    private void CopyCarried(Frame frame)
    {
        CheckSize();
        var carried = frame.Carried ??= Variables(frame.LabelKinds);
        var first = _operands.Count - carried.Length;
        for (var i = 0; i < carried.Length; i++)
        {
            Emit(_operands[first + i]);
            _il.Emit(OpCodes.Stloc, carried[i]);
        }
    }

    /// <summary>
    /// Takes the top operands onto IL's stack for a jump: nothing else is there then. At a block's begin, pending
    /// locals are saved too.
    /// </summary>
    private void LoadForBranch(int count, bool raw = false, bool forBlock = false)
    {
        var first = _operands.Count - count;
        if (HasOnStackBelow(first))
        {
            for (var i = _operands.Count - 1; i >= first; i--)
            {
                if (_operands[i].Place == Place.OnStack)
                    Spill(i, raw);
            }
        }

        var taken = _operands.GetRange(first, count);
        Remove(first);
        if (HasOnStackBelow(first))
            SpillAll();
        if (forBlock)
            SavePending();
        _operands.AddRange(taken);
        Load(count, raw);
        _clean = _operands.Count;
    }

    private bool HasOnStackBelow(int index)
    {
        for (var i = index - 1; i >= _clean; i--)
        {
            if (_operands[i].Place == Place.OnStack)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Pops what is still on IL's stack, so that a jump leaves it empty; effects have happened already.
    /// </summary>
    private void DropOnStack()
    {
        for (var i = _operands.Count - 1; i >= _clean; i--)
        {
            if (_operands[i].Place == Place.OnStack)
                _il.Emit(OpCodes.Pop);
        }
    }

    /// <summary>What follows cannot be reached until the innermost block ends.</summary>
    private void Die()
    {
        Truncate(_frames[^1].Height);
        _dead = 1;
    }

    private void SkipDead(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.If:
                _dead++;
                break;
            case Opcode.Else when _dead == 1:
                Else(fallsThrough: false);
                break;
            case Opcode.End when _dead == 1:
                End(fallsThrough: false);
                break;
            case Opcode.End:
                _dead--;
                break;
        }
    }

    private LocalBuilder[] Variables(ReadOnlySpan<ValueKind> kinds)
    {
        var variables = new LocalBuilder[kinds.Length];
        for (var i = 0; i < kinds.Length; i++)
            variables[i] = Take(kinds[i]);
        return variables;
    }

    private void PushShared(ReadOnlySpan<ValueKind> kinds, LocalBuilder[] variables)
    {
        for (var i = 0; i < kinds.Length; i++)
            Push(new Operand(kinds[i], Place.Shared, Variable: variables[i]));
    }

    /// <summary>Takes the top operands into variables.</summary>
    private void StoreTo(LocalBuilder[] variables)
    {
        Load(variables.Length);
        for (var i = variables.Length - 1; i >= 0; i--)
            _il.Emit(OpCodes.Stloc, variables[i]);
    }

    /// <summary>Takes what a branch to this block carries into the block's variables.</summary>
    private void StoreCarried(Frame frame)
    {
        frame.Carried ??= Variables(frame.LabelKinds);
        StoreTo(frame.Carried);
    }

    private void Release(Frame frame)
    {
        foreach (var variable in frame.Carried ?? [])
            Free(variable);
        foreach (var variable in frame.Parameters ?? [])
            Free(variable);
    }
}
