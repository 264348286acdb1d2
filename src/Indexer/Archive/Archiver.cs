// The database up to the published checkpoint -> an archive in a folder: segments named by their hashes, the log's
// files, the contents, and the signed manifest last. Enters: a database that an indexer keeps, the log's keys. Leaves:
// a folder that any file server may serve. Always holds: the manifest names only files that are already durable; full
// segments are never written again; a file that no manifest names any more is removed, so the folder of segments can be
// read whole.
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Segments;
using EventSourced.MartenBulk;
using EventSourced.Projections;
using EventSourced.Tables;
using EventSourced.Transparency;
using Npgsql;

namespace EventSourced.Indexer.Archive;

/// <summary>The result of one archiving round.</summary>
/// <param name="Size">The number of events in the archive.</param>
/// <param name="Block">The last block of the archive.</param>
/// <param name="Segments">The number of all its segments.</param>
/// <param name="Written">The number of segments that this round wrote.</param>
/// <param name="Bytes">The total bytes of all its segments.</param>
public sealed record Archived(long Size, ulong Block, int Segments, int Written, long Bytes);

/// <summary>Archives one database.</summary>
/// <param name="source">The database.</param>
/// <param name="folder">The archive.</param>
/// <param name="signing">The log's keys.</param>
/// <param name="segmentRows">The number of rows at which a segment is full.</param>
public sealed class Archiver(NpgsqlDataSource source, string folder, LogSigning signing, int segmentRows = 50_000)
{
    private const int MostBlocks = 50_000;

    private readonly BulkStore _store = EconomyStore.Open(source);
    private readonly List<Segment> _segments = [];
    private readonly int _segmentRows = segmentRows;
    private int _written;

    /// <summary>
    /// Archives up to the published checkpoint. Answers null if the archive already reaches it, or if nothing is
    /// published.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another process archives, or the folder holds the archive of another
    /// database.</exception>
    public async Task<Archived?> RunAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        if (!await HorizonTable.TryLockAsync(connection, cancellation).ConfigureAwait(false))
            throw new InvalidOperationException(
                "expected one archiver of this database at a time, found another at work");
        try
        {
            return await RunAsync(connection, cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await HorizonTable.UnlockAsync(connection).ConfigureAwait(false);
        }
    }

    private async Task<Archived?> RunAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        _segments.Clear();
        _written = 0;
        // One snapshot for rows, checkpoint and progress. Events up to the checkpoint never change.
        await using var snapshot = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead, cancellation).ConfigureAwait(false);
        var log = await LogTable.CheckpointsAsync(connection, cancellation).ConfigureAwait(false);
        var progress = await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
        var horizon = await HorizonTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
        if (log.Published is null) return null;
        var head = SignedCheckpoint.Parse(System.Text.Encoding.UTF8.GetBytes(log.Published)).Checkpoint;
        if (Attest.Checkpoints.FinalBlock(head) is not { } final) return null;
        if (progress.Models != ReadModelSchema.FingerprintOf(ReadModels.All))
            throw new InvalidOperationException(
                "expected read models of this program in the database, found others; ./es serve rebuilds them");
        var before = await BeforeAsync(progress, head, cancellation).ConfigureAwait(false);
        if (before is not null && before.Checkpoint == log.Published) return null;
        await EventsAsync(connection, before, horizon, head.Size, final.Number, cancellation).ConfigureAwait(false);
        var past = before?.ReadModels == progress.Models ? before : null;
        foreach (var model in ReadModels.All)
            await model.Accept(new Rows(this, connection, final.Number, past, horizon, cancellation))
                .ConfigureAwait(false);
        await new LogFiles(connection, folder).WriteAsync(log, cancellation).ConfigureAwait(false);
        var contents = new Contents(
            Contents.Known, progress.Deployment, progress.Models, log.Published, [.. _segments]);
        await PublishAsync(contents, head, cancellation).ConfigureAwait(false);
        return new Archived(
            head.Size, final.Number, _segments.Count, _written, _segments.Sum(segment => (long)segment.Bytes));
    }

    // The earlier contents of the folder. They are trusted only as far as our own key signed them.
    private async Task<Contents?> BeforeAsync(Progress progress, Checkpoint head, CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(folder, Manifest.File))) return null;
        using var place = FilePlace.Of(folder);
        var reader = await ArchiveReader.OpenAsync(
            place, TrustPolicy.Of(signing.Keys[0].Verifier, [], 0), cancellation).ConfigureAwait(false);
        if (reader.Contents.Deployment != progress.Deployment || reader.Signed.Checkpoint.Size > head.Size)
            throw new InvalidOperationException(
                $"expected an archive of deployment {progress.Deployment} with at most {head.Size} events in {folder}, "
                + $"found {reader.Contents.Deployment} with {reader.Signed.Checkpoint.Size}");
        return reader.Contents;
    }

    private async Task EventsAsync(
        NpgsqlConnection connection, Contents? before, Horizon horizon, long size, ulong final,
        CancellationToken cancellation)
    {
        // The last segment grows, unless the database has dropped its content.
        foreach (var segment in (before?.Events ?? []).OrderBy(segment => segment.First))
            if (segment.Rows >= _segmentRows || segment.First <= horizon.Sequence || segment.Last == size)
                _segments.Add(segment);
        var next = _segments.Count == 0 ? 1 : _segments[^1].Last + 1;
        if (next <= horizon.Sequence) throw new InvalidOperationException(
            $"expected the events from {next} on in the database or in {folder}, found them dropped up to {horizon.Sequence}");
        var after = await BlockBeforeAsync(connection, next, cancellation).ConfigureAwait(false);
        while (next <= size)
        {
            var blocks = await BlockTable.BetweenAsync(connection, after, final, MostBlocks, cancellation)
                .ConfigureAwait(false);
            if (blocks.Count == 0) throw new InvalidOperationException(
                $"expected the block of event {next} up to block {final}, found none");
            for (var first = 0; first < blocks.Count && next <= size;)
            {
                var end = blocks.FindIndex(first, block => block.LastSequence - next + 1 >= _segmentRows);
                var last = end < 0 ? blocks.Count - 1 : end;
                await EventsAsync(blocks[first..(last + 1)], next, cancellation).ConfigureAwait(false);
                (next, first) = (blocks[last].LastSequence + 1, last + 1);
            }

            after = (long)blocks[^1].Number;
        }
    }

    private static async Task<long> BlockBeforeAsync(
        NpgsqlConnection connection, long sequence, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select coalesce(max(number), -1) from {TableNames.Blocks} where last_sequence < $1", connection);
        command.Parameters.AddWithValue(sequence);
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    private async Task EventsAsync(List<BlockRow> blocks, long first, CancellationToken cancellation)
    {
        var segment = new EventSegment();
        var at = 0;
        var options = new ScanOptions { AfterSequence = first - 1, UntilSequence = blocks[^1].LastSequence };
        var count = await _store.ScanAsync(options, Add, cancellation).ConfigureAwait(false);
        if (count != blocks[^1].LastSequence - first + 1) throw new InvalidOperationException(
            $"expected every event from {first} to {blocks[^1].LastSequence}, found {count} of them");
        await KeepAsync(
            SegmentKind.Event, "", first, blocks[^1].LastSequence, (int)count,
            await segment.WriteAsync(cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);

        void Add(in RawEvent raw)
        {
            while (blocks[at].LastSequence < raw.Sequence) at++;
            segment.Add(raw, blocks[at]);
        }
    }

    private async Task KeepAsync(
        SegmentKind kind, string table, long first, long last, int rows, byte[] bytes, CancellationToken cancellation)
    {
        var segment = new Segment(kind, table, first, last, rows, bytes.Length, SegmentFile.HashOf(bytes));
        if (segment.Refusal is { } refusal) throw new InvalidOperationException(
            $"expected {refusal}, found a segment of {rows} rows and {bytes.Length} bytes of {kind} {table}");
        _segments.Add(segment);
        if (File.Exists(Path.Combine(folder, segment.File))) return;
        await FilePlace.WriteAsync(folder, segment.File, bytes, isDurable: true, cancellation).ConfigureAwait(false);
        _written++;
    }

    private async Task PublishAsync(Contents contents, Checkpoint head, CancellationToken cancellation)
    {
        var bytes = contents.ToBytes();
        var hash = Manifest.HashOf(bytes);
        await FilePlace.WriteAsync(folder, Manifest.ContentsFile(hash), bytes, isDurable: true, cancellation)
            .ConfigureAwait(false);
        var note = Manifest.Sign(hash, head, signing.Keys);
        await FilePlace.WriteAsync(
            folder, Manifest.File, System.Text.Encoding.UTF8.GetBytes($"{note}"), isDurable: true, cancellation)
            .ConfigureAwait(false);
        var named = contents.Segments.Select(segment => segment.File).Append(Manifest.ContentsFile(hash)).ToHashSet();
        foreach (var part in (string[])["event", "row", "past", "contents"])
        {
            if (!Directory.Exists(Path.Combine(folder, part))) continue;
            foreach (var file in Directory.EnumerateFiles(
                Path.Combine(folder, part), "*", SearchOption.AllDirectories).ToList())
                if (!named.Contains(Path.GetRelativePath(folder, file).Replace('\\', '/'))) File.Delete(file);
        }
    }

    // Archives the rows of one model, current and past.
    private sealed class Rows(
        Archiver archiver, NpgsqlConnection connection, ulong final, Contents? before, Horizon horizon,
        CancellationToken cancellation) : IReadModelVisitor<Task>
    {
        public async Task Visit<TKey, TState>(ReadModel<TKey, TState> model)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class
        {
            var table = new RowTable<TKey, TState>(model, ReadModelSchema.Serving);
            await KeepAsync(model, table.AsOfAsync(connection, final, -1, cancellation), 0, isPast: false)
                .ConfigureAwait(false);
            var after = KeptPast(model);
            await KeepAsync(model, table.PastAsync(connection, after, final, cancellation), (long)after, isPast: true)
                .ConfigureAwait(false);
        }

        private async Task KeepAsync<TKey, TState>(
            ReadModel<TKey, TState> model, IAsyncEnumerable<(StoredRow<TState> Row, ulong Until)> rows, long first,
            bool isPast)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class
        {
            var segment = new RowSegment<TKey, TState>(model, isPast);
            var last = 0UL;
            await foreach (var (row, until) in rows.WithCancellation(cancellation).ConfigureAwait(false))
            {
                // A segment of past rows ends with a block; the next one begins behind it.
                if (segment.Count >= archiver._segmentRows && (!isPast || until != last))
                {
                    await KeepAsync((long)last).ConfigureAwait(false);
                    first = (long)last;
                }

                segment.Add(row, until);
                last = until;
            }

            if (segment.Count > 0) await KeepAsync((long)final).ConfigureAwait(false);

            async Task KeepAsync(long to)
            {
                var count = segment.Count;
                await archiver.KeepAsync(
                    isPast ? SegmentKind.Past : SegmentKind.Row, model.Table, first, to, count,
                    await segment.WriteAsync(cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
            }
        }

        // Keeps the archived segments, and answers the block behind which reading goes on. The last segment grows,
        // unless the database has dropped its content.
        private ulong KeptPast(ReadModel model)
        {
            var first = 0L;
            var segments = before?.Of(SegmentKind.Past, model) ?? [];
            foreach (var segment in segments.OrderBy(one => one.First))
            {
                if (segment.Rows < archiver._segmentRows && segment.First >= (long)(horizon.Block ?? 0)) break;
                archiver._segments.Add(segment);
                first = segment.Last;
            }

            return (ulong)first;
        }
    }
}
