// The refusals: each names the expected, the found and the place.
namespace EventSourced.MartenBulk;

/// <summary>Another writer was faster, or the stream differs from the caller's belief.</summary>
public sealed class ConcurrencyException(string stream, long expected, long found, Exception? cause = null)
    : Exception($"stream {stream}: expected {Named(expected)}, found {Named(found)}", cause)
{
    /// <summary>The stream's key.</summary>
    public string Stream { get; } = stream;

    /// <summary>The version that the caller believed; 0: no stream.</summary>
    public long Expected { get; } = expected;

    /// <summary>The version that the stream has; 0: no stream.</summary>
    public long Found { get; } = found;

    private static string Named(long version) => version == 0 ? "no stream" : $"version {version}";
}

/// <summary>An append to a stream that was archived.</summary>
public sealed class ArchivedStreamException(string stream)
    : Exception($"stream {stream}: expected a stream that takes events, found an archived one")
{
    /// <summary>The stream's key.</summary>
    public string Stream { get; } = stream;
}

/// <summary>An event type that nobody registered.</summary>
public sealed class UnknownEventTypeException : Exception
{
    internal UnknownEventTypeException(Type type)
        : base($"expected a registered event type, found {type.FullName}")
    {
    }

    internal UnknownEventTypeException(string alias, string stream, long version)
        : base($"stream {stream}, version {version}: expected a registered event alias, found '{alias}'")
    {
    }
}

/// <summary>A value that PostgreSQL's text and jsonb cannot hold unchanged.</summary>
public sealed class UnstorableTextException(string found, int index)
    : Exception($"expected text that PostgreSQL can hold, found {found} at index {index}")
{
    /// <summary>Where in the text it stands.</summary>
    public int Index { get; } = index;
}
