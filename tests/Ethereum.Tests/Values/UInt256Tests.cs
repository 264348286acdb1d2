// UInt256 and Int256 beside BigInteger, which may be slow but is right.
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using EventSourced.Ethereum.Tests.Differential;
using EventSourced.Testing;

namespace EventSourced.Ethereum.Tests.Values;

public sealed class UInt256Tests
{
    private const int Rounds = 20_000;
    private static readonly BigInteger Modulus = BigInteger.One << 256;

    [Fact]
    public void Arithmetic_equals_that_of_BigInteger() => Seed.Run(random =>
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (a, b) = (RandomAbi.Number(random, 256), RandomAbi.Number(random, 256));
            var (x, y) = (Big(a), Big(b));
            Assert.Equal((x + y) % Modulus, Big(a + b));
            Assert.Equal((x - y + Modulus) % Modulus, Big(a - b));
            Assert.Equal(x * y % Modulus, Big(a * b));
            Assert.Equal(x & y, Big(a & b));
            Assert.Equal(x | y, Big(a | b));
            Assert.Equal(x ^ y, Big(a ^ b));
            Assert.Equal(Modulus - 1 - x, Big(~a));
            Assert.Equal(x.CompareTo(y), a.CompareTo(b));
            Assert.Equal((int)x.GetBitLength(), a.BitLength);
            var shift = random.Next(300);
            Assert.Equal((x << shift) % Modulus, Big(a << shift));
            Assert.Equal(x >> shift, Big(a >> shift));
            if (b.IsZero) continue;
            Assert.Equal((x / y, x % y), (Big(a / b), Big(a % b)));
            var m = RandomAbi.Number(random, 256) + UInt256.One;
            if (!m.IsZero) Assert.Equal(x * y % Big(m), Big(UInt256.MultiplyModulo(a, b, m)));
        }
    });

    [Fact]
    public void Checked_operators_throw_exactly_when_the_result_does_not_fit() => Seed.Run(random =>
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (a, b, c) = (
                RandomAbi.Number(random, 256), RandomAbi.Number(random, 256), RandomAbi.Number(random, 256));
            Agree(Big(a) + Big(b), () => checked(a + b));
            Agree(Big(a) - Big(b), () => checked(a - b));
            Agree(Big(a) * Big(b), () => checked(a * b));
            if (!c.IsZero) Agree(Big(a) * Big(b) / Big(c), () => UInt256.MultiplyDivide(a, b, c));
        }

        static void Agree(BigInteger right, Func<UInt256> ours)
        {
            if (right >= 0 && right < Modulus) Assert.Equal(right, Big(ours()));
            else Assert.Throws<OverflowException>(() => ours());
        }
    });

    [Fact]
    public void Division_is_right_where_Knuths_estimate_is_one_too_large()
    {
        // The add-back step of algorithm D is reached by about one random division in 2^31; these reach it.
        var dividend = new UInt256(0x8000000000000000, 0, 3, 0);
        var divisor = new UInt256(0, 0x2000000000000000, 0, 1);
        Assert.Equal(Big(dividend) / Big(divisor), Big(dividend / divisor));
        for (uint high = 0x7FFF_FFF0; high < 0x8000_0010; high++)
        {
            var top = new UInt256((ulong)high << 32, 0, ulong.MaxValue, ulong.MaxValue - 1);
            foreach (
                var low in new UInt256[] { new(0, 0x8000_0000, ulong.MaxValue, 1), new(0, 1, 0, ulong.MaxValue), new(
                    0, 0, 0x8000_0000_0000_0001, 0xFFFF_FFFF) })
                Assert.Equal((Big(top) / Big(low), Big(top) % Big(low)), (Big(top / low), Big(top % low)));
        }
    }

    [Fact]
    public void Text_is_read_back_in_every_form() => Seed.Run(random =>
    {
        Span<byte> utf8 = stackalloc byte[UInt256.MaxDecimalLength];
        for (var round = 0; round < Rounds; round++)
        {
            var value = RandomAbi.Number(random, 256);
            var text = Big(value).ToString(CultureInfo.InvariantCulture);
            Assert.Equal(text, value.ToString());
            Assert.Equal(value, UInt256.Parse(text));
            Assert.Equal(value, UInt256.Parse(Encoding.UTF8.GetBytes(text)));
            Assert.Equal(value, UInt256.Parse(value.ToQuantity()));
            Assert.Equal(Convert.ToHexStringLower(value.ToBigEndian()), value.ToString("x64", null));
            Assert.True(value.TryFormat(utf8, out var written, default, null));
            Assert.Equal(text, Encoding.UTF8.GetString(utf8[..written]));
            Assert.False(value.TryFormat(utf8[..(text.Length - 1)], out _, default, null));
        }
    });

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1 ")]
    [InlineData("0x")]
    [InlineData("0xg")]
    [InlineData("１")]
    [InlineData("1e5")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639936")]
    [InlineData("0x10000000000000000000000000000000000000000000000000000000000000000")]
    public void Text_that_is_no_number_below_2_to_the_256_is_refused(string text)
    {
        Assert.False(UInt256.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => UInt256.Parse(text));
    }

    [Fact]
    public void The_greatest_number_is_read()
    {
        const string Greatest = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
        Assert.Equal(UInt256.MaxValue, UInt256.Parse(Greatest));
        Assert.Equal(UInt256.MaxValue, UInt256.Parse("0X" + new string('F', 64)));
        Assert.Equal(Greatest, UInt256.MaxValue.ToString());
    }

    [Fact]
    public void Powers_and_roots_equal_their_definitions() => Seed.Run(random =>
    {
        Assert.Equal(UInt256.One, UInt256.Power(UInt256.Zero, 0));
        Assert.Equal(BigInteger.Pow(10, 77), Big(UInt256.Power(10u, 77)));
        Assert.Throws<OverflowException>(() => UInt256.Power(10u, 78));
        for (var round = 0; round < Rounds / 10; round++)
        {
            var value = RandomAbi.Number(random, 256);
            var root = Big(UInt256.SquareRoot(value));
            Assert.True(
                root * root <= Big(value) && Big(value) < (root + 1) * (root + 1), $"root of {value} is not {root}");
        }
    });

    [Fact]
    public void Division_by_zero_throws()
    {
        Assert.Throws<DivideByZeroException>(() => UInt256.One / UInt256.Zero);
        Assert.Throws<DivideByZeroException>(() => UInt256.MultiplyDivide(1u, 1u, 0u));
        Assert.Throws<DivideByZeroException>(() => UInt256.MultiplyModulo(1u, 1u, 0u));
        Assert.Throws<ArgumentOutOfRangeException>(() => UInt256.One << -1);
    }

    [Fact]
    public void Conversions_keep_the_value_or_refuse()
    {
        Assert.Equal(7ul, checked((ulong)(UInt256)7u));
        Assert.Equal((UInt128)7, checked((UInt128)(UInt256)7u));
        Assert.Throws<OverflowException>(() => checked((ulong)UInt256.MaxValue));
        Assert.Throws<OverflowException>(() => checked((UInt128)UInt256.MaxValue));
        Assert.Throws<OverflowException>(() => (UInt256)(-1));
        Assert.Equal(ulong.MaxValue, unchecked((ulong)UInt256.MaxValue));
        Assert.Equal(UInt128.MaxValue, ((UInt256)UInt128.MaxValue).Lower);
        Assert.Equal(new UInt256(1, 2, 3, 4), UInt256.FromBigEndian(new UInt256(1, 2, 3, 4).ToBigEndian()));
        Assert.Throws<ArgumentException>(() => UInt256.FromBigEndian(new byte[31]));
    }

    [Fact]
    public void Json_is_a_decimal_string_and_reads_hex_and_whole_numbers_too()
    {
        Assert.Equal("\"340282366920938463463374607431768211456\"", JsonSerializer.Serialize(new UInt256(0, 1, 0, 0)));
        Assert.Equal((UInt256)255u, JsonSerializer.Deserialize<UInt256>("\"0xff\""));
        Assert.Equal((UInt256)255u, JsonSerializer.Deserialize<UInt256>("255"));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<UInt256>("1.5"));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<UInt256>("null"));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<UInt256>("true"));
        var keys = new Dictionary<UInt256, int> { [5u] = 1 };
        Assert.Equal("{\"5\":1}", JsonSerializer.Serialize(keys));
        Assert.Equal(keys, JsonSerializer.Deserialize<Dictionary<UInt256, int>>("{\"5\":1}"));
    }

    private static BigInteger Big(UInt256 value) => new(value.ToBigEndian(), isUnsigned: true, isBigEndian: true);
}
