// Key files: the vectors of the Web3 Secret Storage definition, our own files back, and broken or costly ones.
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EventSourced.Chain.Signing;
using EventSourced.Ethereum;

namespace EventSourced.Chain.Tests;

public sealed class KeyFileTests
{
    private const string Secret = "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";

    private const string Pbkdf2 = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;

    private const string ScryptFile = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
        "ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt",
        "kdfparams":{"dklen":32,"n":262144,"r":1,"p":8,"salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
        "mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;

    [Theory]
    [InlineData(Pbkdf2)]
    [InlineData(ScryptFile)]
    public void The_definitions_own_vectors_open(string json)
    {
        using var expected = SigningKey.Parse(Secret);
        using var opened = KeyFile.Decrypt(json, "testpassword");
        Assert.Equal(expected.Address, opened.Address);
    }

    [Fact]
    public void What_we_write_we_read_and_a_wrong_password_is_refused()
    {
        using var key = SigningKey.Generate();
        var json = KeyFile.Encrypt(key, "geheim ä", n: 1024);
        using var opened = KeyFile.Decrypt(json, "geheim ä");
        Assert.Equal(key.Address, opened.Address);
        Assert.Equal(3, JsonNode.Parse(json)!["version"]!.GetValue<int>());
        Assert.Throws<CryptographicException>(() => KeyFile.Decrypt(json, "geheim a"));
    }

    // A key whose first byte is zero: Nethereum's own recoverable signing fails on it.
    [Fact]
    public void A_key_with_a_leading_zero_survives_its_file()
    {
        using var key = new SigningKey([0, .. Enumerable.Repeat((byte)7, 31)]);
        using var opened = KeyFile.Decrypt(KeyFile.Encrypt(key, "x", n: 1024), "x");
        Assert.Equal(key.Address, opened.Address);
    }

    [Theory]
    [InlineData("n", 0)]
    [InlineData("n", 3)]
    [InlineData("n", 1 << 30)]
    [InlineData("r", 0)]
    [InlineData("r", int.MaxValue)]
    [InlineData("p", 0)]
    [InlineData("p", 100_000)]
    public void Costs_beyond_our_limits_are_refused_before_any_work(string name, int value)
    {
        var file = JsonNode.Parse(ScryptFile)!;
        file["crypto"]!["kdfparams"]![name] = value;
        Assert.Throws<FormatException>(() => KeyFile.Decrypt(file.ToJsonString(), "testpassword"));
    }

    [Theory]
    [InlineData("version", "4")]
    [InlineData("crypto.cipher", "\"aes-256-gcm\"")]
    [InlineData("crypto.kdf", "\"argon2\"")]
    [InlineData("crypto.ciphertext", "\"xyz\"")]
    [InlineData("crypto.cipherparams", "5")]
    [InlineData("crypto.cipherparams.iv", "\"00\"")]
    [InlineData("crypto.kdfparams.dklen", "16")]
    [InlineData("crypto.kdfparams.c", "0")]
    [InlineData("crypto.kdfparams.c", "99999999999")]
    [InlineData("crypto.kdfparams.c", "\"many\"")]
    [InlineData("crypto.kdfparams.prf", "\"hmac-md5\"")]
    [InlineData("crypto.mac", "5")]
    public void A_malformed_file_is_refused_by_name(string path, string value)
    {
        var file = JsonNode.Parse(Pbkdf2)!;
        var steps = path.Split('.');
        var node = steps[..^1].Aggregate(file, (inner, step) => inner[step]!);
        node[steps[^1]] = JsonNode.Parse(value);
        var refused = Assert.Throws<FormatException>(() => KeyFile.Decrypt(file.ToJsonString(), "testpassword"));
        Assert.Contains("in the key file", refused.Message);
    }

    [Fact]
    public void A_field_that_stands_twice_is_refused_because_two_readers_would_see_two_files()
    {
        var twice = ScryptFile.Replace("\"n\":262144", "\"n\":262144,\"N\":1073741824", StringComparison.Ordinal);
        Assert.Contains(
            "'n' once", Assert.Throws<FormatException>(() => KeyFile.Decrypt(twice, "testpassword")).Message);
    }
}
