// Every bound stands here by name. A refusal names the bound that was passed.
namespace EventSourced.MartenBulk;

/// <summary>The bounds: whatever is longer, larger or more is refused by name.</summary>
public static class Limits
{
    /// <summary>Bytes of UTF-8 in a stream key: a PostgreSQL index entry holds no more than about 2,700.</summary>
    public const int StreamKeyBytes = 1024;

    /// <summary>Characters in an event alias: <c>mt_events.type</c> is <c>varchar(500)</c>.</summary>
    public const int EventAliasCharacters = 500;

    /// <summary>Bytes of JSON in one event.</summary>
    public const int EventBytes = 16 * 1024 * 1024;

    /// <summary>Bytes that a bulk append holds before it must be flushed.</summary>
    public const int BulkBytes = 1024 * 1024 * 1024;
}
