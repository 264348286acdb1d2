// The places where NaNs are made canonical. The bits of a NaN that arithmetic made differ between machines; they matter
// only where they show: in memory, globals, arguments, results, integers. Enters: the operands of each instruction.
// Leaves: the instructions behind which a NaN is made canonical. Always holds: a NaN that shows is canonical or was
// loaded, passed in or written as it is; a guest cannot tell this from canonical NaNs behind every instruction.
using EventSourced.Metering.Binary;

namespace EventSourced.Metering.Validation;

/// <summary>The knowledge of a value's NaN bits; from F32 on they are the machine's and must not show.</summary>
internal enum Nans : byte
{
    /// <summary>The bits are the guest's own, or canonical: they may show and must stay.</summary>
    Seen,

    /// <summary>No NaN at all: making it canonical changes nothing.</summary>
    None,

    /// <summary>An f32 that arithmetic made.</summary>
    F32,

    /// <summary>An f64 that arithmetic made.</summary>
    F64,

    /// <summary>Four lanes that arithmetic made.</summary>
    F32X4,

    /// <summary>Two lanes that arithmetic made.</summary>
    F64X2,
}

/// <summary>A body's locals, parameters included, and its highest operand stack.</summary>
internal readonly record struct BodyFacts(int Locals, int Operands);

internal sealed partial class FunctionValidator
{
    /// <summary>Passes over one body until every local counts as seen.</summary>
    private const int PassesMost = 4;

    private readonly List<Nans> _localNans = [];
    private Nans[] _canonical = [];
    private int _pass;
    private bool _again;

    /// <summary>
    /// The NaNs that are made canonical right behind each instruction of the body; Seen when there are none.
    /// </summary>
    public ReadOnlySpan<Nans> Canonical => _canonical;

    /// <summary>Locals of floats that only arithmetic writes keep the machine's NaNs; parameters never do.</summary>
    private void BeginNans(int parameters)
    {
        _localNans.Clear();
        for (var i = 0; i < _locals.Count; i++)
        {
            _localNans.Add(i < parameters ? Nans.Seen : _locals[i] switch
            {
                ValueKind.Float32 => Nans.F32,
                ValueKind.Float64 => Nans.F64,
                _ => Nans.Seen,
            });
        }

        _pass = 0;
        _canonical = new Nans[_code.Instructions.Count];
    }

    private void BeginPass()
    {
        _again = false;
        Array.Clear(_canonical);
        if (_pass++ < PassesMost)
            return;
        for (var i = 0; i < _localNans.Count; i++)
            _localNans[i] = Nans.Seen;
    }

    private bool PassAgain() => _again;

    private void Show(Operand operand)
    {
        if (operand.Nans >= Nans.F32)
            _canonical[operand.Producer] = operand.Nans;
    }

    private static Nans OfConstant(uint bits) =>
        float.IsNaN(BitConverter.UInt32BitsToSingle(bits)) ? Nans.Seen : Nans.None;

    private static Nans OfConstant(ulong bits) =>
        double.IsNaN(BitConverter.UInt64BitsToDouble(bits)) ? Nans.Seen : Nans.None;

    private void PushLocal(int index) => Push(new Operand(_locals[index], _localNans[index], _at));

    /// <summary>Writes a local and gives the value as it is on the stack after a tee.</summary>
    private Operand Assign(int index, Operand value)
    {
        var kept = _localNans[index];
        if (kept >= Nans.F32)
        {
            if (value.Nans == Nans.None || (value.Nans == kept && !value.Moved))
                return value with { Producer = _at };
            // Unreachable code writes nothing.
            if (_frames[^1].Unreachable)
                return new Operand(_locals[index]);
            _localNans[index] = Nans.Seen;
            _again = true;
        }

        Show(value);
        return new Operand(_locals[index]);
    }

    /// <summary>One of two values, of the same kind unless one is unknown.</summary>
    private Operand Either(Operand one, Operand other)
    {
        var kind = one.Kind == Unknown ? other.Kind : one.Kind;
        var (high, low) = one.Nans >= other.Nans ? (one.Nans, other.Nans) : (other.Nans, one.Nans);
        if (!one.Moved && !other.Moved && (low == high || low == Nans.None))
            return new Operand(kind, high, _at);
        Show(one);
        Show(other);
        return new Operand(kind);
    }

    private void CheckNumeric(Opcode opcode, OperatorType type)
    {
        if (type.Operand is not (ValueKind.Float32 or ValueKind.Float64))
        {
            Pop(type.Operand);
            if (type.Arity == 2)
                Pop(type.Operand);
            // Integers convert to numbers; a reinterpreted value may be any NaN.
            var converted = opcode is >= Opcode.F32ConvertI32S and <= Opcode.F64ConvertI64U;
            Push(new Operand(type.Result, converted ? Nans.None : Nans.Seen));
            return;
        }

        switch (opcode)
        {
            case Opcode.I32ReinterpretF32 or Opcode.I64ReinterpretF64:
                Pop(type.Operand);
                Push(type.Result);
                break;
            case Opcode.F32Abs or Opcode.F64Abs or Opcode.F32Neg or Opcode.F64Neg:
                Push(Moved(PopQuiet(type.Operand)));
                break;
            case Opcode.F32Copysign or Opcode.F64Copysign:
                Pop(type.Operand);
                Push(Moved(PopQuiet(type.Operand)));
                break;
            default:
                PopQuiet(type.Operand);
                if (type.Arity == 2)
                    PopQuiet(type.Operand);
                Push(new Operand(type.Result, MadeBy(type.Result), _at));
                break;
        }
    }

    /// <summary>A changed sign keeps the rest: where it shows, the operand is made canonical before.</summary>
    private static Operand Moved(Operand operand) => operand with { Moved = operand.Nans >= Nans.F32 };

    private static Nans MadeBy(ValueKind kind) => kind switch
    {
        ValueKind.Float32 => Nans.F32,
        ValueKind.Float64 => Nans.F64,
        _ => Nans.Seen,
    };

    private void CheckVectorOperands(Instruction instruction, VectorType type)
    {
        var rule = Vectors.NansOf(instruction.Opcode);
        var (hidden, made) = rule switch
        {
            VectorNans.F32X4 => (Nans.F32X4, Nans.F32X4),
            VectorNans.F64X2 => (Nans.F64X2, Nans.F64X2),
            VectorNans.QuietF32X4 => (Nans.F32X4, Nans.Seen),
            VectorNans.QuietF64X2 => (Nans.F64X2, Nans.Seen),
            VectorNans.Promotes => (Nans.F32X4, Nans.F64X2),
            VectorNans.Demotes => (Nans.F64X2, Nans.F32X4),
            _ => (Nans.Seen, Nans.Seen),
        };
        for (var i = type.Operands.Length - 1; i >= 0; i--)
        {
            var operand = PopQuiet(Vectors.Kind(type.Operands[i]));
            if (operand.Nans != hidden)
                Show(operand);
        }

        if (type.Result != '-')
            Push(new Operand(Vectors.Kind(type.Result), made, _at));
    }
}
