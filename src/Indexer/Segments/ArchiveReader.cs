// Reads an archive and trusts only its keys. Enters: a place, a policy. Leaves: events and rows, segment by segment,
// each compared with its signed hash. Always holds: events that were read whole without a fault are those under the
// checkpoint's root, and states those under its state root; for past rows and for models that are only for reading, the
// manifest's signature is the only proof.
using EventSourced.Domain.Values;
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Hashing;
using EventSourced.Projections;
using EventSourced.Tables;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Segments;

/// <summary>The blocks and events of one segment, and the log's growth by them.</summary>
internal sealed record ArchivedEvents(
    IReadOnlyList<ArchivedEvent> Events, IReadOnlyList<BlockRow> Blocks, LogBatch Log);

/// <summary>Receives the rows of an archive.</summary>
internal interface IArchivedRows
{
    /// <summary>Takes a row. A past row comes with the block at which it ceased to hold.</summary>
    void Take<TKey, TState>(ReadModel<TKey, TState> model, in StoredRow<TState> row, ulong? until)
        where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
        where TState : class;

    /// <summary>Sends the rows taken from a segment.</summary>
    Task FlushAsync(ReadModel model, bool isPast, CancellationToken cancellation);
}

/// <summary>Reads and verifies an archive.</summary>
public sealed class ArchiveReader
{
    private const int BytesOfLeaf = 512;

    private readonly FilePlace _place;

    private ArchiveReader(FilePlace place, Contents contents, SignedCheckpoint signed, BlockPoint final, Word root)
    {
        (_place, Contents, Signed, Final, StateRoot) = (place, contents, signed, final, root);
    }

    /// <summary>The contents of the archive.</summary>
    public Contents Contents { get; }

    /// <summary>The checkpoint up to which the archive goes.</summary>
    public SignedCheckpoint Signed { get; }

    /// <summary>The checkpoint's final block.</summary>
    public BlockPoint Final { get; }

    /// <summary>The root of all states in the checkpoint.</summary>
    public Word StateRoot { get; }

    /// <summary>Whether its rows are those of this program's read models.</summary>
    public bool HasRows => Contents.ReadModels == ReadModelSchema.FingerprintOf(ReadModels.All);

    /// <summary>The total bytes of all segments.</summary>
    public long Bytes => Contents.Segments.Sum(segment => (long)segment.Bytes);

    /// <summary>Reads manifest, contents and checkpoint, and judges their signatures.</summary>
    /// <exception cref="PlaceFaultException">A file is missing, or differs from its signature.</exception>
    public static async Task<ArchiveReader> OpenAsync(
        FilePlace place, TrustPolicy policy, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(policy);
        var where = $"at {place.Name}{Manifest.File}";
        var bytes = await place.ReadAsync(Manifest.File, TransparencyLimits.NoteBytes, cancellation)
            .ConfigureAwait(false) ?? throw new PlaceFaultException("the manifest of an archive", "none", where);
        var note = Note.Parse(bytes);
        var hash = Manifest.ContentsOf(note, policy.Logs, where);
        var file = Manifest.ContentsFile(hash);
        var text = await place.ReadAsync(file, Contents.MostBytes, cancellation).ConfigureAwait(false)
            ?? throw new PlaceFaultException("the contents of the archive", "none", $"at {place.Name}{file}");
        if (Manifest.HashOf(text) != hash) throw new PlaceFaultException(
            $"contents with the hash {hash}", Manifest.HashOf(text), $"at {place.Name}{file}");
        var contents = Contents.Parse(text, $"at {place.Name}{file}");
        var signed = SignedCheckpoint.Parse(System.Text.Encoding.UTF8.GetBytes(contents.Checkpoint));
        var verdict = policy.Judge(signed);
        if (!verdict.Holds) throw new PlaceFaultException(
            "a checkpoint that the policy believes", verdict.Refusal!, $"at {place.Name}{file}");
        var head = signed.Checkpoint;
        if (!Manifest.SpeaksOf(note, hash, head)) throw new PlaceFaultException(
            "a manifest of the checkpoint in its contents", "one of another checkpoint", where);
        if (Attest.Checkpoints.FinalBlock(head) is not { } block || head.StateRoot is not { } root)
            throw new PlaceFaultException(
                "a checkpoint that states its block and the root of all states", "one without", where);
        return new ArchiveReader(
            place, contents, signed, new BlockPoint(block.Number, Word.Parse(block.Hash)), new Word(root.Bytes));
    }

    /// <summary>Gives every event, and compares the tree over them with the checkpoint.</summary>
    /// <exception cref="PlaceFaultException">A segment differs from its signature, or from the log.</exception>
    internal async Task ReadEventsAsync(
        Func<ArchivedEvents, Task> take, Action<long>? seen, CancellationToken cancellation)
    {
        var edge = CompactRange.Empty;
        var last = new BlockRow(0, default, default, 0);
        await foreach (var (segment, events) in SegmentsAsync(0, long.MaxValue, cancellation).ConfigureAwait(false))
        {
            var blocks = BlocksOf(segment, events, last);
            using var log = new LogBatch(edge, events.Count, events.Count * BytesOfLeaf);
            var leaves = new LeafWriter(log, blocks);
            foreach (var one in events)
                leaves.Add(
                    System.Text.Encoding.UTF8.GetBytes(one.Stream), one.Version, one.Happened, one.Id, one.At.Time);
            leaves.Flush();
            await take(new ArchivedEvents(events, blocks, log)).ConfigureAwait(false);
            (edge, last) = (log.Edge(), blocks[^1]);
            seen?.Invoke(edge.Size);
        }

        var head = Signed.Checkpoint;
        if (edge.Size != head.Size || edge.Root() != head.Root)
            throw new PlaceFaultException(
                $"the root {head.Root} of {head.Size} leaves", $"{edge.Root()} of {edge.Size}",
                $"over the events of {_place.Name}; es audit --log names the leaf");
    }

    /// <summary>The events of all segments that overlap a range; each segment is compared with its hash.</summary>
    internal async IAsyncEnumerable<(Segment Segment, List<ArchivedEvent> Events)> SegmentsAsync(
        long after, long until,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var next = 1L;
        var reading = new EventSegment();
        foreach (var segment in Contents.Events.OrderBy(segment => segment.First))
        {
            if (segment.First != next) throw new PlaceFaultException(
                $"a segment that begins with event {next}", $"one with event {segment.First}",
                $"in the contents of {_place.Name}");
            next = segment.Last + 1;
            if (segment.Last <= after || segment.First > until) continue;
            var events = await reading.ReadAsync(
                await FileAsync(segment, cancellation).ConfigureAwait(false), Where(segment), cancellation)
                .ConfigureAwait(false);
            if (events.Count != segment.Rows || events[0].Sequence != segment.First)
                throw new PlaceFaultException(
                    $"{segment.Rows} events from {segment.First} on", $"{events.Count} from {events[0].Sequence} on",
                    Where(segment));
            yield return (segment, events);
        }
    }

    /// <summary>The blocks of a segment's events.</summary>
    internal List<BlockRow> BlocksOf(Segment segment, List<ArchivedEvent> events, BlockRow before)
    {
        var blocks = new List<BlockRow>();
        var sequence = segment.First;
        foreach (var one in events)
        {
            if (one.Sequence != sequence++) throw new PlaceFaultException(
                $"event {sequence - 1}", $"event {one.Sequence}", Where(segment));
            var row = new BlockRow(one.At.Block, one.BlockHash, one.At.Time, one.Sequence);
            if (blocks is [.., var last] && last.Number == row.Number && last.Hash == row.Hash && last.Time == row.Time)
                blocks[^1] = row;
            else if (row.Number > (blocks is [.., var newest] ? newest.Number : before.Number)) blocks.Add(row);
            else throw new PlaceFaultException(
                "blocks in their order", $"block {row.Number} at event {one.Sequence}", Where(segment));
        }

        return blocks;
    }

    /// <summary>Gives every row, and compares the root of the states with the checkpoint.</summary>
    /// <exception cref="PlaceFaultException">A segment differs from its signature, or the states differ from the
    /// root.</exception>
    internal async Task ReadRowsAsync(IArchivedRows take, CancellationToken cancellation)
    {
        if (!HasRows) throw new PlaceFaultException(
            "rows of this program's read models", "rows of others",
            $"at {_place.Name}; the program of the version that made the archive reads them");
        var root = new StateRoot();
        foreach (var model in ReadModels.All)
            await model.Accept(new Reading(this, take, root, cancellation)).ConfigureAwait(false);
        if (root.Compute() is var found && found != StateRoot) throw new PlaceFaultException(
            $"the state root {StateRoot}", $"{found}", $"over the rows of {_place.Name}");
    }

    private async Task<byte[]> FileAsync(Segment segment, CancellationToken cancellation)
    {
        var bytes = await _place.ReadAsync(segment.File, SegmentFile.MostBytes, cancellation).ConfigureAwait(false)
            ?? throw new PlaceFaultException(
                "a segment that the manifest names", "none; an archive that goes on replaces its last ones: ask again",
                Where(segment));
        var hash = SegmentFile.HashOf(bytes);
        return bytes.Length == segment.Bytes && hash == segment.Sha256
            ? bytes
            : throw new PlaceFaultException(
                $"{segment.Bytes} bytes with the hash {segment.Sha256}", $"{bytes.Length} with {hash}", Where(segment));
    }

    private string Where(Segment segment) => $"at {_place.Name}{segment.File}";

    // Reads the rows of one model, current and past.
    private sealed class Reading(
        ArchiveReader archive, IArchivedRows take, StateRoot root, CancellationToken cancellation)
        : IReadModelVisitor<Task>
    {
        public async Task Visit<TKey, TState>(ReadModel<TKey, TState> model)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class
        {
            foreach (var isPast in (bool[])[false, true])
            {
                var reading = new RowSegment<TKey, TState>(model, isPast);
                foreach (var segment in archive.Contents.Of(isPast ? SegmentKind.Past : SegmentKind.Row, model))
                {
                    var file = await archive.FileAsync(segment, cancellation).ConfigureAwait(false);
                    await reading.ReadAsync(
                        file, archive.Where(segment), (row, until) => Take(model, segment, row, until, isPast),
                        cancellation).ConfigureAwait(false);
                    await take.FlushAsync(model, isPast, cancellation).ConfigureAwait(false);
                }
            }
        }

        private void Take<TKey, TState>(
            ReadModel<TKey, TState> model, Segment segment, in StoredRow<TState> row, ulong until, bool isPast)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class
        {
            var final = archive.Final.Number;
            if (row.ValidFrom > final || (isPast && (until > final || until <= row.ValidFrom)))
                throw new PlaceFaultException(
                    $"rows up to block {final}", $"one from block {row.ValidFrom} to {until}", archive.Where(segment));
            if (!isPast && model.IsState) root.Set($"{model.Fold.Name}-{model.KeyOf(row.State)}", HashOf(row.State));
            take.Take(model, row, isPast ? until : null);
        }

        private Word HashOf<TState>(TState state)
            where TState : class
        {
            RowCodec<TState>.Shared.WriteJson(root.Texts.Room, state);
            root.Texts.End();
            return root.Texts.Hash()[0];
        }
    }
}

/// <summary>A block by number and hash.</summary>
public readonly record struct BlockPoint(ulong Number, Word Hash);
