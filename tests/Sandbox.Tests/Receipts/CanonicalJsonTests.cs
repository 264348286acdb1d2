// RFC 8785 by its own examples.
using System.Text;
using System.Text.Json;
using EventSourced.Testing;
using EventSourced.Sandbox.Receipts;

namespace EventSourced.Sandbox.Tests.Receipts;

public sealed class CanonicalJsonTests
{
    [Fact]
    public void The_example_of_section_3_2_2_is_written_as_the_RFC_does() => Assert.Equal(
        """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"""
        + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
        Of("""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """));

    [Fact]
    public void Members_are_sorted_by_UTF_16_code_units_as_in_section_3_2_3() => Assert.Equal(
        """{"\r":"Carriage Return","1":"One","":"Control","ö":"Latin Small Letter O With Diaeresis","""
            .Replace("\"\":\"Control\"", "\"\u0080\":\"Control\"")
        + "\"€\":\"Euro Sign\",\"\U0001F600\":\"Emoji: Grinning Face\",\"\uFB33\":\"Hebrew Letter Dalet With Dagesh\"}",
        Of("""
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """));

    [Theory]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Numbers_are_written_as_in_appendix_B(ulong bits, string text)
    {
        var number = BitConverter.UInt64BitsToDouble(bits);
        Assert.Equal(text, Of(number.ToString("E16", System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\udead\":1}")]
    [InlineData("1e400")]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("")]
    [InlineData("{} {}")]
    public void What_has_no_canonical_form_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => Of(json));

    [Fact]
    public void Canonical_text_canonicalizes_to_itself_and_means_the_same() => Seed.Run(random =>
    {
        for (var round = 0; round < 500; round++)
        {
            var text = Of(RandomValue(random, 4));
            Assert.Equal(text, Of(text));
        }
    });

    private static string Of(string json) => Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));

    private static string RandomValue(Random random, int depth) => random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => BitConverter.Int64BitsToDouble(random.NextInt64()) is var number && double.IsFinite(number)
            ? number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)
            : "0",
        1 => JsonSerializer.Serialize(new string([.. Enumerable.Range(0, 5).Select(_ => (char)random.Next(0xd800))])),
        2 => "true",
        3 => random.Next(-1_000, 1_000).ToString(System.Globalization.CultureInfo.InvariantCulture),
        4 => $"[ {string.Join(" , ", Enumerable.Range(0, random.Next(4)).Select(_ => RandomValue(random, depth - 1)))} ]",
        _ => $"{{{string.Join(",", Enumerable.Range(0, random.Next(4)).Select(i => $"\"{(char)('z' - i)}\": {RandomValue(random, depth - 1)}"))}}}",
    };
}
