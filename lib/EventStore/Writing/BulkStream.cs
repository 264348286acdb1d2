// One stream of a bulk append: a handle that the caller keeps beside its own state, so that nothing is looked up per
// event.
using System.Text;
using EventSourced.EventStore.Json;

namespace EventSourced.EventStore;

/// <summary>A stream that a bulk append writes to.</summary>
public sealed class BulkStream
{
    internal BulkStream(string key, long version, string? aggregateTypeName)
    {
        StorableText.CheckStreamKey(key);
        Key = key;
        KeyUtf8 = Encoding.UTF8.GetBytes(key);
        Version = StoredVersion = version;
        AggregateTypeName = aggregateTypeName;
    }

    /// <summary>The stream's key.</summary>
    public string Key { get; }

    /// <summary>The version of its last event, those that wait included.</summary>
    public long Version { get; internal set; }

    internal byte[] KeyUtf8 { get; }

    internal string? AggregateTypeName { get; }

    internal long StoredVersion { get; set; }

    internal bool IsTouched { get; set; }

    internal DateTimeOffset First { get; set; }

    internal DateTimeOffset Last { get; set; }
}
