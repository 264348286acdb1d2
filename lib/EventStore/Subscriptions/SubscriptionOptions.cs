// How a subscription reads, waits, retries and gives up: every bound by name.
namespace EventSourced.EventStore;

/// <summary>What happens to an event that its handler cannot take, after all retries.</summary>
public enum WhenPoisoned
{
    /// <summary>The subscription pauses before it and says why; nothing is passed over in silence.</summary>
    Pause,

    /// <summary>The event is recorded as a dead letter and passed over.</summary>
    DeadLetter,
}

/// <summary>How one subscription works.</summary>
public sealed class SubscriptionOptions
{
    /// <summary>Where a subscription without a stored position begins: behind this position.</summary>
    public long AfterSequence { get; set; }

    /// <summary>Whether a subscription without a stored position begins behind everything that exists.</summary>
    public bool FromPresent { get; set; }

    /// <summary>Only events of these types and their subtypes; all if empty.</summary>
    public IReadOnlyCollection<Type> EventTypes { get; set; } = [];

    /// <summary>
    /// Events handed over at once. The next page is read when this one is done: that is the back-pressure.
    /// </summary>
    public int BatchSize { get; set; } = 500;

    /// <summary>How often the store is asked for new events when there were none.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a page, and then a single event, is tried.</summary>
    public int Attempts { get; set; } = 3;

    /// <summary>The wait before the second attempt; doubled each time.</summary>
    public TimeSpan Backoff { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between attempts and between reconnections.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What happens to an event that cannot be handled.</summary>
    public WhenPoisoned WhenPoisoned { get; set; } = WhenPoisoned.Pause;
}
