// One stream's part of an append: which stream, what the writer believes of it, and its new events in order.
namespace EventSourced.EventStore;

/// <summary>The events that one append adds to one stream.</summary>
public sealed class StreamAction
{
    private readonly List<Event> _events = [];

    internal StreamAction(string key, ExpectedVersion expected, string? aggregateTypeName)
    {
        Json.StorableText.CheckStreamKey(key);
        Key = key;
        Expected = expected;
        AggregateTypeName = aggregateTypeName;
    }

    /// <summary>The stream's key.</summary>
    public string Key { get; }

    /// <summary>What the stream must be before the append.</summary>
    public ExpectedVersion Expected { get; internal set; }

    /// <summary>The alias of the aggregate type, written when the stream is new.</summary>
    public string? AggregateTypeName { get; internal set; }

    /// <summary>The new events; saved ones know their version and sequence.</summary>
    public IReadOnlyList<Event> Events => _events;

    /// <summary>The stream's version after the append; 0 until it is saved.</summary>
    public long Version { get; internal set; }

    /// <summary>The version that the statement checks: the expected one, or the one that was found.</summary>
    internal long Assumed { get; private set; }

    /// <summary>Whether an empty row of this stream was made and is held by this transaction.</summary>
    internal bool IsHeldEmpty { get; private set; }

    internal void Add(Event added)
    {
        added.StreamKey = Key;
        if (added.Id == Guid.Empty) added.Id = Writing.EventIds.Next();
        _events.Add(added);
    }

    /// <summary>Numbers the events behind a version.</summary>
    internal void Assume(long version, bool isHeld = false)
    {
        Assumed = version;
        IsHeldEmpty = isHeld && version == 0;
        foreach (var added in _events) added.Version = ++version;
        Version = version;
    }
}
