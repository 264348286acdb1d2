// Whom a verifier believes, and the policy files of C2SP tlog-policy.
using EventSourced.Testing;

namespace EventSourced.Transparency.Tests;

public class PolicyTests
{
    private static readonly MemoryLog Log = MemoryLog.Of(10);

    private static readonly string File =
        $"""
        # Whom we trust.
        log {Keys.Log.Verifier} https://log.example/events

        witness ada	{Keys.Ada.Verifier}
          witness ben {Keys.Ben.Verifier} https://ben.example
        witness cleo {Keys.Cleo.Verifier}
        group friends any ada ben
        group all all friends cleo
        quorum all

        """;

    [Fact]
    public void Nested_groups_are_met_by_enough_witnesses_and_by_no_fewer()
    {
        var policy = TrustPolicy.Parse(Keys.Utf8(File));
        Assert.Equal([Keys.Log.Verifier], policy.Logs);
        Assert.Equal(3, policy.Witnesses.Count);
        Assert.Equal("all", policy.Quorum?.Name);
        Assert.True(policy.Judge(Keys.Signed(Log, Keys.Log, Keys.Ada, Keys.Cleo)).Holds);
        Assert.True(policy.Judge(Keys.Signed(Log, Keys.Cleo, Keys.Ben, Keys.Log)).Holds);
        Assert.Equal(
            "expected cosignatures that meet the quorum 'all', found 2 by known witnesses",
            policy.Judge(Keys.Signed(Log, Keys.Log, Keys.Ada, Keys.Ben)).Refusal);
        Assert.False(policy.Judge(Keys.Signed(Log, Keys.Log, Keys.Cleo)).Holds);
        Assert.Equal($"expected a signature by the log {Keys.Origin}, found none", policy.Judge(
            Keys.Signed(Log, Keys.Ada, Keys.Cleo)).Refusal);
    }

    [Fact]
    public void A_verdict_names_who_witnessed_and_when()
    {
        var verdict = TrustPolicy.Of(Keys.Log.Verifier, [Keys.Ada.Verifier, Keys.Ben.Verifier, Keys.Cleo.Verifier], 2)
            .Judge(Keys.Signed(Log, Keys.Log, Keys.Cleo, Keys.Ada));
        Assert.Equal(
            [new VerifiedSignature(Keys.Cleo.Verifier, Keys.Now), new VerifiedSignature(Keys.Ada.Verifier, Keys.Now)],
            verdict.Witnessed);
    }

    [Fact]
    public void A_log_signs_for_its_own_origin_only()
    {
        var other = SignedCheckpoint.Sign(new Checkpoint("log.example/other", 10, Log.Root), Keys.Now, Keys.Log);
        Assert.Equal(
            "expected the origin of a known log, found 'log.example/other'",
            TrustPolicy.Of(Keys.Log.Verifier, [], 0).Judge(other).Refusal);
    }

    [Fact]
    public void A_signature_by_a_known_witness_that_does_not_hold_spoils_the_checkpoint()
    {
        var good = Keys.Signed(Log, Keys.Log);
        var stolen = Keys.Ada.Sign(new Checkpoint(Keys.Origin, 11, Log.Root).ToString(), Keys.Now);
        var policy = TrustPolicy.Of(Keys.Log.Verifier, [Keys.Ada.Verifier], 0);
        Assert.True(policy.Judge(good).Holds);
        Assert.False(policy.Judge(good.With([stolen])).Holds);
    }

    [Fact]
    public void Extension_lines_are_believed_under_a_signature_that_covers_them_only()
    {
        string[] lines = [Checkpoint.StateRootExtension(Log.Root)];
        var policy = TrustPolicy.Parse(
            Keys.Utf8($"log {Keys.Log.Verifier}\nlog {Keys.LogMlDsa.Verifier}\nquorum none\n"));
        Assert.True(policy.Judge(Keys.Signed(Log, lines, Keys.Log, Keys.LogMlDsa)).Holds);
        Assert.True(policy.Judge(Keys.Signed(Log, Keys.LogMlDsa)).Holds);
        Assert.Equal(
            "expected extension lines under a signature of the log that covers them, found ML-DSA-44 alone",
            policy.Judge(Keys.Signed(Log, lines, Keys.LogMlDsa)).Refusal);
    }

    [Fact]
    public void A_quorum_may_be_one_witness_or_none()
    {
        var one = TrustPolicy.Parse(Keys.Utf8($"log {Keys.Log.Verifier}\nwitness w {Keys.Ada.Verifier}\nquorum w\n"));
        Assert.True(one.Judge(Keys.Signed(Log, Keys.Log, Keys.Ada)).Holds);
        Assert.False(one.Judge(Keys.Signed(Log, Keys.Log)).Holds);
        Assert.Null(TrustPolicy.Parse("quorum none\n"u8).Quorum);
    }

    [Fact]
    public void A_witness_that_is_given_twice_is_refused_so_that_it_cannot_count_twice() =>
        Assert.Throws<ArgumentException>(
            () => TrustPolicy.Of(Keys.Log.Verifier, [Keys.Ada.Verifier, Keys.Ada.Verifier], 2));

    public static TheoryData<string> Bad =>
    [
        "",
        "quorum none",
        "quorum none\nquorum none\n",
        "quorum w\n",
        "quorum\n",
        "trust everybody\nquorum none\n",
        "log\nquorum none\n",
        $"log {Keys.Ada.Verifier}\nquorum none\n",
        $"log {Keys.Log.Verifier} a b\nquorum none\n",
        $"log {Keys.Log.Verifier}\nlog {Keys.Log.Verifier}\nquorum none\n",
        $"witness w {Keys.Log.Verifier}\nquorum none\n",
        $"witness none {Keys.Ada.Verifier}\nquorum none\n",
        $"witness w {Keys.Ada.Verifier}\nwitness w {Keys.Ben.Verifier}\nquorum none\n",
        $"witness w {Keys.Ada.Verifier}\nwitness v {Keys.Ada.Verifier}\nquorum none\n",
        $"witness w {Keys.Ada.Verifier}\ngroup g any w x\nquorum g\n",
        $"witness w {Keys.Ada.Verifier}\ngroup g any\nquorum none\n",
        $"witness w {Keys.Ada.Verifier}\ngroup g 2 w\nquorum g\n",
        $"witness w {Keys.Ada.Verifier}\ngroup g 0 w\nquorum g\n",
        $"witness w {Keys.Ada.Verifier}\ngroup g -1 w\nquorum g\n",
        $"witness w {Keys.Ada.Verifier}\ngroup g 2 w w\nquorum g\n",
        $"witness w {Keys.Ada.Verifier}\ngroup g 1 w\ngroup h 1 w\nquorum g\n",
        $"witness w {Keys.Ada.Verifier}\ngroup w 1 w\nquorum w\n",
        "log no-key\nquorum none\n",
        "# a\u0000comment\nquorum none\n",
        "quorum none\r\n",
    ];

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_no_policy_is_refused(string policy) =>
        Assert.Throws<TransparencyFormatException>(() => TrustPolicy.Parse(Keys.Utf8(policy)));

    [Fact]
    public void Limits_are_named()
    {
        var long1 = new byte[TransparencyLimits.PolicyBytes + 1];
        Assert.Contains("of at most 524288 bytes", Refusal(long1), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => TrustPolicy.Of(Keys.Log.Verifier, [Keys.Ada.Verifier], 2));
        var groups = $"witness g0 {Keys.Ada.Verifier}\n" + string.Concat(
            Enumerable.Range(1, 2 * TransparencyLimits.PolicyNames).Select(i => $"group g{i} 1 g{i - 1}\n"));
        Assert.Contains("at most 512 names", Refusal(Keys.Utf8(groups)), StringComparison.Ordinal);
        var logs = string.Concat(Enumerable.Range(0, TransparencyLimits.PolicyNames + 1)
            .Select(i => $"log {Keys.Of($"l{i}", SignatureType.Ed25519).Verifier}\n"));
        Assert.Contains("at most 256 keys of a kind", Refusal(Keys.Utf8(logs)), StringComparison.Ordinal);

        static string Refusal(byte[] policy) =>
            Assert.Throws<TransparencyFormatException>(() => TrustPolicy.Parse(policy)).Message;
    }

    [Fact]
    public void Names_are_opaque_octets_and_keys_are_UTF8()
    {
        using var log = Keys.Of("log.example/é", SignatureType.Ed25519);
        byte[] text =
        [
            .. Keys.Utf8($"log {log.Verifier}\nwitness "), 0xff,
            .. Keys.Utf8($" {Keys.Ada.Verifier}\nquorum "), 0xff, (byte)'\n',
        ];
        var policy = TrustPolicy.Parse(text);
        Assert.Equal(log.Verifier, Assert.Single(policy.Logs));
        Assert.Equal("\u00ff", policy.Quorum?.Name);
    }

    [Fact]
    public void Mutated_policies_are_refused_or_read() =>
        Seed.Run(random =>
        {
            var good = Keys.Utf8(File);
            var read = 0;
            for (var round = 0; round < 3_000; round++)
            {
                try
                {
                    TrustPolicy.Parse(Mutations.Of(random, good));
                    read++;
                }
                catch (TransparencyFormatException)
                {
                    // The one way in which what is no policy is refused.
                }
            }

            Assert.InRange(read, 1, 2_999);
        });
}
