// An event still in the bytes of the wire: nothing is allocated until it is asked for. Valid until the scan moves on.
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace EventSourced.MartenBulk;

/// <summary>One event of a scan.</summary>
public readonly ref struct RawEvent
{
    private readonly EventScan _scan;
    private readonly ReadOnlySpan<byte> _id;
    private readonly ReadOnlySpan<byte> _timestamp;

    internal RawEvent(EventScan scan, CopyReader row, ScanOptions options)
    {
        _scan = scan;
        Sequence = row.NextInt64();
        StreamKeyUtf8 = row.Next();
        Version = row.NextInt64();
        TypeUtf8 = row.Next();
        // jsonb in binary form is a version byte and the text.
        var data = row.Next(out var isBinary);
        Json = isBinary ? [] : data[1..];
        IsBinary = isBinary;
        if (options.Archived) IsArchived = row.Next() is [not 0];
        if (!options.Identity) return;
        _id = row.Next();
        _timestamp = row.Next();
    }

    /// <summary>The position among all events.</summary>
    public long Sequence { get; }

    /// <summary>The stream's key as stored.</summary>
    public ReadOnlySpan<byte> StreamKeyUtf8 { get; }

    /// <summary>The position in the stream.</summary>
    public long Version { get; }

    /// <summary>The alias of the type as stored.</summary>
    public ReadOnlySpan<byte> TypeUtf8 { get; }

    /// <summary>The data as stored.</summary>
    public ReadOnlySpan<byte> Json { get; }

    /// <summary>Whether the stream was archived.</summary>
    public bool IsArchived { get; }

    /// <summary>Whether Marten wrote the event in a binary form, which has no JSON.</summary>
    public bool IsBinary { get; }

    /// <summary>The stream's key.</summary>
    public string StreamKey => _scan.Key(StreamKeyUtf8);

    /// <summary>The event's identity.</summary>
    public Guid Id => new(_id, bigEndian: true);

    /// <summary>When it happened.</summary>
    public DateTimeOffset Timestamp => PostgresTime.Read(BinaryPrimitives.ReadInt64BigEndian(_timestamp));

    /// <summary>The registered type, or null.</summary>
    public EventType? Type => _scan.Types.Find(TypeUtf8);

    /// <summary>The data as the CLR type.</summary>
    public object Data => Known.Read(Json);

    private EventType Known
    {
        get
        {
            if (IsBinary)
                throw new JsonException(
                    $"stream {StreamKey}, version {Version}: expected an event in JSON, found a binary one");
            return Type ?? throw new UnknownEventTypeException(Encoding.UTF8.GetString(TypeUtf8), StreamKey, Version);
        }
    }
}

/// <summary>Receives the events of a scan one by one.</summary>
/// <param name="raw">The event, valid during the call only.</param>
public delegate void RawEventHandler(in RawEvent raw);
