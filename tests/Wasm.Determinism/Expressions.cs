// The expressions of a random program: each leaves exactly one value of the kind asked for.
namespace EventSourced.Wasm.Determinism;

public sealed partial class FunctionWriter
{
    private const int AddressMask = 0xffff;

    // Operators that may make a NaN from other values, by kind.
    private static readonly byte[] RealBinary32 = [0x92, 0x93, 0x94, 0x95, 0x96, 0x97];
    private static readonly byte[] RealUnary32 = [0x8d, 0x8e, 0x8f, 0x90, 0x91];
    private static readonly byte[] RealBinary64 = [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5];
    private static readonly byte[] RealUnary64 = [0x9b, 0x9c, 0x9d, 0x9e, 0x9f];

    private static readonly byte[] Binary32 = [0x6a, 0x6b, 0x6c, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78];
    private static readonly byte[] Binary64 = [0x7c, 0x7d, 0x7e, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a];
    private static readonly byte[] Unary32 = [0x67, 0x68, 0x69, 0x45, 0xc0, 0xc1];
    private static readonly byte[] Unary64 = [0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4];

    private static readonly (Kind Kind, byte Op)[] ToF32 =
        [(Kind.I32, 0xb2), (Kind.I32, 0xb3), (Kind.I64, 0xb4), (Kind.I64, 0xb5), (Kind.F64, 0xb6), (Kind.I32, 0xbe)];

    private static readonly (Kind Kind, byte Op)[] ToF64 =
        [(Kind.I32, 0xb7), (Kind.I32, 0xb8), (Kind.I64, 0xb9), (Kind.I64, 0xba), (Kind.F32, 0xbb), (Kind.I64, 0xbf)];

    private static readonly (byte Op, Kind Kind, int Size)[] Loads =
    [
        (0x28, Kind.I32, 4), (0x2c, Kind.I32, 1), (0x2d, Kind.I32, 1), (0x2e, Kind.I32, 2), (0x2f, Kind.I32, 2),
        (0x29, Kind.I64, 8), (0x30, Kind.I64, 1), (0x31, Kind.I64, 1), (0x32, Kind.I64, 2), (0x33, Kind.I64, 2),
        (0x34, Kind.I64, 4), (0x35, Kind.I64, 4), (0x2a, Kind.F32, 4), (0x2b, Kind.F64, 8),
    ];

    private static readonly (byte Op, Kind Kind, int Size)[] Stores =
    [
        (0x36, Kind.I32, 4), (0x3a, Kind.I32, 1), (0x3b, Kind.I32, 2),
        (0x37, Kind.I64, 8), (0x3c, Kind.I64, 1), (0x3d, Kind.I64, 2), (0x3e, Kind.I64, 4),
        (0x38, Kind.F32, 4), (0x39, Kind.F64, 8),
    ];

    private static readonly uint[] Special32 =
        [0, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00001, 0x7fa00000, 0xff800001,
        1, 0x00800000, 0x4effffff, 0x4f000000, 0xcf000000, 0x4f800000, 0x5f000000];

    private static readonly ulong[] Special64 =
        [0, 0x8000000000000000, 0x3ff0000000000000, 0xbff0000000000000, 0x7ff0000000000000, 0xfff0000000000000,
        0x7ff8000000000000, 0xfff8000000000001, 0x7ff4000000000000, 0xfff0000000000001, 1, 0x41dfffffffc00000,
        0x41e0000000000000, 0xc1e0000000200000, 0x43e0000000000000, 0x36a0000000000000, 0x47efffffefffffff];

    /// <summary>Appends a random constant of a kind.</summary>
    public static void Constant(Bytes code, Kind kind, Dice dice)
    {
        var raw = dice.Next();
        switch (kind)
        {
            case Kind.I32:
                code.Add(0x41).Signed(dice.Below(4) switch
                {
                    0 => (int)raw,
                    1 => dice.Of([int.MinValue, int.MaxValue, -1, 0, 1, 255, 65536]),
                    _ => (int)(raw % 64),
                });
                break;
            case Kind.I64:
                code.Add(0x42).Signed(dice.Below(4) switch
                {
                    0 => (long)raw,
                    1 => dice.Of([long.MinValue, long.MaxValue, -1, 0, 1, int.MinValue, uint.MaxValue]),
                    _ => (long)(raw % 64),
                });
                break;
            case Kind.F32:
                code.Add(0x43).Bits32(dice.Below(4) switch
                {
                    0 => (uint)raw,
                    1 => dice.Of(Special32),
                    _ => BitConverter.SingleToUInt32Bits((int)(raw % 2048) / 8f - 100),
                });
                break;
            default:
                code.Add(0x44).Bits64(dice.Below(4) switch
                {
                    0 => raw,
                    1 => dice.Of(Special64),
                    _ => BitConverter.DoubleToUInt64Bits((int)(raw % 2048) / 8d - 100),
                });
                break;
        }
    }

    private void Expression(Kind kind, int depth)
    {
        if (depth <= 0 || Cost > ProgramPlan.CostLimit)
        {
            Leaf(kind);
            return;
        }

        switch (_dice.Below(18))
        {
            case <= 2: Leaf(kind); break;
            case <= 6: Arithmetic(kind, depth); break;
            case <= 8: Conversion(kind, depth); break;
            case 9 or 10: Load(kind, depth); break;
            case 11: Select(kind, depth); break;
            case 12: IfValue(kind, depth); break;
            case 13: BlockValue(kind, depth); break;
            case 14: CallValue(kind, depth); break;
            case 15 or 16: Lane(kind, depth); break;
            default:
                Expression(kind, depth - 1);
                Op(0x22).Unsigned((uint)LocalOf(kind));
                break;
        }
    }

    private void Leaf(Kind kind)
    {
        switch (_dice.Below(5))
        {
            case 0 or 1:
                Cost += _multiplier;
                Constant(_code, kind, _dice);
                break;
            case 2 when _plan.Globals.Contains(kind):
                var holders = Enumerable.Range(0, _plan.Globals.Count).Where(i => _plan.Globals[i] == kind);
                Op(0x23).Unsigned((uint)_dice.Of(holders.ToList()));
                break;
            case 3 when kind == Kind.I32 && _dice.Once(4):
                if (_dice.Once(2)) Op(0x3f).Add(0);
                else Op(0xfc).Unsigned(16).Add(0);
                break;
            default:
                Op(0x20).Unsigned((uint)LocalOf(kind));
                break;
        }
    }

    private void Arithmetic(Kind kind, int depth)
    {
        var unary = _dice.Once(4);
        switch (kind)
        {
            case Kind.I32 or Kind.I64:
                Expression(kind, depth - 1);
                if (unary) Op(_dice.Of(kind == Kind.I32 ? Unary32 : Unary64));
                else if (_dice.Once(6)) Division(kind, depth);
                else
                {
                    Expression(kind, depth - 1);
                    Op(_dice.Of(kind == Kind.I32 ? Binary32 : Binary64));
                }

                break;
            default:
                Real(kind, depth, unary);
                break;
        }
    }

    private void Division(Kind kind, int depth)
    {
        Expression(kind, depth - 1);
        if (!_dice.Once(20))
        {
            if (kind == Kind.I32) Op(0x41).Add(1);
            else Op(0x42).Add(1);
            Op(kind == Kind.I32 ? (byte)0x72 : (byte)0x84);
        }

        Op((byte)((kind == Kind.I32 ? 0x6d : 0x7f) + _dice.Below(4)));
    }

    private void Real(Kind kind, int depth, bool unary)
    {
        var wide = kind == Kind.F64;
        Expression(kind, depth - 1);
        if (_dice.Once(8))
        {
            // neg and abs move bits, copysign too: a NaN's payload stays.
            if (unary)
            {
                Expression(kind, depth - 1);
                Op(wide ? (byte)0xa6 : (byte)0x98);
            }
            else Op((byte)((wide ? 0x99 : 0x8b) + _dice.Below(2)));
            return;
        }

        if (unary) Op(_dice.Of(wide ? RealUnary64 : RealUnary32));
        else
        {
            Expression(kind, depth - 1);
            Op(_dice.Of(wide ? RealBinary64 : RealBinary32));
        }
    }

    private void Conversion(Kind kind, int depth)
    {
        switch (kind)
        {
            case Kind.I32: ToI32(depth); break;
            case Kind.I64: ToI64(depth); break;
            case Kind.F32:
                From(depth, _dice.Of(ToF32));
                break;
            default:
                From(depth, _dice.Of(ToF64));
                break;
        }
    }

    private void ToI32(int depth)
    {
        switch (_dice.Below(7))
        {
            case 0: From(depth, (Kind.I64, 0xa7)); break;
            case 1: From(depth, (Kind.F32, 0xbc)); break;
            case 2: Truncate(depth, 0xa8, 0); break;
            case 3: From(depth, (Kind.I64, 0x50)); break;
            default: Compare(depth); break;
        }
    }

    private void ToI64(int depth)
    {
        switch (_dice.Below(4))
        {
            case 0: From(depth, (Kind.I32, (byte)(0xac + _dice.Below(2)))); break;
            case 1: From(depth, (Kind.F64, 0xbd)); break;
            case 2: Truncate(depth, 0xae, 4); break;
            default:
                // block (param i32 i64) (result i64)
                Expression(Kind.I32, depth - 1);
                Expression(Kind.I64, depth - 1);
                Op(0x02).Signed(_plan.Signatures.Count - 4);
                var kept = LocalOf(Kind.I64);
                Op(0x21).Unsigned((uint)kept);
                Op(0xad);
                Op(0x20).Unsigned((uint)kept);
                Op(_dice.Of(Binary64));
                Op(0x0b);
                break;
        }
    }

    private void From(int depth, (Kind Kind, byte Op) conversion)
    {
        Expression(conversion.Kind, depth - 1);
        Op(conversion.Op);
    }

    // Mostly saturating; the trapping form now and then.
    private void Truncate(int depth, byte trapping, uint saturating)
    {
        var which = _dice.Below(4);
        Expression(which < 2 ? Kind.F32 : Kind.F64, depth - 1);
        if (_dice.Once(20)) Op((byte)(trapping + which));
        else Op(0xfc).Unsigned(saturating + (uint)which);
    }

    private void Compare(int depth)
    {
        var kind = _dice.Of([Kind.I32, Kind.I64, Kind.F32, Kind.F64]);
        Expression(kind, depth - 1);
        Expression(kind, depth - 1);
        Op(kind switch
        {
            Kind.I32 => (byte)(0x46 + _dice.Below(10)),
            Kind.I64 => (byte)(0x51 + _dice.Below(10)),
            Kind.F32 => (byte)(0x5b + _dice.Below(6)),
            _ => (byte)(0x61 + _dice.Below(6)),
        });
    }

    private void Load(Kind kind, int depth)
    {
        var (op, _, size) = _dice.Of([.. Loads.Where(load => load.Kind == kind)]);
        Address(depth - 1);
        MemoryOperator(op, size);
    }

    private void Address(int depth = 1)
    {
        Expression(Kind.I32, depth);
        if (_dice.Once(60)) return;
        Const32(_dice.Once(3) ? 0xff : AddressMask >> 1);
        Op(0x71);
    }

    private void Length() => Const32(_dice.Below(100));

    private void MemoryOperator(byte op, int size)
    {
        var alignment = _dice.Below(1 + int.Log2(size));
        Op(op).Unsigned((uint)alignment).Unsigned((uint)(_dice.Once(4) ? _dice.Below(30_000) : _dice.Below(18)));
    }

    private void Select(Kind kind, int depth)
    {
        Expression(kind, depth - 1);
        Expression(kind, depth - 1);
        Expression(Kind.I32, depth - 1);
        if (_dice.Once(2)) Op(0x1b);
        else Op(0x1c).Unsigned(1).Add((byte)kind);
    }

    private void IfValue(Kind kind, int depth)
    {
        Expression(Kind.I32, depth - 1);
        Op(0x04).Add((byte)kind);
        Inside(new Label(kind, null), () =>
        {
            Expression(kind, depth - 1);
            Op(0x05);
            Expression(kind, depth - 1);
        });
    }

    private void BlockValue(Kind kind, int depth)
    {
        Op(0x02).Add((byte)kind);
        Inside(new Label(kind, null), () =>
        {
            Expression(kind, depth - 1);
            Expression(Kind.I32, depth - 2);
            Op(0x0d).Unsigned(0);
            if (_dice.Once(2))
            {
                Op(0x1a);
                Expression(kind, depth - 1);
            }
        });
    }

    private void CallValue(Kind kind, int depth)
    {
        if (Callee(signature => signature.Results is [var only] && only == kind, out var callee)) Call(callee);
        else Expression(kind, depth - 1);
    }

    private bool Callee(Func<Signature, bool> fits, out int callee)
    {
        var affordable = Enumerable.Range(0, _plan.Functions.Count)
            .Where(i => fits(_plan.Functions[i].Signature)
                && Cost + (_multiplier * _plan.Functions[i].Cost) < ProgramPlan.CostLimit)
            .ToList();
        callee = affordable.Count > 0 ? _dice.Of(affordable) : -1;
        return callee >= 0;
    }

    private void Call(int callee)
    {
        var (signature, cost) = _plan.Functions[callee];
        Cost += _multiplier * cost;
        foreach (var kind in signature.Parameters) Expression(kind, 2);
        if (_dice.Once(2))
        {
            Op(0x10).Unsigned((uint)callee);
            return;
        }

        // Through the table, whose slot i holds function i: rarely an empty slot or none at all, or another type.
        var slot = _dice.Once(25) ? _dice.Below(ProgramPlan.TableSlots + 8) : callee;
        var before = slot < _plan.Functions.Count && _plan.Functions[slot].Cost <= cost;
        Const32(before || slot >= ProgramPlan.FunctionsMost ? slot : callee);
        Op(0x11).Unsigned((uint)_plan.Signatures.IndexOf(signature)).Add(0);
    }

    private void Const32(int value) => Op(0x41).Signed(value);
}
