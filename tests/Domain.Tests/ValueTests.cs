// Words and addresses: what goes in comes out, equality and order are those of the bytes, malformed text is refused by
// name.
using System.Text.Json;
using EventSourced.Domain.Values;
using EventSourced.Testing;

namespace EventSourced.Domain.Tests;

public class ValueTests
{
    private const string Topic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
    private const string Owner = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

    [Fact]
    public void A_word_is_written_as_it_was_read() => Assert.Equal(Topic, Word.Parse(Topic).ToString());

    [Fact]
    public void An_address_of_either_case_is_written_in_lower_case() =>
        Assert.Equal(Owner, Address.Parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8").ToString());

    [Fact]
    public void Random_bytes_survive_every_way_through_text() => Seed.Run(random =>
    {
        for (var i = 0; i < 1_000; i++)
        {
            var bytes = new byte[Word.Length];
            random.NextBytes(bytes);
            var word = new Word(bytes);
            var address = new Address(bytes.AsSpan(0, Address.Length));
            var back = new byte[Word.Length];
            word.WriteTo(back);
            Assert.Equal(bytes, back);
            address.WriteTo(back);
            Assert.Equal(bytes[..Address.Length], back[..Address.Length]);
            Assert.Equal(word, Word.Parse($"{word}"));
            Assert.Equal(address, Address.Parse($"{address}"));
            Assert.Equal(word, JsonSerializer.Deserialize<Word>(JsonSerializer.Serialize(word)));
            Assert.Equal(address, JsonSerializer.Deserialize<Address>(JsonSerializer.Serialize(address)));
            var utf8 = new byte[66];
            Assert.True(word.TryFormat(utf8, out var written, default, null));
            Assert.Equal(word.ToString(), System.Text.Encoding.ASCII.GetString(utf8, 0, written));
        }
    });

    [Fact]
    public void Order_is_the_order_of_the_bytes() => Seed.Run(random =>
    {
        for (var i = 0; i < 1_000; i++)
        {
            var (left, right) = (new byte[Word.Length], new byte[Word.Length]);
            random.NextBytes(left);
            left.CopyTo(right, 0);
            right[random.Next(Word.Length)] = (byte)random.Next(256);
            var expected = Math.Sign(left.AsSpan().SequenceCompareTo(right));
            Assert.Equal(expected, Math.Sign(new Word(left).CompareTo(new Word(right))));
            Assert.Equal(expected < 0, new Word(left) < new Word(right));
            Assert.Equal(expected > 0, new Word(left) > new Word(right));
            Assert.Equal(expected <= 0, new Word(left) <= new Word(right));
            Assert.Equal(expected >= 0, new Word(left) >= new Word(right));
            var one = left.AsSpan(12);
            var other = right.AsSpan(12);
            expected = Math.Sign(one.SequenceCompareTo(other));
            Assert.Equal(expected, Math.Sign(new Address(one).CompareTo(new Address(other))));
            Assert.Equal(expected < 0, new Address(one) < new Address(other));
            Assert.Equal(expected > 0, new Address(one) > new Address(other));
            Assert.Equal(expected <= 0, new Address(one) <= new Address(other));
            Assert.Equal(expected >= 0, new Address(one) >= new Address(other));
        }
    });

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")]
    [InlineData("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3e")]
    [InlineData("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3eg")]
    public void A_malformed_word_is_refused_with_what_was_expected_and_found(string text)
    {
        var refusal = Assert.Throws<FormatException>(() => Word.Parse(text));
        Assert.Contains("expected a word as 0x and 64 hexadecimal digits", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"'{text}'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_of_a_wrong_length_are_refused()
    {
        Assert.Throws<FormatException>(() => new Word(new byte[31]));
        Assert.Throws<FormatException>(() => new Address(new byte[21]));
    }

    [Fact]
    public void None_is_zero()
    {
        Assert.True(default(Word).IsZero);
        Assert.True(default(Address).IsZero);
        Assert.False(Word.Parse(Topic).IsZero);
        Assert.False(Address.Parse(Owner).IsZero);
    }

    [Fact]
    public void A_destination_that_is_too_small_is_left_alone()
    {
        Assert.False(Word.Parse(Topic).TryFormat(new char[65], out _, default, null));
        Assert.False(Word.Parse(Topic).TryFormat(new byte[65], out _, default, null));
        Assert.False(Address.Parse(Owner).TryFormat(new char[41], out _, default, null));
        Assert.False(Address.Parse(Owner).TryFormat(new byte[41], out _, default, null));
    }
}
