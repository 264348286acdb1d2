// RLP: the examples of Ethereum's specification, and encodings that only a sloppy reader would accept.
using EventSourced.Ethereum.Rlp;
using EventSourced.Ethereum.Tests.Differential;
using EventSourced.Testing;

namespace EventSourced.Ethereum.Tests.Rlp;

public sealed class RlpTests
{
    [Fact]
    public void The_specifications_examples_are_written_so()
    {
        Written("83646f67", rlp => rlp.Write("dog"u8));
        Written("c88363617483646f67", rlp => rlp.BeginList().Write("cat"u8).Write("dog"u8).EndList());
        Written("80", rlp => rlp.Write(""u8));
        Written("c0", rlp => rlp.BeginList().EndList());
        Written("80", rlp => rlp.Write(UInt256.Zero));
        Written("00", rlp => rlp.Write([0]));
        Written("0f", rlp => rlp.Write((UInt256)15u));
        Written("820400", rlp => rlp.Write((UInt256)1024u));
        Written("c7c0c1c0c3c0c1c0", rlp => rlp.BeginList().BeginList().EndList().BeginList().BeginList().EndList().EndList()
            .BeginList().BeginList().EndList().BeginList().BeginList().EndList().EndList().EndList().EndList());
        Written(
            "b8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974",
            rlp => rlp.Write("Lorem ipsum dolor sit amet, consectetur adipisicing elit"u8));

        static void Written(string expected, Func<RlpWriter, RlpWriter> write) =>
            Assert.Equal(expected, Convert.ToHexStringLower(write(new RlpWriter()).ToArray()));
    }

    [Fact]
    public void What_is_written_is_read_back() => Seed.Run(random =>
    {
        for (var round = 0; round < 500; round++)
        {
            var bytes = RandomAbi.Bytes(random, random.Next(70_000) >> random.Next(17));
            var number = RandomAbi.Number(random, 256);
            var rlp =
                new RlpWriter().BeginList().Write(bytes).BeginList().Write(number).EndList().Write((Address?)null).EndList().ToArray();
            var outer = new RlpReader(rlp);
            var list = outer.ReadList();
            outer.End();
            Assert.Equal(bytes, list.ReadBytes().ToArray());
            Assert.Equal(number, list.ReadList().ReadNumber());
            Assert.Null(list.ReadAddress());
            list.End();
        }
    });

    [Theory]
    [InlineData("", "an item")]
    [InlineData("8100", "a small byte as itself")]
    [InlineData("817f", "a small byte as itself")]
    [InlineData("83646f", "3 bytes")]
    [InlineData("b80161", "a short length in its prefix")]
    [InlineData("b90001", "leading zero")]
    [InlineData("b8", "1 bytes of a length")]
    [InlineData("bb7fffffff", "2147483647 bytes")]
    [InlineData("bfffffffffffffffff", "below 2^32")]
    [InlineData("c0", "a byte string")]
    public void A_byte_string_in_another_than_the_canonical_form_is_refused(string hex, string expected)
    {
        var refused = Assert.Throws<RlpException>(() => new RlpReader(Convert.FromHexString(hex)).ReadBytes().Length);
        Assert.Contains(expected, refused.Message);
    }

    [Theory]
    [InlineData("820001")]
    [InlineData("00")]
    [InlineData("a1010000000000000000000000000000000000000000000000000000000000000000")]
    public void A_number_with_leading_zeros_or_above_32_bytes_is_refused(string hex) =>
        Assert.Throws<RlpException>(() => new RlpReader(Convert.FromHexString(hex)).ReadNumber());

    [Fact]
    public void Lists_left_open_or_too_deep_and_rests_are_refused()
    {
        Assert.Throws<InvalidOperationException>(() => new RlpWriter().BeginList().ToArray());
        Assert.Throws<InvalidOperationException>(() =>
        {
            var rlp = new RlpWriter();
            for (var depth = 0; depth <= RlpWriter.MaxDepth; depth++) rlp.BeginList();
        });
        Assert.Throws<RlpException>(() => new RlpReader([1, 2]).ReadList().AtEnd);
        Assert.Throws<RlpException>(() => new RlpReader([1]).End());
        Assert.Throws<RlpException>(() => new RlpReader([0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0]).ReadUInt64());
        Assert.Throws<RlpException>(() => new RlpReader([0x82, 1, 2]).ReadAddress());
    }
}
