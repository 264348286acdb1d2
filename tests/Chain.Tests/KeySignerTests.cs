// Our signer beside Nethereum's own: the same signatures, over hashes, messages, transactions and authorizations.
using System.Diagnostics;
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Sending;
using EventSourced.Chain.Signing;
using EventSourced.Ethereum;
using EventSourced.Testing;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Model;
using Nethereum.Signer;
using Xunit.Abstractions;

namespace EventSourced.Chain.Tests;

public sealed class KeySignerTests(ITestOutputHelper output)
{
    private const int Rounds = 100;

    [Fact]
    public Task Signatures_equal_those_of_Nethereums_own_signer() => Seed.RunAsync(async random =>
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (secret, hash) = (Mutations.Random(random, 32), Mutations.Random(random, 32));
            // A key of few bits: leading zeros are where encodings differ.
            if (round % 10 == 0) secret.AsSpan(0, 1 + random.Next(20)).Clear();
            using var key = new SigningKey(secret);
            var (ours, theirs) = (new KeySigner(key), new EthECKey(secret, true));
            Assert.Equal(theirs.GetPublicAddress(), await ours.GetAddressAsync(), ignoreCase: true);
            Equal(theirs.SignAndCalculateYParityV(hash), await ours.SignAndCalculateYParityVAsync(hash));
            var message = Mutations.Random(random, random.Next(200));
            Equal(
                theirs.SignAndCalculateV(new EthereumMessageSigner().HashPrefixedMessage(message)),
                await ours.SignEthereumMessageAsync(message));
        }
    });

    [Fact]
    public Task Transactions_and_authorizations_are_the_bytes_that_Nethereums_own_signer_makes() => Seed
        .RunAsync(async random =>
    {
        for (var round = 0; round < Rounds; round++)
        {
            var secret = Mutations.Random(random, 32);
            using var key = new SigningKey(secret);
            var (to, data, nonce) = (new Address(Mutations.Random(random, 20)),
                Mutations.Random(random, random.Next(300)), (ulong)random.Next(500));
            var theirs = new Transaction1559Signer().SignTransaction(
                secret, new Transaction1559(4827, nonce, 7, 9, 50_000, to.ToString(), 3, data.ToHex(prefix: true), []));
            var byUs = Transactions.Sign(key, 4827, nonce, new Fees(7u, 9u), new Call(to, data, 50_000) { Value = 3u });
            Assert.Equal(theirs, Convert.ToHexStringLower(byUs));
            var external = new Transaction1559(
                4827, nonce, 7, 9, 50_000, to.ToString(), 3, data.ToHex(prefix: true), []);
            await new Transaction1559Signer().SignExternallyAsync(new KeySigner(key), external);
            Assert.Equal(theirs, external.GetRLPEncoded().ToHex());
            var authorization = new Authorisation7702 { ChainId = 4827, Address = to.ToString(), Nonce = nonce };
            var (expected, signed) = (new Authorisation7702Signer().SignAuthorisation(secret, authorization),
                Authorizations.Sign(key, 4827, to, nonce));
            var bare = new Call(to, data, 90_000);
            Transaction7702 Carrying(Authorisation7702Signed one) =>
                new(4827, nonce, 7, 9, 90_000, to.ToString(), 0, data.ToHex(prefix: true), [], [one]);
            Assert.Equal(
                new Transaction7702Signer().SignTransaction(secret, Carrying(expected)),
                Convert.ToHexStringLower(Transactions.Sign(key, 4827, nonce, new Fees(7u, 9u), bare, signed)));
        }
    });

    [Fact]
    public async Task A_legacy_transaction_is_refused()
    {
        using var key = SigningKey.Generate();
        await Assert.ThrowsAsync<NotSupportedException>(
            () => new KeySigner(key).SignAsync(new LegacyTransaction(key.Address.ToString(), 1, 1)));
    }

    [Fact]
    public async Task What_a_signature_costs_is_printed_beside_Nethereums()
    {
        const int count = 200;
        using var key = SigningKey.Generate();
        var secret = new byte[32];
        key.CopyPrivateKey(secret);
        var (ours, theirs) = (new KeySigner(key), new EthECKey(secret, true));
        var hashes = Enumerable.Range(0, count).Select(i => Keccak256.Hash($"message {i}").Bytes.ToArray()).ToArray();
        var signed = new List<(EthECDSASignature Ours, EthECDSASignature Theirs)>();
        var (own, other) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var hash in hashes)
        {
            var began = Stopwatch.GetTimestamp();
            var first = await ours.SignAndCalculateYParityVAsync(hash);
            var between = Stopwatch.GetTimestamp();
            var second = theirs.SignAndCalculateYParityV(hash);
            other += Stopwatch.GetElapsedTime(between);
            own += Stopwatch.GetElapsedTime(began, between);
            signed.Add((first, second));
        }

        output.WriteLine($"a signature: ours {own.TotalMicroseconds / count:0.0} us, Nethereum's own {other.TotalMicroseconds / count:0.0} us, ratio {other / own:0.0}");
        Assert.All(signed, pair => Equal(pair.Theirs, pair.Ours));
    }

    private static void Equal(EthECDSASignature expected, EthECDSASignature found)
    {
        Assert.Equal(expected.R.ToHex(), found.R.ToHex());
        Assert.Equal(expected.S.ToHex(), found.S.ToHex());
        Assert.Equal(Number(expected.V), Number(found.V));

        static string Number(byte[] v) => v.ToHex().TrimStart('0');
    }
}
