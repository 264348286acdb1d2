// Our codec, hashes and signatures beside viem's, on random types and values.
using System.Text.Json.Nodes;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Transactions;
using EventSourced.Ethereum.TypedData;
using EventSourced.Testing;

namespace EventSourced.Ethereum.Tests.Differential;

public sealed class ViemTests(ViemOracle viem) : IClassFixture<ViemOracle>
{
    [Fact]
    public Task Random_values_of_random_types_are_encoded_as_viem_does_and_decoded_back() => Seed.RunAsync(async random =>
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
                theirs == Hex.ToText(ours), $"({string.Join(',', types.AsEnumerable())}) of {string.Join(", ", values.AsEnumerable())}");
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
            Assert.Equal(await viem.AskAsync("keccak", new JsonObject { ["data"] = Hex.ToText(data) }), Keccak256.Hash(data).ToString());
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
            Assert.Equal(await viem.AskAsync("address", new JsonObject { ["key"] = Hex.ToText(secret) }), key.Address.ToString());
            Assert.Equal(
                await viem.AskAsync("sign", new JsonObject { ["key"] = Hex.ToText(secret), ["hash"] = hash.ToString() }),
                key.Sign(hash).ToString());
        }
    });

    [Fact]
    public Task Typed_data_of_random_structs_hashes_as_viems() => Seed.RunAsync(async random =>
    {
        for (var round = 0; round < 300; round++)
        {
            var (types, primary, message) = RandomTypedData(random);
            var domain = new JsonObject();
            if (random.Next(2) == 0) domain["name"] = RandomAbi.Text(random);
            if (random.Next(2) == 0) domain["version"] = "1";
            if (random.Next(2) == 0) domain["chainId"] = random.Next(1, 100_000);
            if (random.Next(2) == 0) domain["verifyingContract"] = new Address(RandomAbi.Bytes(random, 20)).ToString();
            if (random.Next(2) == 0) domain["salt"] = Hex.ToText(RandomAbi.Bytes(random, 32));
            var typed = new JsonObject { ["domain"] = domain, ["types"] = types, ["primaryType"] = primary, ["message"] = message };
            var ours = TypedDataJson.SigningHash(typed.ToJsonString());
            Assert.Equal(await viem.AskAsync("typed", typed), ours.ToString());
        }
    });

    [Fact]
    public Task Signed_transactions_of_every_type_equal_viems_and_decode_back() => Seed.RunAsync(async random =>
    {
        for (var round = 0; round < 300; round++)
        {
            using var key = SigningKey.Generate();
            var secret = new byte[32];
            key.CopyPrivateKey(secret);
            var (transaction, json) = RandomTransaction(random);
            var signed = transaction.Sign(key);
            var theirs = await viem.AskAsync("transaction", new JsonObject { ["key"] = Hex.ToText(secret), ["transaction"] = json });
            Assert.Equal(theirs, Hex.ToText(signed.Encode()));
            var read = SignedTransaction.Decode(Hex.ToBytes(theirs));
            Assert.Equal(signed, read);
            Assert.True(read.TryGetSender(out var sender, out _));
            Assert.Equal(key.Address, sender);
        }
    });

    [Fact]
    public Task Scrypt_equals_the_one_of_OpenSSL() => Seed.RunAsync(async random =>
    {
        for (var round = 0; round < 20; round++)
        {
            var password = RandomAbi.Text(random);
            var salt = RandomAbi.Bytes(random, random.Next(40));
            var (n, r, p) = (1 << random.Next(1, 11), random.Next(1, 9), random.Next(1, 4));
            var theirs = await viem.AskAsync("scrypt", new JsonObject
            {
                ["password"] = password,
                ["salt"] = Hex.ToText(salt),
                ["n"] = n,
                ["r"] = r,
                ["p"] = p,
                ["length"] = 64,
            });
            Assert.Equal(theirs, Hex.ToText(Scrypt.DeriveKey(System.Text.Encoding.UTF8.GetBytes(password), salt, n, r, p, 64)));
        }
    });

    private static (Transaction Transaction, JsonObject Json) RandomTransaction(Random random)
    {
        var kind = random.Next(3);
        Address? to = random.Next(5) == 0 ? null : new Address(RandomAbi.Bytes(random, 20));
        var (nonce, gas) = ((ulong)random.Next(300), (ulong)random.Next(21_000, 30_000_000));
        var (value, fee, tip) = (RandomAbi.Number(random, 90), RandomAbi.Number(random, 60) + UInt256.One, RandomAbi.Number(random, 10));
        if (tip > fee) tip = fee;
        var data = RandomAbi.Bytes(random, random.Next(200));
        AccessListEntry[] list = kind == 0 ? [] : [.. Enumerable.Range(0, random.Next(3)).Select(_ => new AccessListEntry(
            new Address(RandomAbi.Bytes(random, 20)),
                [.. Enumerable.Range(0, random.Next(3)).Select(_ => new Hash32(RandomAbi.Bytes(random, 32)))]))];
        var json = new JsonObject
        {
            ["chainId"] = 4827,
            ["nonce"] = nonce,
            ["gas"] = gas.ToString(),
            ["value"] = value.ToString(),
            ["data"] = Hex.ToText(data),
            ["type"] = kind switch { 0 => "legacy", 1 => "eip2930", _ => "eip1559" },
        };
        if (to is { } receiver) json["to"] = receiver.ToString();
        if (kind == 2) (json["maxFeePerGas"], json["maxPriorityFeePerGas"]) = (fee.ToString(), tip.ToString());
        else json["gasPrice"] = fee.ToString();
        if (kind > 0)
        {
            json["accessList"] = new JsonArray([.. list.Select(entry => new JsonObject
            {
                ["address"] = entry.Address.ToString(), ["storageKeys"] = new JsonArray(
                    [.. entry.StorageKeys.Select(slot => JsonValue.Create(slot.ToString()))]),
            })]);
        }

        Transaction transaction = kind switch
        {
            0 => new Transaction.Legacy(4827, fee),
            1 => new Transaction.AccessList(4827, fee) { Announced = list },
            _ => new Transaction.FeeMarket(4827, tip, fee) { Announced = list },
        };
        return (transaction with { Nonce = nonce, GasLimit = gas, To = to, Value = value, Data = data }, json);
    }

    /// <summary>Three structs, each referring to the ones after it, with arrays of all kinds.</summary>
    private static (JsonObject Types, string Primary, JsonObject Message) RandomTypedData(Random random)
    {
        string[] names = ["Order", "Item", "Asset"];
        var fields = new Dictionary<string, List<(string Name, string Type)>>();
        for (var i = names.Length - 1; i >= 0; i--)
        {
            fields[names[i]] = [.. Enumerable.Range(0, random.Next(1, 5)).Select(
                n => ($"field{n}", RandomFieldType(random, names[(i + 1)..])))];
        }

        var types = new JsonObject();
        foreach (var (name, members) in fields)
            types[name] = new JsonArray([.. members.Select(member => new JsonObject { ["name"] = member.Name, ["type"] = member.Type })]);
        return (types, names[0], (JsonObject)RandomTyped(random, fields, names[0]));
    }

    private static string RandomFieldType(Random random, string[] structs)
    {
        var type = structs.Length > 0 && random.Next(3) == 0
            ? structs[random.Next(structs.Length)]
            : Elementary(random);
        return random.Next(4) switch { 0 => type + "[]", 1 => type + "[2]", _ => type };
    }

    private static string Elementary(Random random)
    {
        while (true)
        {
            if (RandomAbi.Type(random, depth: 3) is var type and not (AbiType.DynamicArray or AbiType.FixedArray or AbiType.Tuple))
                return type.Name;
        }
    }

    private static JsonNode RandomTyped(Random random, Dictionary<string, List<(string Name, string Type)>> fields, string type)
    {
        if (type.EndsWith("[]", StringComparison.Ordinal))
            return new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomTyped(random, fields, type[..^2]))]);
        if (type.EndsWith("[2]", StringComparison.Ordinal))
            return new JsonArray([.. Enumerable.Range(0, 2).Select(_ => RandomTyped(random, fields, type[..^3]))]);
        if (!fields.TryGetValue(type, out var members)) return RandomAbi.Json(RandomAbi.Value(random, AbiType.Parse(type)));
        return new JsonObject(
            members.Select(member => KeyValuePair.Create<string, JsonNode?>(member.Name, RandomTyped(random, fields, member.Type))));
    }
}
