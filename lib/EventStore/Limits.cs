// Every bound of the event store stands here by name. What is refused says which of these it passed.
namespace EventSourced.EventStore;

/// <summary>The bounds of the store: whatever is longer, larger or more is refused by name.</summary>
public static class Limits
{
    /// <summary>Bytes of UTF-8 in a stream key: a PostgreSQL index entry holds no more than about 2,700.</summary>
    public const int StreamKeyBytes = 1024;

    /// <summary>Characters in an event alias: <c>mt_events.type</c> is <c>varchar(500)</c>.</summary>
    public const int EventAliasCharacters = 500;

    /// <summary>Bytes of JSON in one event.</summary>
    public const int EventBytes = 16 * 1024 * 1024;

    /// <summary>Events in one call of SaveChanges; more belong into a bulk append.</summary>
    public const int EventsPerSession = 100_000;

    /// <summary>Bytes that a bulk append holds before it must be flushed.</summary>
    public const int BulkBytes = 1024 * 1024 * 1024;

    /// <summary>Commands that may wait for one group commit; further callers wait for room.</summary>
    public const int CommandsWaiting = 4096;

    /// <summary>Commands in one group commit.</summary>
    public const int CommandsPerGroup = 256;

    /// <summary>How often a command is decided anew after a concurrent writer was faster.</summary>
    public const int CommandAttempts = 8;

    /// <summary>Documents that a rebuild holds in memory at once; more are folded in several passes.</summary>
    public const int DocumentsInMemory = 1_000_000;

    /// <summary>How often one rebuild may halve its share of documents and scan again.</summary>
    public const int RebuildPasses = 1024;

    /// <summary>Upcasters that one stored event may pass through.</summary>
    public const int UpcasterChain = 64;
}
