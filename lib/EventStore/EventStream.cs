// An aggregate loaded to be written: its state, the version it was loaded at, and the events that a decision adds.
using EventSourced.EventStore.Json;

namespace EventSourced.EventStore;

/// <summary>A stream with the state that its events fold to, open for appending.</summary>
/// <typeparam name="T">The aggregate's state.</typeparam>
public sealed class EventStream<T>
    where T : class
{
    private readonly EventTypes _types;
    private Func<StreamAction> _open;

    internal EventStream(EventTypes types, string key, T? aggregate, long version)
    {
        _types = types;
        Key = key;
        Aggregate = aggregate;
        StartingVersion = version;
        _open = () => new StreamAction(Key, ExpectedVersion.Of(version), MartenNaming.Alias(typeof(T)));
    }

    /// <summary>The stream's key.</summary>
    public string Key { get; }

    /// <summary>The state at <see cref="StartingVersion"/>; null if the stream is new.</summary>
    public T? Aggregate { get; }

    /// <summary>The version that the stream had when it was loaded; 0 if it is new.</summary>
    public long StartingVersion { get; }

    /// <summary>The version after the events appended here are saved.</summary>
    public long CurrentVersion => StartingVersion + (Action?.Events.Count ?? 0);

    internal StreamAction? Action { get; private set; }

    /// <summary>Appends one event.</summary>
    public void AppendOne(object data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Action ??= _open();
        Action.Add(_types.Wrap(data));
    }

    /// <summary>Appends several events.</summary>
    public void AppendMany(params IEnumerable<object> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        foreach (var data in events) AppendOne(data);
    }

    internal void Attach(Session session) =>
        _open = () => session.Stream(Key, ExpectedVersion.Of(StartingVersion), MartenNaming.Alias(typeof(T)));
}
