// Nethereum's encoding, our decoding, hashes and signatures beside viem's, on random types and values.
using System.Text.Json.Nodes;
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Sending;
using EventSourced.Ethereum.Abi;
using EventSourced.Testing;

namespace EventSourced.Ethereum.Tests.Differential;

public sealed class ViemTests(ViemOracle viem) : IClassFixture<ViemOracle>
{
    [Fact]
    public Task Random_values_of_random_types_are_encoded_as_viem_does_and_decoded_back() => Seed
        .RunAsync(async random =>
    {
        for (var round = 0; round < 2_000; round++)
        {
            AbiType[] types = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomAbi.Type(random))];
            AbiValue[] values = [.. types.Select(type => RandomAbi.Value(random, type))];
            var ours = AbiEncoder.Encode(types, values);
            var theirs = await viem.AskAsync("encode", new JsonObject
            {
                ["parameters"] = new JsonArray([.. types.Select(RandomAbi.Parameter)]),
                ["values"] = new JsonArray([.. values.Select(RandomAbi.Json)]),
            });
            Assert.True(
                theirs == Hex.ToText(ours),
                $"({string.Join(',', types.AsEnumerable())}) of {string.Join(", ", values.AsEnumerable())}");
            Assert.Equal(values, AbiDecoder.Decode(types, ours));
            Assert.Equal(types, types.Select(type => AbiType.Parse(type.Name)));
        }
    });

    [Fact]
    public Task Hashes_and_checksums_equal_viems() => Seed.RunAsync(async random =>
    {
        // Every length around the block size of 136 bytes, then random ones.
        foreach (var length in Enumerable.Range(0, 300).Concat(Enumerable.Range(0, 50).Select(_ => random.Next(5_000))))
        {
            var data = RandomAbi.Bytes(random, length);
            Assert.Equal(await viem.AskAsync("keccak", new JsonObject { ["data"] = Hex.ToText(data) }),
                Keccak256.Hash(data).ToString());
        }

        for (var round = 0; round < 300; round++)
        {
            var address = new Address(RandomAbi.Bytes(random, 20));
            var text = await viem.AskAsync("checksum", new JsonObject { ["address"] = address.ToString("x", null) });
            Assert.Equal(text, address.ToString());
            Assert.Equal(address, Address.Parse(text));
        }
    });

    [Fact]
    public Task Messages_and_signatures_equal_viems() => Seed.RunAsync(async random =>
    {
        for (var round = 0; round < 200; round++)
        {
            using var key = SigningKey.Generate();
            var secret = new byte[32];
            key.CopyPrivateKey(secret);
            var text = RandomAbi.Text(random);
            var hash = SignedMessage.Hash(text);
            Assert.Equal(await viem.AskAsync("message", new JsonObject { ["text"] = text }), hash.ToString());
            Assert.Equal(await viem.AskAsync("address", new JsonObject { ["key"] = Hex.ToText(secret) }),
                key.Address.ToString());
            Assert.Equal(
                await viem.AskAsync(
                    "sign", new JsonObject { ["key"] = Hex.ToText(secret), ["hash"] = hash.ToString() }),
                key.Sign(hash).ToString());
        }
    });

    [Fact]
    public Task Typed_data_of_random_structs_hashes_as_viems() => Seed.RunAsync(async random =>
    {
        for (var round = 0; round < 300; round++)
        {
            AbiType[] types = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Elementary(random))];
            AbiValue[] values = [.. types.Select(type => RandomAbi.Value(random, type))];
            var (name, contract) = (RandomAbi.Text(random), new Address(RandomAbi.Bytes(random, 20)));
            var chain = (ulong)random.Next(1, 100_000);
            var ours = new TypedDomain(name, chain, contract).Digest(
                $"Order({string.Join(',', types.Select((type, i) => $"{type.Name} field{i}"))})", values);
            var typed = new JsonObject
            {
                ["domain"] = new JsonObject
                {
                    ["name"] = name,
                    ["version"] = "1",
                    ["chainId"] = chain,
                    ["verifyingContract"] = contract.ToString(),
                },
                ["types"] = new JsonObject
                {
                    ["Order"] =
                        new JsonArray([.. types.Select(
                            (type, i) => new JsonObject { ["name"] = $"field{i}", ["type"] = type.Name })]),
                },
                ["primaryType"] = "Order",
                ["message"] = new JsonObject(
                    values.Select(
                        (value, i) => KeyValuePair.Create<string, JsonNode?>($"field{i}", RandomAbi.Json(value)))),
            };
            Assert.Equal(await viem.AskAsync("typed", typed), ours.ToString());
        }
    });

    [Fact]
    public Task Signed_transactions_equal_viems() => Seed.RunAsync(async random =>
    {
        for (var round = 0; round < 300; round++)
        {
            using var key = SigningKey.Generate();
            var secret = new byte[32];
            key.CopyPrivateKey(secret);
            var (raw, json) = RandomTransaction(random, key);
            var theirs = await viem.AskAsync(
                "transaction", new JsonObject { ["key"] = Hex.ToText(secret), ["transaction"] = json });
            Assert.Equal(theirs, Hex.ToText(raw));
        }
    });

    private static (byte[] Raw, JsonObject Json) RandomTransaction(Random random, SigningKey key)
    {
        Address? to = random.Next(5) == 0 ? null : new Address(RandomAbi.Bytes(random, 20));
        var (nonce, gas) = ((ulong)random.Next(300), (ulong)random.Next(21_000, 30_000_000));
        var (value, fee, tip) = (
            RandomAbi.Number(random, 90), RandomAbi.Number(random, 60) + UInt256.One, RandomAbi.Number(random, 10));
        if (tip > fee) tip = fee;
        var data = RandomAbi.Bytes(random, random.Next(200));
        var json = new JsonObject
        {
            ["chainId"] = 4827,
            ["nonce"] = nonce,
            ["gas"] = gas.ToString(),
            ["value"] = value.ToString(),
            ["data"] = Hex.ToText(data),
            ["type"] = "eip1559",
            ["maxFeePerGas"] = fee.ToString(),
            ["maxPriorityFeePerGas"] = tip.ToString(),
        };
        if (to is { } receiver) json["to"] = receiver.ToString();
        return (
            Transactions.Sign(key, 4827, nonce, new Fees(tip, fee), new Call(to, data, gas) { Value = value }), json);
    }

    private static AbiType Elementary(Random random)
    {
        while (true)
        {
            if (RandomAbi.Type(random, depth: 3) is var type and not (
                AbiType.DynamicArray or AbiType.FixedArray or AbiType.Tuple or AbiType.FixedPoint
                    or AbiType.FunctionPointer))
                return type;
        }
    }
}
