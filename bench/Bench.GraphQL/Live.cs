// Subscriptions: 1,000 WebSockets with 20 different documents, each told of one of 20 tasks, while a writer commits 10
// batches a second in the indexer's form: events, rows with their history, the block, the progress and the notification
// in one transaction. Enters: a filled database and the API's address. Leaves: the time from before a commit until a
// client has the whole message, and the server's part of a core.
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using EventSourced.Domain.Events;
using EventSourced.Domain.People;
using EventSourced.Reporting;
using Npgsql;

namespace EventSourced.BenchGraphQL;

internal static class Live
{
    private const int Clients = 1_000;
    private const int Shapes = 20;
    private const int WarmBatches = 30;
    private const int Batches = 150;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(3);

    // The fields that documents add one after the other: no two are alike.
    private static readonly string[] Fields =
        ["status", "price", "client", "createdAt", "round", "bidCount", "maxPrice", "expiresAt", "mode", "domain",
            "agentBond"];

    public static async Task RunAsync(Report report, string database, Uri server, int process)
    {
        await using var source = NpgsqlDataSource.Create(database);
        var committed = new ConcurrentDictionary<long, long>();
        var took = new ConcurrentBag<double>();
        using var stop = new CancellationTokenSource();
        var ready = new CountdownEvent(Clients);
        var clients = Enumerable.Range(0, Clients).Select(
            number => ListenAsync(server, number % Shapes, ready, committed, took, stop.Token)).ToList();
        if (!await Task.Run(() => ready.Wait(TimeSpan.FromSeconds(60)))) throw new TimeoutException(
            $"expected {Clients} subscriptions, {ready.CurrentCount} are missing");

        // The first batches are for the subscriptions to settle: the protocol has no word for one that is there.
        await WriteAsync(source, committed, WarmBatches, isCounted: false);
        var cpu = Cpu.OfProcess(process);
        var started = Stopwatch.GetTimestamp();
        await WriteAsync(source, committed, Batches, isCounted: true);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var share = (Cpu.OfProcess(process) - cpu) / 1e6 / seconds;
        await Task.Delay(Late);
        await stop.CancelAsync();
        await Task.WhenAll(clients);

        // Batches that the feed reads in one step are told as one change: fewer messages than this when it is behind.
        var expected = (long)Batches * Clients;
        var (p50, p95) = (Report.Percentile(took, 0.5), Report.Percentile(took, 0.95));
        report.Row("(d) commit to client", $"{took.Count} of {expected} messages",
            (took.Count / seconds).ToString("n0", CultureInfo.InvariantCulture),
            p50.ToString("0.0", CultureInfo.InvariantCulture),
                $"p95 {p95.ToString("0.0", CultureInfo.InvariantCulture)}",
                (share * 1e6 * seconds / Math.Max(1, took.Count)).ToString("0", CultureInfo.InvariantCulture));
        report.Target("(d) commit to client, p50", p50, "ms", 20, Better.Lower);
        report.Target("(d) commit to client, p95", p95, "ms", 50, Better.Lower);
        report.Target("(d) server", 100 * share, "% of a core", 25, Better.Lower);
    }

    private static int TaskOf(int shape) => 1_000 + shape;

    private static string Document(int shape) => string.Create(CultureInfo.InvariantCulture,
        $"subscription {{ taskChanged(id: \"task-{TaskOf(shape)}\") {{ block {{ number }} kind task {{ id {string.Join(' ', Fields.Take(1 + (shape % Fields.Length)))} }} }} }}");

    private static async Task ListenAsync(
        Uri server, int shape, CountdownEvent ready, ConcurrentDictionary<long, long> committed,
        ConcurrentBag<double> took, CancellationToken stop)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        var buffer = new byte[8 * 1024];
        try
        {
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/graphql"), stop);
            await SendAsync(socket, """{"type":"connection_init"}""", stop);
            await socket.ReceiveAsync(buffer.AsMemory(), stop);
            await SendAsync(socket,
                $$$"""{"id":"1","type":"subscribe","payload":{"query":{{{JsonSerializer.Serialize(Document(shape))}}}}}""", stop);
            ready.Signal();
            while (!stop.IsCancellationRequested)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), stop);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                Take(buffer.AsSpan(0, length), committed, took);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private static void Take(
        ReadOnlySpan<byte> message, ConcurrentDictionary<long, long> committed, ConcurrentBag<double> took)
    {
        var now = Stopwatch.GetTimestamp();
        var at = message.IndexOf("\"number\":"u8);
        if (at < 0)
        {
            if (message.IndexOf("\"ping\""u8) >= 0) return;
            throw new InvalidOperationException(
                $"expected a change with its block, found {Encoding.UTF8.GetString(message)}");
        }

        if (Utf8Parser.TryParse(message[(at + 9)..], out long block, out _)
            && committed.TryGetValue(block, out var begun))
            took.Add(Stopwatch.GetElapsedTime(begun, now).TotalMilliseconds);
    }

    private static Task SendAsync(ClientWebSocket socket, string text, CancellationToken stop) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, stop);

    // Each batch is a block that moves all 20 tasks.
    private static async Task WriteAsync(
        NpgsqlDataSource source, ConcurrentDictionary<long, long> committed, int batches, bool isCounted)
    {
        await using var connection = await source.OpenConnectionAsync();
        var type = EventCatalog.Events.First(known => known.Record == typeof(TaskReviewSet)).Name;
        using var clock = new PeriodicTimer(Between);
        for (var batch = 0; batch < batches; batch++)
        {
            await clock.WaitForNextTickAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var write = new NpgsqlCommand(Batch(type), connection);
            var block = (long)(await write.ExecuteScalarAsync())!;
            if (isCounted) committed[block] = Stopwatch.GetTimestamp();
            await transaction.CommitAsync();
        }
    }

    private static string Batch(string type) => $$"""
        with tip as (select tip_number + 1 as number, last_sequence as sequence from es_indexer),
        moved as (select n, {{TaskOf(0)}} + n - 1 as task_id from generate_series(1, {{Shapes}}) n),
        past as (insert into model.task_history select t.*, tip.number from model.task t, tip where t.task_id in (select task_id from moved)),
        now as (update model.task t set review_end = tip.number, stream_version = t.stream_version + 1, valid_from = tip.number from tip where t.task_id in (select task_id from moved) returning t.task_id, t.stream_version),
        streams as (insert into mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
          select 'task-' || task_id, 'task', stream_version, now(), now(), '*DEFAULT*', false from now on conflict (id) do update set version = excluded.version),
        events as (insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived)
          select tip.sequence + m.n, (lpad(to_hex(tip.number), 12, '0') || lpad(to_hex(m.n), 20, '0'))::uuid, 'task-' || m.task_id, now.stream_version,
            jsonb_build_object('TaskId', m.task_id, 'Cause', 1, 'ReviewEnd', tip.number), '{{type}}', now(), '*DEFAULT*', null, false
          from tip, moved m join now on now.task_id = m.task_id),
        block as (insert into es_block select tip.number, decode(lpad(to_hex(tip.number), 64, '0'), 'hex'), extract(epoch from now())::bigint, tip.sequence + {{Shapes}} from tip),
        progress as (update es_indexer set tip_number = tip.number, tip_hash = decode(lpad(to_hex(tip.number), 64, '0'), 'hex'), tip_timestamp = extract(epoch from now())::bigint, last_sequence = tip.sequence + {{Shapes}} from tip)
        select number from tip, pg_notify('es_batch', tip.number || ' ' || tip.sequence + {{Shapes}})
        """;
}
