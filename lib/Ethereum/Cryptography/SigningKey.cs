// A private key that signs. Enters: 32 bytes, or fresh randomness. Leaves: signatures by RFC 6979 (the same hash and
// key always give the same signature) with low s. Always holds: the key is valid, and its bytes are wiped on Dispose.
using System.Security.Cryptography;

namespace EventSourced.Ethereum;

/// <summary>A private key on secp256k1.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly byte[] _key;
    private readonly byte[] _publicKey = new byte[Secp256k1.UncompressedKeySize];
    private bool _disposed;

    /// <summary>Takes a copy of 32 bytes.</summary>
    public SigningKey(ReadOnlySpan<byte> privateKey)
    {
        if (privateKey.Length != 32)
            throw new ArgumentException(
                $"expected a private key of 32 bytes, found {privateKey.Length}", nameof(privateKey));
        if (!Secp256k1.IsPrivateKey(privateKey))
            throw new CryptographicException("expected a private key from 1 to the curve's order, found one outside");
        _key = GC.AllocateArray<byte>(32, pinned: true);
        privateKey.CopyTo(_key);
        Secp256k1.PublicKey(_key, _publicKey);
        Address = Signature.AddressOf(_publicKey);
    }

    /// <summary>The address of this key.</summary>
    public Address Address { get; }

    /// <summary>The public key: 65 bytes, 0x04 first.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>A fresh random key.</summary>
    public static SigningKey Generate()
    {
        Span<byte> bytes = stackalloc byte[32];
        do
        {
            RandomNumberGenerator.Fill(bytes);
        }
        while (!Secp256k1.IsPrivateKey(bytes));
        var key = new SigningKey(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    /// <summary>Reads 0x and 64 digits.</summary>
    public static SigningKey Parse(string hex)
    {
        Span<byte> bytes = stackalloc byte[32];
        // The text is not quoted in the error: it is a secret.
        if (!Hex.TryReadExactly(hex.AsSpan(), bytes))
            throw new FormatException("expected a private key of 0x and 64 hex digits, found other text");
        var key = new SigningKey(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    /// <summary>Signs a hash.</summary>
    public Signature Sign(Hash32 hash)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Span<byte> compact = stackalloc byte[64];
        var parity = Secp256k1.Sign(hash.Bytes, _key, compact);
        // Parities 2 and 3 (r above the field's remainder) have a chance of about 2^-127 and no form on the chain.
        return parity <= 1
            ? new Signature(new Hash32(compact[..32]), new Hash32(compact[32..]), (byte)parity)
            : throw new CryptographicException($"expected a y parity of 0 or 1, found recovery id {parity}");
    }

    /// <summary>Signs a text as a wallet does (EIP-191, personal_sign).</summary>
    public Signature SignMessage(string text) => Sign(SignedMessage.Hash(text));

    /// <summary>The public key in 33 bytes.</summary>
    public byte[] CompressedPublicKey()
    {
        var compressed = new byte[33];
        return Secp256k1.TryCompress(_publicKey, compressed)
            ? compressed
            : throw new CryptographicException("expected a point of the curve, found another");
    }

    /// <summary>Copies the private key, for a keystore; the caller wipes the copy.</summary>
    public void CopyPrivateKey(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _key.CopyTo(destination);
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_key);
        _disposed = true;
    }
}
