// Logs kept beyond the reply they came in: two growing arrays, one of logs and one of their data. Enters: logs, as a
// visitor. Leaves: logs by index and their data. Rented arrays go back on Dispose; a batch never disposed is only
// garbage.
namespace EventSourced.Ethereum.Logs;

/// <summary>Logs with their data.</summary>
public sealed class LogBatch : ILogVisitor, IDisposable
{
    private Log[] _logs = [];
    private byte[] _data = [];
    private int _dataLength;

    /// <summary>The number of logs.</summary>
    public int Count { get; private set; }

    /// <summary>A log by its place in the reply.</summary>
    public ref readonly Log this[int index] => ref _logs.AsSpan(0, Count)[index];

    /// <summary>A log's data; valid until Dispose.</summary>
    public ReadOnlyMemory<byte> Data(int index)
    {
        ref readonly var log = ref this[index];
        return _data.AsMemory(log.DataOffset, log.DataLength);
    }

    /// <inheritdoc/>
    public void Visit(in Log log, ReadOnlySpan<byte> data)
    {
        if (Count == _logs.Length) Grow(ref _logs, Count, Count + 1, 64);
        if (_dataLength + data.Length > _data.Length)
            Grow(ref _data, _dataLength, checked(_dataLength + data.Length), 4096);
        ref var kept = ref _logs[Count++];
        kept = log;
        kept.DataOffset = _dataLength;
        kept.DataLength = data.Length;
        data.CopyTo(_data.AsSpan(_dataLength));
        _dataLength += data.Length;
    }

    /// <summary>Forgets the logs and keeps the arrays.</summary>
    public void Clear() => Count = _dataLength = 0;

    /// <summary>Gives the arrays back.</summary>
    public void Dispose()
    {
        Return(ref _logs);
        Return(ref _data);
        Clear();
    }

    private static void Grow<T>(ref T[] array, int used, int needed, int least)
    {
        var larger = KeptArrays<T>.Pool.Rent(Math.Max(Math.Max(2 * array.Length, needed), least));
        array.AsSpan(0, used).CopyTo(larger);
        Return(ref array);
        array = larger;
    }

    private static void Return<T>(ref T[] array)
    {
        if (array.Length > 0) KeptArrays<T>.Pool.Return(array);
        array = [];
    }
}
