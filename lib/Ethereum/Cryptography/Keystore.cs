// An encrypted private key at rest: Web3 Secret Storage, version 3. Enters: JSON and a password, or a key and a
// password. Leaves: a signing key, or JSON. Always holds: a wrong password and a changed file are told apart from
// nothing else (the MAC covers both), and costs beyond named bounds are refused before any work.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventSourced.Ethereum;

/// <summary>How the password becomes a key.</summary>
public abstract record KeyDerivation
{
    private KeyDerivation()
    {
    }

    /// <summary>scrypt: costly in memory.</summary>
    public sealed record ScryptCost(int N = 1 << 17, int R = 8, int P = 1) : KeyDerivation;

    /// <summary>PBKDF2 with HMAC-SHA256.</summary>
    public sealed record Pbkdf2Cost(int Iterations = 600_000) : KeyDerivation;
}

/// <summary>Reads and writes keystore files, version 3.</summary>
public static class Keystore
{
    /// <summary>The most PBKDF2 rounds that a file may ask for.</summary>
    public const int MaxPbkdf2Iterations = 50_000_000;

    private const int KeyLength = 32;
    private const int MaxSaltLength = 1024;

    /// <summary>Opens a keystore file; a wrong password is a CryptographicException.</summary>
    public static SigningKey Decrypt(string json, string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (Number(root, "version") != 3)
            throw Malformed(
                "version 3", Number(root, "version").ToString(System.Globalization.CultureInfo.InvariantCulture));
        // Early clients wrote "Crypto"; the format's name is lower case.
        var crypto = root.TryGetProperty("crypto", out var lower) ? lower : Property(root, "Crypto");
        if (Text(crypto, "cipher") != "aes-128-ctr") throw Malformed("the cipher aes-128-ctr", Text(crypto, "cipher"));
        var ciphertext = Bytes(crypto, "ciphertext");
        var counter = Bytes(Property(crypto, "cipherparams"), "iv");
        if (counter.Length != 16) throw Malformed("an iv of 16 bytes", $"{counter.Length}");
        var derived = Derive(crypto, password);
        var mac = Keccak256.Hash([.. derived.AsSpan(16, 16), .. ciphertext]);
        if (!CryptographicOperations.FixedTimeEquals(mac.Bytes, Bytes(crypto, "mac")))
            throw new CryptographicException(
                "expected the password of this keystore, found another (or the file was changed)");
        var key = Counter(ciphertext, derived.AsSpan(0, 16), counter);
        try
        {
            return new SigningKey(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    /// <summary>Writes a keystore file; scrypt at its usual cost unless told otherwise.</summary>
    public static string Encrypt(SigningKey key, string password, KeyDerivation? derivation = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(password);
        var salt = RandomNumberGenerator.GetBytes(32);
        var counter = RandomNumberGenerator.GetBytes(16);
        var derived = Derive(derivation ??= new KeyDerivation.ScryptCost(), password, salt, KeyLength);
        var plain = new byte[KeyLength];
        key.CopyPrivateKey(plain);
        var ciphertext = Counter(plain, derived.AsSpan(0, 16), counter);
        CryptographicOperations.ZeroMemory(plain);
        var mac = Keccak256.Hash([.. derived.AsSpan(16, 16), .. ciphertext]);
        CryptographicOperations.ZeroMemory(derived);
        return new JsonObject
        {
            ["version"] = 3,
            ["id"] = Guid.NewGuid().ToString(),
            ["address"] = Convert.ToHexStringLower(key.Address.Bytes),
            ["crypto"] = new JsonObject
            {
                ["cipher"] = "aes-128-ctr",
                ["cipherparams"] = new JsonObject { ["iv"] = Convert.ToHexStringLower(counter) },
                ["ciphertext"] = Convert.ToHexStringLower(ciphertext),
                ["kdf"] = derivation is KeyDerivation.ScryptCost ? "scrypt" : "pbkdf2",
                ["kdfparams"] = Parameters(derivation, salt),
                ["mac"] = Convert.ToHexStringLower(mac.Bytes),
            },
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static JsonObject Parameters(KeyDerivation derivation, byte[] salt) => derivation switch
    {
        KeyDerivation.ScryptCost cost => new JsonObject
        {
            ["dklen"] = KeyLength,
            ["n"] = cost.N,
            ["r"] = cost.R,
            ["p"] = cost.P,
            ["salt"] = Convert.ToHexStringLower(salt),
        },
        KeyDerivation.Pbkdf2Cost cost => new JsonObject
        {
            ["dklen"] = KeyLength,
            ["c"] = cost.Iterations,
            ["prf"] = "hmac-sha256",
            ["salt"] = Convert.ToHexStringLower(salt),
        },
        _ =>
            throw new ArgumentException(
                $"expected scrypt or pbkdf2, found {derivation.GetType().Name}", nameof(derivation)),
    };

    private static byte[] Derive(JsonElement crypto, string password)
    {
        var parameters = Property(crypto, "kdfparams");
        var salt = Bytes(parameters, "salt");
        if (salt.Length > MaxSaltLength) throw Malformed($"a salt of at most {MaxSaltLength} bytes", $"{salt.Length}");
        if (Number(parameters, "dklen") != KeyLength)
            throw Malformed($"a dklen of {KeyLength}", $"{Number(parameters, "dklen")}");
        switch (Text(crypto, "kdf"))
        {
            case "scrypt":
                var (n, r, p) = (Number(parameters, "n"), Number(parameters, "r"), Number(parameters, "p"));
                Scrypt.Check(n, r, p);
                return Derive(new KeyDerivation.ScryptCost((int)n, (int)r, (int)p), password, salt, KeyLength);
            case "pbkdf2":
                if (Text(parameters, "prf") != "hmac-sha256")
                    throw Malformed("the prf hmac-sha256", Text(parameters, "prf"));
                var count = Number(parameters, "c");
                if (count is < 1 or > MaxPbkdf2Iterations)
                    throw Malformed($"1 to {MaxPbkdf2Iterations} iterations", $"{count}");
                return Derive(new KeyDerivation.Pbkdf2Cost((int)count), password, salt, KeyLength);
            default:
                throw Malformed("the kdf scrypt or pbkdf2", Text(crypto, "kdf"));
        }
    }

    private static byte[] Derive(KeyDerivation derivation, string password, byte[] salt, int length)
    {
        var secret = Encoding.UTF8.GetBytes(password);
        try
        {
            return derivation switch
            {
                KeyDerivation.ScryptCost cost => Scrypt.DeriveKey(secret, salt, cost.N, cost.R, cost.P, length),
                KeyDerivation.Pbkdf2Cost cost =>
                    Rfc2898DeriveBytes.Pbkdf2(secret, salt, cost.Iterations, HashAlgorithmName.SHA256, length),
                _ =>
                    throw new ArgumentException(
                        $"expected scrypt or pbkdf2, found {derivation.GetType().Name}", nameof(derivation)),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>AES-128 in counter mode, built from the BCL's single blocks.</summary>
    private static byte[] Counter(ReadOnlySpan<byte> data, ReadOnlySpan<byte> key, ReadOnlySpan<byte> counter)
    {
        using var aes = Aes.Create();
        aes.Key = key.ToArray();
        Span<byte> block = stackalloc byte[16];
        Span<byte> stream = stackalloc byte[16];
        counter.CopyTo(block);
        var result = data.ToArray();
        for (var at = 0; at < result.Length; at += 16)
        {
            aes.EncryptEcb(block, stream, PaddingMode.None);
            for (var i = 0; i < 16 && at + i < result.Length; i++) result[at + i] ^= stream[i];
            for (var i = 15; i >= 0 && ++block[i] == 0; i--)
            {
            }
        }

        return result;
    }

    private static JsonElement Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value
            : throw Malformed($"the field '{name}'", "none");

    private static string Text(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.String } text
        ? text.GetString()!
        : throw Malformed($"a text in '{name}'", Property(element, name).ValueKind.ToString());

    private static long Number(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value)
            ? value
            : throw Malformed($"a whole number in '{name}'", Property(element, name).ValueKind.ToString());

    private static byte[] Bytes(JsonElement element, string name)
    {
        var text = Text(element, name);
        return Hex.TryToBytes(text.StartsWith("0x", StringComparison.Ordinal) ? text : "0x" + text, out var bytes)
            ? bytes
            : throw Malformed($"hex digits in '{name}'", $"'{(text.Length > 40 ? text[..40] : text)}'");
    }

    private static FormatException Malformed(string expected, string found) =>
        new($"expected {expected} in the keystore, found {found}");
}
