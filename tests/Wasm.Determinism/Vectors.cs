// The vector expressions of a random program: operators of all shapes on whatever bits there are. Each leaves one v128,
// or one scalar taken from it.
namespace EventSourced.Wasm.Determinism;

public sealed partial class FunctionWriter
{
    private static readonly byte[] VectorBinary = Ranges(
        14, 14, 35, 76, 78, 81, 101, 102, 110, 115, 118, 121, 123, 123, 130, 130, 133, 134, 142, 147, 149, 153, 155,
        159, 174, 174, 177, 177, 181, 186, 188, 191, 206, 206, 209, 209, 213, 223, 228, 235, 240, 247);

    private static readonly byte[] VectorReal = Ranges(228, 235, 240, 247);

    private static readonly byte[] VectorUnary = Ranges(
        77, 77, 94, 98, 103, 106, 116, 117, 122, 122, 124, 129, 135, 138, 148, 148, 160, 161, 167, 170, 192, 193, 199,
        202, 224, 225, 227, 227, 236, 237, 239, 239, 248, 255);

    private static byte[] Ranges(params int[] bounds) =>
        [.. Enumerable.Range(0, bounds.Length / 2).SelectMany(i =>
            Enumerable.Range(bounds[2 * i], bounds[(2 * i) + 1] - bounds[2 * i] + 1)).Select(op => (byte)op)];

    /// <summary>A scalar out of a vector.</summary>
    private void Lane(Kind kind, int depth)
    {
        Vector(depth - 1);
        switch (kind)
        {
            case Kind.I32 when _dice.Once(3):
                Op(0xfd).Unsigned(_dice.Of<uint>([83, 99, 100, 131, 132, 163, 164, 195, 196]));
                break;
            case Kind.I32:
                Op(0xfd).Unsigned(27).Add((byte)_dice.Below(4));
                break;
            case Kind.I64:
                Op(0xfd).Unsigned(29).Add((byte)_dice.Below(2));
                break;
            case Kind.F32:
                Op(0xfd).Unsigned(31).Add((byte)_dice.Below(4));
                break;
            default:
                Op(0xfd).Unsigned(33).Add((byte)_dice.Below(2));
                break;
        }
    }

    private void Vector(int depth)
    {
        if (depth <= 0 || Cost > ProgramPlan.CostLimit)
        {
            VectorLeaf();
            return;
        }

        switch (_dice.Below(10))
        {
            case <= 1: VectorLeaf(); break;
            case <= 5:
                Vector(depth - 1);
                Vector(depth - 1);
                Op(0xfd).Unsigned(_dice.Of(_dice.Once(2) ? VectorReal : VectorBinary));
                break;
            case 6 or 7:
                Vector(depth - 1);
                Op(0xfd).Unsigned(_dice.Of(VectorUnary));
                break;
            case 8:
                var (splat, kind) = _dice.Of([(17U, Kind.I32), (18U, Kind.I64), (19U, Kind.F32), (20U, Kind.F64)]);
                Expression(kind, depth - 1);
                Op(0xfd).Unsigned(splat);
                break;
            default:
                Vector(depth - 1);
                Op(0x22).Unsigned((uint)(_vector ??= Reserve(Kind.V128)));
                break;
        }
    }

    private void VectorLeaf()
    {
        if (_dice.Once(3))
        {
            Op(0x20).Unsigned((uint)(_vector ??= Reserve(Kind.V128)));
            return;
        }

        Op(0xfd).Unsigned(12);
        var wide = _dice.Once(2);
        for (var i = 0; i < 2; i++)
        {
            if (wide) _code.Bits64(_dice.Of(Special64));
            else _code.Bits32(_dice.Of(Special32)).Bits32(_dice.Of(Special32));
        }
    }
}
