// The worked examples of Solidity's ABI specification, types and signatures as text, and values that do not fit.
using System.Numerics;
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum.Abi;

namespace EventSourced.Ethereum.Tests.Abi;

public sealed class AbiVectorTests
{
    [Fact]
    public void Baz_of_the_specification_is_encoded_so() => Encoded(
        AbiFunction.Parse("function baz(uint32 x, bool y) returns (bool r)").EncodeCall(69ul, true),
        "cdcd77c0", Word("45"), Word("1"));

    [Fact]
    public void Bar_of_the_specification_is_encoded_so() => Encoded(
        AbiFunction.Parse("bar(bytes3[2])").EncodeCall(AbiValue.Of("abc"u8.ToArray(), "def"u8.ToArray())),
        "fce353f6", Padded("616263"), Padded("646566"));

    [Fact]
    public void Sam_of_the_specification_is_encoded_so() => Encoded(
        AbiFunction.Parse("sam(bytes,bool,uint[])").EncodeCall("dave"u8.ToArray(), true, AbiValue.Of(1ul, 2ul, 3ul)),
        "a5643bf2", Word("60"), Word("1"), Word("a0"), Word("4"), Padded("64617665"), Word("3"), Word("1"), Word("2"),
        Word("3"));

    [Fact]
    public void F_of_the_specification_is_encoded_so() => Encoded(
        AbiFunction.Parse("f(uint256,uint32[],bytes10,bytes)").EncodeCall(
            0x123ul, AbiValue.Of(0x456ul, 0x789ul), "1234567890"u8.ToArray(), "Hello, world!"u8.ToArray()),
        "8be65246", Word("123"), Word("80"), Padded("31323334353637383930"), Word("e0"), Word("2"), Word("456"),
        Word("789"), Word("d"), Padded("48656c6c6f2c20776f726c6421"));

    [Fact]
    public void G_of_the_specification_is_encoded_so() => Encoded(
        AbiFunction.Parse("g(uint256[][],string[])").EncodeCall(
            AbiValue.Of(AbiValue.Of(1ul, 2ul), AbiValue.Of(3ul)), AbiValue.Of("one", "two", "three")),
        "2289b18c", Word("40"), Word("140"), Word("2"), Word("40"), Word("a0"), Word("2"), Word("1"), Word("2"),
        Word("1"), Word("3"), Word("3"), Word("60"), Word("a0"), Word("e0"), Word("3"), Padded("6f6e65"), Word("3"),
        Padded("74776f"), Word("5"),
        Padded("7468726565"));

    [Theory]
    [InlineData("uint", "uint256")]
    [InlineData("int", "int256")]
    [InlineData("fixed", "fixed128x18")]
    [InlineData("ufixed8x80", "ufixed8x80")]
    [InlineData("function", "function")]
    [InlineData("tuple(uint8 a, (bytes, string[2][] b)[3] c)[]", "(uint8,(bytes,string[2][])[3])[]")]
    [InlineData("()", "()")]
    [InlineData("uint8[0]", "uint8[0]")]
    public void Types_are_read_and_named_canonically(string text, string name) =>
        Assert.Equal(name, AbiType.Parse(text).Name);

    [Theory]
    [InlineData("")]
    [InlineData("uint7")]
    [InlineData("uint264")]
    [InlineData("uint08")]
    [InlineData("bytes0")]
    [InlineData("bytes33")]
    [InlineData("fixed128x81")]
    [InlineData("fixed128")]
    [InlineData("uint8[")]
    [InlineData("uint8[-1]")]
    [InlineData("uint8[99999999999]")]
    [InlineData("uint8[1048577]")]
    [InlineData("(uint8")]
    [InlineData("(uint8,)")]
    [InlineData("uint8)")]
    [InlineData("string2")]
    [InlineData("address[] x y")]
    public void Text_that_is_no_type_is_refused_with_its_place(string text) =>
        Assert.Contains("at character", Assert.Throws<FormatException>(() => AbiType.Parse(text)).Message);

    [Fact]
    public void Types_nested_too_deep_or_too_large_are_refused()
    {
        Assert.Throws<FormatException>(() => AbiType.Parse(new string('(', 40) + "uint8" + new string(')', 40)));
        Assert.Throws<FormatException>(() => AbiType.Parse("uint8" + string.Concat(Enumerable.Repeat("[]", 40))));
        Assert.Throws<FormatException>(() => AbiType.Parse("uint8[1048576][1048576][1048576]"));
    }

    [Fact]
    public void Types_of_fixed_point_and_function_are_encoded_as_their_integers_and_bytes()
    {
        var types = new[] { AbiType.Parse("fixed128x18"), AbiType.Parse("ufixed64x2"), AbiType.Parse("function") };
        AbiValue[] values = [(BigInteger)(-5), 7ul, new byte[24]];
        Assert.Equal(values, AbiDecoder.Decode(types, AbiEncoder.Encode(types, values)));
    }

    [Fact]
    public void Values_that_their_type_cannot_hold_are_refused_with_their_path()
    {
        Refused("uint8", 256ul, "value[0]");
        Refused("int8", (BigInteger)128, "value[0]");
        Refused("int8", (BigInteger)(-129), "value[0]");
        Refused("bytes3", new byte[4], "value[0]");
        Refused("uint8", "text", "value[0]");
        Refused("uint8[2]", AbiValue.Of(1ul), "a value of uint8[2]");
        Refused(
            "(uint8,(bool,string[]))", AbiValue.Of(1ul, AbiValue.Of(true, AbiValue.Of("a", 5ul))), "value[0][1][1][1]");

        static void Refused(string type, AbiValue value, string words) =>
            Assert.Contains(
                words, Assert.Throws<AbiException>(() => AbiEncoder.Encode(AbiType.Parse(type), value)).Message);
    }

    [Fact]
    public void Words_that_their_type_cannot_hold_are_refused_with_their_byte()
    {
        Refused("uint8", Word("100"), "byte 0");
        Refused("int8", Word("80"), "byte 0");
        Refused("bool", Word("2"), "byte 0");
        Refused("address", "01" + new string('0', 62), "byte 0");
        Refused("bytes3", Padded("01020304"), "byte 0");
        Refused("string", Word("20") + Word("1") + Padded("ff"), "UTF-8");
        Refused("bytes", Word("20") + Word("21") + Padded("ff"), "byte 32");
        Refused("bytes", Word("ffffffff"), "byte 0");
        Refused("uint256[]", Word("20") + Word("ffffff"), "byte 32");
        Refused("(uint8,bytes)", Word("20") + Word("1") + Word("40") + Word("1"), "byte 96");
        Refused("uint256", "00", "32 more bytes");

        static void Refused(string type, string hex, string words) =>
            Assert.Contains(
                words,
                Assert.Throws<AbiException>(
                        () => AbiDecoder.Decode(AbiType.Parse(type), Convert.FromHexString(hex))).Message);
    }

    [Fact]
    public void Offsets_that_fold_onto_themselves_cannot_blow_memory_up()
    {
        // Every word is both a length of 32 and an offset to the next such word: 32^10 values from 3 kB if nobody
        // counted.
        var payload = string.Concat(Enumerable.Repeat(Word("20"), 100));
        var type = AbiType.Parse("uint256[][][][][][][][][][]");
        var bomb = Assert.Throws<AbiException>(() => AbiDecoder.Decode(type, Convert.FromHexString(payload)));
        Assert.Contains("overlapping", bomb.Message);
        // Elements of no size cost nothing in the input.
        var free = AbiType.Parse("uint8[0][]");
        Assert.Throws<AbiException>(
            () => AbiDecoder.Decode(free, Convert.FromHexString(Word("20") + Word("7fffffff"))));
        // One text of 100 kB, pointed at ten thousand times.
        var shared = Word("20") + Word(
            "2710") + string.Concat(Enumerable.Repeat(Word("4e200"), 10_000)) + Word("186a0") + new string('6',
            200_000);
        Assert.ThrowsAny<FormatException>(
            () => AbiDecoder.Decode(AbiType.Parse("string[]"), Convert.FromHexString(shared)));
    }

    [Fact]
    public void Events_are_decoded_from_topics_and_data_in_declared_order()
    {
        var moved = AbiEvent.Parse(
            "event Moved(bytes32 indexed from, uint256 amount, string indexed note, address indexed by, bool ok)");
        var (from, by, note) = (
            Keccak256.Hash("from"), Address.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
            Keccak256.Hash("note"));
        var values = moved.Decode(
            [moved.Hash, from, note, new Hash32([.. new byte[12], .. by.Bytes])],
            Convert.FromHexString(Word("7") + Word("1")));
        Assert.Equal<AbiValue>([from, 7ul, note, by, true], values);
        Assert.Throws<AbiException>(
            () => moved.Decode([moved.Hash, from, note], Convert.FromHexString(Word("7") + Word("1"))));
        Assert.Throws<AbiException>(
            () => moved.Decode([from, from, note, from], Convert.FromHexString(Word("7") + Word("1"))));
        Assert.Equal("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
            AbiEvent.Parse("Transfer(address,address,uint256)").Hash.ToString());
    }

    [Fact]
    public void A_compiled_abi_is_read_with_structs_errors_and_events()
    {
        const string Json = """
            [{"type":"function","name":"open","inputs":[{"name":"terms","type":"tuple[]","components":[
                {"name":"price","type":"uint256"},{"name":"uri","type":"string"}]}],"outputs":[{"name":"","type":"uint256"}]},
             {"type":"event","name":"Opened","inputs":[{"name":"id","type":"uint256","indexed":true}],"anonymous":false},
             {"type":"error","name":"TooLate","inputs":[{"name":"at","type":"uint64"}]},
             {"type":"constructor","inputs":[]},{"type":"receive"}]
            """;
        var signatures = AbiSignature.FromJsonArray(Json);
        Assert.Equal(
            ["open((uint256,string)[])", "Opened(uint256)", "TooLate(uint64)"],
            signatures.Select(signature => signature.Canonical));
        Assert.Equal("uri", signatures[0].Inputs[0].Fields![1].Name);
        Assert.True(signatures[1].Inputs[0].Indexed);
        Assert.Throws<FormatException>(() => AbiSignature.FromJsonArray("""[{"type":"modifier","name":"x"}]"""));
    }

    [Fact]
    public void Reverts_are_decoded_by_their_selector()
    {
        var late = AbiError.Parse("error LeaseExpired(uint256 leaseId, uint64 at)");
        byte[] data = [.. late.Hash.Bytes[..4],
            .. AbiEncoder.Encode([AbiType.Parse("uint256"), AbiType.Parse("uint64")], [7ul, 120ul])];
        Assert.True(late.TryDecode(data, out var arguments));
        Assert.Equal<AbiValue>([7ul, 120ul], arguments);
        Assert.False(AbiError.Reason.TryDecode(data, out _));
        Assert.Equal("0x08c379a0", Hex.ToText(AbiError.Reason.Hash.Bytes[..4]));
        Assert.Equal("0x4e487b71", Hex.ToText(AbiError.Panic.Hash.Bytes[..4]));
    }

    [Fact]
    public void Calls_and_results_are_decoded_and_another_selector_is_refused()
    {
        var balance = AbiFunction.Parse("function balanceOf(address owner) external view returns (uint256 amount)");
        var owner = Address.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        var call = balance.EncodeCall(owner);
        Assert.Equal(0x70a08231u, balance.Selector);
        Assert.Equal(owner, balance.DecodeCall(call)[0].AsAddress());
        Assert.Equal((UInt256)5u, balance.DecodeResult(Convert.FromHexString(Word("5")))[0].AsUInt256());
        call[0] ^= 1;
        Assert.Throws<AbiException>(() => balance.DecodeCall(call));
        Assert.Throws<InvalidCastException>(() => balance.DecodeResult(Convert.FromHexString(Word("5")))[0].AsText());
    }

    [Fact]
    public void A_reader_reads_typed_words_tails_and_arrays()
    {
        var types = new[]
        {
            "uint64",
            "int64",
            "uint128",
            "int128",
            "bool",
            "bytes4",
            "bytes32",
            "string",
            "uint256[]",
            "(string,uint8)",
        };
        AbiValue[] values =
        [
            ulong.MaxValue, (BigInteger)(-5), (UInt256)UInt128.MaxValue, (BigInteger)Int128.MinValue, true,
            new byte[] { 1, 2, 3, 4 }, Keccak256.Hash("x"), "text", AbiValue.Of(1ul, 2ul), AbiValue.Of("inner", 9ul),
        ];
        var reader = new AbiReader(AbiEncoder.Encode([.. types.Select(AbiType.Parse)], values));
        Assert.Equal(ulong.MaxValue, reader.ReadUInt64());
        Assert.Equal(-5, reader.ReadSigned(64));
        Assert.Equal(UInt128.MaxValue, reader.ReadUInt128());
        Assert.Equal((BigInteger)Int128.MinValue, reader.ReadSigned(128));
        Assert.True(reader.ReadBoolean());
        Assert.Equal([1, 2, 3, 4], reader.ReadFixedBytes(4).ToArray());
        Assert.Equal(Keccak256.Hash("x"), reader.ReadHash32());
        Assert.Equal("text", reader.ReadString());
        var array = reader.ReadArray(32, out var count);
        Assert.Equal((2, 1ul, 2ul), (count, array.ReadUInt64(8), array.ReadUInt64(8)));
        var inner = reader.ReadTail();
        Assert.Equal(("inner", 9ul), (inner.ReadString(), inner.ReadUInt64(8)));
    }

    private static void Encoded(byte[] call, params string[] parts) =>
        Assert.Equal(string.Concat(parts), Convert.ToHexStringLower(call));

    private static string Word(string hex) => hex.PadLeft(64, '0');

    private static string Padded(string hex) => hex.PadRight((hex.Length + 63) / 64 * 64, '0');
}
