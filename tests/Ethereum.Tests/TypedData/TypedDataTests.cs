// Typed data: the worked example of EIP-712, recursion, and messages that do not fit their types.
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.TypedData;

namespace EventSourced.Ethereum.Tests.TypedData;

public sealed class TypedDataTests
{
    private const string Mail = """
        {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"chainId","type":"uint256"},
        {"name":"verifyingContract","type":"address"}],"Person":[{"name":"name","type":"string"},{"name":"wallet","type":"address"}],
        "Mail":[{"name":"from","type":"Person"},{"name":"to","type":"Person"},{"name":"contents","type":"string"}]},"primaryType":"Mail",
        "domain":{"name":"Ether Mail","version":"1","chainId":1,"verifyingContract":"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},
        "message":{"from":{"name":"Cow","wallet":"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
        "to":{"name":"Bob","wallet":"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},"contents":"Hello, Bob!"}}
        """;

    private static readonly TypedSchema Schema = new(new Dictionary<string, IReadOnlyList<TypedField>>
    {
        ["Person"] = [new("name", "string"), new("wallet", "address")],
        ["Mail"] = [new("from", "Person"), new("to", "Person"), new("contents", "string")],
    });

    [Fact]
    public void The_example_of_EIP_712_hashes_and_signs_as_it_says()
    {
        var hash = TypedDataJson.SigningHash(Mail);
        Assert.Equal("0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2", hash.ToString());
        using var cow = new SigningKey(Keccak256.Hash("cow").Bytes);
        Assert.Equal(
            "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c",
            cow.Sign(hash).ToString());
    }

    [Fact]
    public void Typed_code_gives_the_same_hash_as_the_json()
    {
        var domain = new TypedDomain("Ether Mail", "1", 1u, Address.Parse("0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"));
        Assert.Equal("0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f", domain.Separator.ToString());
        Assert.Equal("Mail(Person from,Person to,string contents)Person(string name,address wallet)", Schema.EncodeType("Mail"));
        Assert.Equal("0xa0cedeb2dc280ba39b857546d74f5549c3a1d7bdc2dd96bf881f76108e23dac2", Schema.TypeHash("Mail").ToString());
        var message = AbiValue.Of(
            AbiValue.Of("Cow", Address.Parse("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826")),
            AbiValue.Of("Bob", Address.Parse("0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB")),
            "Hello, Bob!");
        Assert.Equal("0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e", Schema.HashStruct("Mail", message).ToString());
        Assert.Equal(TypedDataJson.SigningHash(Mail), domain.SigningHash(Schema, "Mail", message));
    }

    [Fact]
    public void A_domain_alone_is_signed_without_a_struct()
    {
        var alone = Mail.Replace("\"primaryType\":\"Mail\"", "\"primaryType\":\"EIP712Domain\"", StringComparison.Ordinal);
        var separator = new TypedDomain("Ether Mail", "1", 1u, Address.Parse("0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC")).Separator;
        Assert.Equal(Keccak256.Hash([0x19, 0x01, .. separator.Bytes]), TypedDataJson.SigningHash(alone));
    }

    [Fact]
    public void A_struct_that_contains_itself_ends_where_it_is_absent()
    {
        const string Tree = """
            {"types":{"Node":[{"name":"label","type":"string"},{"name":"next","type":"Node"}]},"primaryType":"Node","domain":{"name":"x"},
            "message":{"label":"a","next":{"label":"b","next":null}}}
            """;
        Assert.NotEqual(default, TypedDataJson.SigningHash(Tree));
        Assert.Equal(
            TypedDataJson.SigningHash(Tree), TypedDataJson.SigningHash(Tree.Replace(",\"next\":null", "", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("\"contents\":\"Hello, Bob!\"", "\"contents\":5", "message.contents")]
    [InlineData("\"contents\":\"Hello, Bob!\"", "\"other\":\"x\"", "message.contents")]
    [InlineData("\"chainId\":1,", "\"chainId\":-1,", "domain.chainId")]
    [InlineData("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", "0xCD", "message.from.wallet")]
    [InlineData("\"type\":\"Person\"", "\"type\":\"Nobody\"", "Nobody")]
    [InlineData("\"primaryType\":\"Mail\"", "\"primaryType\":\"Letter\"", "Letter")]
    [InlineData("\"domain\":", "\"domaine\":", "domain")]
    public void A_message_that_does_not_fit_is_refused_with_its_path(string good, string bad, string words)
    {
        var refused = Assert.ThrowsAny<FormatException>(() => TypedDataJson.SigningHash(Mail.Replace(good, bad, StringComparison.Ordinal)));
        Assert.Contains(words, refused.Message);
    }

    [Fact]
    public void Values_of_the_wrong_shape_are_refused_with_their_path()
    {
        Assert.Contains("Mail.from", Assert.Throws<AbiException>(() => Schema.HashStruct("Mail", AbiValue.Of("x", "y", "z"))).Message);
        Assert.Contains("3 fields", Assert.Throws<AbiException>(() => Schema.HashStruct("Mail", AbiValue.Of("x"))).Message);
        var lists = new TypedSchema(new Dictionary<string, IReadOnlyList<TypedField>> { ["L"] = [new("items", "uint8[2]")] });
        Assert.Contains("L.items", Assert.Throws<AbiException>(() => lists.HashStruct("L", AbiValue.Of(AbiValue.Of(1ul)))).Message);
        Assert.Contains(
            "L.items[1]", Assert.Throws<AbiException>(() => lists.HashStruct("L", AbiValue.Of(AbiValue.Of(1ul, 256ul)))).Message);
    }
}
