// A key in a file, encrypted as every wallet writes it (Web3 Secret Storage, version 3), by Nethereum. Enters: the
// file's text and a password. Leaves: a key. Always holds: the file's demands on memory and time are read strictly and
// bounded before Nethereum sees it, so a file from outside can neither exhaust the process nor hang it.
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EventSourced.Ethereum;
using Nethereum.KeyStore;
using Nethereum.KeyStore.Crypto;
using Nethereum.KeyStore.Model;

namespace EventSourced.Chain.Signing;

/// <summary>Reads and writes encrypted keys.</summary>
public static class KeyFile
{
    /// <summary>The longest file that is read.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>The most memory that scrypt may take: 128 * n * r bytes.</summary>
    public const long MaxScryptBytes = 1L << 29;

    /// <summary>The most work that scrypt may be: n * r * p.</summary>
    public const long MaxScryptWork = 1L << 24;

    /// <summary>The most iterations of PBKDF2.</summary>
    public const long MaxIterations = 10_000_000;

    private const int KeyLength = 32;

    /// <summary>Encrypts a key; n is scrypt's cost, a power of two.</summary>
    public static string Encrypt(SigningKey key, string password, int n = 1 << 18)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(password);
        var plain = new byte[KeyLength];
        key.CopyPrivateKey(plain);
        try
        {
            var cost = new ScryptParams { Dklen = KeyLength, N = n, R = 8, P = 1 };
            return new KeyStoreScryptService().EncryptAndGenerateKeyStoreAsJson(
                password, plain, key.Address.ToString(), cost);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Opens a file; CryptographicException for a wrong password, FormatException for other text.</summary>
    public static SigningKey Decrypt(string json, string password)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(password);
        Check(json);
        byte[] plain;
        try
        {
            plain = new KeyStoreService().DecryptKeyStoreFromJson(password, json);
        }
        catch (DecryptionException wrong)
        {
            throw new CryptographicException(
                "expected the password of this key file, found another or a spoiled file", wrong);
        }

        try
        {
            return new SigningKey(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static void Check(string json)
    {
        if (json.Length > MaxLength) throw Malformed($"at most {MaxLength} characters", $"{json.Length}");
        using var document = Parsed(json);
        if (Number(document.RootElement, "version") != 3)
            throw Malformed("version 3", $"{Number(document.RootElement, "version")}");
        var crypto = Property(document.RootElement, "crypto");
        if (Text(crypto, "cipher") != "aes-128-ctr") throw Malformed("the cipher aes-128-ctr", Text(crypto, "cipher"));
        Bytes(Property(crypto, "cipherparams"), "iv", 16);
        Bytes(crypto, "ciphertext", KeyLength);
        Bytes(crypto, "mac", 32);
        var parameters = Property(crypto, "kdfparams");
        Bytes(parameters, "salt", null);
        if (Number(parameters, "dklen") != KeyLength)
            throw Malformed($"a dklen of {KeyLength}", $"{Number(parameters, "dklen")}");
        switch (Text(crypto, "kdf"))
        {
            case "scrypt":
                CheckScrypt(Number(parameters, "n"), Number(parameters, "r"), Number(parameters, "p"));
                break;
            case "pbkdf2":
                if (Text(parameters, "prf") != "hmac-sha256")
                    throw Malformed("the prf hmac-sha256", Text(parameters, "prf"));
                if (Number(parameters, "c") is < 1 or > MaxIterations)
                    throw Malformed($"1 to {MaxIterations} iterations", $"{Number(parameters, "c")}");
                break;
            default:
                throw Malformed("the kdf scrypt or pbkdf2", Text(crypto, "kdf"));
        }
    }

    private static void CheckScrypt(long n, long r, long p)
    {
        if (n is < 2 or > int.MaxValue || !long.IsPow2(n)) throw Malformed("a power of two for n", $"{n}");
        if (r is < 1 or > 1024 || p is < 1 or > 1024) throw Malformed("r and p from 1 to 1024", $"{r} and {p}");
        if (128 * n * r > MaxScryptBytes || n * r * p > MaxScryptWork)
        {
            throw Malformed(
                $"at most {MaxScryptBytes} bytes and {MaxScryptWork} steps of scrypt", $"n {n}, r {r}, p {p}");
        }
    }

    private static JsonDocument Parsed(string json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
        }
        catch (JsonException broken)
        {
            throw new FormatException("expected JSON in the key file, found other text", broken);
        }
    }

    // Twice the same name would let two readers see two files.
    private static JsonElement Property(JsonElement element, string name)
    {
        var found = element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject()
                .Where(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)).ToArray()
            : [];
        return found.Length == 1
            ? found[0].Value
            : throw Malformed($"the field '{name}' once", $"{found.Length} times");
    }

    private static string Text(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.String } text
            ? text.GetString()!
            : throw Malformed($"a text in '{name}'", $"{Property(element, name).ValueKind}");

    private static long Number(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value)
            ? value
            : throw Malformed($"a whole number in '{name}'", $"{Property(element, name).ValueKind}");

    private static void Bytes(JsonElement element, string name, int? length)
    {
        var text = Text(element, name);
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
        var wanted = length is { } bytes ? 2 * bytes : digits.Length;
        if (digits.Length % 2 == 0 && digits.Length == wanted && digits.All(char.IsAsciiHexDigit)) return;
        var count = length?.ToString(CultureInfo.InvariantCulture) ?? "some";
        throw Malformed($"{count} bytes of hex in '{name}'", $"{digits.Length} characters");
    }

    private static FormatException Malformed(string expected, string found) =>
        new($"expected {expected} in the key file, found {found}");
}
