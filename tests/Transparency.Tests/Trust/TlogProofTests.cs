// Proof files after C2SP tlog-proof, judged by ours and by a second verifier that was written from the pages alone
// (second/verify.mjs).
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EventSourced.Testing;

namespace EventSourced.Transparency.Tests;

public class TlogProofTests
{
    private static readonly MemoryLog Log = MemoryLog.Of(1_000);

    private static readonly TrustPolicy Policy = TrustPolicy.Of(
        Keys.Log.Verifier, [Keys.Ada.Verifier, Keys.Ben.Verifier], 1);

    [Fact]
    public async Task A_proof_is_read_as_it_was_written_and_holds_for_its_leaf_alone()
    {
        var proof = await ProofAsync(777, extra: new byte[] { 1, 2, 3 });
        var read = TlogProof.Parse(Keys.Utf8(proof));
        Assert.Equal(proof.ToString(), read.ToString());
        Assert.Equal(777, read.Index);
        Assert.Equal([1, 2, 3], read.Extra!.Value.ToArray());
        Assert.StartsWith(
            "c2sp.org/tlog-proof@v1\nextra AQID\nindex 777\n", proof.ToString(), StringComparison.Ordinal);
        var verdict = read.Judge(Policy, MerkleHash.OfLeaf(Definition.Entry(777)));
        Assert.Null(verdict.Refusal);
        Assert.Equal([new VerifiedSignature(Keys.Ada.Verifier, Keys.Now)], verdict.Witnessed);
        var refused = read.Judge(Policy, MerkleHash.OfLeaf(Definition.Entry(778)));
        Assert.Equal("expected a way from leaf 777 to the root of 1000 leaves, found another", refused.Refusal);
        Assert.Empty(refused.Witnessed);
    }

    [Fact]
    public async Task A_proof_without_the_witnesses_that_the_policy_wants_is_refused()
    {
        var proof = await ProofAsync(1, keys: Keys.Log);
        Assert.Contains(
            "quorum", proof.Judge(Policy, MerkleHash.OfLeaf(Definition.Entry(1))).Refusal, StringComparison.Ordinal);
        Assert.True(
            proof.Judge(TrustPolicy.Of(Keys.Log.Verifier, [], 0), MerkleHash.OfLeaf(Definition.Entry(1))).Holds);
    }

    [Theory]
    [InlineData("c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v2\n")]
    [InlineData("index 777\n", "")]
    [InlineData("index 777\n", "index 0777\n")]
    [InlineData("index 777\n", "index 777 \n")]
    [InlineData("index 777\n", "index 9223372036854775808\n")]
    [InlineData("index 777\n", "extra AQID\n")]
    [InlineData("index 777\n", "extra AQI\nindex 777\n")]
    [InlineData("index 777\n", "index 777\nextra AQID\n")]
    [InlineData("index 777\n", "index 777\n\n")]
    [InlineData("index 777\n", "index 777\nAQID\n")]
    [InlineData("log.example/events\n", "")]
    [InlineData("\n— ", "— ")]
    public async Task What_is_no_proof_is_refused(string part, string other)
    {
        var text = (await ProofAsync(777)).ToString();
        var at = text.IndexOf(part, StringComparison.Ordinal);
        Assert.Throws<TransparencyFormatException>(
            () => TlogProof.Parse(Keys.Utf8(text[..at] + other + text[(at + part.Length)..])));
    }

    [Fact]
    public async Task Limits_are_named()
    {
        var text = (await ProofAsync(777)).ToString();
        var hash = $"{Log.Root}\n";
        var deep = text.Replace(
            "index 777\n", "index 777\n" + string.Concat(Enumerable.Repeat(hash, 60)), StringComparison.Ordinal);
        Assert.Contains("at most 63 hashes", Refusal(deep), StringComparison.Ordinal);
        var extra = Convert.ToBase64String(new byte[TransparencyLimits.ExtraBytes + 1]);
        var fat = text.Replace("index", $"extra {extra}\nindex", StringComparison.Ordinal);
        Assert.Contains("more than 65536 bytes", Refusal(fat), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TlogProof(-1, [], Keys.Signed(Log, Keys.Log)));

        static string Refusal(string proof) => Assert.Throws<TransparencyFormatException>(
            () => TlogProof.Parse(Keys.Utf8(proof))).Message;
    }

    [Fact]
    public Task Ours_and_the_second_verifier_agree_on_good_and_on_mutated_proofs() =>
        Seed.RunAsync(async random =>
        {
            var requests = new List<(byte[] Proof, byte[] Leaf)>();
            for (var round = 0; round < 400; round++)
            {
                var index = random.Next(1_000);
                var good = Keys.Utf8(await ProofAsync(index, extra: index % 3 == 0 ? new byte[] { 9 } : null));
                var entry = Definition.Entry(round % 10 == 9 ? index + 1 : index);
                requests.Add((round % 4 == 0 ? good : Changed(random, good), entry));
            }

            var theirs = await SecondAsync(requests);
            var holding = 0;
            foreach (var ((proof, leaf), second) in requests.Zip(theirs))
            {
                var ours = Ours(proof, leaf);
                Assert.True(
                    ours is null == second is "",
                    $"ours says '{ours}', the second verifier '{second}' of:\n{Encoding.UTF8.GetString(proof)}");
                holding += ours is null ? 1 : 0;
            }

            Assert.InRange(holding, 50, 350);
        });

    private static string? Ours(byte[] proof, byte[] leaf)
    {
        try
        {
            return TlogProof.Parse(proof).Judge(Policy, MerkleHash.OfLeaf(leaf)).Refusal;
        }
        catch (TransparencyFormatException fault)
        {
            return fault.Message;
        }
    }

    // Half of the changes are of one byte anywhere, half are of any kind.
    private static byte[] Changed(Random random, byte[] good)
    {
        if (random.Next(2) == 0) return Mutations.Of(random, good);
        byte[] bytes = [.. good];
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    private static async Task<TlogProof> ProofAsync(
        long index, ReadOnlyMemory<byte>? extra = null, params SigningKey[] keys)
    {
        var proof = await Log.Prover().IncludeAsync(index);
        return new TlogProof(index, proof.Siblings, Keys.Signed(Log, keys.Length > 0
            ? keys
            : [Keys.Log, Keys.Ada]), extra);
    }

    private static async Task<List<string>> SecondAsync(List<(byte[] Proof, byte[] Leaf)> requests)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "second", "verify.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync(end.Token);
        string[] witnesses = [.. Policy.Witnesses.Select(key => key.ToString())];
        foreach (var (proof, leaf) in requests)
        {
            await node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(
                new { proof, leaf, log = Keys.Log.Verifier.ToString(), witnesses, needed = 1 }));
        }

        node.StandardInput.Close();
        var answers = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await node.WaitForExitAsync(end.Token);
        Assert.Equal(requests.Count, answers.Length);
        return [.. answers.Select(answer => JsonDocument.Parse(answer).RootElement.GetProperty("why").GetString()!)];
    }
}
