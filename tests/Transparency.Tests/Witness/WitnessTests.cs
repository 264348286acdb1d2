// A witness after C2SP tlog-witness: each status and why, the log's side, and two of both in conversation.
using EventSourced.Testing;

namespace EventSourced.Transparency.Tests;

public class WitnessTests
{
    private const string Example =
        "old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\njrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n" +
        "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\n" +
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" +
        "— example.com/behind-the-sofa " +
        "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n" +
        "— example.com/behind-the-sofa " +
        "opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";

    private static readonly MemoryLog Small = MemoryLog.Of(300);
    private static readonly MemoryLog Large = MemoryLog.Of(1_000);
    private static readonly WitnessedTree KnowsSmall = new(300, Small.Root);

    private static readonly WitnessRules Rules = new(
        new Dictionary<string, IReadOnlyList<VerifierKey>> { [Keys.Origin] = [Keys.Log.Verifier] },
        [Keys.Ada, Keys.Cleo]);

    [Fact]
    public void The_example_of_the_specification_is_read_and_written()
    {
        var request = AddCheckpointRequest.Parse(Keys.Utf8(Example));
        Assert.Equal(
            (20_852_014, 4, 20_852_163), (request.OldSize, request.Proof.Count, request.Checkpoint.Checkpoint.Size));
        Assert.Equal(Example, request.ToString());
        Assert.Equal(404, Rules.Decide(request, WitnessedTree.None, Keys.Now).Status);
    }

    [Fact]
    public async Task A_checkpoint_that_extends_the_last_one_is_cosigned_by_every_key()
    {
        var answer = Rules.Decide(await RequestAsync(300), KnowsSmall, Keys.Now);
        Assert.Equal((200, "text/plain; charset=utf-8"), (answer.Status, answer.ContentType));
        Assert.Equal(new WitnessedTree(1_000, Large.Root), answer.Next);
        var reply = WitnessReply.Read(
            Keys.Signed(Large, Keys.Log), [Keys.Ada.Verifier, Keys.Cleo.Verifier], 200, Keys.Utf8(answer.Body));
        Assert.Null(reply.Refusal);
        Assert.Equal(answer.Served!.ToString(), reply.Cosigned!.ToString());
        Assert.True(
            TrustPolicy.Of(Keys.Log.Verifier, [Keys.Ada.Verifier, Keys.Cleo.Verifier], 2).Judge(reply.Cosigned).Holds);
    }

    [Fact]
    public async Task The_first_checkpoint_needs_no_proof_and_the_same_one_again_none_either()
    {
        var first = await RequestAsync(0);
        Assert.Equal(200, Rules.Decide(first, WitnessedTree.None, Keys.Now).Status);
        Assert.Equal(422, Rules.Decide(first with { Proof = [Large.Root] }, WitnessedTree.None, Keys.Now).Status);
        var again = await RequestAsync(1_000);
        Assert.Equal(200, Rules.Decide(again, new WitnessedTree(1_000, Large.Root), Keys.Now + 60).Status);
        Assert.Equal(422, Rules.Decide(again, new WitnessedTree(1_000, Small.Root), Keys.Now).Status);
        Assert.Equal(422, Rules.Decide(
            again with { Proof = [Large.Root] }, new WitnessedTree(1_000, Large.Root), Keys.Now).Status);
    }

    [Fact]
    public async Task An_old_size_that_is_not_the_last_one_is_a_conflict_that_tells_the_last_one()
    {
        var answer = Rules.Decide(await RequestAsync(0), KnowsSmall, Keys.Now);
        Assert.Equal((409, "text/x.tlog.size", "300\n"), (answer.Status, answer.ContentType, answer.Body));
        Assert.Null(answer.Next);
        Assert.Equal(300, WitnessReply.Read(Keys.Signed(Large, Keys.Log), [], 409, Keys.Utf8(answer.Body)).KnownSize);
        // A log that was rolled back is told, not followed.
        var back = new AddCheckpointRequest(300, [], Keys.Signed(Small, Keys.Log));
        Assert.Equal(409, Rules.Decide(back, new WitnessedTree(1_000, Large.Root), Keys.Now).Status);
    }

    [Fact]
    public async Task A_fork_and_a_false_proof_are_unprocessable()
    {
        var request = await RequestAsync(300);
        Assert.Equal(422, Rules.Decide(request, new WitnessedTree(300, MerkleHash.OfLeaf("fork"u8)), Keys.Now).Status);
        Assert.Equal(
            422, Rules.Decide(request with { Proof = [.. request.Proof.Reverse()] }, KnowsSmall, Keys.Now).Status);
        Assert.Equal(422, Rules.Decide(request with { Proof = [] }, KnowsSmall, Keys.Now).Status);
    }

    [Fact]
    public async Task Unknown_origins_signatures_and_sizes_are_refused_each_by_its_status()
    {
        var request = await RequestAsync(300);
        var other = SignedCheckpoint.Sign(new Checkpoint("other.example", 1_000, Large.Root), Keys.Now, Keys.Log);
        Assert.Equal(404, Rules.Decide(request with { Checkpoint = other }, KnowsSmall, Keys.Now).Status);
        var stranger = Keys.Of(Keys.Origin, SignatureType.Ed25519);
        Assert.Equal(
            403, Rules.Decide(request with { Checkpoint = Keys.Signed(Large, stranger) }, KnowsSmall, Keys.Now).Status);
        var bad = new NoteSignature(Keys.Origin, Keys.Log.Verifier.Id, stranger.Sign("a\n").Signature);
        var spoiled = request with { Checkpoint = Keys.Signed(Large, Keys.Log).With([bad]) };
        Assert.Equal(403, Rules.Decide(spoiled, KnowsSmall, Keys.Now).Status);
        // A bad request from a stranger is forbidden before it is bad.
        Assert.Equal(400, Rules.Decide(request with { OldSize = 1_001 }, KnowsSmall, Keys.Now).Status);
        Assert.Equal(403, Rules.Decide(spoiled with { OldSize = 1_001 }, KnowsSmall, Keys.Now).Status);
    }

    [Fact]
    public void The_empty_tree_has_one_root()
    {
        var empty = new AddCheckpointRequest(0, [], Head(0, MerkleHash.EmptyRoot));
        Assert.Equal(200, Rules.Decide(empty, WitnessedTree.None, Keys.Now).Status);
        var other = new AddCheckpointRequest(0, [], Head(0, Large.Root));
        Assert.Equal(422, Rules.Decide(other, WitnessedTree.None, Keys.Now).Status);
    }

    [Fact]
    public void A_witness_that_cannot_say_an_origin_in_its_message_refuses_it()
    {
        var origin = new string('o', 256);
        using var log = Keys.Of(origin, SignatureType.Ed25519);
        var rules = new WitnessRules(
            new Dictionary<string, IReadOnlyList<VerifierKey>> { [origin] = [log.Verifier] }, [Keys.Cleo]);
        var head = SignedCheckpoint.Sign(new Checkpoint(origin, 1_000, Large.Root), Keys.Now, log);
        Assert.Equal(422, rules.Decide(new AddCheckpointRequest(0, [], head), WitnessedTree.None, Keys.Now).Status);
        Assert.True(rules.Follows(origin));
        Assert.False(rules.Follows(Keys.Origin));
    }

    [Fact]
    public async Task What_is_served_has_the_verified_signatures_alone()
    {
        var stranger = Keys.Of("stranger.example", SignatureType.Ed25519);
        var request = await RequestAsync(300);
        request = request with { Checkpoint = Keys.Signed(Large, stranger, Keys.Log) };
        var served = Rules.Decide(request, KnowsSmall, Keys.Now).Served!;
        Assert.Equal(
            [Keys.Origin, Keys.Ada.Verifier.Name, Keys.Cleo.Verifier.Name],
            served.Note.Signatures.Select(one => one.Name));
    }

    [Fact]
    public void A_witness_has_keys_that_cosign_and_a_clock()
    {
        var logs = new Dictionary<string, IReadOnlyList<VerifierKey>>();
        Assert.Throws<ArgumentException>(() => new WitnessRules(logs, []));
        Assert.Throws<ArgumentException>(() => new WitnessRules(logs, [Keys.Log]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Rules.Decide(new AddCheckpointRequest(0, [], Head(1, Large.Root)), WitnessedTree.None, 0));
        Assert.Equal(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/checkpoint",
            WitnessRules.MonitoringPath(""));
        Assert.Equal("add-checkpoint", AddCheckpointRequest.Path);
    }

    [Theory]
    [InlineData("old 20852014\n", "")]
    [InlineData("old 20852014\n", "old 020852014\n")]
    [InlineData("old 20852014\n", "old -1\n")]
    [InlineData("old 20852014\n", "old\n")]
    [InlineData("PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n", "PlRN\n")]
    [InlineData("Kj/0=\n\n", "Kj/0=\n")]
    [InlineData("\n— example.com", "— example.com")]
    public void What_is_no_request_is_refused_and_answered_by_400(string part, string other)
    {
        var at = Example.IndexOf(part, StringComparison.Ordinal);
        var body = Example[..at] + other + Example[(at + part.Length)..];
        var refused = Assert.Throws<TransparencyFormatException>(() => AddCheckpointRequest.Parse(Keys.Utf8(body)));
        Assert.Equal((400, refused.Message + "\n"), (
            WitnessAnswer.Malformed(refused).Status, WitnessAnswer.Malformed(refused).Body));
    }

    [Fact]
    public void More_than_63_hashes_are_refused()
    {
        var hashes = string.Concat(Enumerable.Repeat($"{Large.Root}\n", 64));
        Assert.Throws<TransparencyFormatException>(
            () => AddCheckpointRequest.Parse(
                Keys.Utf8(Example.Replace("old 20852014\n", $"old 20852014\n{hashes}", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "no signature\n")]
    [InlineData(409, "")]
    [InlineData(409, "300")]
    [InlineData(409, "0300\n")]
    [InlineData(409, "1001\n")]
    [InlineData(500, "the witness is ill\n")]
    public void A_witness_that_answers_otherwise_is_refused(int status, string body)
    {
        var reply = WitnessReply.Read(Keys.Signed(Large, Keys.Log), [Keys.Ada.Verifier], status, Keys.Utf8(body));
        Assert.NotNull(reply.Refusal);
        Assert.Null(reply.Cosigned);
        Assert.Null(reply.KnownSize);
    }

    [Fact]
    public void A_log_keeps_the_cosignatures_of_the_witness_that_it_asked_and_nothing_else()
    {
        var asked = Keys.Signed(Large, Keys.Log);
        var text = asked.Note.Text;
        var ada = Keys.Ada.Sign(text, Keys.Now);
        var ben = Keys.Ben.Sign(text, Keys.Now);
        var kept = WitnessReply.Read(asked, [Keys.Ada.Verifier], 200, Keys.Utf8($"{ben}{ada}{ada}")).Cosigned!;
        Assert.Equal([Keys.Origin, Keys.Ada.Verifier.Name], kept.Note.Signatures.Select(one => one.Name));
        Assert.NotNull(WitnessReply.Read(asked, [Keys.Ada.Verifier], 200, Keys.Utf8(ben)).Refusal);
        var other = Keys.Ada.Sign(Head(1_000, Small.Root).Note.Text, Keys.Now);
        Assert.NotNull(WitnessReply.Read(asked, [Keys.Ada.Verifier], 200, Keys.Utf8(other)).Refusal);
        var timeless = Keys.Cleo.Sign(text);
        Assert.Equal(
            "expected a cosignature with a time, found none",
            WitnessReply.Read(asked, [Keys.Cleo.Verifier], 200, Keys.Utf8(timeless)).Refusal);
    }

    [Fact]
    public Task A_log_that_grows_by_any_steps_is_followed_and_a_forked_one_is_not() =>
        Seed.RunAsync(async random =>
        {
            var log = new MemoryLog();
            var known = WitnessedTree.None;
            VerifierKey[] both = [Keys.Ada.Verifier, Keys.Cleo.Verifier];
            for (var step = 0; step < 30; step++)
            {
                log.Append(random.Next(0, 300));
                // Sometimes the log forgot what the witness knows, and asks from the beginning.
                var old = random.Next(3) == 0 ? 0 : known.Size;
                var head = Keys.Signed(log, Keys.Log);
                var answer = await AskAsync(old);
                var reply = WitnessReply.Read(head, both, answer.Status, Keys.Utf8(answer.Body));
                if (reply.KnownSize is { } size)
                    answer = await AskAsync(size);
                Assert.Equal(200, answer.Status);
                known = answer.Next!;

                async Task<WitnessAnswer> AskAsync(long from)
                {
                    var request = new AddCheckpointRequest(from, await log.Prover().ExtendAsync(from), head);
                    return Rules.Decide(AddCheckpointRequest.Parse(Keys.Utf8(request)), known, Keys.Now + step);
                }
            }

            var fork = new MemoryLog();
            using var batch = new LogBatch(fork.Edge);
            for (var entry = 0L; entry < known.Size + 5; entry++) batch.Add(Definition.Entry(entry == 0 ? 1 : entry));
            fork.Commit(batch);
            var forked = new AddCheckpointRequest(
                known.Size, await fork.Prover().ExtendAsync(known.Size), Keys.Signed(fork, Keys.Log));
            Assert.Equal(422, Rules.Decide(forked, known, Keys.Now).Status);
        });

    [Fact]
    public void Mutated_requests_and_replies_are_refused_by_value_or_by_the_one_exception() =>
        Seed.Run(random =>
        {
            var good = Keys.Utf8(Example);
            var asked = Keys.Signed(Large, Keys.Log);
            var reply = Keys.Utf8(Keys.Ada.Sign(asked.Note.Text, Keys.Now));
            for (var round = 0; round < 5_000; round++)
            {
                var bytes = Mutations.Of(random, good);
                try
                {
                    Assert.Equal(bytes, Keys.Utf8(AddCheckpointRequest.Parse(bytes)));
                }
                catch (TransparencyFormatException)
                {
                    // The one way in which what is no request is refused.
                }

                var read = WitnessReply.Read(asked, [Keys.Ada.Verifier], 200, Mutations.Of(random, reply));
                Assert.True(read.Refusal is null != read.Cosigned is null);
            }
        });

    private static SignedCheckpoint Head(long size, MerkleHash root) =>
        SignedCheckpoint.Sign(new Checkpoint(Keys.Origin, size, root), Keys.Now, Keys.Log);

    private static async Task<AddCheckpointRequest> RequestAsync(long old) =>
        new(old, await Large.Prover().ExtendAsync(old), Keys.Signed(Large, Keys.Log));
}
