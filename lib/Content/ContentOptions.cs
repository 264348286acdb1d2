// How much a store keeps and where. Enters: the host's choice. Leaves: bounds that the store keeps, each with the name
// that a refusal carries.
namespace EventSourced.Content;

/// <summary>The options of a store.</summary>
public sealed record ContentOptions
{
    /// <summary>The largest possible setting for a blob: one block, which its checker reads whole.</summary>
    public const long MostBlob = 256L << 20;

    /// <summary>The folder; it is made when it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>BLOB_BYTES: the bytes of one blob.</summary>
    public long BlobBytes { get; init; } = 16L << 20;

    /// <summary>QUOTA_BYTES: the bytes of all blobs.</summary>
    public long QuotaBytes { get; init; } = 4L << 30;

    /// <summary>FREE_BYTES: the space that stays free on the disk beside the store.</summary>
    public long FreeBytes { get; init; } = 64L << 20;

    /// <summary>How many blobs this process writes at one time; more wait.</summary>
    public int WritesAtOnce { get; init; } = 16;

    /// <summary>LOCK_SECONDS: how long a change waits for the changes of other processes.</summary>
    public TimeSpan LockWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From which age on a file that was written aside counts as left by a crash.</summary>
    public TimeSpan LeftOverAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Hears of blobs that the disk changed; they are moved aside and count as missing.</summary>
    public Action<Cid> OnDamaged { get; init; } = static _ => { };
}

/// <summary>The refusals of a store; stored nowhere, told to clients: never rename.</summary>
public static class ContentCodes
{
    /// <summary>A blob above BLOB_BYTES.</summary>
    public const string TooLarge = "ContentTooLarge";

    /// <summary>No room: QUOTA_BYTES, FREE_BYTES, or a full disk.</summary>
    public const string NoRoom = "NoRoomForContent";

    /// <summary>Content with another hash than the one that was named.</summary>
    public const string OtherHash = "ContentHasOtherHash";

    /// <summary>A CID that names something else than a raw block by SHA-256.</summary>
    public const string NotStorable = "ContentKindNotStored";

    /// <summary>Other processes hold the store's lock for too long.</summary>
    public const string Locked = "ContentStoreBusy";
}

/// <summary>The refusals of a store.</summary>
public sealed class ContentRefusedException(string code, string expected, string found, string? limit = null)
    : IOException($"{code}: expected {expected}, found {found}")
{
    /// <summary>The condition.</summary>
    public string Code { get; } = code;

    /// <summary>The expected.</summary>
    public string Expected { get; } = expected;

    /// <summary>The found.</summary>
    public string Found { get; } = found;

    /// <summary>The limit that was hit, by name.</summary>
    public string? Limit { get; } = limit;
}

/// <summary>A blob that was stored.</summary>
/// <param name="Cid">Its name.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="IsNew">Whether it was not there before.</param>
public sealed record StoredContent(Cid Cid, long Length, bool IsNew);

/// <summary>A blob that is there.</summary>
/// <param name="Cid">Its name.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="StoredAt">When it was stored last.</param>
/// <param name="IsPinned">Whether it is kept whatever its age.</param>
public sealed record ContentEntry(Cid Cid, long Length, DateTimeOffset StoredAt, bool IsPinned);

/// <summary>The result of a collection.</summary>
/// <param name="Kept">Blobs that stay.</param>
/// <param name="KeptInUse">Those of them that stay for their use alone.</param>
/// <param name="Removed">Blobs that are gone.</param>
/// <param name="RemovedBytes">Their bytes.</param>
public sealed record CollectedContent(long Kept, long KeptInUse, long Removed, long RemovedBytes);
