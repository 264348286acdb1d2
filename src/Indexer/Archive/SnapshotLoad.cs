// A signed archive -> an empty database, in one transaction. Enters: an archive whose signatures hold, and a node.
// Leaves: streams, events, blocks, current and past rows, the log's tiles and the progress, as an index of the chain
// would have them. Always holds: everything is verified before any of it commits: the log's root over every event, the
// state root over every state, the hash of every segment, and the block's hash at the node.
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Segments;
using EventSourced.MartenBulk;
using EventSourced.Projections;
using EventSourced.Tables;
using EventSourced.Transparency;
using Npgsql;

namespace EventSourced.Indexer.Archive;

/// <summary>Loads a snapshot.</summary>
internal sealed class SnapshotLoad(
    BulkStore store, NpgsqlConnection connection, long epoch, ArchiveReader archive)
{
    private readonly Dictionary<string, BulkStream> _streams = [];

    internal async Task RunAsync(
        string deployment, EthereumClient client, Action<double> share, CancellationToken cancellation)
    {
        if (archive.Contents.Deployment != deployment) throw new PlaceFaultException(
            $"an archive of deployment {deployment}", archive.Contents.Deployment, "in its contents");
        var final = await FinalAsync(client, cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await ProgressTable.FenceAsync(connection, epoch, cancellation).ConfigureAwait(false);
        // The indexer makes the indexes at the tip, as after any first load.
        await store.BeginFirstLoadAsync(transaction, cancellation).ConfigureAwait(false);
        using var rows = new CopyBuffer();
        var head = await LogTable.HeadAsync(connection, cancellation).ConfigureAwait(false);
        await archive.ReadEventsAsync(
            async events => head = await WriteAsync(transaction, rows, head, events, cancellation)
                .ConfigureAwait(false),
            size => share((double)size / Math.Max(1, archive.Signed.Checkpoint.Size)), cancellation)
            .ConfigureAwait(false);
        using var loading = new RowLoad(connection);
        await archive.ReadRowsAsync(loading, cancellation).ConfigureAwait(false);
        await using var moves = new NpgsqlBatch(connection);
        ProgressTable.Move(moves, final.Stored, head.Size, archive.StateRoot);
        ProgressTable.Finalize(moves, final.Stored);
        LogTable.KeepRoot(moves, head.Size, archive.StateRoot);
        await moves.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<ChainLink> FinalAsync(EthereumClient client, CancellationToken cancellation)
    {
        var header = await client.GetHeaderAsync(archive.Final.Number, cancellation).ConfigureAwait(false)
            ?? throw new IOException(
                $"expected block {archive.Final.Number}, the archive's last, from the node, found no block of that number yet");
        var link = ChainLink.Of(header);
        return link.Stored.Hash == archive.Final.Hash
            ? link
            : throw new PlaceFaultException(
                $"the node's block {link.Number} with the hash {link.Hash}", $"{archive.Final.Hash}",
                "in the archive's checkpoint");
    }

    private async Task<LogHead> WriteAsync(
        NpgsqlTransaction transaction, CopyBuffer rows, LogHead head, ArchivedEvents part,
        CancellationToken cancellation)
    {
        using (var bulk = store.Append(transaction, new BulkOptions { SoleWriter = true, Rows = rows }))
        {
            foreach (var one in part.Events)
            {
                if (!_streams.TryGetValue(one.Stream, out var stream))
                    _streams.Add(one.Stream, stream = BulkAppend.StartStream(one.Stream));
                bulk.Append(stream, one.Happened, one.Id, DateTimeOffset.FromUnixTimeSeconds(one.At.Time.Seconds));
                if (stream.Version != one.Version) throw new PlaceFaultException(
                    $"version {stream.Version} of {one.Stream}", $"version {one.Version}", $"at event {one.Sequence}");
            }

            var last = await bulk.FlushAsync(cancellation).ConfigureAwait(false);
            if (last != part.Events[^1].Sequence) throw new InvalidOperationException(
                $"expected the last event at sequence {part.Events[^1].Sequence}, found it at {last}");
        }

        await BlockTable.WriteAsync(connection, part.Blocks, cancellation).ConfigureAwait(false);
        var next = new LogHead(part.Log.Edge().ToBytes(), part.Log.Size, (long)part.Blocks[^1].Number);
        await LogTable.AppendAsync(connection, head, next, LogAppend.TilesOf(part.Log), cancellation)
            .ConfigureAwait(false);
        return next;
    }

    // Encodes rows for COPY, one segment at a time.
    private sealed class RowLoad(NpgsqlConnection connection) : IArchivedRows, IDisposable
    {
        private readonly CopyBuffer _rows = new();
        private readonly Dictionary<ReadModel, object> _tables = [];

        public void Take<TKey, TState>(ReadModel<TKey, TState> model, in StoredRow<TState> row, ulong? until)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class
        {
            if (!_tables.TryGetValue(model, out var table))
                _tables.Add(model, table = new RowTable<TKey, TState>(model, ReadModelSchema.Serving));
            var due = model.Fold.NextDeadline?.Invoke(row.State) is { } deadline ? deadline.Due.Seconds : 0;
            ((RowTable<TKey, TState>)table).Write(_rows, row.State, row.Version, due, row.ValidFrom, until);
        }

        public Task FlushAsync(ReadModel model, bool isPast, CancellationToken cancellation)
        {
            var columns = ReadModelSchema.ColumnsOf(model);
            var target = isPast
                ? $"{TableNames.HistoryOf(ReadModelSchema.Serving, model.Table)} ({columns}, valid_to)"
                : $"{TableNames.Of(ReadModelSchema.Serving, model.Table)} ({columns})";
            return _rows.SendAsync(connection, $"copy {target} from stdin (format binary)", cancellation);
        }

        public void Dispose() => _rows.Dispose();
    }
}
