// One stream of a bulk append: a handle that the caller keeps beside its own state, so that nothing is looked up per
// event.
using System.Text;

namespace EventSourced.MartenBulk;

/// <summary>A stream that a bulk append writes to.</summary>
public sealed class BulkStream
{
    private readonly byte[] _keyUtf8;

    internal BulkStream(string key, long version)
    {
        StorableText.CheckStreamKey(key);
        _keyUtf8 = Encoding.UTF8.GetBytes(key);
        Version = StoredVersion = version;
    }

    /// <summary>The stream's key. It is made from its bytes, because a holder of streams holds many.</summary>
    public string Key => Encoding.UTF8.GetString(_keyUtf8);

    /// <summary>The stream's key as it is stored.</summary>
    public ReadOnlySpan<byte> KeyUtf8 => _keyUtf8;

    /// <summary>The version of its last event, those that wait included.</summary>
    public long Version { get; internal set; }

    internal long StoredVersion { get; set; }

    internal bool IsTouched { get; set; }

    internal DateTimeOffset First { get; set; }

    internal DateTimeOffset Last { get; set; }
}
