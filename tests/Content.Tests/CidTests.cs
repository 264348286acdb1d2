// CIDs: what is read is exactly what is written, and both are what the reference implementation says.
using System.Text.Json;
using EventSourced.Testing;

namespace EventSourced.Content.Tests;

public class CidTests
{
    private const string Hello = "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq";
    private const string Old = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";

    [Fact]
    public void The_name_of_content_is_its_text_its_bytes_and_its_hash()
    {
        var cid = Cid.Of("hello"u8);
        Assert.Equal(Hello, cid.ToString());
        Assert.Equal(Cid.TextLength, Hello.Length);
        Assert.Equal(cid, Cid.Parse(Hello));
        Assert.Equal(cid, Cid.FromBytes(cid.Bytes));
        Assert.Equal(cid, Cid.OfSha256(cid.Digest));
        Assert.True(cid.IsRawBlock);
        Assert.True(cid.IsOf("hello"u8));
        Assert.False(cid.IsOf("hullo"u8));
        Assert.Equal($"\"{Hello}\"", JsonSerializer.Serialize(cid));
        Assert.Equal(cid, JsonSerializer.Deserialize<Cid>($"\"{Hello}\""));
    }

    [Theory]
    [InlineData(Old, "version 0, dag-pb, sha2-256")]
    [InlineData("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi", "version 1, dag-pb, sha2-256")]
    public void Other_kinds_are_read_and_named_and_not_kept(string text, string kind)
    {
        var cid = Cid.Parse(text);
        Assert.Equal((false, text, kind), (cid.IsRawBlock, cid.ToString(), cid.Kind));
    }

    [Theory]
    [InlineData("", "0 characters")]
    [InlineData("hello", "no version 0 and no text that begins with b")]
    [InlineData("BAFKREIBM6JG3UX5QUMHCN2B3FLC3TYU6DMLB4XA7U5BF44YEGNRJHC4YEQ", "no version 0 and no text")]
    [InlineData("bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4ye", "not lower base32")]
    [InlineData("bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yer", "not lower base32")]
    [InlineData("bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq=", "not lower base32")]
    [InlineData("bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4y8q", "not lower base32")]
    [InlineData(" bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq", "no version 0 and no text")]
    [InlineData("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPb0G", "a character that base58 has not")]
    public void Text_that_is_nearly_a_CID_is_refused_with_the_reason(string text, string reason)
    {
        Assert.False(Cid.TryParse(text, out _));
        var refusal = Assert.Throws<FormatException>(() => Cid.Parse(text));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_with_a_longer_form_of_a_number_are_refused()
    {
        byte[] good = [.. Cid.Of("hello"u8).Bytes];
        Assert.Throws<FormatException>(() => Cid.FromBytes([0x81, 0x00, .. good[1..]]));
        Assert.Throws<FormatException>(() => Cid.FromBytes([.. good, 0]));
        Assert.Throws<FormatException>(() => Cid.FromBytes(good.AsSpan(..^1)));
        Assert.Throws<FormatException>(() => Cid.FromBytes([]));
    }

    [Fact]
    public Task Names_of_random_content_are_those_of_multiformats() => Seed.RunAsync(async random =>
    {
        var contents = Enumerable.Range(0, 200).Select(_ => new byte[random.Next(2_000)]).ToList();
        foreach (var content in contents) random.NextBytes(content);
        var input = string.Concat(contents.Select(
            content => JsonSerializer.Serialize(new { content = Convert.ToBase64String(content) }) + "\n"));
        var answers = await Node.AskAsync("cids.mjs", input);
        Assert.Equal(
            contents.Select(content => Cid.Of(content).ToString()),
            answers.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()));
    });

    // One letter is changed, taken or added in texts of every kind. What we read, multiformats reads the same way.
    [Fact]
    public Task What_is_read_multiformats_reads_alike() => Seed.RunAsync(async random =>
    {
        const string letters = "abcdefghijklmnopqrstuvwxyz234567QmYZ019=";
        string[] texts =
        [
            .. Enumerable.Range(0, 400).Select(_ => new[] { Hello, Old, Random(random) }[random.Next(3)])
                .Select(text => Mutated(text, letters, random)), Hello, Old,
        ];
        var input = string.Concat(texts.Select(text => JsonSerializer.Serialize(new { text }) + "\n"));
        var answers = await Node.AskAsync("cids.mjs", input);
        Assert.Equal(texts.Length, answers.Length);
        var read = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            if (!Cid.TryParse(texts[i], out var cid)) continue;
            read++;
            var theirs = JsonDocument.Parse(answers[i]).RootElement;
            Assert.False(theirs.TryGetProperty("refused", out _), $"we read {texts[i]}, multiformats does not");
            Assert.Equal(Convert.ToHexStringLower(cid.Bytes), theirs.GetProperty("bytes").GetString());
            Assert.Equal((ulong)cid.Version, theirs.GetProperty("version").GetUInt64());
            Assert.Equal(cid.Codec, theirs.GetProperty("code").GetUInt64());
            Assert.Equal(cid.HashFunction, theirs.GetProperty("hash").GetUInt64());
            Assert.Equal(texts[i], theirs.GetProperty("text").GetString());
        }

        Assert.True(read > 50, $"expected more than 50 texts that are CIDs still, found {read}");
    });

    [Theory]
    [InlineData(0, 262_144)]
    [InlineData(1, 262_144)]
    [InlineData(262_144, 262_144)]
    [InlineData(262_145, 262_144)]
    [InlineData(262_145, 1_048_576)]
    [InlineData(1_048_576, 1_048_576)]
    [InlineData(1_048_577, 1_048_576)]
    public async Task A_file_that_fits_into_one_chunk_has_the_name_that_the_importer_of_IPFS_gives(
        int length, int chunk)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        var answers = await Node.AskAsync(
            "importer.mjs",
            JsonSerializer.Serialize(new { content = Convert.ToBase64String(content), chunk }) + "\n");
        var theirs = Cid.Parse(JsonDocument.Parse(answers[0]).RootElement.GetProperty("text").GetString()!);
        Assert.Equal(length <= chunk, theirs == Cid.Of(content));
        Assert.Equal(length <= chunk, theirs.IsRawBlock);
    }

    private static string Random(Random random)
    {
        var content = new byte[random.Next(100)];
        random.NextBytes(content);
        return Cid.Of(content).ToString();
    }

    private static string Mutated(string text, string letters, Random random)
    {
        var (at, letter) = (random.Next(text.Length), letters[random.Next(letters.Length)].ToString());
        return random.Next(4) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, letter),
            2 => text.Remove(at, 1).Insert(at, letter),
            _ => text,
        };
    }
}
