// Wide integers and their decimal digits, without strings and without division: the runtime divides 128 bits by 64 in
// software. Enters: limbs of 64 bits, the lowest first, or ASCII digits. Leaves: digits without leading zeros, or
// limbs. Always holds: no step loses a bit; digits that do not fit are refused.
using System.Buffers.Binary;
using System.Globalization;

namespace EventSourced.Domain.Values;

/// <summary>Decimal text of integers of 128 and 256 bits.</summary>
internal static class DecimalText
{
    /// <summary>The most digits that 256 bits have.</summary>
    internal const int MostDigits = 78;

    private const int DigitsAtOnce = 8;
    private const uint TenToThe8 = 100_000_000;
    private const int DigitsOfPart = 19;
    private const string PartFormat = "D19";

    // The largest power of ten in 64 bits. Its highest bit is set, as the division below demands; the reciprocal is
    // (2^128 - 1) / TenToThe19 - 2^64.
    private const ulong TenToThe19 = 10_000_000_000_000_000_000;
    private const ulong Reciprocal = 15_581_492_618_384_294_730;

    /// <summary>Writes the digits and returns their number. The limbs are used up.</summary>
    internal static int Write(Span<ulong> limbs, Span<byte> digits)
    {
        Span<ulong> parts = stackalloc ulong[MostDigits / DigitsOfPart + 1];
        var count = 0;
        for (limbs = Trimmed(limbs); limbs.Length > 1
            || (limbs.Length == 1 && limbs[0] >= TenToThe19); limbs = Trimmed(limbs))
        {
            var rest = 0UL;
            for (var i = limbs.Length - 1; i >= 0; i--) (limbs[i], rest) = Divide(rest, limbs[i]);
            parts[count++] = rest;
        }

        (limbs.IsEmpty ? 0 : limbs[0]).TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        while (count > 0)
        {
            parts[--count].TryFormat(digits[length..], out var written, PartFormat, CultureInfo.InvariantCulture);
            length += written;
        }

        return length;
    }

    /// <summary>The number of leading digits in a text.</summary>
    internal static int CountDigits(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length < 0 ? text.Length : length;
    }

    /// <summary>Reads digits; false when the limbs cannot hold them.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> digits, Span<ulong> limbs)
    {
        for (; digits.Length >= DigitsAtOnce; digits = digits[DigitsAtOnce..])
            if (!MultiplyAdd(limbs, TenToThe8, EightDigits(digits))) return false;
        var (scale, rest) = (1UL, 0UL);
        foreach (var digit in digits) (scale, rest) = (10 * scale, 10 * rest + (uint)(digit - '0'));
        return MultiplyAdd(limbs, scale, rest);
    }

    private static bool MultiplyAdd(Span<ulong> limbs, ulong scale, ulong carry)
    {
        foreach (ref var limb in limbs)
        {
            var high = Math.BigMul(limb, scale, out var low);
            limb = low + carry;
            carry = high + (limb < low ? 1UL : 0);
        }

        return carry == 0;
    }

    // Neighbours are joined three times, all at once: digits to pairs, pairs to fours, fours to eight.
    private static ulong EightDigits(ReadOnlySpan<byte> digits)
    {
        var pairs = BinaryPrimitives.ReadUInt64LittleEndian(digits) - 0x3030_3030_3030_3030;
        pairs = (10 * pairs + (pairs >> 8)) & 0x00FF_00FF_00FF_00FF;
        var fours = (100 * pairs + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
        return (uint)(10_000 * fours + (fours >> 32));
    }

    // Division of two limbs by TenToThe19 with its reciprocal (Moeller and Granlund, 2011); high is below the divisor.
    private static (ulong Quotient, ulong Remainder) Divide(ulong high, ulong low)
    {
        var guess = Math.BigMul(Reciprocal, high, out var below);
        below += low;
        guess += high + (below < low ? 1UL : 0) + 1;
        var rest = low - guess * TenToThe19;
        if (rest > below)
        {
            guess--;
            rest += TenToThe19;
        }

        return rest < TenToThe19 ? (guess, rest) : (guess + 1, rest - TenToThe19);
    }

    private static Span<ulong> Trimmed(Span<ulong> limbs)
    {
        while (limbs is [.., 0]) limbs = limbs[..^1];
        return limbs;
    }
}
