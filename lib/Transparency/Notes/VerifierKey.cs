// A verifier key (C2SP signed-note, verifier keys): name+hex id+base64 of type and public key. Enters: the text of a
// key, then notes. Leaves: whether a signature holds, and its time. Always holds: the id is the one that follows from
// name, type and key.
using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NSec.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace EventSourced.Transparency;

/// <summary>The public half of a key that signs notes.</summary>
public sealed class VerifierKey : IEquatable<VerifierKey>
{
    internal const int Ed25519KeyBytes = 32;
    internal const int Ed25519SignatureBytes = 64;
    internal const int MlDsa44KeyBytes = 1312;
    internal const int MlDsa44SignatureBytes = 2420;
    internal const int TimeBytes = sizeof(long);

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly byte[] _publicKey;
    private readonly PublicKey? _ed25519;
    private readonly MLDsaPublicKeyParameters? _mlDsa44;

    /// <summary>A key of a type under a name.</summary>
    public VerifierKey(string name, SignatureType type, ReadOnlySpan<byte> publicKey)
    {
        ArgumentNullException.ThrowIfNull(name);
        KeyName.Check(name, "in a verifier key");
        (Name, Type, _publicKey) = (name, type, publicKey.ToArray());
        var bytes = type switch
        {
            SignatureType.Ed25519 or SignatureType.Ed25519Cosignature => Ed25519KeyBytes,
            SignatureType.MlDsa44Cosignature => MlDsa44KeyBytes,
            _ => throw Fault("the signature type 0x01, 0x04 or 0x06", $"0x{(byte)type:x2}"),
        };
        if (publicKey.Length != bytes) throw Fault($"a public key of {bytes} bytes", $"{publicKey.Length}");
        if (type == SignatureType.MlDsa44Cosignature)
            _mlDsa44 = MLDsaPublicKeyParameters.FromEncoding(MLDsaParameters.ml_dsa_44, _publicKey);
        else if (!NSec.Cryptography.PublicKey.TryImport(
            SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out _ed25519))
            throw Fault("a public key of Ed25519", "other bytes");
        Id = KeyName.Id(name, type, publicKey);
    }

    /// <summary>The key's name.</summary>
    public string Name { get; }

    /// <summary>The key's id.</summary>
    public uint Id { get; }

    /// <summary>How the key signs.</summary>
    public SignatureType Type { get; }

    /// <summary>The public key as its algorithm encodes it.</summary>
    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    /// <summary>Whether the key's signatures cover the extension lines of a checkpoint.</summary>
    public bool CoversExtensions => Type != SignatureType.MlDsa44Cosignature;

    /// <summary>Reads the text of a key.</summary>
    public static VerifierKey Parse(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var (name, id, type, material) = Split(key, "verifier key");
        var made = new VerifierKey(name, type, material);
        return made.Id == id
            ? made
            : throw new TransparencyFormatException(
                string.Create(CultureInfo.InvariantCulture, $"the key id {made.Id:x8}"),
                string.Create(CultureInfo.InvariantCulture, $"{id:x8}"),
                "in a verifier key");
    }

    /// <summary>The signature's time, wrapped, if the signature holds over a note's text; otherwise null.</summary>
    public VerifiedSignature? Verify(string text, ReadOnlySpan<byte> signature)
    {
        if (Type == SignatureType.Ed25519)
        {
            return signature.Length == Ed25519SignatureBytes && Holds(Strict.Utf8Text.GetBytes(text), signature)
                ? new VerifiedSignature(this, null)
                : null;
        }

        var bytes = Type == SignatureType.MlDsa44Cosignature ? MlDsa44SignatureBytes : Ed25519SignatureBytes;
        if (signature.Length != TimeBytes + bytes) return null;
        var seconds = BinaryPrimitives.ReadInt64BigEndian(signature);
        return seconds >= 0
            && CosignedMessage(text, Type, Name, seconds) is { } message
            && Holds(message, signature[TimeBytes..])
            ? new VerifiedSignature(this, seconds)
            : null;
    }

    /// <inheritdoc/>
    public bool Equals(VerifierKey? other) =>
        other is not null
        && Name == other.Name
        && Type == other.Type
        && _publicKey.AsSpan().SequenceEqual(other._publicKey);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VerifierKey);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Id;

    /// <summary>The text of the key.</summary>
    public override string ToString() => Joined(Name, Id, Type, _publicKey);

    /// <summary>Whether two keys are the same.</summary>
    public static bool operator ==(VerifierKey? left, VerifierKey? right) => Equals(left, right);

    /// <summary>Whether two keys differ.</summary>
    public static bool operator !=(VerifierKey? left, VerifierKey? right) => !Equals(left, right);

    internal static string Joined(string name, uint id, SignatureType type, ReadOnlySpan<byte> material) =>
        string.Create(
            CultureInfo.InvariantCulture, $"{name}+{id:x8}+{Convert.ToBase64String([(byte)type, .. material])}");

    // Base64 may contain a plus sign. A name and an id may not.
    internal static (string Name, uint Id, SignatureType Type, byte[] Material) Split(string key, string what)
    {
        var where = $"in a {what}";
        var parts = key.Split('+', 3);
        if (parts.Length != 3)
            throw new TransparencyFormatException("name+id+base64", $"{parts.Length} of its parts", where);
        if (parts[1].Length != 8 || parts[1].AsSpan().ContainsAnyExcept(HexDigits))
            throw Strict.Fault("a key id of 8 lowercase hex digits", Encoding.UTF8.GetBytes(parts[1]), where);
        var bytes = Strict.Base64Bytes(
            Encoding.UTF8.GetBytes(parts[2]),
            1 + TransparencyLimits.KeyBytes,
            "base64 of signature type and key",
            where);
        if (bytes.Length == 0)
            throw new TransparencyFormatException("base64 of signature type and key", "nothing", where);
        var id = uint.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (parts[0], id, (SignatureType)bytes[0], bytes[1..]);
    }

    /// <summary>Whether a text is a checkpoint that fits the message of the key's type.</summary>
    internal bool CanCosign(string text) => CosignedMessage(text, Type, Name, 0) is not null;

    // Cosignatures cover checkpoints only: another text gives null.
    internal static byte[]? CosignedMessage(string text, SignatureType type, string name, long seconds)
    {
        try
        {
            var checkpoint = Checkpoint.Parse(text);
            return type == SignatureType.Ed25519Cosignature
                ? Checkpoint.Ed25519Message(text, seconds)
                : checkpoint.MlDsa44Message(name, seconds);
        }
        catch (TransparencyFormatException)
        {
            return null;
        }
    }

    private bool Holds(byte[] message, ReadOnlySpan<byte> signature)
    {
        if (_mlDsa44 is null) return SignatureAlgorithm.Ed25519.Verify(_ed25519!, message, signature);
        var verifier = new MLDsaSigner(MLDsaParameters.ml_dsa_44, deterministic: true);
        verifier.Init(false, _mlDsa44);
        verifier.BlockUpdate(message);
        return verifier.VerifySignature(signature.ToArray());
    }

    private static TransparencyFormatException Fault(string expected, string found) =>
        new(expected, found, "in a verifier key");
}
