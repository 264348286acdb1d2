// The payload that a command sends to the chain. Enters: a signed request of ERC-2771, a transaction that its owner has
// signed, or a call that an account of ours makes. Leaves: the same as bytes for a column, and back. Always holds:
// bytes that are no encoding are refused with expected and found; the encoding is stored, so its versions are never
// reused.
using System.Buffers.Binary;
using EventSourced.Chain.Signing;
using EventSourced.Ethereum;

namespace EventSourced.Commands;

/// <summary>The payload of a command.</summary>
public abstract record Payload
{
    /// <summary>The most bytes of an encoded payload: a transaction's limit, and the words around it.</summary>
    public const int MostBytes = 128 * 1024 + 256;

    private const byte ForwardVersion = 1;
    private const byte RawVersion = 2;
    private const byte OwnVersion = 3;

    /// <summary>The condition, on a request's row r, for a call in an account's own name.</summary>
    public const string IsOwn = "get_byte(r.payload, 0) = 3";

    // In an encoded request its nonce stands behind the version, three addresses and the gas.
    internal const int ForwardNonceAt = 1 + 3 * Address.ByteCount + sizeof(ulong);

    private Payload()
    {
    }

    /// <summary>The last second in which it may happen; null: there is none.</summary>
    public abstract ulong? DeadlineSeconds { get; }

    /// <summary>A request that the relayer brings on chain and pays for.</summary>
    /// <param name="Forwarder">The contract that checks the signature.</param>
    /// <param name="Request">The request.</param>
    /// <param name="Signature">Its signature, 65 bytes.</param>
    public sealed record Forward(Address Forwarder, ForwardRequest Request, ReadOnlyMemory<byte> Signature) : Payload
    {
        /// <inheritdoc/>
        public override ulong? DeadlineSeconds => Request.DeadlineSeconds;
    }

    /// <summary>A transaction that its owner has signed and pays for: sent as it is, never replaced.</summary>
    /// <param name="Signer">Its owner, recovered from the signature.</param>
    /// <param name="Nonce">Its nonce.</param>
    /// <param name="Transaction">The bytes.</param>
    public sealed record Raw(Address Signer, ulong Nonce, ReadOnlyMemory<byte> Transaction) : Payload
    {
        /// <inheritdoc/>
        public override ulong? DeadlineSeconds => null;

        /// <summary>The transaction's hash.</summary>
        public Hash32 Hash => Keccak256.Hash(Transaction.Span);
    }

    /// <summary>A call that an account of the relayer makes in its own name, with a key that the relayer has.</summary>
    /// <param name="From">The account that calls. The contract sees it as the caller, and pays the caller's fee to
    /// it.</param>
    /// <param name="To">The contract that is called.</param>
    /// <param name="GasLimit">How much gas the call may use.</param>
    /// <param name="LastSecond">The last second in which it may be sent; null: there is none.</param>
    /// <param name="Data">The call.</param>
    public sealed record Own(
        Address From, Address To, ulong GasLimit, ulong? LastSecond, ReadOnlyMemory<byte> Data) : Payload
    {
        /// <inheritdoc/>
        public override ulong? DeadlineSeconds => LastSecond;
    }

    /// <summary>As bytes.</summary>
    public byte[] Encode() => this switch
    {
        Forward { Request: var request } forward =>
        [
            ForwardVersion, .. forward.Forwarder.Bytes, .. request.From.Bytes, .. request.To.Bytes,
            .. Word(request.GasLimit), .. Word(request.Nonce), .. Word(request.DeadlineSeconds),
            .. Word((ulong)forward.Signature.Length), .. forward.Signature.Span, .. request.Data.Span,
        ],
        Raw raw => [RawVersion, .. raw.Signer.Bytes, .. Word(raw.Nonce), .. raw.Transaction.Span],
        Own own =>
        [
            OwnVersion, .. own.From.Bytes, .. own.To.Bytes, .. Word(own.GasLimit), .. Word(own.LastSecond ?? 0),
            .. own.Data.Span,
        ],
        _ => throw new InvalidOperationException(
            $"expected a forward request, a transaction or a call, found {GetType().Name}"),
    };

    /// <summary>From bytes.</summary>
    public static Payload Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Length > MostBytes)
            throw Malformed($"1 to {MostBytes} bytes", $"{bytes.Length}");
        var rest = bytes[1..];
        switch (bytes.Span[0])
        {
            case ForwardVersion:
                var (forwarder, from, to) = (Account(ref rest), Account(ref rest), Account(ref rest));
                var (gas, nonce, deadline) = (Number(ref rest), Number(ref rest), Number(ref rest));
                var signature = Take(ref rest, checked((int)Math.Min(Number(ref rest), int.MaxValue)));
                return new Forward(forwarder, new ForwardRequest(from, to, gas, nonce, deadline, rest), signature);
            case RawVersion:
                return new Raw(Account(ref rest), Number(ref rest), rest);
            case OwnVersion:
                var (account, contract) = (Account(ref rest), Account(ref rest));
                var (limit, last) = (Number(ref rest), Number(ref rest));
                return new Own(account, contract, limit, last == 0 ? null : last, rest);
            default:
                throw Malformed($"version {ForwardVersion}, {RawVersion} or {OwnVersion}", $"{bytes.Span[0]}");
        }
    }

    private static byte[] Word(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    private static ulong Number(ref ReadOnlyMemory<byte> rest) =>
        BinaryPrimitives.ReadUInt64BigEndian(Take(ref rest, sizeof(ulong)).Span);

    private static Address Account(ref ReadOnlyMemory<byte> rest) => new(Take(ref rest, Address.ByteCount).Span);

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, int count)
    {
        if (rest.Length < count) throw Malformed($"{count} more bytes", $"{rest.Length}");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static FormatException Malformed(string expected, string found) =>
        new($"expected {expected} in a stored payload, found {found}");
}
