// Compares an archive with its log and chain. Enters: a place, keys. Leaves: a description of the archive, or the first
// place where it differs from its signatures. Always holds: every segment is read and hashed, every event is made a
// leaf again, every state is hashed.
using EventSourced.Indexer.Archive;
using EventSourced.Indexer.Segments;
using EventSourced.Projections;
using EventSourced.Tables;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Audit;

/// <summary>An archive that was read whole.</summary>
/// <param name="Reader">The reader of the archive, with its stated contents.</param>
/// <param name="Rows">The number of its rows, past ones included; null: they belong to other read models.</param>
internal sealed record ReadArchive(ArchiveReader Reader, long? Rows)
{
    internal long Size => Reader.Signed.Checkpoint.Size;
}

/// <summary>Reads an archive whole.</summary>
internal static class ArchiveAudit
{
    private const string LogFolder = "log/";

    /// <exception cref="FormatException">Some part of the archive differs from its signature.</exception>
    internal static async Task<ReadArchive> RunAsync(
        FilePlace place, TrustPolicy? policy, Action<long, long>? progress, CancellationToken cancellation)
    {
        if (policy is null)
        {
            using var log = LogCopy.Of($"{place.Folder ?? place.Name}".TrimEnd('/') + "/" + LogFolder);
            var keys = await log.KeysAsync(cancellation).ConfigureAwait(false);
            if (keys.Count == 0) throw new PlaceFaultException("a verifier key", "none", $"at {place.Name}");
            policy = TrustPolicy.Parse(System.Text.Encoding.UTF8.GetBytes(
                string.Concat(keys.Select(key => $"log {key}\n")) + "quorum none\n"));
        }

        var archive = await ArchiveReader.OpenAsync(place, policy, cancellation).ConfigureAwait(false);
        var size = archive.Signed.Checkpoint.Size;
        await archive.ReadEventsAsync(
            _ => Task.CompletedTask, done => progress?.Invoke(done, size), cancellation).ConfigureAwait(false);
        if (!archive.HasRows) return new ReadArchive(archive, null);
        var rows = new Counting();
        await archive.ReadRowsAsync(rows, cancellation).ConfigureAwait(false);
        return new ReadArchive(archive, rows.Count);
    }

    private sealed class Counting : IArchivedRows
    {
        internal long Count { get; private set; }

        public void Take<TKey, TState>(ReadModel<TKey, TState> model, in StoredRow<TState> row, ulong? until)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class => Count++;

        public Task FlushAsync(ReadModel model, bool isPast, CancellationToken cancellation) => Task.CompletedTask;
    }
}
