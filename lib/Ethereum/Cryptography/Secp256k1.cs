// The border to libsecp256k1, the library that Bitcoin Core uses, by the package Secp256k1.Net, which brings it along.
// Enters: spans of right length, checked here because the library aborts the process on an illegal argument. Leaves:
// true or false. Always holds: one context for the process, blinded once against side channels; libsecp256k1 allows
// concurrent use of it.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Curve = Secp256k1Net.Secp256k1;
using KeyForm = Secp256k1Net.Secp256k1EcFlags;

namespace EventSourced.Ethereum;

internal static class Secp256k1
{
    public const int OpaqueKeySize = 64;
    public const int OpaqueRecoverableSize = 65;
    public const int UncompressedKeySize = 65;

    private static readonly Curve Context = Blinded();

    /// <summary>Whether the 32 bytes are a private key: neither 0 nor above the curve's order.</summary>
    public static bool IsPrivateKey(ReadOnlySpan<byte> key) => Context.EcSeckeyVerify(Sized(key, 32));

    /// <summary>The public key of a valid private key: 65 bytes, 0x04 first.</summary>
    public static void PublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Span<byte> opaque = stackalloc byte[OpaqueKeySize];
        if (!Context.EcPubkeyCreate(opaque, Sized(privateKey, 32))) throw NoPrivateKey();
        Serialize(opaque, publicKey, KeyForm.Uncompressed);
    }

    /// <summary>Signs by RFC 6979: 64 bytes (r, s) with low s, and the recovery id.</summary>
    public static int Sign(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> privateKey, Span<byte> compact)
    {
        Span<byte> signature = stackalloc byte[OpaqueRecoverableSize];
        if (!Context.EcdsaSignRecoverable(signature, Sized(hash, 32), Sized(privateKey, 32))) throw NoPrivateKey();
        Context.EcdsaRecoverableSignatureSerializeCompact(Sized(compact, 64), out var recoveryId, signature);
        return recoveryId;
    }

    /// <summary>The public key that made a signature, or false where there is none.</summary>
    public static bool TryRecover(
        ReadOnlySpan<byte> hash, ReadOnlySpan<byte> compact, int recoveryId, Span<byte> publicKey)
    {
        if (recoveryId is < 0 or > 3) return false;
        Span<byte> signature = stackalloc byte[OpaqueRecoverableSize];
        Span<byte> opaque = stackalloc byte[OpaqueKeySize];
        if (!Context.EcdsaRecoverableSignatureParseCompact(signature, Sized(compact, 64), recoveryId) ||
            !Context.EcdsaRecover(opaque, signature, Sized(hash, 32)))
            return false;
        Serialize(opaque, publicKey, KeyForm.Uncompressed);
        return true;
    }

    /// <summary>Whether a low-s signature of 64 bytes was made by the public key (33 or 65 bytes).</summary>
    public static bool Verify(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> compact, ReadOnlySpan<byte> publicKey)
    {
        Span<byte> signature = stackalloc byte[OpaqueKeySize];
        Span<byte> opaque = stackalloc byte[OpaqueKeySize];
        return publicKey.Length is 33 or 65 &&
               Context.EcPubkeyParse(opaque, publicKey) &&
               Context.EcdsaSignatureParseCompact(signature, Sized(compact, 64)) &&
               Context.EcdsaVerify(signature, Sized(hash, 32), opaque);
    }

    /// <summary>
    /// Writes a public key (33 or 65 bytes) as 33 bytes, or answers false where it is no point of the curve.
    /// </summary>
    public static bool TryCompress(ReadOnlySpan<byte> publicKey, Span<byte> compressed)
    {
        Span<byte> opaque = stackalloc byte[OpaqueKeySize];
        if (publicKey.Length is not (33 or 65) || !Context.EcPubkeyParse(opaque, publicKey)) return false;
        Serialize(opaque, compressed, KeyForm.Compressed);
        return true;
    }

    private static void Serialize(ReadOnlySpan<byte> opaque, Span<byte> publicKey, KeyForm form)
    {
        var length = (nuint)(form == KeyForm.Compressed ? 33 : UncompressedKeySize);
        Context.EcPubkeySerialize(Sized(publicKey, (int)length), ref length, opaque, form);
    }

    // The package makes a context and does not blind it, so its own library is asked to: a secret key then never meets
    // the same intermediate values in two processes.
    private static unsafe Curve Blinded()
    {
        var curve = new Curve();
        var library = NativeLibrary.Load(Curve.LibPath, typeof(Curve).Assembly, searchPath: null);
        var randomize = (delegate* unmanaged[Cdecl]<nint, byte*, int>)NativeLibrary.GetExport(library,
            "secp256k1_context_randomize");
        Span<byte> seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(seed);
        fixed (byte* bytes = seed)
        {
            return randomize(Pointer(curve), bytes) == 1
                ? curve
                : throw new CryptographicException("expected libsecp256k1 to blind its context, found a refusal");
        }
    }

    // Private in the package, whose version is pinned; one that renames it fails here, before any signature.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_ctx")]
    private static extern ref nint Pointer(Curve curve);

    private static CryptographicException NoPrivateKey() =>
        new("expected a private key from 1 to the curve's order, found one outside");

    private static ReadOnlySpan<byte> Sized(ReadOnlySpan<byte> bytes, int length) => bytes.Length == length
        ? bytes
        : throw new ArgumentException($"expected {length} bytes, found {bytes.Length}");

    private static Span<byte> Sized(Span<byte> bytes, int length) => bytes.Length == length
        ? bytes
        : throw new ArgumentException($"expected {length} bytes of room, found {bytes.Length}");
}
