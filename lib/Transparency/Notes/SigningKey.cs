// The secret half of a key. Enters: its text, PRIVATE+KEY+name+hex id+base64 of type and seed (the form of Go's note
// package, with the types of C2SP), then notes. Leaves: signatures. Always holds: the secret leaves only as the text
// that NewSecret makes; disposing forgets the secret of Ed25519.
using System.Buffers.Binary;
using System.Security.Cryptography;
using NSec.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace EventSourced.Transparency;

/// <summary>A key that signs notes.</summary>
public sealed class SigningKey : IDisposable
{
    private const string Prefix = "PRIVATE+KEY+";
    private const int SeedBytes = 32;

    private readonly Key? _ed25519;
    private readonly MLDsaPrivateKeyParameters? _mlDsa44;

    private SigningKey(string name, SignatureType type, byte[] seed)
    {
        if (seed.Length != SeedBytes)
            throw new TransparencyFormatException($"a seed of {SeedBytes} bytes", $"{seed.Length}", "in a signing key");
        if (type == SignatureType.MlDsa44Cosignature)
        {
            _mlDsa44 = MLDsaPrivateKeyParameters.FromSeed(MLDsaParameters.ml_dsa_44, seed);
            Verifier = new VerifierKey(name, type, _mlDsa44.GetPublicKeyEncoded());
        }
        else
        {
            _ed25519 = Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey);
            Verifier = new VerifierKey(name, type, _ed25519.PublicKey.Export(KeyBlobFormat.RawPublicKey));
        }
    }

    /// <summary>The public half.</summary>
    public VerifierKey Verifier { get; }

    /// <summary>A new secret under a name. Its owner must keep the text where nobody else reads it.</summary>
    public static string NewSecret(string name, SignatureType type)
    {
        var seed = RandomNumberGenerator.GetBytes(SeedBytes);
        using var key = new SigningKey(name, type, seed);
        return Prefix + VerifierKey.Joined(name, key.Verifier.Id, type, seed);
    }

    /// <summary>Reads a secret's text. A refused text is never shown.</summary>
    public static SigningKey Parse(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
            throw new TransparencyFormatException(
                "a text that begins with " + Prefix, "another one", "in a signing key");
        var (name, id, type, seed) = VerifierKey.Split(secret[Prefix.Length..], "signing key");
        var key = new SigningKey(name, type, seed);
        if (key.Verifier.Id == id) return key;
        key.Dispose();
        throw new TransparencyFormatException("the key id of this name and key", "another", "in a signing key");
    }

    /// <summary>Signs a note's text.</summary>
    /// <param name="text">The text with its last newline; for a cosignature, the text of a checkpoint.</param>
    /// <param name="seconds">
    /// The time in seconds since 1970. The type Ed25519 ignores it; with ML-DSA-44, zero states no time.
    /// </param>
    public NoteSignature Sign(string text, long seconds = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seconds);
        if (Verifier.Type == SignatureType.Ed25519) return Line(Raw(Strict.Utf8Text.GetBytes(text)));
        if (Verifier.Type == SignatureType.Ed25519Cosignature) ArgumentOutOfRangeException.ThrowIfZero(seconds);
        var message = VerifierKey.CosignedMessage(text, Verifier.Type, Verifier.Name, seconds)
            ?? throw new TransparencyFormatException(
                $"a checkpoint, with names of at most {TransparencyLimits.NameBytes} bytes",
                "another text",
                "to cosign");
        var time = new byte[VerifierKey.TimeBytes];
        BinaryPrimitives.WriteInt64BigEndian(time, seconds);
        return Line([.. time, .. Raw(message)]);
    }

    /// <summary>
    /// Forgets the secret that libsodium holds. The secret of ML-DSA-44 stays in memory until it is collected.
    /// </summary>
    public void Dispose() => _ed25519?.Dispose();

    private NoteSignature Line(byte[] signature) => new(Verifier.Name, Verifier.Id, signature);

    private byte[] Raw(byte[] message)
    {
        if (_mlDsa44 is null) return SignatureAlgorithm.Ed25519.Sign(_ed25519!, message);
        // Hedged signing, as FIPS 204 recommends: fresh randomness goes into each signature.
        var signer = new MLDsaSigner(MLDsaParameters.ml_dsa_44, deterministic: false);
        signer.Init(true, _mlDsa44);
        signer.BlockUpdate(message);
        return signer.GenerateSignature();
    }
}
