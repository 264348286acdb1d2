// Addresses and hashes as text, in order, in JSON. The checksums are EIP-55's own examples.
using System.Text.Json;

namespace EventSourced.Ethereum.Tests.Values;

public sealed class AddressTests
{
    [Theory]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0x8617E340B3D01FA5F11F306F4090FD50E238070D")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    [InlineData("0x27b1fdb04752bbc536007a920d24acb045561c26")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void Checksums_are_those_of_EIP_55(string text)
    {
        Assert.Equal(text, Address.Parse(text).ToString());
        Assert.Equal(Address.Parse(text), Address.Parse(text.ToLowerInvariant()));
        Assert.Equal(text, JsonSerializer.Deserialize<Address>($"\"{text.ToLowerInvariant()}\"").ToString());
    }

    [Fact]
    public void A_wrong_checksum_is_refused_and_the_right_one_named()
    {
        var refused = Assert.Throws<FormatException>(() => Address.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"));
        Assert.Contains("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", refused.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedd")]
    [InlineData("0xzzAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    public void Text_that_is_no_address_is_refused(string text)
    {
        Assert.False(Address.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => Address.Parse(text));
    }

    [Fact]
    public void Order_is_by_bytes_and_equality_by_value()
    {
        var low = Address.Parse("0x0000000000000000000000000000000000000001");
        var high = Address.Parse("0x0100000000000000000000000000000000000000");
        Assert.True(low < high && high > low && low <= high && high >= low && low != high);
        Assert.Equal(low, new Address(low.Bytes));
        Assert.Equal(low.GetHashCode(), new Address(low.Bytes).GetHashCode());
        Assert.True(Address.Zero.IsZero);
        Assert.Throws<ArgumentException>(() => new Address(new byte[19]));
    }

    [Fact]
    public void Hashes_are_read_written_and_ordered_by_bytes()
    {
        const string Text = "0x00000000000000000000000000000000000000000000000000000000000000ff";
        var hash = Hash32.Parse(Text);
        Assert.Equal(Text, hash.ToString());
        Assert.Equal((UInt256)255u, hash.ToUInt256());
        Assert.Equal(hash, Hash32.FromUInt256(255u));
        Assert.True(Hash32.Zero < hash && hash > Hash32.Zero && hash >= Hash32.Zero && Hash32.Zero <= hash
            && hash != Hash32.Zero);
        Assert.Equal(hash, JsonSerializer.Deserialize<Hash32>(JsonSerializer.Serialize(hash)));
        Assert.Equal($"{{\"{Text}\":1}}", JsonSerializer.Serialize(new Dictionary<Hash32, int> { [hash] = 1 }));
        Assert.Equal(1, JsonSerializer.Deserialize<Dictionary<Hash32, int>>($"{{\"{Text}\":1}}")![hash]);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Hash32>("\"0x12\""));
        Assert.Throws<FormatException>(() => Hash32.Parse("0x12"));
        Assert.Equal($"{hash}", string.Create(null, stackalloc char[80], $"{hash}"));
    }

    [Fact]
    public void Addresses_key_json_objects()
    {
        var address = Address.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        var json = JsonSerializer.Serialize(new Dictionary<Address, int> { [address] = 1 });
        Assert.Equal("{\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\":1}", json);
        Assert.Equal(1, JsonSerializer.Deserialize<Dictionary<Address, int>>(json)![address]);
        Assert.Equal("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", $"{address:x}");
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Address>("5"));
    }

    [Theory]
    [InlineData("0x0", 0)]
    [InlineData("0x1f", 31)]
    [InlineData("0xffffffffffffffff", ulong.MaxValue)]
    public void Quantities_are_read(string text, ulong expected)
    {
        Assert.True(Hex.TryReadQuantity(System.Text.Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(expected, value);
        Assert.Equal(text, Hex.Quantity(value));
    }

    [Theory]
    [InlineData("0x")]
    [InlineData("1f")]
    [InlineData("0x1g")]
    [InlineData("0x10000000000000000")]
    public void Text_that_is_no_quantity_is_refused(string text) =>
        Assert.False(Hex.TryReadQuantity(System.Text.Encoding.UTF8.GetBytes(text), out _));
}
