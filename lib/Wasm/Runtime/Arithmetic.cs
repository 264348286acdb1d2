// Operators that IL has not, or has differently (specification 4.3). Enters: operands. Leaves: the specification's
// result, or its trap. Always holds: small enough that the JIT inlines them into compiled code.
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EventSourced.Wasm;

internal static class Arithmetic
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>IL overflows for the least number and -1, where WebAssembly wants zero.</summary>
    [MethodImpl(Inline)]
    public static int RemainderSigned32(int left, int right) => right == -1 ? 0 : left % right;

    [MethodImpl(Inline)]
    public static long RemainderSigned64(long left, long right) => right == -1 ? 0 : left % right;

    [MethodImpl(Inline)]
    public static int LeadingZeros32(int value) => BitOperations.LeadingZeroCount((uint)value);

    [MethodImpl(Inline)]
    public static int TrailingZeros32(int value) => BitOperations.TrailingZeroCount(value);

    [MethodImpl(Inline)]
    public static int OneBits32(int value) => BitOperations.PopCount((uint)value);

    [MethodImpl(Inline)]
    public static long LeadingZeros64(long value) => BitOperations.LeadingZeroCount((ulong)value);

    [MethodImpl(Inline)]
    public static long TrailingZeros64(long value) => BitOperations.TrailingZeroCount(value);

    [MethodImpl(Inline)]
    public static long OneBits64(long value) => BitOperations.PopCount((ulong)value);

    [MethodImpl(Inline)]
    public static long RotateLeft64(long value, long count) => (long)BitOperations.RotateLeft((ulong)value, (int)count);

    [MethodImpl(Inline)]
    public static long RotateRight64(long value, long count) =>
        (long)BitOperations.RotateRight((ulong)value, (int)count);

    /// <summary>Not .NET's: where one side is the constant -0, its JIT makes of -0 and 0 the least 0 (.NET 10).</summary>
    [MethodImpl(Inline)]
    public static float Least(float left, float right) =>
        left < right ? left
        : right < left ? right
        : left == right ? BitConverter.UInt32BitsToSingle(
            BitConverter.SingleToUInt32Bits(left) | BitConverter.SingleToUInt32Bits(right))
        : left + right;

    [MethodImpl(Inline)]
    public static double Least(double left, double right) =>
        left < right ? left
        : right < left ? right
        : left == right ? BitConverter.UInt64BitsToDouble(
            BitConverter.DoubleToUInt64Bits(left) | BitConverter.DoubleToUInt64Bits(right))
        : left + right;

    [MethodImpl(Inline)]
    public static float Greatest(float left, float right) =>
        left > right ? left
        : right > left ? right
        : left == right ? BitConverter.UInt32BitsToSingle(
            BitConverter.SingleToUInt32Bits(left) & BitConverter.SingleToUInt32Bits(right))
        : left + right;

    [MethodImpl(Inline)]
    public static double Greatest(double left, double right) =>
        left > right ? left
        : right > left ? right
        : left == right ? BitConverter.UInt64BitsToDouble(
            BitConverter.DoubleToUInt64Bits(left) & BitConverter.DoubleToUInt64Bits(right))
        : left + right;

    [MethodImpl(Inline)]
    public static int TruncateToInt32(float value) => TruncateToInt32((double)value);

    [MethodImpl(Inline)]
    public static int TruncateToInt32(double value) =>
        value is > -2147483649.0 and < 2147483648.0 ? (int)value : throw NotInRange(value);

    [MethodImpl(Inline)]
    public static uint TruncateToUInt32(float value) => TruncateToUInt32((double)value);

    [MethodImpl(Inline)]
    public static uint TruncateToUInt32(double value) =>
        value is > -1.0 and < 4294967296.0 ? (uint)(long)value : throw NotInRange(value);

    [MethodImpl(Inline)]
    public static long TruncateToInt64(float value) => TruncateToInt64((double)value);

    [MethodImpl(Inline)]
    public static long TruncateToInt64(double value) =>
        value is >= -9223372036854775808.0 and < 9223372036854775808.0 ? (long)value : throw NotInRange(value);

    [MethodImpl(Inline)]
    public static ulong TruncateToUInt64(float value) => TruncateToUInt64((double)value);

    [MethodImpl(Inline)]
    public static ulong TruncateToUInt64(double value) =>
        value is > -1.0 and < 18446744073709551616.0 ? (ulong)value : throw NotInRange(value);

    /// <summary>Rounds once: by way of f64 it would be rounded twice.</summary>
    [MethodImpl(Inline)]
    public static float UnsignedToSingle(ulong value) =>
        (long)value >= 0 ? (float)(long)value : 2 * (float)(long)((value >> 1) | (value & 1));

    /// <summary>The one NaN for any NaN, without a jump: for values on their way to memory.</summary>
    [MethodImpl(Inline)]
    public static double CanonicalDouble(double value)
    {
        var lanes = Vector128.CreateScalarUnsafe(value);
        var nan = Vector128.CreateScalar(0x7FF8_0000_0000_0000UL).AsDouble();
        return Vector128.ConditionalSelect(Vector128.Equals(lanes, lanes), lanes, nan).ToScalar();
    }

    /// <summary>The one NaN for any NaN, without a jump: for values on their way to memory.</summary>
    [MethodImpl(Inline)]
    public static float CanonicalSingle(float value)
    {
        var lanes = Vector128.CreateScalarUnsafe(value);
        var nan = Vector128.CreateScalar(0x7FC0_0000U).AsSingle();
        return Vector128.ConditionalSelect(Vector128.Equals(lanes, lanes), lanes, nan).ToScalar();
    }

    /// <summary>Folded by the JIT, a signalling NaN would be quieted; so a NaN goes where nothing is folded.</summary>
    [MethodImpl(Inline)]
    public static float ReinterpretToSingle(int bits) =>
        (bits & 0x7FFF_FFFF) > 0x7F80_0000 ? SignallingNan(bits) : BitConverter.Int32BitsToSingle(bits);

    /// <summary>Never inlined: the JIT would keep the constant as f64 and quiet it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float SignallingNan(int bits) => BitConverter.Int32BitsToSingle(bits);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Exception NotInRange(double value) =>
        double.IsNaN(value) ? Traps.BadConversion() : Traps.IntegerOverflow();
}
