// Checkpoints after C2SP tlog-checkpoint: the page's example, the state-root line, and everything that is no
// checkpoint.
using EventSourced.Testing;

namespace EventSourced.Transparency.Tests;

public class CheckpointTests
{
    private const string Example =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" +
        "— example.com/behind-the-sofa " +
        "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n" +
        "— witness.example.com/w1 " +
        "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

    private static readonly MerkleHash Root = MerkleHash.OfLeaf("root"u8);

    [Fact]
    public void The_example_of_the_specification_is_read_and_written()
    {
        var signed = SignedCheckpoint.Parse(Keys.Utf8(Example));
        Assert.Equal("example.com/behind-the-sofa", signed.Checkpoint.Origin);
        Assert.Equal(20_852_163, signed.Checkpoint.Size);
        Assert.Equal("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", signed.Checkpoint.Root.ToString());
        Assert.Empty(signed.Checkpoint.Extensions);
        Assert.Equal(2, signed.Note.Signatures.Count);
        Assert.Equal(Example, signed.ToString());
    }

    [Fact]
    public void An_extension_line_states_the_root_of_the_state()
    {
        var stated = new Checkpoint("a", 1, Root, [Checkpoint.StateRootExtension(Root), "something else"]);
        Assert.Equal($"a\n1\n{Root}\nstate-root {Root}\nsomething else\n", stated.ToString());
        Assert.Equal(Root, Checkpoint.Parse(stated.ToString()).StateRoot);
    }

    [Theory]
    [InlineData]
    [InlineData("state root AAAA")]
    [InlineData("state-root AAAA")]
    [InlineData(
        "state-root CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "state-root CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")]
    public void Other_extension_lines_are_opaque(params string[] lines) =>
        Assert.Null(Checkpoint.Parse(new Checkpoint("a", 1, Root, lines).ToString()).StateRoot);

    [Theory]
    [InlineData("")]
    [InlineData("a\n")]
    [InlineData("a\n1\n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")]
    [InlineData("\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n 1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n99999999999999999999\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n")]
    [InlineData("a\n1\n CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2LLLLI=\n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nb\n\n")]
    [InlineData("a\n1\r\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    public void What_is_no_checkpoint_is_refused(string text) =>
        Assert.Throws<TransparencyFormatException>(() => Checkpoint.Parse(text));

    [Fact]
    public void The_largest_size_is_read() =>
        Assert.Equal(long.MaxValue, Checkpoint.Parse($"a\n{long.MaxValue}\n{Root}\n").Size);

    [Fact]
    public void Extension_lines_have_a_limit()
    {
        var lines = Enumerable.Repeat("line", TransparencyLimits.ExtensionLines + 1).ToArray();
        Assert.Throws<TransparencyFormatException>(() => new Checkpoint("a", 1, Root, lines));
        Assert.Throws<TransparencyFormatException>(
            () => Checkpoint.Parse($"a\n1\n{Root}\n{string.Join('\n', lines)}\n"));
        Assert.Equal(16, Checkpoint.Parse($"a\n1\n{Root}\n{string.Join('\n', lines[1..])}\n").Extensions.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    public void Lines_that_would_change_the_text_are_not_written(string line)
    {
        Assert.Throws<TransparencyFormatException>(() => new Checkpoint(line, 1, Root));
        Assert.Throws<TransparencyFormatException>(() => new Checkpoint("a", 1, Root, [line]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Checkpoint("a", -1, Root));
    }

    [Fact]
    public void Mutated_checkpoints_are_refused_or_written_as_they_were_read() =>
        Seed.Run(random =>
        {
            var good = Keys.Utf8(new Checkpoint("log.example/é", 1234, Root, ["state-root x"]));
            for (var round = 0; round < 20_000; round++)
            {
                var bytes = Mutations.Of(random, good);
                try
                {
                    Assert.Equal(bytes, Keys.Utf8(Checkpoint.Parse(bytes)));
                }
                catch (TransparencyFormatException)
                {
                    // The one way in which what is no checkpoint is refused.
                }
            }
        });
}
