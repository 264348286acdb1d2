// The border to libsecp256k1 (Debian: libsecp256k1-1), the library that Bitcoin Core uses. Enters: spans of right
// length, checked here because the library aborts the process on an illegal argument. Leaves: true or false. Always
// holds: one context for the process, blinded once against side channels; libsecp256k1 allows concurrent use of it.
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EventSourced.Ethereum;

internal static unsafe partial class Secp256k1
{
    public const int OpaqueKeySize = 64;
    public const int OpaqueRecoverableSize = 65;
    public const int UncompressedKeySize = 65;

    private const string Library = "libsecp256k1.so.1";
    private const uint ContextNone = 1;
    private const uint Compressed = 258;
    private const uint Uncompressed = 2;

    private static readonly nint Context = CreateContext();

    /// <summary>Whether the 32 bytes are a private key: neither 0 nor above the curve's order.</summary>
    public static bool IsPrivateKey(ReadOnlySpan<byte> key)
    {
        fixed (byte* k = Sized(key, 32)) return secp256k1_ec_seckey_verify(Context, k) == 1;
    }

    /// <summary>The public key of a valid private key: 65 bytes, 0x04 first.</summary>
    public static void PublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        var opaque = stackalloc byte[OpaqueKeySize];
        fixed (byte* k = Sized(privateKey, 32))
        {
            if (secp256k1_ec_pubkey_create(Context, opaque, k) != 1)
                throw new CryptographicException(
                    "expected a private key from 1 to the curve's order, found one outside");
        }

        Serialize(opaque, publicKey, compressed: false);
    }

    /// <summary>Signs by RFC 6979: 64 bytes (r, s) with low s, and the recovery id.</summary>
    public static int Sign(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> privateKey, Span<byte> compact)
    {
        var signature = stackalloc byte[OpaqueRecoverableSize];
        int recoveryId;
        fixed (byte* h = Sized(hash, 32))
        fixed (byte* k = Sized(privateKey, 32))
        fixed (byte* c = Sized(compact, 64))
        {
            if (secp256k1_ecdsa_sign_recoverable(Context, signature, h, k, 0, 0) != 1)
                throw new CryptographicException(
                    "expected a private key from 1 to the curve's order, found one outside");
            _ = secp256k1_ecdsa_recoverable_signature_serialize_compact(Context, c, &recoveryId, signature);
        }

        return recoveryId;
    }

    /// <summary>The public key that made a signature, or false where there is none.</summary>
    public static bool TryRecover(
        ReadOnlySpan<byte> hash, ReadOnlySpan<byte> compact, int recoveryId, Span<byte> publicKey)
    {
        if (recoveryId is < 0 or > 3) return false;
        var signature = stackalloc byte[OpaqueRecoverableSize];
        var opaque = stackalloc byte[OpaqueKeySize];
        fixed (byte* h = Sized(hash, 32))
        fixed (byte* c = Sized(compact, 64))
        {
            if (secp256k1_ecdsa_recoverable_signature_parse_compact(Context, signature, c, recoveryId) != 1 ||
                secp256k1_ecdsa_recover(Context, opaque, signature, h) != 1)
                return false;
        }

        Serialize(opaque, publicKey, compressed: false);
        return true;
    }

    /// <summary>Whether a low-s signature of 64 bytes was made by the public key (33 or 65 bytes).</summary>
    public static bool Verify(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> compact, ReadOnlySpan<byte> publicKey)
    {
        var signature = stackalloc byte[OpaqueKeySize];
        var opaque = stackalloc byte[OpaqueKeySize];
        if (publicKey.Length is not (33 or 65)) return false;
        fixed (byte* h = Sized(hash, 32))
        fixed (byte* c = Sized(compact, 64))
        fixed (byte* p = publicKey)
        {
            return secp256k1_ec_pubkey_parse(Context, opaque, p, (nuint)publicKey.Length) == 1 &&
                   secp256k1_ecdsa_signature_parse_compact(Context, signature, c) == 1 &&
                   secp256k1_ecdsa_verify(Context, signature, h, opaque) == 1;
        }
    }

    /// <summary>
    /// Writes a public key (33 or 65 bytes) as 33 bytes, or answers false where it is no point of the curve.
    /// </summary>
    public static bool TryCompress(ReadOnlySpan<byte> publicKey, Span<byte> compressed)
    {
        var opaque = stackalloc byte[OpaqueKeySize];
        if (publicKey.Length is not (33 or 65)) return false;
        fixed (byte* p = publicKey)
        {
            if (secp256k1_ec_pubkey_parse(Context, opaque, p, (nuint)publicKey.Length) != 1) return false;
        }

        Serialize(opaque, compressed, compressed: true);
        return true;
    }

    private static void Serialize(byte* opaque, Span<byte> publicKey, bool compressed)
    {
        var length = (nuint)(compressed ? 33 : UncompressedKeySize);
        fixed (byte* p = Sized(publicKey, (int)length))
            _ = secp256k1_ec_pubkey_serialize(Context, p, &length, opaque, compressed ? Compressed : Uncompressed);
    }

    private static nint CreateContext()
    {
        var context = secp256k1_context_create(ContextNone);
        var seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(new Span<byte>(seed, 32));
        return secp256k1_context_randomize(context, seed) == 1
            ? context
            : throw new CryptographicException("expected libsecp256k1 to blind its context, found a refusal");
    }

    private static ReadOnlySpan<byte> Sized(ReadOnlySpan<byte> bytes, int length) => bytes.Length == length
        ? bytes
        : throw new ArgumentException($"expected {length} bytes, found {bytes.Length}");

    private static Span<byte> Sized(Span<byte> bytes, int length) => bytes.Length == length
        ? bytes
        : throw new ArgumentException($"expected {length} bytes of room, found {bytes.Length}");

    [LibraryImport(Library)]
    private static partial nint secp256k1_context_create(uint flags);

    [LibraryImport(Library)]
    private static partial int secp256k1_context_randomize(nint context, byte* seed);

    [LibraryImport(Library)]
    private static partial int secp256k1_ec_seckey_verify(nint context, byte* privateKey);

    [LibraryImport(Library)]
    private static partial int secp256k1_ec_pubkey_create(nint context, byte* publicKey, byte* privateKey);

    [LibraryImport(Library)]
    private static partial int secp256k1_ec_pubkey_parse(nint context, byte* publicKey, byte* input, nuint length);

    [LibraryImport(Library)]
    private static partial int secp256k1_ec_pubkey_serialize(
        nint context, byte* output, nuint* length, byte* publicKey, uint flags);

    [LibraryImport(Library)]
    private static partial int secp256k1_ecdsa_sign_recoverable(
        nint context, byte* signature, byte* hash, byte* privateKey, nint nonceFunction, nint nonceData);

    [LibraryImport(Library)]
    private static partial int secp256k1_ecdsa_recoverable_signature_serialize_compact(
        nint context, byte* compact, int* recoveryId, byte* signature);

    [LibraryImport(Library)]
    private static partial int secp256k1_ecdsa_recoverable_signature_parse_compact(
        nint context, byte* signature, byte* compact, int recoveryId);

    [LibraryImport(Library)]
    private static partial int secp256k1_ecdsa_recover(nint context, byte* publicKey, byte* signature, byte* hash);

    [LibraryImport(Library)]
    private static partial int secp256k1_ecdsa_signature_parse_compact(nint context, byte* signature, byte* compact);

    [LibraryImport(Library)]
    private static partial int secp256k1_ecdsa_verify(nint context, byte* signature, byte* hash, byte* publicKey);
}
