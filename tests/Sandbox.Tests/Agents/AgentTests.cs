// The reference agents on their samples: what they say, that their receipts verify, and that their modules are what
// their sources give.
using System.Security.Cryptography;
using System.Text;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Receipts;
using EventSourced.Testing;

namespace EventSourced.Sandbox.Tests.Agents;

// The tests of the specification\'s execution chapter have a namespace of this name.
using Execution = EventSourced.Sandbox.Receipts.Execution;

public sealed class AgentTests
{
    private static readonly SandboxEngine Shared = new();

    [Fact]
    public void Echo_gives_back_what_it_gets()
    {
        var input = new byte[300_000];
        new Random(7).NextBytes(input);
        Assert.Equal(input, Run("echo", input).Output.ToArray());
        Assert.Empty(Run("echo", []).Output.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(55)]
    [InlineData(56)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(119)]
    [InlineData(120)]
    [InlineData(135)]
    [InlineData(136)]
    [InlineData(65_536)]
    [InlineData(100_001)]
    public void Hash_agrees_with_dotnet_on_SHA_256_at_every_edge_of_a_block(int length)
    {
        var input = new byte[length];
        new Random(length).NextBytes(input);
        Assert.Equal($"sha256 {Convert.ToHexStringLower(SHA256.HashData(input))}\n", Text("hash", input, "sha256"));
    }

    [Theory]
    [InlineData("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData(
        "Transfer(address,address,uint256)", "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")]
    public void Hash_gives_the_Keccak_256_of_Ethereum(string input, string digest) =>
        Assert.Equal($"keccak256 {digest}\n", Text("hash", Encoding.ASCII.GetBytes(input), "keccak256"));

    [Fact]
    public void Hash_refuses_a_digest_that_it_does_not_know()
    {
        var result = Run("hash", [], "md5");
        Assert.Equal(ExecutionExit.Exited(65), result.Receipt.Exit);
        Assert.Contains("expected the argument", Encoding.UTF8.GetString(result.ErrorOutput.Span));
    }

    [Theory]
    [InlineData("1 1 2", "1 1\n2\n")]
    [InlineData("2 3 1 2 3 4 5 6.5  3 2 1 0.1 2 0.2 -3 0.3", "2 2\n-4 1.4\n-5.5 3.35\n")]
    [InlineData("1 2 0.1 0.2 2 1 1 1", "1 1\n0.3\n")]
    [InlineData("1 1 -0.0000001", "1 1\n0\n")]
    [InlineData("1 1 2 1 1 3 1 1 4", "1 1\n24\n")]
    public void Matrix_multiplies(string input, string output) => Assert.Equal(output, Text("matrix", Bytes(input)));

    [Theory]
    [InlineData("")]
    [InlineData("2 2 1 2 3")]
    [InlineData("0 1")]
    [InlineData("1.5 1 1")]
    [InlineData("513 1")]
    [InlineData("1 1 x")]
    [InlineData("1 1 12345678901234567890")]
    [InlineData("1 2 1 2 1 1 1")]
    public void Matrix_refuses_what_is_no_product(string input) =>
        Assert.Equal(ExecutionExit.Exited(65), Run("matrix", Bytes(input)).Receipt.Exit);

    [Fact]
    public void Matrix_agrees_with_a_plain_loop_on_random_input() => Seed.Run(random =>
    {
        var (rows, middle, columns) = (random.Next(1, 20), random.Next(1, 20), random.Next(1, 20));
        var a = Enumerable.Range(0, rows * middle).Select(_ => random.Next(-999, 999)).ToArray();
        var b = Enumerable.Range(0, middle * columns).Select(_ => random.Next(-999, 999)).ToArray();
        var product = Enumerable.Range(0, rows * columns).Select(cell =>
            Enumerable.Range(
                0, middle).Sum(k => a[(cell / columns * middle) + k] * b[(k * columns) + (cell % columns)]));
        var output = Text("matrix", Bytes(
            $"{rows} {middle} {string.Join(' ', a)}\n{middle} {columns} {string.Join(' ', b)}"));
        Assert.Equal(
            $"{rows} {columns} {string.Join(' ', product)}",
            string.Join(' ', output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
    });

    [Fact]
    public void Summarizer_takes_the_weightiest_sentences_in_their_order()
    {
        var article = Repository.Text("agents/samples/article.txt");
        var flat = string.Join(' ', article.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries));
        var summary = Text("summarizer", Bytes(article), "2").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, summary.Length);
        Assert.All(summary, sentence => Assert.Contains(sentence, flat));
        Assert.True(
            flat.IndexOf(summary[0], StringComparison.Ordinal) < flat.IndexOf(summary[1], StringComparison.Ordinal));
        Assert.DoesNotContain("weather", string.Concat(summary));
        // All of them give the text again.
        var all = Text("summarizer", Bytes(article), "99").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(flat, string.Join(' ', all));
    }

    [Theory]
    [InlineData("", "3", "")]
    [InlineData("  \n\n ", "3", "")]
    [InlineData("One only", "3", "One only\n")]
    [InlineData("Pi is 3.14 and more. Yes.", "9", "Pi is 3.14 and more.\nYes.\n")]
    [InlineData("He said \"Stop.\" Then he left.", "9", "He said \"Stop.\"\nThen he left.\n")]
    public void Summarizer_cuts_sentences_where_they_end(string input, string count, string output) =>
        Assert.Equal(output, Text("summarizer", Bytes(input), count));

    [Theory]
    [InlineData("0")]
    [InlineData("x")]
    [InlineData("5000")]
    [InlineData("")]
    public void Summarizer_refuses_a_count_that_is_none(string count) =>
        Assert.Equal(ExecutionExit.Exited(65), Run("summarizer", Bytes("A b c."), count).Receipt.Exit);

    [Fact]
    public void Auditor_finds_every_planted_mistake_and_none_in_clean_code()
    {
        Snapshot.Matches(Text("auditor", Repository.Bytes("agents/samples/vault.sol")), extension: "json");
        Assert.Equal("{\"findings\":[],\"lines\":11}\n", Text("auditor", Repository.Bytes("agents/samples/clean.sol")));
    }

    [Theory]
    [InlineData("contract C { function f() public { x.call(\"\"); } }", "unchecked-call")]
    [InlineData("contract C { function f() public { assembly { } } }", "assembly")]
    [InlineData("contract C { function f() public { to.transfer(1); } }", "fixed-gas-send")]
    [InlineData("contract C { function f() { } }", "visibility")]
    [InlineData("contract C { bytes32 h = keccak256(abi.encodePacked(a, b)); }", "packed-hash")]
    public void Auditor_knows_its_rules(string source, string rule) =>
        Assert.Contains($"\"rule\":\"{rule}\"", Text("auditor", Bytes("// SPDX-License-Identifier: MIT\n" + source)));

    [Theory]
    [InlineData("contract C { function f() public { (bool ok,) = x.call(\"\"); require(ok); } }")]
    [InlineData("contract C { function f() public { token.transfer(to, 1); } }")]
    [InlineData("function free() pure returns (uint) { return 1; }")]
    [InlineData("contract C { bytes32 h = keccak256(abi.encodePacked(f(a, b))); }")]
    [InlineData("contract C { string s = \"tx.origin\"; /* selfdestruct(x) */ }")]
    [InlineData("contract C { string s = \"unfinished")]
    [InlineData("/* unfinished")]
    public void Auditor_does_not_cry_wolf(string source) =>
        Assert.Contains("\"findings\":[]", Text("auditor", Bytes("// SPDX-License-Identifier: MIT\n" + source)));

    [Fact]
    public void Caption_says_what_the_samples_show()
    {
        Assert.Equal(
            "A medium-bright landscape picture (48 x 32), mostly green with blue, smooth, lighter at the top like a sky over land.\n",
            Text("caption", Repository.Bytes("agents/samples/meadow.ppm")));
        Assert.Equal(
            "A dark portrait picture (30 x 40), mostly grey with red, with clear outlines, symmetric.\n",
            Text("caption", Repository.Bytes("agents/samples/lamp.bmp")));
    }

    [Theory]
    [InlineData(0, 0, 0, "A dark, flat square picture (8 x 8), almost all grey, smooth.\n")]
    [InlineData(255, 255, 255, "A bright, flat square picture (8 x 8), almost all grey, smooth.\n")]
    [InlineData(250, 20, 20, "A medium-bright, flat square picture (8 x 8), almost all red, smooth.\n")]
    [InlineData(250, 140, 20, "A medium-bright, flat square picture (8 x 8), almost all orange, smooth.\n")]
    [InlineData(20, 20, 250, "A dark, flat square picture (8 x 8), almost all blue, smooth.\n")]
    [InlineData(160, 20, 250, "A medium-bright, flat square picture (8 x 8), almost all purple, smooth.\n")]
    public void Caption_names_plain_colours(byte red, byte green, byte blue, string caption)
    {
        byte[] picture = [.. "P6 8 8 255\n"u8,
            .. Enumerable.Repeat<byte[]>([red, green, blue], 64).SelectMany(pixel => pixel)];
        Assert.Equal(caption, Text("caption", picture));
    }

    [Fact]
    public void Caption_refuses_what_is_no_picture_whatever_is_wrong_with_it()
    {
        var samples = new[]
        {
            Repository.Bytes("agents/samples/meadow.ppm"),
            Repository.Bytes("agents/samples/lamp.bmp"),
        };
        foreach (var sample in samples)
        {
            for (var length = 0; length < sample.Length; length += 1 + (length / 50))
                Assert.Equal(ExecutionExit.Exited(65), Run("caption", sample[..length]).Receipt.Exit);
        }
    }

    // A hostile header must end in a refusal, never in a trap: the agents check what they read.
    [Fact]
    public void Caption_takes_random_headers_without_a_trap() => Seed.Run(random =>
    {
        var sample = Repository.Bytes("agents/samples/lamp.bmp");
        for (var round = 0; round < 300; round++)
        {
            var mutated = sample.ToArray();
            for (var change = 0; change < 3; change++) mutated[random.Next(54)] = (byte)random.Next(256);
            Assert.Equal("exited", Run("caption", mutated).Receipt.Exit.Kind);
        }
    });

    [Theory]
    [InlineData("echo", "article.txt")]
    [InlineData("summarizer", "article.txt")]
    [InlineData("auditor", "vault.sol")]
    [InlineData("caption", "meadow.ppm")]
    [InlineData("hash", "lamp.bmp")]
    [InlineData("matrix", "matrices.txt")]
    public void Every_agent_leaves_a_receipt_that_verifies_and_that_does_not_when_its_output_is_changed(string agent,
        string sample)
    {
        var (module, input) = (
            Repository.Bytes($"agents/{agent}/{agent}.wasm"), Repository.Bytes($"agents/samples/{sample}"));
        var receipt = new Execution { Module = module, Input = input }.Run(Shared).Receipt;
        var content = new Dictionary<string, byte[]> { [receipt.ModuleHash] = module, [receipt.InputHash] = input };
        var verifier = new ReceiptVerifier(Shared, hash => content[hash]);
        Assert.Equal(ExecutionExit.Exited(0), receipt.Exit);
        Assert.Empty(verifier.Verify(receipt.ToJson()));

        var lie = receipt with { OutputHash = new string('0', 64) };
        Assert.Equal("outputHash", Assert.Single(verifier.Verify(lie.ToJson())).Where);
    }

    private static ExecutionResult Run(string agent, byte[] input, params string[] arguments) => new Execution
    {
        Module = Repository.Bytes($"agents/{agent}/{agent}.wasm"),
        Input = input,
        Arguments = arguments,
    }.Run(Shared);

    private static string Text(string agent, byte[] input, params string[] arguments)
    {
        var result = Run(agent, input, arguments);
        Assert.True(
            result.Receipt.Exit == ExecutionExit.Exited(0),
            $"{result.Receipt.Exit}: {Encoding.UTF8.GetString(result.ErrorOutput.Span)}");
        return Encoding.UTF8.GetString(result.Output.Span);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
