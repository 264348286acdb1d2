// Rows in PostgreSQL's binary COPY format, built by hand: a field is a length and its bytes, a row a count of fields.
// One buffer from the pool, used again after each flush; JSON is written straight into it.
using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;

namespace EventSourced.MartenBulk;

/// <summary>Collects rows and sends them as one COPY.</summary>
public sealed class CopyBuffer : IBufferWriter<byte>, IDisposable
{
    private const int HeaderBytes = 19;
    private const int SentAtOnce = 64 * 1024;
    private const int FirstBytes = 16 * 1024;
    private const int MostOfOneSize = 8;

    /// <summary>From here on a writer without a bound of its own had better send.</summary>
    public const int Full = 1024 * 1024;

    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    // The shared pool would keep an array of each size for each thread: hundreds of megabytes after a long load.
    private static readonly ArrayPool<byte> Kept = ArrayPool<byte>.Create(Limits.BulkBytes, MostOfOneSize);

    // Rented with the first row: most tables have none in most batches.
    private byte[] _bytes = [];
    private int _length = HeaderBytes;

    /// <summary>How many bytes wait, the header not counted.</summary>
    public int Length => _length - HeaderBytes;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>
    /// The position of the next byte, as <see cref="Patch"/> and <see cref="Truncate"/> understand it.
    /// </summary>
    internal int Position => _length;

    /// <summary>Begins a row of so many fields.</summary>
    public void Row(short fields)
    {
        BinaryPrimitives.WriteInt16BigEndian(Room(2), fields);
        _length += 2;
    }

    /// <summary>A bigint.</summary>
    public void Int64(long value)
    {
        var room = Room(12);
        BinaryPrimitives.WriteInt32BigEndian(room, 8);
        BinaryPrimitives.WriteInt64BigEndian(room[4..], value);
        _length += 12;
    }

    /// <summary>An integer.</summary>
    public void Int32(int value)
    {
        var room = Room(8);
        BinaryPrimitives.WriteInt32BigEndian(room, 4);
        BinaryPrimitives.WriteInt32BigEndian(room[4..], value);
        _length += 8;
    }

    /// <summary>A uuid.</summary>
    public void Id(Guid value)
    {
        var room = Room(20);
        BinaryPrimitives.WriteInt32BigEndian(room, 16);
        value.TryWriteBytes(room[4..], bigEndian: true, out _);
        _length += 20;
    }

    /// <summary>A timestamptz.</summary>
    public void Time(DateTimeOffset value) => Int64(PostgresTime.Write(value));

    /// <summary>A smallint.</summary>
    public void Int16(short value)
    {
        var room = Room(6);
        BinaryPrimitives.WriteInt32BigEndian(room, 2);
        BinaryPrimitives.WriteInt16BigEndian(room[4..], value);
        _length += 6;
    }

    /// <summary>A boolean.</summary>
    public void Boolean(bool value)
    {
        var room = Room(5);
        BinaryPrimitives.WriteInt32BigEndian(room, 1);
        room[4] = value ? (byte)1 : (byte)0;
        _length += 5;
    }

    /// <summary>An array of bigint.</summary>
    public void Int64Array(ReadOnlySpan<long> values)
    {
        const int Int8Oid = 20;
        var at = BeginField();
        Span<int> head = [values.Length == 0 ? 0 : 1, 0, Int8Oid, values.Length, 1];
        foreach (var word in values.Length == 0 ? head[..3] : head)
        {
            BinaryPrimitives.WriteInt32BigEndian(Room(4), word);
            _length += 4;
        }

        foreach (var value in values) Int64(value);
        EndField(at);
    }

    /// <summary>A numeric without fraction, by its decimal digits in groups of four, the highest group first.</summary>
    public void Numeric(ReadOnlySpan<short> groups, bool isNegative)
    {
        const short Negative = 0x4000;
        var bytes = 8 + 2 * groups.Length;
        var room = Room(4 + bytes);
        BinaryPrimitives.WriteInt32BigEndian(room, bytes);
        BinaryPrimitives.WriteInt16BigEndian(room[4..], (short)groups.Length);
        BinaryPrimitives.WriteInt16BigEndian(room[6..], (short)(groups.Length - 1));
        BinaryPrimitives.WriteInt16BigEndian(room[8..], isNegative ? Negative : (short)0);
        BinaryPrimitives.WriteInt16BigEndian(room[10..], 0);
        for (var i = 0; i < groups.Length; i++) BinaryPrimitives.WriteInt16BigEndian(room[(12 + 2 * i)..], groups[i]);
        _length += 4 + bytes;
    }

    /// <summary>A boolean that is false.</summary>
    public void False()
    {
        var room = Room(5);
        BinaryPrimitives.WriteInt32BigEndian(room, 1);
        room[4] = 0;
        _length += 5;
    }

    /// <summary>SQL null.</summary>
    public void Null()
    {
        BinaryPrimitives.WriteInt32BigEndian(Room(4), -1);
        _length += 4;
    }

    /// <summary>Text, already in UTF-8.</summary>
    public void Utf8(ReadOnlySpan<byte> text)
    {
        var room = Room(4 + text.Length);
        BinaryPrimitives.WriteInt32BigEndian(room, text.Length);
        text.CopyTo(room[4..]);
        _length += 4 + text.Length;
    }

    /// <summary>Text, or SQL null.</summary>
    public void Text(string? text)
    {
        if (text is null)
        {
            Null();
            return;
        }

        var at = BeginField();
        _length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));
        EndField(at);
    }

    /// <summary>Fields already in wire form.</summary>
    internal void Raw(ReadOnlySpan<byte> fields)
    {
        fields.CopyTo(Room(fields.Length));
        _length += fields.Length;
    }

    /// <summary>Starts a field whose length is not known yet.</summary>
    internal int BeginField()
    {
        Room(4);
        _length += 4;
        return _length;
    }

    /// <summary>Starts a jsonb field: a version byte stands before the text.</summary>
    internal int BeginJson()
    {
        var at = BeginField();
        Room(1)[0] = 1;
        _length++;
        return at;
    }

    /// <summary>Ends a field; answers its bytes.</summary>
    internal int EndField(int at)
    {
        var length = _length - at;
        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(at - 4), length);
        return length;
    }

    /// <summary>Writes a number over the eight bytes at a position.</summary>
    internal void Patch(int position, long value) =>
        BinaryPrimitives.WriteInt64BigEndian(_bytes.AsSpan(position), value);

    /// <summary>Forgets everything from a position on: half a row whose data could not be written.</summary>
    internal void Truncate(int position) => _length = position;

    /// <summary>Forgets the waiting bytes, and keeps the memory.</summary>
    public void Clear() => _length = HeaderBytes;

    /// <summary>A copy of the waiting bytes, the header not counted.</summary>
    public byte[] Written() => IsEmpty ? [] : _bytes.AsSpan(HeaderBytes, Length).ToArray();

    /// <summary>Sends all rows and starts anew.</summary>
    public async Task SendAsync(NpgsqlConnection connection, string statement, CancellationToken token)
    {
        BinaryPrimitives.WriteInt16BigEndian(Room(2), -1);
        Header.CopyTo(_bytes, 0);
        _length += 2;
        var copy = await connection.BeginRawBinaryCopyAsync(statement, token);
        await using (copy)
        {
            try
            {
                for (var at = 0; at < _length; at += SentAtOnce)
                    await copy.WriteAsync(_bytes.AsMemory(at, Math.Min(SentAtOnce, _length - at)), token);
            }
            catch (Exception fault)
            {
                await CancelAsync(copy);
                // Npgsql wraps a stop in the middle of a write.
                if (fault is NpgsqlException { InnerException: OperationCanceledException stop })
                    throw new OperationCanceledException(stop.Message, fault, token);
                throw;
            }
        }

        _length = HeaderBytes;
    }

    /// <inheritdoc />
    public void Advance(int count) => _length += count;

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Room(Math.Max(sizeHint, 256));
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0) => Room(Math.Max(sizeHint, 256));

    /// <inheritdoc />
    public void Dispose()
    {
        if (_bytes.Length > 0) Kept.Return(_bytes);
        _bytes = [];
    }

    // Disposal alone would end the copy as if it were whole, and the server would refuse half a file. A broken
    // connection cannot be told anything; why it broke is being thrown.
    private static async Task CancelAsync(NpgsqlRawCopyStream copy)
    {
        try
        {
            await copy.CancelAsync();
        }
        catch (Exception fault) when (fault is NpgsqlException or InvalidOperationException or IOException)
        {
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Room(int bytes)
    {
        if (_bytes.Length - _length < bytes) Grow(bytes);
        return _bytes.AsSpan(_length);
    }

    private void Grow(int bytes)
    {
        if (_length + (long)bytes > Limits.BulkBytes)
            throw new InvalidOperationException(
                $"expected at most {Limits.BulkBytes} bytes between two flushes, found more");
        var larger = Kept.Rent(
            (int)Math.Min(Limits.BulkBytes, Math.Max(Math.Max(_bytes.Length * 2L, FirstBytes), _length + (long)bytes)));
        if (_bytes.Length > 0)
        {
            _bytes.AsSpan(0, _length).CopyTo(larger);
            Kept.Return(_bytes);
        }

        _bytes = larger;
    }
}
