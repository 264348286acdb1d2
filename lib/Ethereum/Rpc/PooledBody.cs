// The bytes of one answer in a rented array. Enters: a stream and a limit. Leaves: the bytes, until Dispose gives the
// array back. Always holds: no more than the limit is ever held, whatever the stream's header promises.
namespace EventSourced.Ethereum.Rpc;

internal sealed class PooledBody : IDisposable
{
    private const int FirstSize = 64 * 1024;

    private byte[]? _bytes;
    private int _length;

    private PooledBody(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Reads to the end; null where the limit is passed.</summary>
    public static async ValueTask<PooledBody?> ReadAsync(
        Stream stream, long? promised, int limit, CancellationToken cancellation)
    {
        // A promised length is a hint from a stranger: it is believed only up to a modest size.
        var size = (int)Math.Clamp(promised + 1 ?? FirstSize, 1024, Math.Min(limit, 16L << 20) + 1);
        var body = new PooledBody(KeptArrays<byte>.Pool.Rent(size));
        try
        {
            while (true)
            {
                var read = await stream.ReadAsync(body._bytes.AsMemory(body._length),
                    cancellation).ConfigureAwait(false);
                if (read == 0) return body;
                body._length += read;
                if (body._length > limit)
                {
                    body.Dispose();
                    return null;
                }

                if (body._length == body._bytes!.Length) body.Grow();
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_bytes is { } bytes) KeptArrays<byte>.Pool.Return(bytes);
        _bytes = null;
        _length = 0;
    }

    private void Grow()
    {
        var larger = KeptArrays<byte>.Pool.Rent(checked(2 * _bytes!.Length));
        Bytes.CopyTo(larger);
        KeptArrays<byte>.Pool.Return(_bytes);
        _bytes = larger;
    }
}
