// Removes archived data older than a horizon from the database. Enters: a database, an archive, a block. Leaves: the
// database without the events, blocks, past rows and full tiles up to the horizon. Always holds: nothing is removed
// unless the archive holds it. The whole archive is verified first, and each event and each tile is compared with it
// before removal. Rows that hold at the horizon or later stay.
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Segments;
using EventSourced.MartenBulk;
using EventSourced.Projections;
using EventSourced.Tables;
using EventSourced.Transparency;
using Npgsql;

namespace EventSourced.Indexer.Archive;

/// <summary>The result of pruning.</summary>
/// <param name="Block">The horizon: the database knows rows as of this block and later.</param>
/// <param name="Sequence">The sequence of the last removed event.</param>
/// <param name="Events">The number of events that this run removed.</param>
/// <param name="Rows">The number of past rows that this run removed.</param>
public sealed record Pruned(ulong Block, long Sequence, long Events, long Rows);

/// <summary>Prunes one database.</summary>
public sealed class Pruning(NpgsqlDataSource source, TrustedArchive trusted)
{
    private const int MostTileBytes = TilePath.FullWidth * (TransparencyLimits.EntryBytes + sizeof(ushort));

    private readonly BulkStore _store = EconomyStore.Open(source);

    /// <summary>Drops the data up to a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="isWindow">Whether the block is instead a number of blocks below the archive's last one.</param>
    /// <param name="cancellation">Ends the run; nothing is dropped then.</param>
    /// <exception cref="FormatException">The archive differs from its signatures, or lacks data that would be
    /// dropped.</exception>
    /// <exception cref="InvalidOperationException">The database is another one, or another process archives
    /// it.</exception>
    public async Task<Pruned> RunAsync(ulong block, bool isWindow, CancellationToken cancellation)
    {
        using var place = FilePlace.Of(trusted.Place);
        var archive = await ArchiveReader.OpenAsync(place, trusted.Policy, cancellation).ConfigureAwait(false);
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        if (!await HorizonTable.TryLockAsync(connection, cancellation).ConfigureAwait(false))
            throw new InvalidOperationException(
                "expected nobody who archives this database, found one at work");
        try
        {
            var pruned = await DropAsync(place, archive, connection, block, isWindow, cancellation)
                .ConfigureAwait(false);
            await VacuumAsync(connection, cancellation).ConfigureAwait(false);
            return pruned;
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await HorizonTable.UnlockAsync(connection).ConfigureAwait(false);
        }
    }

    private async Task<Pruned> DropAsync(
        FilePlace place, ArchiveReader archive, NpgsqlConnection connection, ulong block, bool isWindow,
        CancellationToken cancellation)
    {
        var final = archive.Final.Number;
        var to = isWindow ? final - Math.Min(final, block) : block;
        if (to > final) throw new InvalidOperationException(
            $"expected a block up to {final}, the archive's last, found {to}");
        var progress = await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
        if (progress.Deployment != archive.Contents.Deployment) throw new InvalidOperationException(
            $"expected an archive of deployment {progress.Deployment}, found {archive.Contents.Deployment}");
        var horizon = await HorizonTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
        if (to <= (horizon.Block ?? 0)) return new Pruned(horizon.Block ?? 0, horizon.Sequence, 0, 0);
        var last = await BlockTable.LastSequenceAsync(connection, to, cancellation).ConfigureAwait(false);
        await archive.ReadEventsAsync(
            part => CompareAsync(part.Events, horizon.Sequence, last, cancellation), null, cancellation)
            .ConfigureAwait(false);
        var past = new PastRows(horizon.Block ?? 0, to);
        await archive.ReadRowsAsync(past, cancellation).ConfigureAwait(false);
        await past.CompareAsync(connection, cancellation).ConfigureAwait(false);
        await CompareTilesAsync(place, connection, last, cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        var (events, rows) = await HorizonTable.DropAsync(connection, to, last, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return new Pruned(to, last, events, rows);
    }

    // Each event to be removed must be equal in the archive and here.
    private async Task CompareAsync(
        IReadOnlyList<ArchivedEvent> archived, long after, long until, CancellationToken cancellation)
    {
        var (first, last) = (archived[0].Sequence, Math.Min(until, archived[^1].Sequence));
        if (last <= after || first > until) return;
        var options = new ScanOptions { AfterSequence = Math.Max(after, first - 1), UntilSequence = last };
        var next = options.AfterSequence;
        await _store.ScanAsync(options, Compare, cancellation).ConfigureAwait(false);
        if (next != last) throw new PlaceFaultException(
            $"events up to {last} in the database", $"the last one {next}", "where they would go");

        void Compare(in RawEvent raw)
        {
            var one = archived[(int)(++next - first)];
            if (raw.Sequence != next || raw.Id != one.Id || raw.Version != one.Version || raw.StreamKey != one.Stream
                || !Equals(raw.Data, one.Happened)) throw new PlaceFaultException(
                $"event {next} as the database has it: {raw.StreamKey} version {raw.Version}",
                $"{one.Stream} version {one.Version}: {one.Happened}", "in the archive");
        }
    }

    private static async Task CompareTilesAsync(
        FilePlace place, NpgsqlConnection connection, long last, CancellationToken cancellation)
    {
        foreach (var path in TilePath.Of(last).Where(path => path is { Level: <= 0, IsPartial: false }))
        {
            var stored = await LogTable.TileAsync(connection, path.Level, path.Index, cancellation)
                .ConfigureAwait(false);
            if (stored is not { } tile) continue;
            var name = LogFiles.Folder + path;
            var found = await place.ReadAsync(name, MostTileBytes, cancellation).ConfigureAwait(false);
            if (found is null || !path.BeginningOf(tile.Bytes).Span.SequenceEqual(found))
                throw new PlaceFaultException(
                    $"{path} as the database has it", found is null ? "none" : "other bytes", $"at {place.Name}{name}");
        }
    }

    // Frees the space of the removed rows for new ones. The indexer goes on meanwhile.
    private static async Task VacuumAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        string[] tables =
        [
            TableNames.Events, TableNames.Blocks, TableNames.LogTiles,
            .. ReadModels.All.Select(model => TableNames.HistoryOf(TableNames.ServingSchema, model.Table)),
        ];
        foreach (var table in tables)
        {
            await using var command = new NpgsqlCommand($"vacuum {table}", connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    // Counts the past rows to be removed. They follow from the events, which are compared one by one.
    private sealed class PastRows(ulong after, ulong to) : IArchivedRows
    {
        private readonly Dictionary<string, long> _counts = [];

        public void Take<TKey, TState>(ReadModel<TKey, TState> model, in StoredRow<TState> row, ulong? until)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class
        {
            if (until is { } block && block > after && block <= to)
                _counts[model.Table] = _counts.GetValueOrDefault(model.Table) + 1;
        }

        public Task FlushAsync(ReadModel model, bool isPast, CancellationToken cancellation) => Task.CompletedTask;

        internal async Task CompareAsync(NpgsqlConnection connection, CancellationToken cancellation)
        {
            foreach (var model in ReadModels.All)
            {
                await using var command = new NpgsqlCommand(
                    $"select count(*) from {TableNames.HistoryOf(TableNames.ServingSchema, model.Table)} where valid_to > $1 and valid_to <= $2",
                    connection)
                { CommandTimeout = 0 };
                command.Parameters.AddWithValue((long)after);
                command.Parameters.AddWithValue((long)to);
                var stored = (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
                if (stored != _counts.GetValueOrDefault(model.Table)) throw new PlaceFaultException(
                    $"{stored} past rows of {model.Table} from block {after} to {to}",
                    $"{_counts.GetValueOrDefault(model.Table)}", "in the archive");
            }
        }
    }
}
