// The arrays of one append statement, filled from stream actions. Data is serialized into one buffer; each event's
// slice of it becomes one jsonb. Types are sent once and named by number.
using System.Buffers;
using System.Text.Json;
using EventSourced.EventStore.Json;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.EventStore.Writing;

/// <summary>Turns stream actions into the parameters of <see cref="AppendStatement"/>.</summary>
internal sealed class AppendParameters
{
    // How the statement is told of a row that this transaction made: it is there, and it has no events.
    private const long HeldEmpty = -1;

    private readonly IReadOnlyList<StreamAction> _streams;
    private readonly MetadataColumn[] _columns;
    private readonly ArrayBufferWriter<byte> _json;
    private readonly Dictionary<EventType, int> _types = [];
    private readonly string[] _streamOf;
    private readonly long[] _versions;
    private readonly Guid[] _ids;
    private readonly ReadOnlyMemory<byte>[] _data;
    private readonly int[] _typeOf;
    private readonly DateTime[] _timestamps;

    internal AppendParameters(IReadOnlyList<StreamAction> streams, MetadataConfig metadata)
    {
        _streams = streams;
        _columns = metadata.Columns;
        var count = 0;
        foreach (var stream in streams) count += stream.Events.Count;
        _json = new ArrayBufferWriter<byte>(Math.Max(256, count * 320));
        _streamOf = new string[count];
        _versions = new long[count];
        _ids = new Guid[count];
        _data = new ReadOnlyMemory<byte>[count];
        _typeOf = new int[count];
        _timestamps = new DateTime[count];
        Fill(count);
    }

    /// <summary>The parameters in the order of the statement.</summary>
    internal void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.AddArray(NpgsqlDbType.Varchar, Each(stream => stream.Key));
        parameters.AddArray(NpgsqlDbType.Varchar, Each(stream => stream.AggregateTypeName));
        parameters.AddArray(NpgsqlDbType.Bigint, Each(stream => stream.IsHeldEmpty ? HeldEmpty : stream.Assumed));
        parameters.AddArray(NpgsqlDbType.Bigint, Each(stream => (long)stream.Events.Count));
        parameters.AddTyped(_streams.Count);
        parameters.AddArray(NpgsqlDbType.Varchar, _streamOf);
        parameters.AddArray(NpgsqlDbType.Bigint, _versions);
        parameters.AddArray(NpgsqlDbType.Uuid, _ids);
        parameters.AddArray(NpgsqlDbType.Jsonb, _data);
        parameters.AddArray(NpgsqlDbType.Integer, _typeOf);
        parameters.AddArray(NpgsqlDbType.TimestampTz, _timestamps);
        var types = _types.OrderBy(type => type.Value).Select(type => type.Key).ToArray();
        parameters.AddArray(NpgsqlDbType.Varchar, Array.ConvertAll(types, type => type.Alias));
        parameters.AddArray(NpgsqlDbType.Varchar, Array.ConvertAll(types, type => type.DotNetTypeName));
        foreach (var column in _columns)
        {
            var values = _streams.SelectMany(stream => stream.Events)
                .Select(added => added.Metadata is { } metadata ? column.Text(metadata) : null).ToArray();
            parameters.AddArray(column.IsJson ? NpgsqlDbType.Jsonb : NpgsqlDbType.Varchar, values);
        }
    }

    private void Fill(int count)
    {
        using var writer = new Utf8JsonWriter(_json, StorableText.WriterOptions);
        var ends = ArrayPool<int>.Shared.Rent(count);
        var index = 0;
        foreach (var stream in _streams)
        {
            foreach (var added in stream.Events)
            {
                _streamOf[index] = stream.Key;
                _versions[index] = added.Version;
                _ids[index] = added.Id;
                _typeOf[index] = Number(added.Type);
                _timestamps[index] = added.Timestamp.UtcDateTime;
                ends[index++] = Serialize(writer, added);
            }
        }

        var json = _json.WrittenMemory;
        for (var (at, start) = (0, 0); at < count; start = ends[at++]) _data[at] = json[start..ends[at]];
        ArrayPool<int>.Shared.Return(ends);
    }

    private int Serialize(Utf8JsonWriter writer, Event added)
    {
        var start = _json.WrittenCount;
        added.Type.Write(writer, added.Data);
        writer.Flush();
        writer.Reset();
        var length = _json.WrittenCount - start;
        if (length > Limits.EventBytes)
            throw new ArgumentException(
                $"stream {added.StreamKey}: expected an event of at most {Limits.EventBytes} bytes, found {length}");
        return _json.WrittenCount;
    }

    private int Number(EventType type)
    {
        if (!_types.TryGetValue(type, out var number)) _types.Add(type, number = _types.Count + 1);
        return number;
    }

    private T[] Each<T>(Func<StreamAction, T> value)
    {
        var values = new T[_streams.Count];
        for (var index = 0; index < values.Length; index++) values[index] = value(_streams[index]);
        return values;
    }
}
