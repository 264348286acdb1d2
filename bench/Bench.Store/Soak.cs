// The soak: sessions, grouped commands, bulk appends and two subscriptions at work while a random backend is killed
// every
// two seconds. Every writer numbers its events; a writer that was told nothing looks before it writes again. At the end
// each stream must hold its numbers from 0 on without a hole, a double or a swap, and the subscriptions must agree.
using System.Diagnostics;
using System.Globalization;
using EventSourced.EventStore;
using EventSourced.Reporting;
using Npgsql;

namespace EventSourced.Bench.Store;

internal sealed class Soak(NpgsqlDataSource source, int seconds) : IDisposable
{
    private const string Schema = "bench_soak";
    private const int Writers = 4;
    private const int StreamsPerWriter = 50;
    private const int BulkEvents = 200;
    private static readonly TimeSpan KillInterval = TimeSpan.FromSeconds(2);

    private readonly long _ends = Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);
    private readonly CancellationTokenSource _done = new();
    private long _faults;
    private long _kills;

    internal async Task<int> RunAsync()
    {
        var report = new Report("store-soak").Columns("", "count");
        await using var store = Make();
        await using (var drop = source.CreateCommand($"drop schema if exists {Schema} cascade")) await drop
            .ExecuteNonQueryAsync();
        await store.MigrateAsync();
        await using (var create = source.CreateCommand($"create table {Schema}.copied (seq_id bigint primary key)")) await create.ExecuteNonQueryAsync();

        await using var customers = store.Advanced.RunProjection<Customer>(Quick);
        await using var copier = store.Subscribe("copier", CopyAsync, Quick);
        var killer = KillAsync();
        var sessions = Enumerable.Range(0, Writers).Select(
            writer => LoopAsync($"session{writer}", (stream, number) => SessionAsync(store, stream, number)));
        var commands = Enumerable.Range(0, Writers).Select(
            writer => LoopAsync($"command{writer}", (stream, number) => CommandAsync(store, stream, number)));
        var written = await Task.WhenAll(sessions.Concat(commands).Append(BulkLoopAsync(store)));
        await _done.CancelAsync();
        await killer;
        await customers.CatchUpAsync();
        await copier.CatchUpAsync();
        return await PrintAsync(report, store, written.SelectMany(streams => streams).ToDictionary());
    }

    public void Dispose() => _done.Dispose();

    private EventStore.Store Make() => EventStore.Store.For(options =>
    {
        options.DataSource = source;
        options.DatabaseSchemaName = Schema;
        options.StaleSequenceThreshold = TimeSpan.Zero;
        Ledger.AddTo(options.Events);
        options.Projections.Snapshot<Account, LedgerEvent>(
            SnapshotLifecycle.Inline, Soaked, LedgerJson.Default.Account);
        options.Projections.MultiStream<Customer, AmountMoved>(
            moved => Customer.Keys[moved.Customer], Customer.Evolve, LedgerJson.Default.Customer);
    });

    // Here an account begins with its first move.
    private static Account Soaked(Account? account, LedgerEvent next) =>
        Account.Evolve(account ?? new Account(0, 0, 0, 0, default), next);

    private static void Quick(SubscriptionOptions options) =>
        options.PollInterval = options.Backoff = TimeSpan.FromMilliseconds(20);

    private static AmountMoved Move(string stream, long number) =>
        new(number, (int)((uint)string.GetHashCode(stream, StringComparison.Ordinal) % Ledger.Customers), default,
            default, default, 1, 0, number);

    private async Task<Dictionary<string, long>> LoopAsync(string writer, Func<string, long, Task<bool>> write)
    {
        var counts = Enumerable.Range(0, StreamsPerWriter).ToDictionary(stream => $"{writer}-{stream}", _ => 0L);
        for (var turn = 0; Stopwatch.GetTimestamp() < _ends; turn++)
        {
            var stream = $"{writer}-{turn % StreamsPerWriter}";
            await UntilKnownAsync(() => write(stream, counts[stream]));
            counts[stream]++;
        }

        return counts;
    }

    private async Task<Dictionary<string, long>> BulkLoopAsync(EventStore.Store store)
    {
        var counts = new Dictionary<string, long>();
        for (var turn = 0; Stopwatch.GetTimestamp() < _ends; turn++)
        {
            var stream = $"bulk-{turn}";
            await UntilKnownAsync(() => BulkAsync(store, stream));
            counts[stream] = BulkEvents;
            await Task.Delay(50);
        }

        return counts;
    }

    // A transient fault leaves open whether the write happened: it is tried again, and each try looks first.
    private async Task UntilKnownAsync(Func<Task<bool>> write)
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            try
            {
                if (await write()) return;
            }
            catch (NpgsqlException fault) when (fault.IsTransient)
            {
                Interlocked.Increment(ref _faults);
                await Task.Delay(10);
            }
        }

        throw new InvalidOperationException("expected a write to be known within 1,000 attempts");
    }

    private static async Task<bool> SessionAsync(EventStore.Store store, string stream, long number)
    {
        await using var session = store.LightweightSession();
        if ((await session.Events.FetchStreamAsync(stream, fromVersion: number + 1)).Count > 0) return true;
        session.Events.Append(stream, ExpectedVersion.Of(number), Move(stream, number));
        await session.SaveChangesAsync();
        return true;
    }

    private static async Task<bool> CommandAsync(EventStore.Store store, string stream, long number)
    {
        await store.WriteToAggregateAsync<Account>(stream, account =>
        {
            if ((account.Aggregate?.Moves ?? 0) == number) account.AppendOne(Move(stream, number));
        });
        return true;
    }

    private async Task<bool> BulkAsync(EventStore.Store store, string stream)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if ((await store.LightweightSession(transaction).Events.FetchStreamStateAsync(stream)) is not null) return true;
        using var bulk = store.Advanced.BulkAppend(transaction);
        var started = BulkAppend.StartStream(stream);
        for (var number = 0L; number < BulkEvents; number++)
            bulk.Append(started, Move(stream, number), Guid.NewGuid(), DateTimeOffset.UtcNow);
        await bulk.FlushAsync();
        await transaction.CommitAsync();
        return true;
    }

    private static async Task CopyAsync(EventPage page, CancellationToken token)
    {
        await using var insert = new NpgsqlCommand(
            $"insert into {Schema}.copied select * from unnest($1::bigint[])", page.Transaction.Connection);
        insert.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. page.Events.Select(e => e.Sequence)] });
        await insert.ExecuteNonQueryAsync(token);
    }

    private async Task KillAsync()
    {
        while (!_done.IsCancellationRequested)
        {
            await Task.Delay(KillInterval, _done.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            await using var connection = new NpgsqlConnection(source.ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(
                """
                select count(pg_terminate_backend(pid)) from (select pid from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
                 order by random() limit 1) as chosen
                """,
                connection);
            _kills += (long)(await command.ExecuteScalarAsync())!;
        }
    }

    private async Task<int> PrintAsync(Report report, EventStore.Store store, Dictionary<string, long> acknowledged)
    {
        var (lost, doubled, reordered, events) = (0L, 0L, 0L, 0L);
        var found = new Dictionary<string, long>();
        await store.Advanced.ScanAsync(new ScanOptions(), (in RawEvent raw) =>
        {
            events++;
            var next = found.GetValueOrDefault(raw.StreamKey);
            var number = ((AmountMoved)raw.Data).Block;
            if (number < next) doubled++;
            else if (number > next || raw.Version != next + 1) reordered++;
            found[raw.StreamKey] = Math.Max(next, number + 1);
        });
        foreach (var (stream, count) in acknowledged) lost += Math.Max(0, count - found.GetValueOrDefault(stream));
        var missed = await ScalarAsync($"select count(*) from {Schema}.mt_events e full join {Schema}.copied c using (seq_id) where e.id is null or c.seq_id is null");
        var projected = await ScalarAsync(
            $"select sum((data ->> 'Moves')::bigint)::bigint from {Schema}.es_snapshots where type = 'customer'");
        var snapshots = await ScalarAsync($"""
            select count(*) from {Schema}.es_snapshots n join {Schema}.mt_streams s on s.id = n.id
             where n.type = 'account' and (n.version <> s.version or (n.data ->> 'Moves')::bigint <> s.version)
            """);
        (string, long)[] rows =
        [
            ("seconds", seconds), ("backends killed", _kills), ("faults that writers saw", _faults), (
                "events acknowledged", acknowledged.Values.Sum()),
            ("events stored", events), ("lost", lost), ("doubled", doubled), ("reordered", reordered), (
                "missed or doubled by a subscription", missed),
            ("inline snapshots that are wrong", snapshots), ("folded by the asynchronous projection", projected),
        ];
        foreach (var (name, count) in rows) report.Row(name, count.ToString("N0", CultureInfo.InvariantCulture));
        report.Target("events lost, doubled or reordered", lost + doubled + reordered, "", 0, Better.Lower);
        report.Target("events that a subscription missed or saw twice", missed + Math.Abs(projected - events), "", 0,
            Better.Lower);
        report.Target("inline snapshots that are wrong", snapshots, "", 0, Better.Lower);
        report.Target(
            "events acknowledged and not stored", Math.Max(0, acknowledged.Values.Sum() - events), "", 0, Better.Lower);
        return report.Print();
    }

    private async Task<long> ScalarAsync(string statement)
    {
        await using var command = source.CreateCommand(statement);
        return await command.ExecuteScalarAsync() is long number ? number : 0;
    }
}
