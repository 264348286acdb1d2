// Validates function bodies by the algorithm of the specification's appendix (7.3). Enters: decoded instructions.
// Leaves: the greatest height of the operand stack and the places where NaNs are to be made canonical, or Invalid.
// Always holds: after this, the rewriter may trust every type and index of the body. The instructions themselves are in
// FunctionValidator.Instructions.cs, the knowledge of NaNs in FunctionValidator.Nans.cs.
using EventSourced.Metering.Binary;

namespace EventSourced.Metering.Validation;

internal sealed partial class FunctionValidator(
    ModuleDefinition module, IndexSpaces spaces, HashSet<uint> referred, MeterLimits limits)
{
    /// <summary>The operand of unreachable code: it fits every type.</summary>
    private const ValueKind Unknown = 0;

    private readonly List<Operand> _operands = [];
    private readonly List<Frame> _frames = [];
    private readonly List<ValueKind> _locals = [];
    private readonly HashSet<uint> _checkedLabels = [];
    private FunctionCode _code = new();
    private int _function;
    private int _at;
    private int _highest;

    /// <summary>
    /// An operand on the stack: its kind, the NaNs that it may hold, and the instruction behind which they would be
    /// made canonical; that place moves when the operand's sign is changed.
    /// </summary>
    private readonly record struct Operand(ValueKind Kind, Nans Nans = Nans.Seen, int Producer = 0, bool Moved = false);

    private readonly record struct Frame(Opcode Opcode, FunctionType Type, int Height, bool Unreachable)
    {
        public ReadOnlySpan<ValueKind> LabelKinds => Opcode == Opcode.Loop ? Type.ParameterKinds : Type.ResultKinds;
    }

    /// <summary>Validates a body and gives its locals, parameters included, and the most operands at once.</summary>
    public BodyFacts Validate(int body, FunctionCode code)
    {
        _code = code;
        _function = spaces.ImportedFunctions + body;
        var type = spaces.FunctionTypes[_function];
        FillLocals(type, module.Bodies[body].Locals);
        var count = _locals.Count;
        BeginNans(type.ParameterKinds.Length);
        do
        {
            _highest = 0;
            _operands.Clear();
            _frames.Clear();
            BeginPass();
            _frames.Add(new Frame(Opcode.Block, type, 0, false));
            for (_at = 0; _at < code.Instructions.Count; _at++)
                Check(code.Instructions[_at]);
        }
        while (PassAgain());
        return new BodyFacts(count, _highest);
    }

    private void FillLocals(FunctionType type, LocalGroup[] groups)
    {
        _locals.Clear();
        foreach (var kind in type.ParameterKinds)
            _locals.Add(kind);
        foreach (var group in groups)
        {
            if (group.Count > (uint)(limits.Locals - Math.Min(limits.Locals, _locals.Count)))
                throw Limit($"expected at most {limits.Locals} locals, found more");
            for (var i = 0; i < group.Count; i++)
                _locals.Add(group.Kind);
        }
    }

    private WasmException Invalid(string what) =>
        new(WasmErrorKind.Invalid, $"{what}, in function {_function} at instruction {_at}");

    private WasmException Limit(string what) =>
        new(WasmErrorKind.Limit, $"{what}, in function {_function}");

    private void Push(ValueKind kind) => Push(new Operand(kind));

    private void Push(Operand operand)
    {
        _operands.Add(operand);
        if (_operands.Count <= _highest)
            return;
        _highest = _operands.Count;
        if (_highest > limits.Operands)
            throw Limit($"expected at most {limits.Operands} operands, found one more");
    }

    /// <summary>Pops an operand whose bits show: its NaNs are canonical.</summary>
    private ValueKind Pop()
    {
        var operand = PopQuiet();
        Show(operand);
        return operand.Kind;
    }

    /// <summary>Pops an operand whose NaN bits do not show.</summary>
    private Operand PopQuiet()
    {
        var frame = _frames[^1];
        if (_operands.Count == frame.Height)
        {
            return frame.Unreachable
                ? new Operand(Unknown)
                : throw Invalid("type mismatch: expected an operand, found an empty stack");
        }

        var operand = _operands[^1];
        _operands.RemoveAt(_operands.Count - 1);
        return operand;
    }

    private void Pop(ValueKind wanted) => Show(PopQuiet(wanted));

    private Operand PopQuiet(ValueKind wanted)
    {
        var found = PopQuiet();
        if (found.Kind != wanted && found.Kind != Unknown && wanted != Unknown)
            throw Invalid($"type mismatch: expected {wanted.Text()}, found {found.Kind.Text()}");
        return found.Kind == Unknown ? new Operand(wanted) : found;
    }

    private void Pop(ReadOnlySpan<ValueKind> kinds)
    {
        for (var i = kinds.Length - 1; i >= 0; i--)
            Pop(kinds[i]);
    }

    private void Push(ReadOnlySpan<ValueKind> kinds)
    {
        foreach (var kind in kinds)
            Push(kind);
    }

    private void Enter(Opcode opcode, FunctionType type)
    {
        _frames.Add(new Frame(opcode, type, _operands.Count, false));
        Push(type.ParameterKinds);
    }

    private Frame Leave()
    {
        var frame = _frames[^1];
        Pop(frame.Type.ResultKinds);
        if (_operands.Count != frame.Height)
        {
            throw Invalid(
                $"type mismatch: expected {frame.Type.Results.Count} values at the end of the block, "
                + $"found {_operands.Count - frame.Height} more");
        }

        _frames.RemoveAt(_frames.Count - 1);
        return frame;
    }

    private void BecomeUnreachable()
    {
        var frame = _frames[^1];
        _operands.RemoveRange(frame.Height, _operands.Count - frame.Height);
        _frames[^1] = frame with { Unreachable = true };
    }

    private Frame Label(uint depth) =>
        depth < _frames.Count ? _frames[_frames.Count - 1 - (int)depth] : throw Invalid($"unknown label {depth}");
}
