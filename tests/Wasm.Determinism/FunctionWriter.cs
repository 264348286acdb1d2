// One function of a random program: its locals, labels and statements. Enters: the plan with the functions before it.
// Leaves: the body's binary and a bound on what a call costs. Every statement leaves the operand stack as it found it.
namespace EventSourced.Wasm.Determinism;

/// <summary>Writes one function's body; the expressions stand in the other half of the class.</summary>
public sealed partial class FunctionWriter
{
    private const int NestingLimit = 3;
    private const int LoopTurns = 7;
    private const byte Void = 0x40;

    private readonly ProgramPlan _plan;
    private readonly Signature _signature;
    private readonly Dice _dice;
    private readonly Bytes _code = new();
    private readonly List<Kind> _locals = [];

    // Loop counters and the vector: never touched by random statements.
    private readonly HashSet<int> _reserved = [];

    // Innermost last: a block with the kind of value that its label takes, or a loop with its counter.
    private readonly List<Label> _labels = [];
    private int _multiplier = 1;
    private int? _vector;

    public FunctionWriter(ProgramPlan plan, Signature signature)
    {
        _plan = plan;
        _signature = signature;
        _dice = plan.Dice;
        _locals.AddRange(signature.Parameters);
        foreach (var kind in new[] { Kind.I32, Kind.I64, Kind.F32, Kind.F64 })
            for (var i = 0; i <= _dice.Below(3); i++) _locals.Add(kind);
    }

    /// <summary>A bound on the operators that one call runs.</summary>
    public int Cost { get; private set; } = 10;

    private sealed record Label(Kind? Value, int? Counter);

    public Bytes Write()
    {
        Block(3 + _dice.Below(6));
        Results();
        var declarations = new Bytes().Unsigned((uint)(_locals.Count - _signature.Parameters.Length));
        foreach (var kind in _locals.Skip(_signature.Parameters.Length)) declarations.Unsigned(1).Add((byte)kind);
        return declarations.Append(_code).Add(0x0b);
    }

    private void Block(int statements)
    {
        for (var i = 0; i < statements; i++) Statement();
    }

    private void Results()
    {
        foreach (var kind in _signature.Results) Expression(kind, 3);
    }

    private void Statement()
    {
        var deep = _labels.Count >= NestingLimit || Cost > ProgramPlan.CostLimit / 2;
        switch (_dice.Below(deep ? 12 : 20))
        {
            case <= 3: SetLocal(); break;
            case 4: SetGlobal(); break;
            case 5 or 6 or 7: Store(); break;
            case 8: CallStatement(); break;
            case 9: Bulk(); break;
            case 10: Branch(); break;
            case 11: Rare(); break;
            case 12 or 13: If(); break;
            case 14 or 15: PlainBlock(); break;
            case 16 or 17: Loop(); break;
            case 18: LoopWithValue(); break;
            default: Switch(); break;
        }
    }

    private void SetLocal()
    {
        var local = AnyLocal();
        Expression(_locals[local], 4);
        Op(0x21).Unsigned((uint)local);
    }

    private void SetGlobal()
    {
        var global = _dice.Below(_plan.Globals.Count);
        Expression(_plan.Globals[global], 3);
        Op(0x24).Unsigned((uint)global);
    }

    private void Store()
    {
        if (_dice.Once(6))
        {
            Address();
            Vector(3);
            Op(0xfd).Unsigned(11).Unsigned((uint)_dice.Below(5)).Unsigned((uint)_dice.Below(16));
            return;
        }

        var (op, kind, size) = _dice.Of(Stores);
        Address();
        Expression(kind, 3);
        MemoryOperator(op, size);
    }

    private void CallStatement()
    {
        if (!Callee(_ => true, out var callee)) return;
        Call(callee);
        foreach (var kind in _plan.Functions[callee].Signature.Results.Reverse())
        {
            if (_dice.Once(3)) Op(0x1a);
            else Op(0x21).Unsigned((uint)LocalOf(kind));
        }
    }

    private void Bulk()
    {
        // Short lengths at masked addresses: out of bounds now and then, by the offset that a raw address adds.
        switch (_dice.Below(5))
        {
            case 0:
                Address(); Expression(Kind.I32, 1); Length();
                Op(0xfc).Unsigned(11).Add(0);
                break;
            case 1:
                Address(); Address(); Length();
                Op(0xfc).Unsigned(10).Add(0, 0);
                break;
            case 2:
                Address();
                Const32(_dice.Below(ProgramPlan.DataBytes / 2));
                Const32(_dice.Below(ProgramPlan.DataBytes / 2));
                Op(0xfc).Unsigned(8).Unsigned(1).Add(0);
                break;
            case 3 when _dice.Once(3):
                Op(0xfc).Unsigned(9).Unsigned(1);
                break;
            case 4:
                Op(0xd0).Add(0x70);
                Const32(_dice.Below(2));
                Op(0xfc).Unsigned(15).Add(0);
                Op(0x21).Unsigned((uint)LocalOf(Kind.I32));
                break;
            default:
                Const32(_dice.Below(2));
                Op(0x40).Add(0);
                Op(0x21).Unsigned((uint)LocalOf(Kind.I32));
                break;
        }
    }

    private void Branch()
    {
        var target = Enumerable.Range(0, _labels.Count).Where(i => _labels[^(i + 1)].Value is null).ToList();
        if (target.Count == 0) return;
        var depth = _dice.Of(target);
        if (_labels[^(depth + 1)].Counter is { } counter)
        {
            CountDown(counter);
            Op(0x0d).Unsigned((uint)depth);
            return;
        }

        Expression(Kind.I32, 2);
        Op(0x0d).Unsigned((uint)depth);
    }

    private void Rare()
    {
        switch (_dice.Below(24))
        {
            case 0:
                Op(0x00);
                break;
            case 1:
                Results();
                Op(0x0f);
                break;
            case 2 when _labels.Count > 0 && _labels[^1] is { Value: null, Counter: null }:
                Op(0x0c).Unsigned(0);
                break;
            default:
                Op(0x01);
                break;
        }
    }

    private void If()
    {
        Expression(Kind.I32, 3);
        Op(0x04).Add(Void);
        Inside(new Label(null, null), () =>
        {
            Block(1 + _dice.Below(3));
            if (_dice.Once(2)) return;
            Op(0x05);
            Block(1 + _dice.Below(3));
        });
    }

    private void PlainBlock()
    {
        Op(0x02).Add(Void);
        Inside(new Label(null, null), () => Block(1 + _dice.Below(4)));
    }

    private void Loop()
    {
        var turns = 1 + _dice.Below(LoopTurns);
        var counter = Reserve(Kind.I32);
        Const32(turns);
        Op(0x21).Unsigned((uint)counter);
        Op(0x03).Add(Void);
        _multiplier *= turns;
        Inside(new Label(null, counter), () =>
        {
            Block(1 + _dice.Below(3));
            CountDown(counter);
            Op(0x0d).Unsigned(0);
        });
        _multiplier /= turns;
    }

    // loop (param i32) (result i32): the value goes round on the operand stack.
    private void LoopWithValue()
    {
        var turns = 1 + _dice.Below(LoopTurns);
        var counter = Reserve(Kind.I32);
        Const32(turns);
        Op(0x21).Unsigned((uint)counter);
        Expression(Kind.I32, 2);
        Op(0x03).Signed(_plan.Signatures.Count - 3);
        _multiplier *= turns;
        Inside(new Label(Kind.I32, null), () =>
        {
            Expression(Kind.I32, 2);
            Op(_dice.Of<byte>([0x6a, 0x6b, 0x6c, 0x73, 0x77]));
            CountDown(counter);
            Op(0x0d).Unsigned(0);
        });
        _multiplier /= turns;
        Op(0x21).Unsigned((uint)LocalOf(Kind.I32));
    }

    private void Switch()
    {
        var arms = 2 + _dice.Below(4);
        for (var i = 0; i < arms; i++)
        {
            Op(0x02).Add(Void);
            _labels.Add(new Label(null, null));
        }

        Expression(Kind.I32, 2);
        if (_dice.Once(2))
        {
            Const32(7);
            Op(0x71);
        }

        Op(0x0e).Unsigned((uint)arms - 1);
        for (var i = 0; i < arms; i++) _code.Unsigned((uint)_dice.Below(arms));
        for (var i = 0; i < arms; i++)
        {
            Op(0x0b);
            _labels.RemoveAt(_labels.Count - 1);
            if (i < arms - 1) SetLocal();
        }
    }

    private void Inside(Label label, Action body)
    {
        _labels.Add(label);
        body();
        _labels.RemoveAt(_labels.Count - 1);
        Op(0x0b);
    }

    // Leaves whether turns remain. Every way round a loop passes here, so every loop ends.
    private void CountDown(int counter)
    {
        Op(0x20).Unsigned((uint)counter);
        Const32(1);
        Op(0x6b);
        Op(0x22).Unsigned((uint)counter);
        Const32(0);
        Op(0x4a);
    }

    private int Reserve(Kind kind)
    {
        _locals.Add(kind);
        _reserved.Add(_locals.Count - 1);
        return _locals.Count - 1;
    }

    // The choice must not depend on how many locals are reserved: guards reserve some.
    private int AnyLocal() =>
        _dice.Of([.. Enumerable.Range(0, _locals.Count).Where(i => !_reserved.Contains(i))]);

    private int LocalOf(Kind kind) =>
        _dice.Of([.. Enumerable.Range(0, _locals.Count).Where(i => _locals[i] == kind && !_reserved.Contains(i))]);

    private Bytes Op(byte op)
    {
        Cost += _multiplier;
        return _code.Add(op);
    }
}
