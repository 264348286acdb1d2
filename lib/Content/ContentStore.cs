// Blobs by CID in a folder: blobs/ab/CID, pins/CID, incoming/ for blobs that are being written, damaged/ for blobs that
// the disk changed, and lock. Enters: streams, CIDs. Leaves: blobs whose hash was checked. Always holds: a name appears
// by one rename of a whole file that is on disk, so a crash leaves the blob or none; several processes may use one
// folder; memory does not grow with a blob; all blobs together keep the quota.
using System.Buffers;
using System.Security.Cryptography;

namespace EventSourced.Content;

/// <summary>A store of blobs; safe to use from many threads and processes.</summary>
public sealed class ContentStore : IDisposable
{
    private const int BufferBytes = 64 << 10;
    private const int NoSpace = 28;
    private const int MostChecked = 4_096;

    private static readonly TimeSpan CheckedFor = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _time;
    private readonly FolderLock _lock;
    private readonly SemaphoreSlim _writes;
    private readonly CheckedFiles _checked;

    /// <summary>Opens a store; the folder is made when something is written.</summary>
    public ContentStore(ContentOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.BlobBytes, ContentOptions.MostBlob, nameof(options));
        (Options, _time) = (options, time ?? TimeProvider.System);
        _lock = new FolderLock(Path.Combine(options.Folder, "lock"), options.LockWithin, () => Files().Sum(Length));
        _writes = new SemaphoreSlim(options.WritesAtOnce, options.WritesAtOnce);
        _checked = new CheckedFiles(MostChecked, CheckedFor, _time);
    }

    /// <summary>The options.</summary>
    public ContentOptions Options { get; }

    private string Blobs => Path.Combine(Options.Folder, "blobs");

    private string Pins => Path.Combine(Options.Folder, "pins");

    private string Incoming => Path.Combine(Options.Folder, "incoming");

    private string Damaged => Path.Combine(Options.Folder, "damaged");

    /// <summary>Stores bytes and gives their name; storing them again renews their age.</summary>
    public async Task<StoredContent> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var cid = Cid.Of(content.Span);
        if (await HasAsync(cid, cancellation).ConfigureAwait(false))
        {
            using var held = await _lock.TakeAsync(cancellation).ConfigureAwait(false);
            if (File.Exists(PathOf(cid)))
            {
                Renew(cid);
                return new StoredContent(cid, content.Length, false);
            }
        }

        using var stream = new MemoryStream(content.ToArray(), writable: false);
        return await PutAsync(stream, cid, cancellation).ConfigureAwait(false);
    }

    /// <summary>Stores a stream to its end and gives its name; storing it again renews its age.</summary>
    /// <param name="content">The content.</param>
    /// <param name="expected">The name that it must have; null: any.</param>
    /// <param name="cancellation">Ends it; nothing is stored then.</param>
    public async Task<StoredContent> PutAsync(Stream content, Cid? expected, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (expected is { } named) MustBeStorable(named);
        await _writes.WaitAsync(cancellation).ConfigureAwait(false);
        string? aside = null;
        try
        {
            Directory.CreateDirectory(Incoming);
            aside = Path.Combine(Incoming, $"{Guid.NewGuid():N}");
            var (cid, length) = await WriteAsync(content, aside, cancellation).ConfigureAwait(false);
            if (expected is { } wanted && wanted != cid)
                throw new ContentRefusedException(ContentCodes.OtherHash, $"content of {wanted}", $"content of {cid}");
            return await ArriveAsync(aside, cid, length, cancellation).ConfigureAwait(false);
        }
        catch (IOException full) when (full is not ContentRefusedException && (full.HResult & 0xffff) == NoSpace)
        {
            throw new ContentRefusedException(ContentCodes.NoRoom, "room on the disk", "none", "FREE_BYTES");
        }
        finally
        {
            if (aside is not null) File.Delete(aside);
            _writes.Release();
        }
    }

    /// <summary>Opens a blob whose hash was checked; null when it is not there.</summary>
    public async Task<Stream?> OpenAsync(Cid cid, CancellationToken cancellation)
    {
        MustBeStorable(cid);
        if (OpenFile(cid) is not { } file) return null;
        try
        {
            if (await IsRightAsync(cid, file, cancellation).ConfigureAwait(false))
            {
                file.Position = 0;
                return file;
            }
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await file.DisposeAsync().ConfigureAwait(false);
        // Another process may have stored it again meanwhile: then the second look finds it right.
        return await MoveAsideAsync(cid, cancellation).ConfigureAwait(false) ? null : OpenFile(cid);
    }

    /// <summary>The bytes of a blob whose hash was checked; null when it is not there.</summary>
    public async Task<byte[]?> ReadAsync(Cid cid, CancellationToken cancellation)
    {
        if (await OpenAsync(cid, cancellation).ConfigureAwait(false) is not { } stream) return null;
        await using (stream.ConfigureAwait(false))
        {
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, cancellation).ConfigureAwait(false);
            return bytes;
        }
    }

    /// <summary>Whether a blob is there, its hash checked.</summary>
    public async Task<bool> HasAsync(Cid cid, CancellationToken cancellation)
    {
        if (await OpenAsync(cid, cancellation).ConfigureAwait(false) is not { } stream) return false;
        await stream.DisposeAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>A blob's facts, without a look into it; null: it is not there.</summary>
    public ContentEntry? Find(Cid cid) =>
        cid.IsRawBlock && new FileInfo(PathOf(cid)) is { Exists: true } file ? Entry(cid, file) : null;

    /// <summary>Every blob, in the order of the disk.</summary>
    public IEnumerable<ContentEntry> List() => Files()
        .Select(path => (Cid: Named(path), File: new FileInfo(path)))
        .Where(found => found.Cid.IsRawBlock && found.File.Exists)
        .Select(found => Entry(found.Cid, found.File));

    /// <summary>The bytes of all blobs.</summary>
    public async Task<long> UsedAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Options.Folder);
        using var held = await _lock.TakeAsync(cancellation).ConfigureAwait(false);
        return held.Used;
    }

    /// <summary>Keeps a blob whatever its age; false: it is not there.</summary>
    public async Task<bool> PinAsync(Cid cid, CancellationToken cancellation)
    {
        if (!await HasAsync(cid, cancellation).ConfigureAwait(false)) return false;
        using var held = await _lock.TakeAsync(cancellation).ConfigureAwait(false);
        if (!File.Exists(PathOf(cid))) return false;
        Directory.CreateDirectory(Pins);
        await File.WriteAllBytesAsync(PinOf(cid), [], cancellation).ConfigureAwait(false);
        Durable.Flush(Pins);
        return true;
    }

    /// <summary>Lets a blob go with its age; false: it was not pinned.</summary>
    public async Task<bool> UnpinAsync(Cid cid, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Options.Folder);
        using var held = await _lock.TakeAsync(cancellation).ConfigureAwait(false);
        if (!cid.IsRawBlock || !File.Exists(PinOf(cid))) return false;
        File.Delete(PinOf(cid));
        Durable.Flush(Pins);
        return true;
    }

    /// <summary>The names of all pinned blobs.</summary>
    public IEnumerable<Cid> Pinned() => Directory.Exists(Pins)
        ? Directory.EnumerateFiles(Pins).Select(Named).Where(cid => cid.IsRawBlock)
        : [];

    /// <summary>Removes blobs that are not pinned, are older than an age, and are not in use.</summary>
    /// <param name="olderThan">The age.</param>
    /// <param name="isInUse">Whether somebody needs a blob still; asked of old ones alone.</param>
    /// <param name="cancellation">Ends the collection; blobs that are removed by then stay removed.</param>
    public async Task<CollectedContent> CollectAsync(
        TimeSpan olderThan, Func<Cid, CancellationToken, Task<bool>> isInUse, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(isInUse);
        Directory.CreateDirectory(Options.Folder);
        var (done, before) = (new CollectedContent(0, 0, 0, 0), _time.GetUtcNow() - olderThan);
        foreach (var entry in List())
        {
            cancellation.ThrowIfCancellationRequested();
            var isOld = !entry.IsPinned && entry.StoredAt < before;
            var isUsed = isOld && await isInUse(entry.Cid, cancellation).ConfigureAwait(false);
            if (isOld && !isUsed && await RemoveAsync(entry.Cid, before, cancellation).ConfigureAwait(false))
                done = done with { Removed = done.Removed + 1, RemovedBytes = done.RemovedBytes + entry.Length };
            else done = done with { Kept = done.Kept + 1, KeptInUse = done.KeptInUse + (isUsed ? 1 : 0) };
        }

        RemoveLeftOver(Incoming, _time.GetUtcNow() - Options.LeftOverAfter);
        RemoveLeftOver(Damaged, before);
        return done;
    }

    /// <summary>Frees the resources of this process; the blobs stay.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        _writes.Dispose();
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static Cid Named(string path) => Cid.TryParse(Path.GetFileName(path), out var cid) ? cid : default;

    private static void MustBeStorable(Cid cid)
    {
        if (!cid.IsRawBlock)
            throw new ContentRefusedException(
                ContentCodes.NotStorable, "a CID of version 1, raw, sha2-256", $"{cid}: {cid.Kind}");
    }

    private async Task<(Cid Cid, long Length)> WriteAsync(
        Stream content, string aside, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var file = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
            await using var closing = file.ConfigureAwait(false);
            var length = 0L;
            int read;
            while ((read = await content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                length += read;
                if (length > Options.BlobBytes)
                    throw new ContentRefusedException(
                        ContentCodes.TooLarge, $"at most {Options.BlobBytes} bytes", "more", "BLOB_BYTES");
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            }

            file.Flush(flushToDisk: true);
            return (Cid.OfSha256(hash.GetHashAndReset()), length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<StoredContent> ArriveAsync(
        string aside, Cid cid, long length, CancellationToken cancellation)
    {
        var path = PathOf(cid);
        var shard = Path.GetDirectoryName(path)!;
        using var held = await _lock.TakeAsync(cancellation).ConfigureAwait(false);
        // One that is there has been counted, whatever the disk made of it since.
        var isNew = !File.Exists(path);
        var grows = isNew ? length : 0;
        if (held.Used + grows > Options.QuotaBytes)
            throw new ContentRefusedException(
                ContentCodes.NoRoom, $"room for {length} bytes in {Options.QuotaBytes}",
                $"{Math.Max(0, Options.QuotaBytes - held.Used)} bytes free", "QUOTA_BYTES");
        if (new DriveInfo(Path.GetFullPath(Options.Folder)).AvailableFreeSpace < Options.FreeBytes)
            throw new ContentRefusedException(
                ContentCodes.NoRoom, $"{Options.FreeBytes} bytes free on the disk", "less", "FREE_BYTES");
        if (!Directory.Exists(shard))
        {
            Directory.CreateDirectory(shard);
            Durable.Flush(Blobs);
        }

        held.Used += grows;
        // An existing blob is replaced: a client that stores a damaged blob again mends it.
        File.Move(aside, path, overwrite: true);
        Renew(cid);
        Durable.Flush(shard);
        return new StoredContent(cid, length, isNew);
    }

    // The age is counted by the clock of the store's owner.
    private void Renew(Cid cid) => File.SetLastWriteTimeUtc(PathOf(cid), _time.GetUtcNow().UtcDateTime);

    private FileStream? OpenFile(Cid cid)
    {
        try
        {
            return new FileStream(
                PathOf(cid), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private async Task<bool> IsRightAsync(Cid cid, FileStream file, CancellationToken cancellation)
    {
        var state = new CheckedFiles.State(file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle));
        if (_checked.Knows(cid, state)) return true;
        var hash = await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false);
        if (!hash.AsSpan().SequenceEqual(cid.Digest)) return false;
        _checked.Add(cid, state);
        return true;
    }

    // Whether the blob is away. Asked under the lock, so that a blob stored again meanwhile stays.
    private async Task<bool> MoveAsideAsync(Cid cid, CancellationToken cancellation)
    {
        using var held = await _lock.TakeAsync(cancellation).ConfigureAwait(false);
        if (OpenFile(cid) is not { } file) return true;
        await using (file.ConfigureAwait(false))
            if (await IsRightAsync(cid, file, cancellation).ConfigureAwait(false)) return false;

        Directory.CreateDirectory(Damaged);
        File.Move(PathOf(cid), Path.Combine(Damaged, $"{cid}.{Guid.NewGuid():N}"));
        // The size that was once counted for it is not known any more.
        held.Used = Files().Sum(Length);
        Options.OnDamaged(cid);
        return true;
    }

    private async Task<bool> RemoveAsync(Cid cid, DateTimeOffset before, CancellationToken cancellation)
    {
        using var held = await _lock.TakeAsync(cancellation).ConfigureAwait(false);
        // It may have been pinned, or stored again, since it was looked at.
        if (Find(cid) is not { IsPinned: false } entry || entry.StoredAt >= before) return false;
        File.Delete(PathOf(cid));
        held.Used -= entry.Length;
        return true;
    }

    private static void RemoveLeftOver(string folder, DateTimeOffset before)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var path in Directory.EnumerateFiles(folder))
            if (File.GetLastWriteTimeUtc(path) < before.UtcDateTime) File.Delete(path);
    }

    private ContentEntry Entry(Cid cid, FileInfo file) =>
        new(cid, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero), File.Exists(PinOf(cid)));

    private IEnumerable<string> Files() =>
        Directory.Exists(Blobs) ? Directory.EnumerateDirectories(Blobs).SelectMany(Directory.EnumerateFiles) : [];

    // The letters before the last one differ evenly; the last one carries spare bits.
    private string PathOf(Cid cid) => Path.Combine(Blobs, cid.ToString()[^3..^1], cid.ToString());

    private string PinOf(Cid cid) => Path.Combine(Pins, cid.ToString());
}
