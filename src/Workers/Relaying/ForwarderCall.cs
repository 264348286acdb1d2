// The call by which the relayer brings a request on chain. Enters: a request and its signature. Leaves: the bytes of
// Forwarder.execute, and the gas limit for them. Always holds: it is pure; the layout is that of the contract ABI, and
// a test compares it with the encoder's.
using System.Buffers.Binary;
using EventSourced.Chain.Sending;
using EventSourced.Commands;
using EventSourced.Ethereum;

namespace EventSourced.Workers.Relaying;

/// <summary>Encodes calls of the Forwarder.</summary>
public static class ForwarderCall
{
    /// <summary>The most gas of one transaction, by EIP-7825.</summary>
    public const ulong MostGas = 1 << 24;

    /// <summary>The gas of an empty transaction.</summary>
    public const ulong EmptyGas = 21_000;

    private const int Word = 32;
    private const int Members = 7;
    private const ulong GasOfByte = 16;

    // The Forwarder's own gas around the call: checks, one storage write, one event, and a reserve for new prices.
    private const ulong GasAround = 120_000;

    private static readonly byte[] Selector =
        Keccak256.Hash("execute((address,address,uint256,uint256,uint48,bytes,bytes))"u8).Bytes[..4].ToArray();

    /// <summary>The call of the transaction; null: its owner has already signed it.</summary>
    public static Call? Of(Payload payload) => payload switch
    {
        Payload.Forward forward => Of(forward),
        Payload.Own own => new Call(own.To, own.Data, Math.Min(own.GasLimit, MostGas)),
        _ => null,
    };

    /// <summary>The call of the transaction.</summary>
    public static Call Of(Payload.Forward forward)
    {
        ArgumentNullException.ThrowIfNull(forward);
        var data = Encode(forward);
        // The Forwarder keeps a 63rd of the gas back, as the EVM does.
        var gas = forward.Request.GasLimit + forward.Request.GasLimit / 32 + EmptyGas + GasAround
            + GasOfByte * (ulong)data.Length;
        return new Call(forward.Forwarder, data, Math.Min(gas, MostGas));
    }

    /// <summary>Selector and arguments.</summary>
    public static byte[] Encode(Payload.Forward forward)
    {
        ArgumentNullException.ThrowIfNull(forward);
        var request = forward.Request;
        var data = request.Data.Span;
        var signature = forward.Signature.Span;
        var (dataAt, signatureAt) = (Members * Word, Members * Word + Word + Padded(data.Length));
        var bytes = new byte[Selector.Length + Word + signatureAt + Word + Padded(signature.Length)];
        Selector.CopyTo(bytes, 0);
        var rest = bytes.AsSpan(Selector.Length);
        Number(rest, Word);
        var tuple = rest[Word..];
        request.From.Bytes.CopyTo(tuple[(Word - Address.ByteCount)..]);
        request.To.Bytes.CopyTo(tuple[(2 * Word - Address.ByteCount)..]);
        Number(tuple[(3 * Word)..], request.GasLimit);
        Number(tuple[(4 * Word)..], request.DeadlineSeconds);
        Number(tuple[(5 * Word)..], (ulong)dataAt);
        Number(tuple[(6 * Word)..], (ulong)signatureAt);
        Number(tuple[dataAt..], (ulong)data.Length);
        data.CopyTo(tuple[(dataAt + Word)..]);
        Number(tuple[signatureAt..], (ulong)signature.Length);
        signature.CopyTo(tuple[(signatureAt + Word)..]);
        return bytes;
    }

    private static int Padded(int length) => (length + Word - 1) / Word * Word;

    private static void Number(Span<byte> word, ulong value) =>
        BinaryPrimitives.WriteUInt64BigEndian(word[(Word - sizeof(ulong))..], value);
}
