using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventSourced.EventStore.Json;
using EventSourced.Testing;

namespace EventSourced.EventStore.Tests;

public sealed class JsonTests
{
    [Theory]
    [InlineData(typeof(OrderPlaced), "order_placed")]
    [InlineData(typeof(Naming.PDFExported), "pdf_exported")]
    [InlineData(typeof(Naming.OrderPlacedV2), "order_placed_v2")]
    [InlineData(typeof(Naming.A), "a")]
    [InlineData(typeof(Naming.ERC20Transfer), "erc20_transfer")]
    public void Aliases_follow_martens_rule(Type type, string alias) => Assert.Equal(alias, MartenNaming.Alias(type));

    [Fact]
    public void A_clr_name_has_no_version_and_no_key() =>
        Assert.Equal("EventSourced.EventStore.Tests.OrderPlaced, EventSourced.EventStore.Tests",
            MartenNaming.DotNetTypeName(typeof(OrderPlaced)));

    [Fact]
    public void A_generic_type_needs_an_alias_of_its_own() =>
        Assert.Throws<ArgumentException>(() => MartenNaming.Alias(typeof(List<int>)));

    // Sections 3.2.2 and 3.2.3 of RFC 8785, and cases of its appendix B by their bits.
    [Theory]
    [InlineData("""{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}""",
        """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""")]
    [InlineData("""{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}""",
        "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}")]
    [InlineData(" [ ] ", "[]")]
    [InlineData("""{"b":{},"a":{"d":1,"c":"\b\t\f\u007f"}}""", "{\"a\":{\"c\":\"\\b\\t\\f\u007f\",\"d\":1},\"b\":{}}")]
    [InlineData("[-0,0.0,-0.0,1.0,100,1e21,1e20,123e-7,1e-6,1e-7,9007199254740991,-9007199254740991]",
        "[0,0,0,1,100,1e+21,100000000000000000000,0.0000123,0.000001,1e-7,9007199254740991,-9007199254740991]")]
    public void Json_has_one_canonical_form(string json, string canonical) =>
        Assert.Equal(canonical, Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(json))));

    [Theory]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Doubles_are_written_as_ecmascript_writes_them(ulong bits, string text)
    {
        Span<byte> output = stackalloc byte[EcmaScriptNumber.MaxLength];
        var written = EcmaScriptNumber.Write(output, BitConverter.UInt64BitsToDouble(bits));
        Assert.Equal(text, Encoding.ASCII.GetString(output[..written]));
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("9007199254740993")]
    [InlineData("1e999")]
    [InlineData("""["\ud800"]""")]
    [InlineData("[1,]")]
    public void What_has_no_canonical_form_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void The_canonical_form_is_its_own_and_keeps_every_double() => Seed.Run(random =>
    {
        for (var round = 0; round < 2000; round++)
        {
            var number = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(number) || (double.IsInteger(number)
                && Math.Abs(number) > EcmaScriptNumber.MaxSafeInteger && Math.Abs(number) < 1e21)) continue;
            var once = CanonicalJson.Of(
                Encoding.UTF8.GetBytes($"{{\"b\":[{number:R}],\"a\":\"{(char)random.Next(0x21, 0x22)}\"}}"));
            Assert.Equal(once, CanonicalJson.Of(once));
            using var document = JsonDocument.Parse(once);
            Assert.Equal(number, document.RootElement.GetProperty("b")[0].GetDouble());
        }
    });

    [Theory]
    [InlineData("\"115792089237316195423570985008687907853269984665640564039457584007913129639935\"")]
    [InlineData("\"0\"")]
    [InlineData("\"-17\"")]
    public void Wide_integers_are_decimal_strings(string json)
    {
        var wide = JsonSerializer.Deserialize(
            $"{{\"Item\":\"x\",\"Quantity\":1,\"PriceWei\":{json}}}", OrdersJson.Default.ItemAdded)!;
        Assert.Equal(BigInteger.Parse(json.Trim('"')), wide.PriceWei);
        Assert.Contains($"\"PriceWei\":{json}", JsonSerializer.Serialize(wide, OrdersJson.Default.ItemAdded),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"\"")]
    [InlineData("\"01\"")]
    [InlineData("\"+1\"")]
    [InlineData("\" 1\"")]
    [InlineData("\"1.0\"")]
    [InlineData("\"-\"")]
    [InlineData("\"0x10\"")]
    public void Only_the_plain_decimal_form_is_read(string json) => Assert.Throws<JsonException>(() =>
        JsonSerializer.Deserialize(
            $"{{\"Item\":\"x\",\"Quantity\":1,\"PriceWei\":{json}}}", OrdersJson.Default.ItemAdded));
}

internal static class Naming
{
    internal sealed record PDFExported;

    internal sealed record OrderPlacedV2;

    internal sealed record A;

    internal sealed record ERC20Transfer;
}
