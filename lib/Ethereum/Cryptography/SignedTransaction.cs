// A transaction with fees by EIP-1559, signed and encoded. Enters: bytes of strangers. Leaves: its fields and its
// signer, or the name of the fault. Always holds: the encoding is canonical, the signature's s is low, so nobody but
// the signer can write the same transaction another way.
using EventSourced.Ethereum.RlpEncoding;

namespace EventSourced.Ethereum;

/// <summary>The faults of a signed transaction.</summary>
public enum TransactionFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is of another type than EIP-1559's.</summary>
    WrongType,

    /// <summary>It is not the canonical encoding of a transaction.</summary>
    WrongEncoding,

    /// <summary>It creates a contract.</summary>
    CreatesContract,

    /// <summary>Its signature is wrong: see the signature's fault.</summary>
    WrongSignature,
}

/// <summary>A signed transaction.</summary>
public sealed record SignedTransaction(
    ulong ChainId, ulong Nonce, UInt256 MaxPriorityFeePerGas, UInt256 MaxFeePerGas, ulong GasLimit, Address To,
    UInt256 Value, ReadOnlyMemory<byte> Data, Address Signer)
{
    private const byte Type = 2;

    /// <summary>The hash by which the chain knows it.</summary>
    public Hash32 Hash { get; private init; }

    /// <summary>Reads one.</summary>
    public static bool TryParse(
        ReadOnlyMemory<byte> bytes, out SignedTransaction? transaction, out TransactionFault fault,
        out SignatureFault signatureFault)
    {
        (transaction, signatureFault) = (null, SignatureFault.None);
        var span = bytes.Span;
        fault = span.IsEmpty || span[0] != Type ? TransactionFault.WrongType : TransactionFault.WrongEncoding;
        if (fault == TransactionFault.WrongType) return false;
        var whole = new RlpReader(span[1..]);
        if (!whole.TryList(out var items) || !whole.AtEnd) return false;
        var reader = new RlpReader(items);
        if (!reader.TryNumber(8, out var chain) || !reader.TryNumber(8, out var nonce)
            || !reader.TryNumber(32, out var tip)
            || !reader.TryNumber(32, out var fee) || !reader.TryNumber(8, out var gas) || !reader.TryText(out var to)
            || !reader.TryNumber(32, out var value) || !reader.TryText(out var data)
                || !reader.TryList(out var access)) return false;
        if (!IsAccessList(access)) return false;
        var signed = items[..reader.Position];
        if (!reader.TryNumber(1, out var parity) || !reader.TryNumber(32, out var r) || !reader.TryNumber(32, out var s)
            || !reader.AtEnd) return false;
        if (to.IsEmpty)
        {
            fault = TransactionFault.CreatesContract;
            return false;
        }

        if (to.Length != Address.ByteCount || parity > 1) return false;
        var signature = new Signature(new Hash32(r.ToBigEndian()), new Hash32(s.ToBigEndian()), (byte)(ulong)parity);
        if (!signature.TryRecover(
            Keccak256.Hash([Type, .. ListHead(signed.Length), .. signed]), out var signer, out signatureFault))
        {
            fault = TransactionFault.WrongSignature;
            return false;
        }

        fault = TransactionFault.None;
        transaction = new SignedTransaction(
            (ulong)chain, (ulong)nonce, tip, fee, (ulong)gas, new Address(to), value, data.ToArray(), signer)
        {
            Hash = Keccak256.Hash(span),
        };
        return true;
    }

    private static bool IsAccessList(ReadOnlySpan<byte> items)
    {
        var reader = new RlpReader(items);
        while (!reader.AtEnd)
        {
            if (!reader.TryList(out var entry)) return false;
            var inner = new RlpReader(entry);
            if (!inner.TryText(out var account) || account.Length != Address.ByteCount || !inner.TryList(out var keys)
                || !inner.AtEnd) return false;
            var slots = new RlpReader(keys);
            while (!slots.AtEnd)
                if (!slots.TryText(out var slot) || slot.Length != Hash32.ByteCount) return false;
        }

        return true;
    }

    private static byte[] ListHead(int length)
    {
        if (length < 56) return [(byte)(0xc0 + length)];
        var digits = UInt256.FromBigEndianShort(
            [(byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length])
            .ToBigEndian().AsSpan().TrimStart((byte)0);
        return [(byte)(0xf7 + digits.Length), .. digits];
    }
}
