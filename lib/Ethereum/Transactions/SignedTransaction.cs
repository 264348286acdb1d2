// A transaction with its signature. Enters: raw bytes of a block or of a mempool. Leaves: the same bytes, the
// transaction's hash and its sender; whatever is not canonical is refused with its byte position.
using EventSourced.Ethereum.Rlp;

namespace EventSourced.Ethereum.Transactions;

/// <summary>A transaction ready to send.</summary>
public sealed record SignedTransaction(Transaction Transaction, Signature Signature)
{
    /// <summary>The most bytes that are decoded.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>The raw bytes, as eth_sendRawTransaction takes them.</summary>
    public byte[] Encode() => Transaction.Encode(Signature);

    /// <summary>The transaction's hash, its name on the chain.</summary>
    public Hash32 Hash => Keccak256.Hash(Encode());

    /// <summary>The address that signed, or what is wrong with the signature.</summary>
    public bool TryGetSender(out Address sender, out SignatureFault fault) =>
        Signature.TryRecover(Transaction.SigningHash, out sender, out fault);

    /// <summary>Reads raw bytes.</summary>
    public static SignedTransaction Decode(ReadOnlySpan<byte> raw)
    {
        if (raw.Length is 0 or > MaxLength)
            throw new RlpException($"a transaction of 1 to {MaxLength} bytes", $"{raw.Length}", 0);
        return raw[0] switch
        {
            >= 0xC0 => DecodeLegacy(raw),
            1 => DecodeAccessList(raw[1..]),
            2 => DecodeFeeMarket(raw[1..]),
            _ => throw new RlpException("a legacy transaction or one of type 1 or 2", $"type {raw[0]}", 0),
        };
    }

    private static SignedTransaction DecodeLegacy(ReadOnlySpan<byte> raw)
    {
        var fields = Open(raw);
        var nonce = fields.ReadUInt64();
        var price = fields.ReadNumber();
        var gas = fields.ReadUInt64();
        var to = fields.ReadAddress();
        var value = fields.ReadNumber();
        var data = fields.ReadBytes().ToArray();
        var v = fields.ReadUInt64();
        if (v is not (27 or 28 or >= 35)) throw new RlpException("v of 27, 28 or at least 35", $"{v}", 0);
        var signature = ReadSignature(ref fields, (byte)(v >= 35 ? (v - 35) % 2 : v - 27));
        return new SignedTransaction(
            new Transaction.Legacy(v >= 35 ? (v - 35) / 2 : null, price)
            {
                Nonce = nonce,
                GasLimit = gas,
                To = to,
                Value = value,
                Data = data,
            },
            signature);
    }

    private static SignedTransaction DecodeAccessList(ReadOnlySpan<byte> body)
    {
        var fields = Open(body);
        var chain = fields.ReadUInt64();
        var nonce = fields.ReadUInt64();
        var price = fields.ReadNumber();
        var gas = fields.ReadUInt64();
        var to = fields.ReadAddress();
        var value = fields.ReadNumber();
        var data = fields.ReadBytes().ToArray();
        var announced = ReadAccessList(ref fields);
        var signature = ReadSignature(ref fields, ReadParity(ref fields));
        return new SignedTransaction(
            new Transaction.AccessList(chain, price)
            {
                Nonce = nonce,
                GasLimit = gas,
                To = to,
                Value = value,
                Data = data,
                Announced = announced,
            },
            signature);
    }

    private static SignedTransaction DecodeFeeMarket(ReadOnlySpan<byte> body)
    {
        var fields = Open(body);
        var chain = fields.ReadUInt64();
        var nonce = fields.ReadUInt64();
        var tip = fields.ReadNumber();
        var fee = fields.ReadNumber();
        var gas = fields.ReadUInt64();
        var to = fields.ReadAddress();
        var value = fields.ReadNumber();
        var data = fields.ReadBytes().ToArray();
        var announced = ReadAccessList(ref fields);
        var signature = ReadSignature(ref fields, ReadParity(ref fields));
        return new SignedTransaction(
            new Transaction.FeeMarket(chain, tip, fee)
            {
                Nonce = nonce,
                GasLimit = gas,
                To = to,
                Value = value,
                Data = data,
                Announced = announced,
            },
            signature);
    }

    private static RlpReader Open(ReadOnlySpan<byte> body)
    {
        var outer = new RlpReader(body);
        var fields = outer.ReadList();
        outer.End();
        return fields;
    }

    private static byte ReadParity(ref RlpReader fields)
    {
        var parity = fields.ReadUInt64();
        return parity <= 1 ? (byte)parity : throw new RlpException("a y parity of 0 or 1", $"{parity}", 0);
    }

    private static Signature ReadSignature(ref RlpReader fields, byte parity)
    {
        var r = Hash32.FromUInt256(fields.ReadNumber());
        var s = Hash32.FromUInt256(fields.ReadNumber());
        fields.End();
        return new Signature(r, s, parity);
    }

    private static List<AccessListEntry> ReadAccessList(ref RlpReader fields)
    {
        var entries = new List<AccessListEntry>();
        var list = fields.ReadList();
        while (!list.AtEnd)
        {
            var entry = list.ReadList();
            var address = new Address(entry.ReadBytes(Address.ByteCount));
            var keys = entry.ReadList();
            var found = new List<Hash32>();
            while (!keys.AtEnd) found.Add(new Hash32(keys.ReadBytes(Hash32.ByteCount)));
            entry.End();
            entries.Add(new AccessListEntry(address, found));
        }

        return entries;
    }
}
