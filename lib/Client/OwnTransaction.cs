// A transaction of EIP-1559 of the sender's own, for the commands that no relayer brings. Enters: the parts that a
// server proposed and the client checked, and a signer. Leaves: the signed bytes. Always holds: no wei go along; the
// highest cost is below the client's own bound.
using EventSourced.Ethereum;
using EventSourced.Ethereum.RlpEncoding;

namespace EventSourced.Client;

/// <summary>A transaction before it is signed.</summary>
internal sealed record OwnTransaction(
    ulong ChainId, ulong Nonce, UInt256 MaxPriorityFeePerGas, UInt256 MaxFeePerGas, ulong Gas, Address To,
    ReadOnlyMemory<byte> Data)
{
    private const byte Type = 2;

    /// <summary>The most wei that it may cost.</summary>
    public UInt256 MostWei => MaxFeePerGas * Gas;

    /// <summary>Signs it.</summary>
    public async ValueTask<byte[]> SignAsync(Signer signer, CancellationToken cancellation)
    {
        var hash = Keccak256.Hash([Type, .. Rlp.List(Parts())]);
        var signature = await signer.SignAsync(hash, cancellation).ConfigureAwait(false);
        return
        [
            Type,
            .. Rlp.List(
            [
                .. Parts(), Rlp.Number(signature.YParity), Number(signature.R.ToUInt256()),
                Number(signature.S.ToUInt256()),
            ]),
        ];
    }

    private byte[][] Parts() =>
    [
        Rlp.Number(ChainId), Rlp.Number(Nonce), Number(MaxPriorityFeePerGas), Number(MaxFeePerGas), Rlp.Number(Gas),
        Rlp.Text(To.Bytes), Rlp.Number(0), Rlp.Text(Data.Span), Rlp.List(),
    ];

    // Numbers on the wire have no leading zeros.
    private static byte[] Number(UInt256 value) => Rlp.Text(value.ToBigEndian().AsSpan().TrimStart((byte)0));
}
