// Signatures that do not count are refused by the name of what is wrong with them, and nothing of them reaches the
// journal.
using System.Text.Json.Nodes;
using EventSourced.Chain.Sending;
using EventSourced.Chain.Signing;
using EventSourced.Ethereum;

namespace EventSourced.Commands.Tests;

[Collection(CommandTests.Name)]
public class SignatureTests(CommandWorld world)
{
    private const string Register = "agents.register";

    private static JsonObject Card => new() { ["agentURI"] = "ipfs://card" };

    [Fact]
    public async Task A_request_that_somebody_else_signed_is_forged()
    {
        var (signing, _) = await SignedAsync();
        using var thief = SigningKey.Generate();
        await RefusedAsync(signing with
        {
            Signature = thief.Sign(
            signing.Request.Digest(signing.ChainId, signing.Forwarder)).ToBytes()
        }, "SignatureForged");
    }

    [Fact]
    public async Task A_request_that_was_changed_after_it_was_signed_is_forged()
    {
        var (signing, _) = await SignedAsync();
        await RefusedAsync(signing with { Request = signing.Request with { GasLimit = signing.Request.GasLimit + 1 } },
            "SignatureForged");
    }

    [Fact]
    public async Task A_malleated_signature_is_refused_by_its_name()
    {
        var (signing, _) = await SignedAsync();
        var order = UInt256.Parse(
            "115792089237316195423570985008687907852837564279074904382605163141518161494337", null);
        var other = order - UInt256.FromBigEndian(signing.Signature.AsSpan(32, 32));
        byte[] malleated = [.. signing.Signature[..32], .. other.ToBigEndian(),
            (byte)(signing.Signature[64] == 27 ? 28 : 27)];
        await RefusedAsync(signing with { Signature = malleated }, "SignatureMalleated");
    }

    [Fact]
    public async Task A_signature_for_another_chain_is_named_so()
    {
        var (signing, person) = await SignedAsync();
        var elsewhere = person.Key.Sign(signing.Request.Digest(1, signing.Forwarder)).ToBytes();
        await RefusedAsync(signing with { Signature = elsewhere }, "SignatureForOtherChain");
        await RefusedAsync(signing with { ChainId = 1, Signature = elsewhere }, "WrongChain");
    }

    [Fact]
    public async Task A_signature_for_another_contract_is_named_so()
    {
        var (signing, person) = await SignedAsync();
        await RefusedAsync(
            signing with
            {
                Signature = person.Key.Sign(
                signing.Request.Digest(signing.ChainId, signing.Request.To)).ToBytes()
            }, "SignatureForOtherContract");
    }

    [Fact]
    public async Task A_request_to_another_contract_is_refused_though_it_is_well_signed()
    {
        var (signing, person) = await SignedAsync();
        await RefusedAsync(Again(signing with
        {
            Request =
            signing.Request with { To = world.Contracts["Vault"].Address }
        }, person), "WrongContract");
    }

    [Fact]
    public async Task A_request_of_another_function_is_refused_though_it_is_well_signed()
    {
        var (signing, person) = await SignedAsync();
        await RefusedAsync(Again(signing, person) with { Command = "agents.setAgentURI" }, "WrongFunction");
    }

    [Fact]
    public async Task A_call_that_is_not_its_arguments_canonical_encoding_is_refused()
    {
        var (signing, person) = await SignedAsync();
        byte[] longer = [.. signing.Request.Data.Span, .. new byte[32]];
        await RefusedAsync(
            Again(signing with { Request = signing.Request with { Data = longer } }, person), "NonCanonicalCall");
    }

    [Fact]
    public async Task An_expired_request_is_refused()
    {
        var (signing, person) = await SignedAsync();
        var past = await world.NowAsync() - 1;
        await RefusedAsync(Again(signing with { Request = signing.Request with { DeadlineSeconds = past } }, person),
            "DeadlinePassed");
    }

    // A bug that was, found by the fuzzer: 500 for a deadline that the forwarder's type cannot hold.
    [Fact]
    public async Task A_deadline_that_is_no_uint48_is_refused_with_its_place()
    {
        var (signing, person) = await SignedAsync();
        var body = signing.Body;
        body["request"]!["deadline"] = "281474976710656";
        var answer = await person.PostAsync($"v1/commands/{Register}", body);
        Assert.Equal((400, "request.deadline"), (answer.Status, (string?)answer.Body["where"]));
    }

    [Fact]
    public async Task A_request_with_a_used_nonce_is_refused_and_the_same_request_gets_the_same_answer()
    {
        var (signing, person) = await SignedAsync();
        await person.RelayAsync(Register, Card);
        await RefusedAsync(signing, "NonceUsed", person, "another-key");
        var next = await person.SignAsync(Register, Card);
        var first = await person.TryRelayAsync(next);
        var second = await person.TryRelayAsync(next);
        Assert.Equal((202, 202, false, true), (first.Status, second.Status, first.IsReplay, second.IsReplay));
        Assert.Equal((string?)first.Body["id"], (string?)second.Body["id"]);
    }

    [Fact]
    public async Task Another_body_under_the_same_idempotency_key_is_a_conflict()
    {
        var person = await world.SomebodyAsync();
        var first = await person.TryRelayAsync(await person.SignAsync(Register, Card), "a-key");
        Assert.Equal(202, first.Status);
        var other = await person.TryRelayAsync(
            await person.SignAsync(Register, new() { ["agentURI"] = "ipfs://other" }), "a-key");
        Assert.Equal((409, "IdempotencyKeyReused"), (other.Status, other.Code));
        Assert.Equal(first.Location, other.Location);
    }

    [Fact]
    public async Task Requests_queue_behind_one_another_without_waiting_for_blocks()
    {
        var person = await world.SomebodyAsync();
        await world.Chain.Anvil.SetAutomineAsync(false, CancellationToken.None);
        var nonces = new List<ulong>();
        try
        {
            for (var i = 0; i < 3; i++)
            {
                var signing = await person.SignAsync(Register, new() { ["agentURI"] = $"ipfs://{i}" });
                nonces.Add(signing.Request.Nonce);
                Assert.Equal(202, (await person.TryRelayAsync(signing)).Status);
            }
        }
        finally
        {
            await world.Chain.Anvil.SetAutomineAsync(true, CancellationToken.None);
            await world.Chain.Anvil.MineAsync(CancellationToken.None);
        }

        Assert.Equal([0, 1, 2], nonces);
    }

    [Fact]
    public async Task A_contract_that_says_it_signed_is_told_that_the_forwarder_asks_no_contract()
    {
        var (signing, _) = await SignedAsync();
        var contract = SigningKey.Generate().Address;
        // Returns the word of ERC-1271 whatever it is asked: PUSH4 0x1626ba7e, PUSH1 0xe0, SHL, PUSH0, MSTORE, PUSH1
        // 0x20, PUSH0, RETURN.
        await world.Chain.Anvil.SetCodeAsync(
            contract, Hex.ToBytes("0x631626ba7e60e01b5f5260205ff3"), CancellationToken.None);
        var asked = signing with { Request = signing.Request with { From = contract } };
        await RefusedAsync(asked, "SignatureOfContract");
        await world.Chain.Anvil.SetCodeAsync(contract, Hex.ToBytes("0x5f5f5260205ff3"), CancellationToken.None);
        await RefusedAsync(asked, "SignatureRefusedByContract");
    }

    [Theory]
    [InlineData(0, "SignatureMalformed")]
    [InlineData(64, "SignatureMalformed")]
    [InlineData(66, "SignatureMalformed")]
    public async Task A_signature_of_another_length_is_malformed(int length, string code)
    {
        var (signing, _) = await SignedAsync();
        await RefusedAsync(
            signing with { Signature = signing.Signature.Concat(new byte[2]).Take(length).ToArray() }, code);
    }

    [Fact]
    public async Task A_transaction_for_another_chain_or_with_a_used_nonce_is_refused()
    {
        var person = await world.SomebodyAsync();
        var raw = await person.SignTransactionAsync(Register, Card);
        var elsewhere = Transactions.Sign(
            person.Key, 1, 0, new Fees(1, 1),
            new Call(world.Contracts["AgentRegistry"].Address,
                    world.Contracts["AgentRegistry"].Encode("register", "x"), 100_000));
        Assert.Equal((403, "WrongChain"), await OfAsync(person, elsewhere));
        await person.SendAsync(Register, Card);
        Assert.Equal((403, "NonceUsed"), await OfAsync(person, Transactions.Sign(
            person.Key, world.Contracts.ChainId, 0, new Fees(1, 1),
            new Call(world.Contracts["AgentRegistry"].Address,
                    world.Contracts["AgentRegistry"].Encode("register", "y"), 300_000))));
        // The very same transaction is the very same command.
        Assert.Equal(
            202, (await person.PostAsync("v1/transactions", new JsonObject { ["raw"] = Hex.ToText(raw) })).Status);
    }

    [Fact]
    public async Task A_transaction_that_is_no_command_is_refused()
    {
        var person = await world.SomebodyAsync();
        var chain = world.Contracts.ChainId;
        Assert.Equal((422, "UnknownCommand"),
            await OfAsync(person,
                Transactions.Sign(
                    person.Key, chain, 0, new Fees(1, 1), new Call(person.Address, Array.Empty<byte>(), 21_000))));
        Assert.Equal((400, "TransactionWrongType"), await OfAsync(person, [1, 2, 3]));
        Assert.Equal((400, "TransactionWrongEncoding"), await OfAsync(person, [2, 0xc0]));
        Assert.Equal((400, "TransactionCreatesContract"),
            await OfAsync(person,
                Transactions.Sign(person.Key, chain, 0, new Fees(1, 1), new Call(null, new byte[] { 1 }, 21_000))));
    }

    [Fact]
    public async Task A_batch_answers_each_of_its_commands_by_itself()
    {
        var (signing, person) = await SignedAsync();
        var (good, forged) = (
            signing.Body, (signing with { Signature = [.. signing.Signature[..32], .. new byte[33]] }).Body);
        good["command"] = Register;
        forged["command"] = Register;
        var wrong = new JsonObject { ["command"] = "tasks.nothing", ["mode"] = "prepare" };
        var answer = await person.PostAsync(
            "v1/commands:batch", new JsonObject { ["commands"] = new JsonArray(good, forged, wrong) });
        Assert.Equal(
            ["202", "403 SignatureMalformed", "404 UnknownCommand"],
            answer.Body["answers"]!.AsArray().Select(one => $"{one!["status"]} {one["body"]!["code"]}".Trim()));
    }

    private static async Task<(int, string)> OfAsync(Person person, byte[] raw)
    {
        var answer = await person.PostAsync("v1/transactions", new JsonObject { ["raw"] = Hex.ToText(raw) });
        return (answer.Status, answer.Code);
    }

    private async Task<(Signing Signing, Person Person)> SignedAsync()
    {
        var person = await world.SomebodyAsync();
        return (await person.SignAsync(Register, Card), person);
    }

    private static Signing Again(Signing signing, Person person) =>
        signing with
        {
            Signature = person.Key.Sign(
            signing.Request.Digest(signing.ChainId, signing.Forwarder)).ToBytes()
        };

    private async Task RefusedAsync(Signing signing, string code, Person? person = null, string? key = null)
    {
        person ??= await world.SomebodyAsync();
        var answer = await person.TryRelayAsync(signing, key);
        Assert.True(answer.Code == code, $"expected {code}, found {answer}\n{world.Faults}");
        Assert.True(answer.Status is 400 or 403, $"expected 400 or 403, found {answer}");
        Assert.NotNull(answer.Body["expected"]);
        Assert.NotNull(answer.Body["found"]);
        var journal = await person.GetAsync($"v1/accounts/{signing.Request.From}/commands");
        Assert.DoesNotContain(
            journal.Body["commands"]!.AsArray(), one => (string?)one!["idempotencyKey"] == key && key is not null);
    }
}
