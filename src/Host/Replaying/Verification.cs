// A replay, and the comparison of its results with the stored rows. Enters: a database, settings, a question. Leaves:
// lines for people and the first difference. Always holds: events, rows and root are compared as of one block; the
// scratch schema is dropped at the end.
using System.Diagnostics;
using System.Globalization;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Settings;
using EventSourced.Indexer;
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Prove;
using EventSourced.Projections;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Host.Replaying;

/// <summary>The answer of a replay.</summary>
/// <param name="Lines">The lines for people.</param>
/// <param name="Difference">The first difference; null: none was found.</param>
public sealed record ReplayAnswer(IReadOnlyList<string> Lines, Difference? Difference);

/// <summary>Replays and compares.</summary>
public sealed class Verification(NpgsqlDataSource source, HostSettings settings, ReplayQuestion question)
{
    private const string Scratch = "replay";

    // The key of the advisory lock that keeps a second replay out of the scratch schema.
    private const long ScratchLock = 0x65735f72_65706c61;

    // The database has none of the indexer's tables.
    private const string NoSuchTable = "42P01";

    private readonly List<string> _lines = [];
    private Horizon _horizon;

    /// <summary>Reports the progress: the events so far, all events, the block.</summary>
    public Action<long, long, ulong>? Progress { get; set; }

    /// <summary>Replays, compares on request, and cleans up.</summary>
    public async Task<ReplayAnswer> RunAsync(CancellationToken cancellation)
    {
        var progress = await ProgressAsync(cancellation).ConfigureAwait(false);
        var to = LastBlock(progress);
        _horizon = await HorizonAsync(cancellation).ConfigureAwait(false);
        if (question.Verify && to < _horizon.Block) throw new WrongQuestionException(
            $"to-block: expected a block from {_horizon.Block} on, for earlier rows were dropped from the database, found {to}; where: flag --to-block");
        var before = await StoredAsync(to, cancellation).ConfigureAwait(false);
        await using var alone = await AloneAsync(cancellation).ConfigureAwait(false);
        try
        {
            var clock = Stopwatch.StartNew();
            var replayed = await ReplayAsync(to, before.Events, cancellation).ConfigureAwait(false);
            var speed = replayed.Events / clock.Elapsed.TotalSeconds;
            Say($"replayed {replayed.Events:N0} events up to block {replayed.ToBlock} from {From}: {speed:N0} events/s, root {replayed.StateRoot}");
            if (!question.Verify) return new ReplayAnswer(_lines, null);
            var difference = await CompareAsync(replayed, before, progress, cancellation).ConfigureAwait(false);
            if (difference is not null && await StoredAsync(to, cancellation).ConfigureAwait(false) is var after
                && after.Hash != before.Hash)
                throw new IOException($"expected block {to} to stay while it was replayed, found a reorg; ask again, up to a final block");
            _lines.Add(
                difference is null ? "verified: what is stored is what the events make" : $"different: {difference}");
            return new ReplayAnswer(_lines, difference);
        }
        finally
        {
            // This runs after a cancellation too: the schema must not stay.
            await using var drop = source.CreateCommand($"drop schema if exists {Scratch} cascade");
            await drop.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private string From => question.Source == ReplaySource.Chain ? "chain" : "streams";

    private async Task<Difference?> CompareAsync(
        Replayed replayed, Stored before, Progress progress, CancellationToken cancellation)
    {
        var difference = replayed.Difference;
        if (difference is null && replayed.Events != before.Events)
            difference = new Difference(
                $"events up to block {replayed.ToBlock}", Count(replayed.Events), Count(before.Events));
        Say($"events: {before.Events:N0} stored, {(difference is null ? "equal" : "different")}");
        ReadModel[] models =
            [.. ReadModels.All.Where(model => question.Model is null || model.Table == question.Model)];
        var rows = await new RowComparison(
            source, Scratch, ReadModelSchema.Serving, replayed.ToBlock, _horizon.Block ?? 0)
            .FirstAsync(models, cancellation).ConfigureAwait(false);
        var verdict = rows is null ? "equal" : "different";
        Say($"rows: {models.Length} of {ReadModels.All.Count} tables, past rows too, as of block {replayed.ToBlock}, {verdict}");
        difference ??= rows;
        if (progress.Tip?.Number != replayed.ToBlock || progress.StateRoot is not { } root)
        {
            _lines.Add("root: not compared; it is stored at the tip alone");
            return difference;
        }

        Say($"root: {root}, {(root == replayed.StateRoot ? "equal" : "different")}");
        if (root != replayed.StateRoot)
            difference ??= new Difference(
                $"state root at block {replayed.ToBlock}", replayed.StateRoot.ToString(), root.ToString());
        return difference;
    }

    private async Task<Replayed> ReplayAsync(ulong to, long events, CancellationToken cancellation)
    {
        var store = EconomyStore.Open(source);
        var options = new ReplayOptions
        {
            Source = question.Source,
            ToBlock = to,
            Schema = Scratch,
            Archive = settings.Archive,
            Progress = (block, done) => Progress?.Invoke(done, events, block),
        };
        var replayer = new Replayer(source, store, options);
        if (question.Source == ReplaySource.Streams) return await replayer.FromStreamsAsync(cancellation)
            .ConfigureAwait(false);
        using var rpc = new HttpRpc(settings.Rpc, settings.RpcOptions);
        var client = new EthereumClient(rpc);
        var book = await BookAsync(client, cancellation).ConfigureAwait(false);
        var ingestion = settings.Ingestion with { Source = book };
        return await replayer.FromChainAsync(
            new Backfill(new RangeReader(client, ingestion), ingestion), book, cancellation)
            .ConfigureAwait(false);
    }

    private async Task<ContractBook> BookAsync(EthereumClient client, CancellationToken cancellation)
    {
        var book = await Genesis.ReadAsync(
            settings.Deployment!, client, settings.Ingestion, cancellation).ConfigureAwait(false);
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        var progress = await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
        return book.Identity == progress.Deployment
            ? book
            : throw new WrongQuestionException(
                $"deployment: expected {progress.Deployment}, the database's, found {book.Identity}; where: the deployment file");
    }

    private async Task<Progress> ProgressAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            var progress = await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
            var models = ReadModelSchema.FingerprintOf(ReadModels.All);
            if (question.Verify && progress.Models != models)
                throw new WrongQuestionException(
                    "expected read models of this program in the database, found others; where: {TableNames.Progress}; ./es serve rebuilds them");
            return progress;
        }
        catch (PostgresException fault) when (fault.SqlState == NoSuchTable)
        {
            throw new WrongQuestionException($"database: expected one that was indexed, found no table {TableNames.Progress}; where: {settings.DatabaseName}");
        }
    }

    private async Task<Horizon> HorizonAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        return await HorizonTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
    }

    // The lock ends with the connection.
    private async Task<NpgsqlConnection> AloneAsync(CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection);
        command.Parameters.AddWithValue(ScratchLock);
        if ((bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!) return connection;
        await connection.DisposeAsync().ConfigureAwait(false);
        throw new WrongQuestionException(
            $"expected one replay at a time, found another one under way; where: {settings.DatabaseName}");
    }

    private ulong LastBlock(Progress progress)
    {
        var tip = progress.Tip?.Number
            ?? throw new WrongQuestionException(
                "expected at least one indexed block, found none; where: {TableNames.Progress}");
        return question.ToBlock is not { } to
            ? tip
            : to <= tip
                ? to
                : throw new WrongQuestionException(
                    $"to-block: expected a block up to the tip {tip}, found {to}; where: flag --to-block");
    }

    private async Task<Stored> StoredAsync(ulong to, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            $"""
            select coalesce(encode(b.hash, 'hex'), ''), $2 + (select count(*) from {TableNames.Events} where seq_id > $2 and seq_id <= coalesce(b.last_sequence, 0))
              from (select 1) one left join lateral (select * from {TableNames.Blocks} where number <= $1 order by number desc limit 1) b on true
            """);
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue((long)to);
        command.Parameters.AddWithValue(_horizon.Sequence);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        return new Stored(reader.GetString(0), reader.GetInt64(1));
    }

    private static string Count(long events) => events.ToString("N0", CultureInfo.InvariantCulture);

    private void Say(FormattableString text) => _lines.Add(text.ToString(CultureInfo.InvariantCulture));

    private readonly record struct Stored(string Hash, long Events);
}

/// <summary>The question does not fit the database: expected, found, where.</summary>
public sealed class WrongQuestionException(string message) : Exception(message);
