// Vector instructions (specification 5.4.8), by number behind the prefix 0xFD. Enters: a number. Leaves: immediates,
// operands and result as letters. Always holds: numbers that WebAssembly 2.0 leaves free do not exist; relaxed
// instructions, whose results differ between machines, are outside.
using System.Buffers.Binary;

namespace EventSourced.Metering.Binary;

internal enum VectorImmediate : byte
{
    None,
    Memory,
    MemoryAndLane,
    Lane,
    Constant,
    Shuffle,
}

/// <summary>The lanes that hold floating-point results that may be NaN, and the consequence for operands.</summary>
internal enum VectorNans : byte
{
    /// <summary>Bits pass as they are, or the operands' bits matter.</summary>
    None,

    /// <summary>Arithmetic on four lanes of 32 bits.</summary>
    F32X4,

    /// <summary>Arithmetic on two lanes of 64 bits.</summary>
    F64X2,

    /// <summary>Compares or converts four lanes: a NaN's bits do not show.</summary>
    QuietF32X4,

    /// <summary>Compares or converts two lanes: a NaN's bits do not show.</summary>
    QuietF64X2,

    /// <summary>Takes four lanes, makes two that may be NaN.</summary>
    Promotes,

    /// <summary>Takes two lanes, makes four that may be NaN.</summary>
    Demotes,
}

/// <summary>
/// Operands and result in letters: i (i32), l (i64), f (f32), d (f64), v (v128); the result stands behind a colon.
/// Bytes is the width in memory; Lanes bounds the lane index.
/// </summary>
internal readonly record struct VectorType(
    VectorImmediate Immediate, string Operands, char Result, int Bytes = 0, int Lanes = 0);

internal static class Vectors
{
    public const byte Prefix = 0xFD;
    public const uint Relaxed = 0x100;

    private static readonly VectorType[] Types = Build();
    private static readonly VectorNans[] Nans = BuildNans();

    public static bool Exists(uint number) => number < Types.Length && Types[number].Operands is not null;

    public static VectorType Of(Opcode opcode) => Types[opcode - Opcode.V128Load];

    public static VectorNans NansOf(Opcode opcode) => Nans[opcode - Opcode.V128Load];

    public static ValueKind Kind(char letter) => letter switch
    {
        'i' => ValueKind.Int32,
        'l' => ValueKind.Int64,
        'f' => ValueKind.Float32,
        'd' => ValueKind.Float64,
        _ => ValueKind.V128,
    };

    /// <summary>Whether a constant has a NaN in a lane of either width.</summary>
    public static bool HasNan(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < 16; i += 4)
        {
            if (float.IsNaN(BinaryPrimitives.ReadSingleLittleEndian(bytes[i..])))
                return true;
        }

        return double.IsNaN(BinaryPrimitives.ReadDoubleLittleEndian(bytes))
            || double.IsNaN(BinaryPrimitives.ReadDoubleLittleEndian(bytes[8..]));
    }

    private static VectorType[] Build()
    {
        var types = new VectorType[256];
        BuildMemory(types);
        BuildLanes(types);
        types[12] = new(VectorImmediate.Constant, "", 'v');
        types[13] = new(VectorImmediate.Shuffle, "vv", 'v');
        // Swizzle, comparisons, logic.
        Fill(types, "vv", 'v', 14, 14, 35, 76, 78, 81);
        Fill(types, "v", 'v', 77, 77, 94, 98, 103, 106, 116, 117, 122, 122, 124, 129, 135, 138, 148, 148);
        types[82] = new(VectorImmediate.None, "vvv", 'v');
        foreach (var test in (int[])[83, 99, 100, 131, 132, 163, 164, 195, 196])
            types[test] = new(VectorImmediate.None, "v", 'i');
        foreach (var shift in (int[])[107, 139, 171, 203])
            Fill(types, "vi", 'v', shift, shift + 2);
        Fill(
            types, "vv", 'v', 101, 102, 110, 115, 118, 121, 123, 123, 130, 130, 133, 134, 142, 147, 149, 153, 155, 159);
        Fill(types, "v", 'v', 160, 161, 167, 170, 192, 193, 199, 202, 224, 225, 227, 227, 236, 237, 239, 239, 248, 255);
        Fill(
            types, "vv", 'v', 174, 174, 177, 177, 181, 186, 188, 191, 206, 206, 209, 209, 213, 223, 228, 235, 240, 247);
        return types;
    }

    private static void BuildMemory(VectorType[] types)
    {
        int[] loads = [16, 8, 8, 8, 8, 8, 8, 1, 2, 4, 8];
        for (var i = 0; i < loads.Length; i++)
            types[i] = new(VectorImmediate.Memory, "i", 'v', loads[i]);
        types[11] = new(VectorImmediate.Memory, "iv", '-', 16);
        for (var i = 0; i < 4; i++)
        {
            types[84 + i] = new(VectorImmediate.MemoryAndLane, "iv", 'v', 1 << i, 16 >> i);
            types[88 + i] = new(VectorImmediate.MemoryAndLane, "iv", '-', 1 << i, 16 >> i);
        }

        types[92] = new(VectorImmediate.Memory, "i", 'v', 4);
        types[93] = new(VectorImmediate.Memory, "i", 'v', 8);
    }

    private static void BuildLanes(VectorType[] types)
    {
        const string kinds = "iiilfd";
        for (var i = 0; i < kinds.Length; i++)
            types[15 + i] = new(VectorImmediate.None, $"{kinds[i]}", 'v');
        (int First, int Lanes, char Kind, bool Signs)[] shapes =
            [(21, 16, 'i', true), (24, 8, 'i', true), (27, 4, 'i', false), (29, 2, 'l', false), (31, 4, 'f', false),
                (33, 2, 'd', false)];
        foreach (var (first, lanes, kind, signs) in shapes)
        {
            var replace = first + (signs ? 2 : 1);
            for (var i = first; i < replace; i++)
                types[i] = new(VectorImmediate.Lane, "v", kind, 0, lanes);
            types[replace] = new(VectorImmediate.Lane, $"v{kind}", 'v', 0, lanes);
        }
    }

    private static void Fill(VectorType[] types, string operands, char result, params int[] ranges)
    {
        for (var r = 0; r < ranges.Length; r += 2)
        {
            for (var i = ranges[r]; i <= ranges[r + 1]; i++)
                types[i] = new(VectorImmediate.None, operands, result);
        }
    }

    private static VectorNans[] BuildNans()
    {
        var nans = new VectorNans[256];
        // Ceil to nearest, sqrt, add to max; absolute value, negation and pseudo-minimum only move bits.
        foreach (var four in (int[])[103, 104, 105, 106, 227, 228, 229, 230, 231, 232, 233])
            nans[four] = VectorNans.F32X4;
        foreach (var two in (int[])[116, 117, 122, 148, 239, 240, 241, 242, 243, 244, 245])
            nans[two] = VectorNans.F64X2;
        foreach (var four in (int[])[65, 66, 67, 68, 69, 70, 248, 249])
            nans[four] = VectorNans.QuietF32X4;
        foreach (var two in (int[])[71, 72, 73, 74, 75, 76, 252, 253])
            nans[two] = VectorNans.QuietF64X2;
        nans[94] = VectorNans.Demotes;
        nans[95] = VectorNans.Promotes;
        return nans;
    }
}
