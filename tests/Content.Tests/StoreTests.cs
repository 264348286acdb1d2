// The store on a real disk: what is refused leaves nothing, what is kept is right, whoever dies leaves no wrong blob.
using System.Diagnostics;
using EventSourced.Testing;

namespace EventSourced.Content.Tests;

public sealed class StoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("content-").FullName;
    private readonly List<Cid> _damaged = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_put_is_read_found_and_listed()
    {
        using var store = Open();
        var stored = await store.PutAsync("hello"u8.ToArray(), default);
        Assert.Equal((Cid.Of("hello"u8), 5, true), (stored.Cid, stored.Length, stored.IsNew));
        Assert.False((await store.PutAsync("hello"u8.ToArray(), default)).IsNew);
        Assert.False((await store.PutAsync(new MemoryStream("hello"u8.ToArray()), null, default)).IsNew);
        Assert.Equal("hello"u8.ToArray(), await store.ReadAsync(stored.Cid, default));
        Assert.Equal((5, false), (store.Find(stored.Cid)!.Length, store.Find(stored.Cid)!.IsPinned));
        Assert.Equal([stored.Cid], store.List().Select(entry => entry.Cid));
        Assert.Equal(5, await store.UsedAsync(default));
        Assert.Null(await store.ReadAsync(Cid.Of("other"u8), default));
        Assert.Null(store.Find(Cid.Of("other"u8)));
        Assert.Equal(0, (await store.PutAsync(Array.Empty<byte>(), default)).Length);
        Assert.Empty((await store.ReadAsync(Cid.Of([]), default))!);
    }

    [Fact]
    public async Task What_is_refused_leaves_nothing()
    {
        using var store = Open(options => options with { BlobBytes = 100_000, QuotaBytes = 150_000 });
        await RefusedAsync(ContentCodes.TooLarge, "BLOB_BYTES", () => store.PutAsync(new byte[100_001], default));
        await RefusedAsync(ContentCodes.OtherHash, null, () => store.PutAsync(
            new MemoryStream("hello"u8.ToArray()), Cid.Of("hullo"u8), default));
        var old = Cid.Parse("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG");
        await RefusedAsync(ContentCodes.NotStorable, null, () => store.PutAsync(new MemoryStream(), old, default));
        await RefusedAsync(ContentCodes.NotStorable, null, () => store.ReadAsync(old, default));
        await store.PutAsync(new byte[100_000], default);
        await RefusedAsync(ContentCodes.NoRoom, "QUOTA_BYTES", () => store.PutAsync(new byte[50_001], default));
        // The same blob takes no more room.
        await store.PutAsync(new byte[100_000], default);
        await store.PutAsync(new byte[50_000], default);
        await Assert.ThrowsAsync<EndOfStreamException>(() => store.PutAsync(new Broken(), null, default));
        Assert.Equal(150_000, await store.UsedAsync(default));
        Assert.Equal(2, store.List().Count());
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "incoming")));
    }

    [Fact]
    public async Task A_blob_that_the_disk_changed_is_never_read_and_can_be_stored_again()
    {
        using var store = Open();
        var cid = (await store.PutAsync("hello"u8.ToArray(), default)).Cid;
        Assert.NotNull(await store.ReadAsync(cid, default));
        await File.WriteAllTextAsync(PathOf(cid), "hullo");
        Assert.Null(await store.ReadAsync(cid, default));
        Assert.Equal([cid], _damaged);
        Assert.Equal(0, await store.UsedAsync(default));
        Assert.False(await store.PinAsync(cid, default));
        Assert.True((await store.PutAsync("hello"u8.ToArray(), default)).IsNew);
        await File.WriteAllTextAsync(PathOf(cid), "hullo!");
        // Whoever stores it anew mends it, whether or not somebody read it in between.
        await store.PutAsync(new MemoryStream("hello"u8.ToArray()), cid, default);
        Assert.Equal("hello"u8.ToArray(), await store.ReadAsync(cid, default));
        Assert.Equal(5, await store.UsedAsync(default));
    }

    [Fact]
    public async Task What_is_old_goes_unless_it_is_pinned_used_or_renewed()
    {
        var time = new Clock();
        using var store = new ContentStore(new ContentOptions { Folder = _folder }, time);
        var names = new[] { "pinned", "used", "renewed", "old" };
        foreach (var name in names) await store.PutAsync(Bytes(name), default);
        Assert.True(await store.PinAsync(Cid.Of(Bytes("pinned")), default));
        time.Now += TimeSpan.FromDays(2);
        await store.PutAsync(Bytes("renewed"), default);
        await store.PutAsync(Bytes("young"), default);
        var collected = await store.CollectAsync(
            TimeSpan.FromDays(1), (cid, _) => Task.FromResult(cid == Cid.Of(Bytes("used"))), default);
        Assert.Equal(new CollectedContent(4, 1, 1, 3), collected);
        Assert.Null(store.Find(Cid.Of(Bytes("old"))));
        Assert.Equal(22, await store.UsedAsync(default));
        Assert.True(await store.UnpinAsync(Cid.Of(Bytes("pinned")), default));
        Assert.False(await store.UnpinAsync(Cid.Of(Bytes("pinned")), default));
        Assert.Empty(store.Pinned());
        Assert.Equal(2, (await store.CollectAsync(
            TimeSpan.FromDays(1), (_, _) => Task.FromResult(false), default)).Removed);
    }

    // A question about use that cannot be answered must not end in a removal.
    [Fact]
    public async Task A_collection_that_cannot_ask_for_the_use_removes_nothing()
    {
        var time = new Clock();
        using var store = new ContentStore(new ContentOptions { Folder = _folder }, time);
        await store.PutAsync(Bytes("old"), default);
        time.Now += TimeSpan.FromDays(2);
        await Assert.ThrowsAsync<TimeoutException>(
            () => store.CollectAsync(TimeSpan.FromDays(1), (_, _) => throw new TimeoutException(), default));
        Assert.NotNull(store.Find(Cid.Of(Bytes("old"))));
    }

    [Fact]
    public async Task What_a_crash_left_is_counted_anew_and_removed_with_its_age()
    {
        using (var before = Open()) await before.PutAsync("hello"u8.ToArray(), default);
        // As a crash between the number and the rename leaves it, and one in the middle of a write.
        await File.WriteAllTextAsync(Path.Combine(_folder, "lock"), $"{5 + 1_000:D20}");
        var half = Path.Combine(_folder, "incoming", "half");
        await File.WriteAllTextAsync(half, "hel");
        using var store = Open();
        Assert.Equal(5, await store.UsedAsync(default));
        await store.CollectAsync(TimeSpan.FromDays(1), (_, _) => Task.FromResult(false), default);
        Assert.True(File.Exists(half));
        File.SetLastWriteTimeUtc(half, DateTime.UtcNow.AddHours(-2));
        await store.CollectAsync(TimeSpan.FromDays(1), (_, _) => Task.FromResult(false), default);
        Assert.False(File.Exists(half));
    }

    [Fact]
    public Task Many_writers_and_collectors_of_one_folder_keep_the_sum_and_every_fresh_blob() => Seed.RunAsync(
        async random =>
        {
            const int Writers = 4, Blobs = 40;
            var seeds = Enumerable.Range(0, Writers).Select(_ => random.Next()).ToList();
            var work = seeds.Select(async seed =>
            {
                using var store = Open();
                var (mine, told) = (new Random(seed), new List<Cid>());
                for (var i = 0; i < Blobs; i++)
                {
                    // Few sizes: writers often store the same blob at the same time.
                    var stored = await store.PutAsync(new byte[mine.Next(20)], default);
                    told.Add(stored.Cid);
                    if (i % 10 == 0)
                        await store.CollectAsync(TimeSpan.FromHours(1), (_, _) => Task.FromResult(false), default);
                }

                return told;
            }).ToList();
            var all = (await Task.WhenAll(work)).SelectMany(told => told).ToHashSet();
            using var after = Open();
            Assert.Equal(all, after.List().Select(entry => entry.Cid).ToHashSet());
            Assert.Equal(after.List().Sum(entry => entry.Length), await after.UsedAsync(default));
        });

    [Fact]
    public Task Writers_that_are_killed_leave_whole_blobs_and_what_they_were_told_is_there() => Seed.RunAsync(
        async random =>
        {
            const int Kills = 6;
            for (var kill = 0; kill < Kills; kill++)
            {
                var told = new List<string>();
                using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
                using var process = Process.Start(new ProcessStartInfo(
                    "dotnet",
                    [typeof(Writer).Assembly.Location, "write", _folder, $"{random.Next()}"])
                { RedirectStandardOutput = true })!;
                // Killed behind a random number of blobs, at a random point of the next one.
                for (var lines = random.Next(1, 40); lines > 0; lines--)
                    told.Add(await process.StandardOutput.ReadLineAsync(limit.Token)
                        ?? throw new EndOfStreamException("expected a writer that goes on, found its end"));
                await Task.Delay(TimeSpan.FromMicroseconds(random.Next(3_000)), limit.Token);
                process.Kill();
                await process.WaitForExitAsync(limit.Token);
                using var store = Open();
                foreach (var line in told)
                    Assert.NotNull(await store.ReadAsync(Cid.Parse(line.Split(' ')[0]), limit.Token));
                var entries = store.List().ToList();
                foreach (var entry in entries) Assert.True(await store.HasAsync(entry.Cid, limit.Token));
                Assert.Equal(entries.Sum(entry => entry.Length), await store.UsedAsync(limit.Token));
                Assert.Empty(_damaged);
            }
        });

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static async Task RefusedAsync(string code, string? limit, Func<Task> action)
    {
        var refusal = await Assert.ThrowsAsync<ContentRefusedException>(action);
        Assert.Equal((code, limit), (refusal.Code, refusal.Limit));
    }

    private string PathOf(Cid cid) => Path.Combine(_folder, "blobs", cid.ToString()[^3..^1], cid.ToString());

    private ContentStore Open(Func<ContentOptions, ContentOptions>? change = null)
    {
        var options = new ContentOptions { Folder = _folder, OnDamaged = _damaged.Add };
        return new ContentStore(change?.Invoke(options) ?? options);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    // A sender that leaves in the middle.
    private sealed class Broken : MemoryStream
    {
        private bool _began;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_began) throw new EndOfStreamException();
            _began = true;
            return ValueTask.FromResult(10);
        }
    }
}
