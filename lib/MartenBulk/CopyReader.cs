// Reads PostgreSQL's binary COPY format straight from the wire into one reused buffer. Enters: the stream of
// BeginRawBinaryCopy. Leaves: one row after another, its fields as spans of the buffer, valid until the next row.
using System.Buffers;
using System.Buffers.Binary;

namespace EventSourced.MartenBulk;

/// <summary>A forward reader of rows in binary COPY format.</summary>
internal sealed class CopyReader(Stream stream) : IAsyncDisposable
{
    private const int FirstBuffer = 256 * 1024;
    private static readonly byte[] Signature = [.. "PGCOPY\n"u8, 0xFF, (byte)'\r', (byte)'\n', 0];

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _start;
    private int _end;
    private bool _ended;
    private int _field;

    /// <summary>Checks the header: signature, flags, extension.</summary>
    internal async Task OpenAsync(CancellationToken token)
    {
        while (_end < 19)
            if (!await FillAsync(token))
                throw new InvalidDataException($"expected a COPY header of 19 bytes, found {_end}");
        if (!_buffer.AsSpan(0, Signature.Length).SequenceEqual(Signature))
            throw new InvalidDataException("expected the signature of binary COPY, found something else");
        _start = 19 + BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(15));
    }

    /// <summary>Moves to the next row; false at the end.</summary>
    internal ValueTask<bool> ReadAsync(CancellationToken token) =>
        TryRow() is { } found ? ValueTask.FromResult(found) : ReadMoreAsync(token);

    /// <summary>The next field of the row; empty and <paramref name="isNull"/> for SQL null.</summary>
    internal ReadOnlySpan<byte> Next(out bool isNull)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_field));
        isNull = length < 0;
        var field = new ReadOnlySpan<byte>(_buffer, _field + 4, isNull ? 0 : length);
        _field += 4 + field.Length;
        return field;
    }

    internal ReadOnlySpan<byte> Next() => Next(out _);

    internal long NextInt64() => BinaryPrimitives.ReadInt64BigEndian(Next());

    public async ValueTask DisposeAsync()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        await stream.DisposeAsync();
    }

    // Null while the row is not whole in the buffer.
    private bool? TryRow()
    {
        if (_end - _start < 2) return null;
        var fields = BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(_start));
        if (fields < 0) return false;
        var at = _start + 2;
        for (; fields > 0; fields--)
        {
            if (_end - at < 4) return null;
            var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(at));
            at += 4 + Math.Max(0, length);
        }

        if (at > _end) return null;
        _field = _start + 2;
        _start = at;
        return true;
    }

    private async ValueTask<bool> ReadMoreAsync(CancellationToken token)
    {
        while (true)
        {
            var more = await FillAsync(token);
            if (TryRow() is { } found) return found;
            if (!more)
                throw new InvalidDataException("expected the trailer of binary COPY, found the end of the stream");
        }
    }

    // The server sends each row as a message of its own and a read answers one message: many are gathered before a row
    // is looked at, as long as they are at hand.
    private async ValueTask<bool> FillAsync(CancellationToken token)
    {
        if (_ended) return false;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length) Grow();
        var first = await stream.ReadAsync(_buffer.AsMemory(_end), token);
        _ended = first == 0;
        _end += first;
        while (!_ended && _buffer.Length - _end > 0)
        {
            var next = stream.ReadAsync(_buffer.AsMemory(_end), token);
            var waited = !next.IsCompleted;
            var read = await next;
            _ended = read == 0;
            _end += read;
            if (waited) break;
        }

        return first > 0;
    }

    private void Grow()
    {
        if (_buffer.Length > Limits.EventBytes * 4L)
            throw new InvalidDataException(
                $"expected a row of at most {Limits.EventBytes * 4L} bytes, found a longer one");
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
