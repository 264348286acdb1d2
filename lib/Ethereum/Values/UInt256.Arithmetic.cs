// The arithmetic of UInt256: limbs of 64 bits for sums and products, Knuth's algorithm D over limbs of 32 bits for long
// division. Always holds: quotient * divisor + remainder equals the dividend, and nothing is allocated.
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EventSourced.Ethereum;

public readonly partial struct UInt256
{
    private const int Words = 8;

    /// <summary>Sum modulo 2^256.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UInt256 operator +(UInt256 left, UInt256 right)
    {
        AddCarrying(left, right, out var sum);
        return sum;
    }

    /// <summary>Sum, or OverflowException.</summary>
    public static UInt256 operator checked +(UInt256 left, UInt256 right) =>
        AddCarrying(left, right, out var sum) == 0 ? sum : throw Overflow($"{left} + {right}");

    /// <summary>Difference modulo 2^256.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UInt256 operator -(UInt256 left, UInt256 right)
    {
        SubtractBorrowing(left, right, out var difference);
        return difference;
    }

    /// <summary>Difference, or OverflowException below zero.</summary>
    public static UInt256 operator checked -(UInt256 left, UInt256 right) =>
        SubtractBorrowing(left, right, out var difference) == 0 ? difference : throw Overflow($"{left} - {right}");

    /// <summary>The two's complement: 2^256 - value.</summary>
    public static UInt256 operator -(UInt256 value) => Zero - value;

    /// <summary>One more.</summary>
    public static UInt256 operator ++(UInt256 value) => value + One;

    /// <summary>One more, or OverflowException.</summary>
    public static UInt256 operator checked ++(UInt256 value) => checked(value + One);

    /// <summary>One less.</summary>
    public static UInt256 operator --(UInt256 value) => value - One;

    /// <summary>One less, or OverflowException.</summary>
    public static UInt256 operator checked --(UInt256 value) => checked(value - One);

    /// <summary>Product modulo 2^256.</summary>
    public static UInt256 operator *(UInt256 left, UInt256 right)
    {
        if ((left.L1 | left.L2 | left.L3 | right.L1 | right.L2 | right.L3) == 0)
            return new UInt256(0, 0, Math.BigMul(left.L0, right.L0, out var low), low);
        Span<ulong> product = stackalloc ulong[Words];
        Multiply(left, right, product);
        return new UInt256(product[3], product[2], product[1], product[0]);
    }

    /// <summary>Product, or OverflowException.</summary>
    public static UInt256 operator checked *(UInt256 left, UInt256 right)
    {
        Span<ulong> product = stackalloc ulong[Words];
        Multiply(left, right, product);
        return (product[4] | product[5] | product[6] | product[7]) == 0
            ? new UInt256(product[3], product[2], product[1], product[0])
            : throw Overflow($"{left} * {right}");
    }

    /// <summary>Quotient, rounded towards zero.</summary>
    public static UInt256 operator /(UInt256 left, UInt256 right) => DivRem(left, right).Quotient;

    /// <summary>Remainder.</summary>
    public static UInt256 operator %(UInt256 left, UInt256 right) => DivRem(left, right).Remainder;

    /// <summary>Bitwise and.</summary>
    public static UInt256 operator &(UInt256 left, UInt256 right) =>
        new(left.L3 & right.L3, left.L2 & right.L2, left.L1 & right.L1, left.L0 & right.L0);

    /// <summary>Bitwise or.</summary>
    public static UInt256 operator |(UInt256 left, UInt256 right) =>
        new(left.L3 | right.L3, left.L2 | right.L2, left.L1 | right.L1, left.L0 | right.L0);

    /// <summary>Bitwise exclusive or.</summary>
    public static UInt256 operator ^(UInt256 left, UInt256 right) =>
        new(left.L3 ^ right.L3, left.L2 ^ right.L2, left.L1 ^ right.L1, left.L0 ^ right.L0);

    /// <summary>Bitwise not.</summary>
    public static UInt256 operator ~(UInt256 value) => new(~value.L3, ~value.L2, ~value.L1, ~value.L0);

    /// <summary>
    /// Shift left; 256 and more give zero, as in the EVM (C#'s own integers take the count modulo their size).
    /// </summary>
    public static UInt256 operator <<(UInt256 value, int count)
    {
        if ((uint)count >= 256) return count < 0 ? throw NegativeShift(count) : Zero;
        return count >= 128
            ? new UInt256(value.Lower << (count - 128), UInt128.Zero)
            : count == 0 ? value
            : new UInt256((value.Upper << count) | (value.Lower >> (128 - count)), value.Lower << count);
    }

    /// <summary>Shift right; 256 and more give zero.</summary>
    public static UInt256 operator >>(UInt256 value, int count)
    {
        if ((uint)count >= 256) return count < 0 ? throw NegativeShift(count) : Zero;
        return count >= 128
            ? new UInt256(UInt128.Zero, value.Upper >> (count - 128))
            : count == 0 ? value
            : new UInt256(value.Upper >> count, (value.Lower >> count) | (value.Upper << (128 - count)));
    }

    /// <summary>Quotient and remainder; division by zero throws, as C# does (the EVM would answer zero).</summary>
    public static (UInt256 Quotient, UInt256 Remainder) DivRem(UInt256 dividend, UInt256 divisor)
    {
        if (divisor.IsZero) throw new DivideByZeroException($"expected a divisor other than 0, found {dividend} / 0");
        if (dividend < divisor) return (Zero, dividend);
        if ((dividend.L2 | dividend.L3) == 0)
        {
            // The divisor is not greater, so both fit the platform's own 128 bits (or 64).
            if (dividend.L1 == 0) return (dividend.L0 / divisor.L0, dividend.L0 % divisor.L0);
            var (small, rest) = UInt128.DivRem(dividend.Lower, divisor.Lower);
            return (small, rest);
        }

        Span<uint> wide = stackalloc uint[Words];
        Span<uint> quotient = stackalloc uint[Words];
        dividend.CopyTo(wide);
        var remainder = Divide(wide, divisor, quotient);
        return (FromWords(quotient), remainder);
    }

    /// <summary>left * right / divisor with a 512-bit product in between, rounded down; overflow throws.</summary>
    public static UInt256 MultiplyDivide(UInt256 left, UInt256 right, UInt256 divisor)
    {
        if (divisor.IsZero)
            throw new DivideByZeroException($"expected a divisor other than 0, found {left} * {right} / 0");
        Span<uint> quotient = stackalloc uint[2 * Words];
        Span<ulong> product = stackalloc ulong[Words];
        Multiply(left, right, product);
        Divide(MemoryMarshal.Cast<ulong, uint>(product), divisor, quotient);
        return quotient[Words..].IndexOfAnyExcept(0u) < 0
            ? FromWords(quotient)
            : throw Overflow($"{left} * {right} / {divisor}");
    }

    /// <summary>left * right modulo modulus with a 512-bit product in between; Solidity's <c>mulmod</c>.</summary>
    public static UInt256 MultiplyModulo(UInt256 left, UInt256 right, UInt256 modulus)
    {
        if (modulus.IsZero)
            throw new DivideByZeroException($"expected a modulus other than 0, found {left} * {right} % 0");
        Span<uint> quotient = stackalloc uint[2 * Words];
        Span<ulong> product = stackalloc ulong[Words];
        Multiply(left, right, product);
        return Divide(MemoryMarshal.Cast<ulong, uint>(product), modulus, quotient);
    }

    /// <summary>The value raised to a power; overflow throws.</summary>
    public static UInt256 Power(UInt256 value, uint exponent)
    {
        var result = One;
        for (var rest = exponent; rest != 0; rest >>= 1)
        {
            if ((rest & 1) != 0) result = checked(result * value);
            if (rest > 1) value = checked(value * value);
        }

        return result;
    }

    /// <summary>The greatest integer whose square is not above the value.</summary>
    public static UInt256 SquareRoot(UInt256 value)
    {
        if (value.IsZero) return Zero;
        // Newton from above: the start is at least the root, so the sequence falls until it stands.
        var guess = One << ((value.BitLength + 1) / 2);
        while (true)
        {
            var next = (guess + value / guess) >> 1;
            if (next >= guess) return guess;
            guess = next;
        }
    }

    private static ulong AddCarrying(UInt256 left, UInt256 right, out UInt256 sum)
    {
        var s0 = left.L0 + right.L0;
        var carry = s0 < left.L0 ? 1UL : 0;
        var s1 = Add(left.L1, right.L1, ref carry);
        var s2 = Add(left.L2, right.L2, ref carry);
        var s3 = Add(left.L3, right.L3, ref carry);
        sum = new UInt256(s3, s2, s1, s0);
        return carry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Add(ulong left, ulong right, ref ulong carry)
    {
        var partial = left + right;
        var sum = partial + carry;
        carry = (partial < left ? 1UL : 0) | (sum < partial ? 1UL : 0);
        return sum;
    }

    private static ulong SubtractBorrowing(UInt256 left, UInt256 right, out UInt256 difference)
    {
        var borrow = 0UL;
        var d0 = Subtract(left.L0, right.L0, ref borrow);
        var d1 = Subtract(left.L1, right.L1, ref borrow);
        var d2 = Subtract(left.L2, right.L2, ref borrow);
        var d3 = Subtract(left.L3, right.L3, ref borrow);
        difference = new UInt256(d3, d2, d1, d0);
        return borrow;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Subtract(ulong left, ulong right, ref ulong borrow)
    {
        var partial = left - right;
        var difference = partial - borrow;
        borrow = (left < right ? 1UL : 0) | (partial < borrow ? 1UL : 0);
        return difference;
    }

    private static void Multiply(UInt256 left, UInt256 right, Span<ulong> product)
    {
        ReadOnlySpan<ulong> factors = [right.L0, right.L1, right.L2, right.L3];
        ReadOnlySpan<ulong> rows = [left.L0, left.L1, left.L2, left.L3];
        product.Clear();
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row] == 0) continue;
            ulong carry = 0;
            for (var column = 0; column < factors.Length; column++)
            {
                var high = Math.BigMul(rows[row], factors[column], out var low);
                var sum = low + carry;
                high += sum < low ? 1UL : 0;
                product[row + column] += sum;
                high += product[row + column] < sum ? 1UL : 0;
                carry = high;
            }

            product[row + factors.Length] = carry;
        }
    }

    /// <summary>Knuth, The Art of Computer Programming 4.3.1, algorithm D. The dividend is consumed.</summary>
    private static UInt256 Divide(Span<uint> dividend, UInt256 divisor, Span<uint> quotient)
    {
        quotient.Clear();
        Span<uint> v = stackalloc uint[Words];
        divisor.CopyTo(v);
        var n = v.LastIndexOfAnyExcept(0u) + 1;
        var m = dividend.LastIndexOfAnyExcept(0u) + 1;
        if (m < n) return FromWords(dividend);
        if (n == 1) return DivideByWord(dividend, v[0], quotient);

        Span<uint> u = stackalloc uint[2 * Words + 1];
        u.Clear();
        var shift = BitOperations.LeadingZeroCount(v[n - 1]);
        ShiftLeft(v[..n], shift, v);
        u[m] = ShiftLeft(dividend[..m], shift, u);
        for (var j = m - n; j >= 0; j--)
        {
            var top = ((ulong)u[j + n] << 32) | u[j + n - 1];
            var estimate = top / v[n - 1];
            var rest = top % v[n - 1];
            while (estimate > uint.MaxValue || estimate * v[n - 2] > ((rest << 32) | u[j + n - 2]))
            {
                estimate--;
                rest += v[n - 1];
                if (rest > uint.MaxValue) break;
            }

            if (SubtractProduct(u.Slice(j, n + 1), v[..n], (uint)estimate))
            {
                estimate--;
                AddBack(u.Slice(j, n + 1), v[..n]);
            }

            quotient[j] = (uint)estimate;
        }

        Span<uint> remainder = stackalloc uint[Words];
        remainder.Clear();
        for (var i = 0; i < n; i++)
            remainder[i] = shift == 0 ? u[i] : (u[i] >> shift) | (u[i + 1] << (32 - shift));
        return FromWords(remainder);
    }

    private static UInt256 DivideByWord(Span<uint> dividend, uint divisor, Span<uint> quotient)
    {
        ulong rest = 0;
        for (var i = dividend.Length - 1; i >= 0; i--)
        {
            var part = (rest << 32) | dividend[i];
            quotient[i] = (uint)(part / divisor);
            rest = part % divisor;
        }

        return rest;
    }

    private static uint ShiftLeft(ReadOnlySpan<uint> source, int shift, Span<uint> target)
    {
        uint carry = 0;
        for (var i = 0; i < source.Length; i++)
        {
            var word = source[i];
            target[i] = (word << shift) | carry;
            carry = shift == 0 ? 0 : word >> (32 - shift);
        }

        return carry;
    }

    private static bool SubtractProduct(Span<uint> u, ReadOnlySpan<uint> v, uint factor)
    {
        ulong carry = 0;
        long borrow = 0;
        for (var i = 0; i < v.Length; i++)
        {
            carry += (ulong)v[i] * factor;
            var digit = u[i] - borrow - (uint)carry;
            carry >>= 32;
            u[i] = (uint)digit;
            borrow = digit < 0 ? 1 : 0;
        }

        var last = u[v.Length] - borrow - (long)carry;
        u[v.Length] = (uint)last;
        return last < 0;
    }

    private static void AddBack(Span<uint> u, ReadOnlySpan<uint> v)
    {
        ulong carry = 0;
        for (var i = 0; i < v.Length; i++)
        {
            carry += (ulong)u[i] + v[i];
            u[i] = (uint)carry;
            carry >>= 32;
        }

        u[v.Length] += (uint)carry;
    }

    private void CopyTo(Span<uint> words)
    {
        (words[0], words[1]) = ((uint)L0, (uint)(L0 >> 32));
        (words[2], words[3]) = ((uint)L1, (uint)(L1 >> 32));
        (words[4], words[5]) = ((uint)L2, (uint)(L2 >> 32));
        (words[6], words[7]) = ((uint)L3, (uint)(L3 >> 32));
    }

    private static UInt256 FromWords(ReadOnlySpan<uint> words) => new(
        ((ulong)words[7] << 32) | words[6],
        ((ulong)words[5] << 32) | words[4],
        ((ulong)words[3] << 32) | words[2],
        ((ulong)words[1] << 32) | words[0]);

    private static ArgumentOutOfRangeException NegativeShift(int count) =>
        new(nameof(count), $"expected a shift of at least 0, found {count}");
}
