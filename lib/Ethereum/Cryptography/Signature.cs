// A recoverable signature on secp256k1. Enters: 65 bytes r || s || v, or the parts. Leaves: the signer's address, or
// the name of the fault. Always holds for a signature that Check passes: 0 r n, 0 s = n/2 (EIP-2), y parity 0 or 1.
namespace EventSourced.Ethereum;

/// <summary>The faults of a signature.</summary>
public enum SignatureFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It has not 65 bytes.</summary>
    WrongLength,

    /// <summary>v is none of 0, 1, 27, 28.</summary>
    WrongV,

    /// <summary>r is zero.</summary>
    ZeroR,

    /// <summary>s is zero.</summary>
    ZeroS,

    /// <summary>r is not below the curve's order.</summary>
    RTooLarge,

    /// <summary>s is in the upper half of the curve's order, so the signature is malleable (EIP-2).</summary>
    HighS,

    /// <summary>No point of the curve has this r: nobody signed this.</summary>
    NoSigner,
}

/// <summary>A signature with the parity that lets the signer be recovered.</summary>
public readonly record struct Signature(Hash32 R, Hash32 S, byte YParity)
{
    /// <summary>The number of bytes of r || s || v.</summary>
    public const int ByteCount = 65;

    private static readonly UInt256 Order = new(
        0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFE, 0xBAAEDCE6AF48A03B, 0xBFD25E8CD0364141);

    private static readonly UInt256 HalfOrder = Order >> 1;

    /// <summary>Reads r || s || v; v may be 0, 1, 27 or 28.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Signature signature, out SignatureFault fault)
    {
        signature = default;
        if (bytes.Length != ByteCount)
        {
            fault = SignatureFault.WrongLength;
            return false;
        }

        var v = bytes[64];
        if (v is not (0 or 1 or 27 or 28))
        {
            fault = SignatureFault.WrongV;
            return false;
        }

        var read = new Signature(new Hash32(bytes[..32]), new Hash32(bytes[32..64]), (byte)(v >= 27 ? v - 27 : v));
        fault = read.Check();
        if (fault != SignatureFault.None) return false;
        signature = read;
        return true;
    }

    /// <summary>The fault of the numbers themselves, found before any curve arithmetic.</summary>
    public SignatureFault Check()
    {
        if (YParity > 1) return SignatureFault.WrongV;
        if (R.IsZero) return SignatureFault.ZeroR;
        if (S.IsZero) return SignatureFault.ZeroS;
        if (R.ToUInt256() >= Order) return SignatureFault.RTooLarge;
        return S.ToUInt256() > HalfOrder ? SignatureFault.HighS : SignatureFault.None;
    }

    /// <summary>The address that signed the hash, or the fault.</summary>
    public bool TryRecover(Hash32 hash, out Address signer, out SignatureFault fault)
    {
        signer = default;
        fault = Check();
        if (fault != SignatureFault.None) return false;
        Span<byte> key = stackalloc byte[Secp256k1.UncompressedKeySize];
        if (!TryRecoverKey(hash, key))
        {
            fault = SignatureFault.NoSigner;
            return false;
        }

        signer = AddressOf(key);
        return true;
    }

    /// <summary>The public key (65 bytes, 0x04 first) that signed the hash; false where there is none.</summary>
    public bool TryRecoverPublicKey(Hash32 hash, out byte[] publicKey)
    {
        publicKey = new byte[Secp256k1.UncompressedKeySize];
        return Check() == SignatureFault.None && TryRecoverKey(hash, publicKey);
    }

    /// <summary>Whether the public key (33 or 65 bytes) signed the hash.</summary>
    public bool Verify(Hash32 hash, ReadOnlySpan<byte> publicKey)
    {
        if (Check() != SignatureFault.None) return false;
        Span<byte> compact = stackalloc byte[64];
        R.Bytes.CopyTo(compact);
        S.Bytes.CopyTo(compact[32..]);
        return Secp256k1.Verify(hash.Bytes, compact, publicKey);
    }

    /// <summary>r || s || v with v 27 or 28, as wallets and contracts exchange it.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[ByteCount];
        R.Bytes.CopyTo(bytes);
        S.Bytes.CopyTo(bytes.AsSpan(32));
        bytes[64] = (byte)(27 + YParity);
        return bytes;
    }

    /// <summary>The bytes in hex.</summary>
    public override string ToString() => Hex.ToText(ToBytes());

    /// <summary>The address of a public key: the last 20 bytes of the hash of its two coordinates.</summary>
    internal static Address AddressOf(ReadOnlySpan<byte> uncompressedKey)
    {
        Span<byte> hash = stackalloc byte[Keccak256.HashSize];
        Keccak256.Hash(uncompressedKey[1..], hash);
        return new Address(hash[12..]);
    }

    private bool TryRecoverKey(Hash32 hash, Span<byte> key)
    {
        Span<byte> compact = stackalloc byte[64];
        R.Bytes.CopyTo(compact);
        S.Bytes.CopyTo(compact[32..]);
        return Secp256k1.TryRecover(hash.Bytes, compact, YParity, key);
    }
}
