// The signer. Enters: a key of lib/Ethereum, or a delegate to the place of the key: a wallet, a hardware module, an
// account of another library. Leaves: signatures of 65 bytes. Always holds: this library asks for no key; texts to sign
// are made here from checked parts and never taken from an answer.
using EventSourced.Ethereum;

namespace EventSourced.Client;

/// <summary>Signs as one address.</summary>
public sealed class Signer
{
    private readonly Func<ForwardedRequest, CancellationToken, ValueTask<byte[]>> _request;
    private readonly Func<Hash32, CancellationToken, ValueTask<byte[]>>? _hash;

    private Signer(
        Address address, Func<ForwardedRequest, CancellationToken, ValueTask<byte[]>> request,
        Func<Hash32, CancellationToken, ValueTask<byte[]>>? hash) =>
        (Address, _request, _hash) = (address, request, hash);

    /// <summary>The address that acts.</summary>
    public Address Address { get; }

    /// <summary>A key in this process; its owner disposes of it.</summary>
    public static Signer Of(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Of(key.Address, (hash, _) => ValueTask.FromResult(key.Sign(hash).ToBytes()));
    }

    /// <summary>A signer of hashes: 32 bytes in, r || s || v out.</summary>
    public static Signer Of(Address address, Func<Hash32, CancellationToken, ValueTask<byte[]>> sign)
    {
        ArgumentNullException.ThrowIfNull(sign);
        return new Signer(address, (request, cancellation) => sign(request.Digest(), cancellation), sign);
    }

    /// <summary>
    /// A signer of typed data of EIP-712 as JSON (<c>eth_signTypedData_v4</c>); it can have commands relayed, and sends
    /// no transaction of its own.
    /// </summary>
    public static Signer OfTypedData(Address address, Func<string, CancellationToken, ValueTask<string>> sign)
    {
        ArgumentNullException.ThrowIfNull(sign);
        return new Signer(
            address,
            async (request, cancellation) =>
                Hex.ToBytes(await sign(request.TypedData(), cancellation).ConfigureAwait(false)), null);
    }

    internal ValueTask<byte[]> SignAsync(ForwardedRequest request, CancellationToken cancellation) =>
        _request(request, cancellation);

    internal async ValueTask<Signature> SignAsync(Hash32 hash, CancellationToken cancellation)
    {
        if (_hash is null)
            throw new NotSupportedException(
                "expected a signer of hashes for a command that no relayer takes, found one of typed data");
        var bytes = await _hash(hash, cancellation).ConfigureAwait(false);
        return Signature.TryParse(bytes, out var signature, out var fault)
            ? signature
            : throw new FormatException($"expected a signature of 65 bytes from the signer, found {fault}");
    }
}
