// Subscriptions against a chain that goes on, and back: whoever listens, with or without a break, ends with what the
// database holds.
using System.Text.Json;
using EventSourced.Api.Live;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.Testing;
using EventSourced.World;

namespace EventSourced.Api.Tests;

/// <summary>A chain with every story, which the tests of this file roll back a little, one after the other.</summary>
public sealed class RestlessChain : IAsyncLifetime
{
    internal WorldChain Chain { get; private set; } = null!;

    public async Task InitializeAsync() => Chain = await EconomyChain.TellAsync(11, keepsPast: true);

    public async Task DisposeAsync() => await Chain.DisposeAsync();
}

public sealed partial class SubscriptionTests(RestlessChain told) : IClassFixture<RestlessChain>, IAsyncLifetime
{
    private const string Event = "kind cursor isFinal event { id position stream version type }";
    private const int Hidden = 900;

    private readonly WorldChain _chain = told.Chain;
    private IndexedDatabase _database = null!;
    private ServedApi _api = null!;
    private ChainWindow _window = null!;
    private HttpRpc _rpc = null!;
    private ChainIndexer _indexer = null!;
    private Task _running = Task.CompletedTask;
    private readonly CancellationTokenSource _stop = new();

    public async Task InitializeAsync()
    {
        _database = await IndexedDatabase.CreateAsync();
        var newest = await _chain.Client.GetBlockNumberAsync(CancellationToken.None);
        _window = new ChainWindow((long)newest - Hidden);
        _rpc = new HttpRpc([_chain.Endpoint], null, _window);
        _indexer = new ChainIndexer(
            Deployment.Load(_chain.Deployment), new EthereumClient(_rpc), _database.Source, IndexedDatabase.Options);
        _running = _indexer.RunAsync(_stop.Token);
        await UntilAsync(_window.Last);
        _api = await ServedApi.OverAsync(_database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await IndexedDatabase.EndAsync(_running);
        await _api.DisposeAsync();
        _rpc.Dispose();
        await _database.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Every_event_is_told_once_in_order_and_a_reorg_takes_back_what_it_cut()
    {
        var before = await _database.CountAsync("select last_sequence from es_indexer");
        await using var client = await LiveClient.SubscribeAsync(
            _api, $"subscription {{ eventAppended {{ {Event} }} }}");
        await SubscribedAsync(1);
        await GoOnAsync();
        var told = new List<(long Position, string Id)>();
        await FollowAsync(client, told);
        Assert.Equal(await EventsAsync(before), told);
        await ReorgAsync(20);
        var kinds = await FollowAsync(client, told);
        Assert.Contains("RETRACTED", kinds);
        Assert.Equal(await EventsAsync(before), told);
    }

    [Fact]
    public async Task Who_comes_back_with_a_cursor_missed_nothing_even_across_a_reorg()
    {
        var first = await EventsAsync(0);
        var told = new List<(long Position, string Id)>();
        string cursor;
        await using (var client = await LiveClient.SubscribeAsync(
            _api, $"subscription {{ eventAppended(from: \"0\") {{ {Event} }} }}"))
        {
            cursor = await TakeAsync(client, told, first.Count);
            Assert.Equal(first, told);
            await GoOnAsync();
            cursor = await TakeAsync(client, told, (await EventsAsync(0)).Count - first.Count);
        }

        await ReorgAsync(30);
        await using (var client = await LiveClient.SubscribeAsync(
            _api, $"subscription($from: String) {{ eventAppended(from: $from) {{ {Event} }} }}", new { from = cursor }))
        {
            // Only a part of what is taken back, then the line breaks again.
            cursor = await TakeAsync(client, told, 3);
        }

        await using (var client = await LiveClient.SubscribeAsync(
            _api, $"subscription($from: String) {{ eventAppended(from: $from) {{ {Event} }} }}", new { from = cursor }))
        {
            await FollowAsync(client, told);
        }

        Assert.Equal(await EventsAsync(0), told);
    }

    [Fact]
    public async Task A_cursor_of_another_database_is_refused()
    {
        await using var client = await LiveClient.SubscribeAsync(
            _api, $"subscription {{ eventAppended(from: \"5.1.{Guid.NewGuid():N}\") {{ {Event} }} }}");
        var message = await client.ReceiveAsync();
        Assert.Equal("error", message.GetProperty("type").GetString());
        Assert.Equal("UNKNOWN_CURSOR",
            message.GetProperty("payload")[0].GetProperty("extensions").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Only_the_types_and_streams_that_were_asked_for_are_told()
    {
        await using var client = await LiveClient.SubscribeAsync(
            _api, "subscription { eventAppended(from: \"0\", types: [\"task_created\"]) { event { type stream } } }");
        var created = await _database.CountAsync("select count(*) from mt_events where type = 'task_created'");
        string? stream = null;
        for (var i = 0; i < created; i++)
        {
            var told = (await client.NextAsync()).GetProperty("eventAppended").GetProperty("event");
            Assert.Equal("task_created", told.GetProperty("type").GetString());
            stream = told.GetProperty("stream").GetString();
        }

        await using var one = await LiveClient.SubscribeAsync(
            _api,
            "subscription($streams: [ID!]) { eventAppended(from: \"0\", streams: $streams) { event { stream version } } }", new { streams = new[] { stream } });
        var versions = await _database.CountAsync($"select version from mt_streams where id = '{stream}'");
        for (var version = 1; version <= versions; version++)
            Assert.Equal(version,
                (await one.NextAsync()).GetProperty(
                    "eventAppended").GetProperty("event").GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Changed_rows_are_told_as_they_are_to_everybody_who_asks_for_them()
    {
        const string query =
            """
            subscription($where: TaskFilter, $withAgent: Boolean!) {
              taskChanged(where: $where) { kind id block { number } row: task { id status maxPrice agent @include(if: $withAgent) { id } ...Bids } }
            }
            fragment Bids on Task { bids(first: 2, order: [{ price: ASC }]) { totalCount nodes { id } } }
            """;
        await using var all = await LiveClient.SubscribeAsync(_api, query, new { withAgent = true });
        await using var same = await LiveClient.SubscribeAsync(_api, query, new { withAgent = true });
        await using var some = await LiveClient.SubscribeAsync(
            _api, query, new { withAgent = false, where = new { status = new { @in = new[] { "FINALIZED" } } } });
        await SubscribedAsync(3);
        var moved = await MovedTasksAsync();
        var rows = new Dictionary<string, JsonElement>();
        await GoOnAsync();
        while (!await IsSameAsync(rows, moved))
        {
            var change = (await all.NextAsync()).GetProperty("taskChanged");
            var twin = (await same.NextAsync()).GetProperty("taskChanged");
            Assert.Equal(change.GetRawText(), twin.GetRawText());
            Assert.Equal(change.GetProperty("id").GetString(), change.GetProperty("row").GetProperty("id").GetString());
            rows[change.GetProperty("id").GetString()!] = change.GetProperty("row");
        }

        var finished = moved.Where(id => rows[id].GetProperty("status").GetString() == "FINALIZED").ToHashSet();
        while (finished.Count > 0)
        {
            var change = (await some.NextAsync()).GetProperty("taskChanged");
            Assert.Equal("FINALIZED", change.GetProperty("row").GetProperty("status").GetString());
            Assert.False(change.GetProperty("row").TryGetProperty("agent", out _));
            finished.Remove(change.GetProperty("id").GetString()!);
        }
    }

    [Fact]
    public async Task A_row_that_a_reorg_unmade_is_told_as_taken_back()
    {
        await GoOnAsync();
        await using var client = await LiveClient.SubscribeAsync(
            _api, "subscription { transferChanged { kind id transfer { amount } } }");
        await SubscribedAsync(1);
        var before = await IdsAsync();
        await ReorgAsync(60);
        var left = new HashSet<string>();
        var gone = before.Except(await IdsAsync()).ToHashSet();
        Assert.NotEmpty(gone);
        while (left.Count < gone.Count)
        {
            var change = (await client.NextAsync()).GetProperty("transferChanged");
            if (change.GetProperty("kind").GetString() != "RETRACTED"
                || !gone.Contains(change.GetProperty("id").GetString()!)) continue;
            Assert.Equal(JsonValueKind.Null, change.GetProperty("transfer").ValueKind);
            left.Add(change.GetProperty("id").GetString()!);
        }

        async Task<List<string>> IdsAsync()
        {
            var data = await _api.DataAsync("{ transfers(last: 500) { nodes { id } } }");
            return [.. data.GetProperty(
                "transfers").GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("id").GetString()!)];
        }
    }

    [Fact]
    public async Task Blocks_are_told_and_taken_back_and_final_ones_stay()
    {
        await using var client = await LiveClient.SubscribeAsync(
            _api, "subscription { blockIndexed { kind isFinal block { number hash timestamp } } }");
        await using var final = await LiveClient.SubscribeAsync(
            _api, "subscription { blockIndexed(finality: FINALIZED) { kind isFinal block { number } } }");
        await SubscribedAsync(2);
        await GoOnAsync();
        var told = new Stack<(long Number, string Hash)>();
        await FollowBlocksAsync(client, told);
        var height = told.Peek().Number;
        await ReorgAsync(10);
        await FollowBlocksAsync(client, told);
        Assert.True(told.Peek().Number <= height + 1);
        Assert.Equal(told.Select(block => block.Number).Order(), told.Reverse().Select(block => block.Number));
        var kept = (await final.NextAsync()).GetProperty("blockIndexed");
        Assert.Equal("APPENDED", kept.GetProperty("kind").GetString());
        Assert.True(kept.GetProperty("isFinal").GetBoolean());
    }

    // They share one document, and what is read for it.
    [Fact]
    public async Task Each_who_follows_one_row_is_told_of_that_row()
    {
        var busiest = await _api.DataAsync("{ accounts(first: 2, order: [{moves: DESC}]) { nodes { id moves } } }");
        var clients = new List<(LiveClient Client, string Id, long Moves)>();
        foreach (var account in busiest.GetProperty("accounts").GetProperty("nodes").EnumerateArray())
        {
            var id = account.GetProperty("id").GetString()!;
            var client = await LiveClient.SubscribeAsync(
                _api, "subscription($id: ID) { accountChanged(id: $id) { id account { id moves } } }", new { id });
            clients.Add((client, id, account.GetProperty("moves").GetInt64()));
        }

        await SubscribedAsync(2);
        await GoOnAsync();
        Assert.Equal(2, clients.Count);
        foreach (var (client, id, moves) in clients)
        {
            var change = (await client.NextAsync()).GetProperty("accountChanged");
            Assert.Equal(id, change.GetProperty("id").GetString());
            Assert.Equal(id, change.GetProperty("account").GetProperty("id").GetString());
            Assert.True(change.GetProperty("account").GetProperty("moves").GetInt64() > moves);
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_with_the_reason_and_others_go_on()
    {
        await using var api = await ServedApi.OverAsync(
            _database.ConnectionString, ("apiQueue", "4"), ("apiSubscriptions", "1000"));
        await using var slow = await LiveClient.SubscribeAsync(
            api, "subscription { eventAppended(from: \"0\") { event { id data } } }");
        // So much that no buffer of the system hides that nobody reads.
        for (var id = 2; id < 60; id++) await slow.SubscribeAsync(
            $"{id}", "subscription { eventAppended(from: \"0\") { event { id data } } }");
        await Eventually.TrueAsync(() => api.Api.ActiveSubscriptions > 0);
        await Eventually.TrueAsync(() => api.Api.ActiveSubscriptions == 0, () => api.Api.ActiveSubscriptions);
        var (code, reason) = await slow.CloseAsync();
        Assert.Equal(1013, code);
        Assert.Contains("QUEUE", reason, StringComparison.Ordinal);
        await using var quick = await LiveClient.SubscribeAsync(
            api, "subscription { eventAppended(from: \"0\") { event { position } } }");
        Assert.Equal(1,
            (await quick.NextAsync()).GetProperty(
                "eventAppended").GetProperty("event").GetProperty("position").GetInt64());
    }

    [Fact]
    public async Task More_subscriptions_than_the_process_serves_are_refused_by_name()
    {
        await using var api = await ServedApi.OverAsync(_database.ConnectionString, ("apiSubscriptionsInAll", "1"));
        await using var one = await LiveClient.SubscribeAsync(api, "subscription { blockIndexed { kind } }");
        await Eventually.TrueAsync(() => api.Api.ActiveSubscriptions > 0);
        await using var two = await LiveClient.SubscribeAsync(api, "subscription { blockIndexed { kind } }");
        var message = await two.ReceiveAsync();
        Assert.Equal("error", message.GetProperty("type").GetString());
        Assert.Equal(SubscriptionFields.LimitInAll,
            message.GetProperty("payload")[0].GetProperty("extensions").GetProperty("limit").GetString());
    }

    [Fact]
    public async Task Lost_connections_to_the_database_lose_nothing()
    {
        await using var client = await LiveClient.SubscribeAsync(
            _api, $"subscription {{ eventAppended {{ {Event} }} }}");
        await using var rows = await LiveClient.SubscribeAsync(
            _api, "subscription { transferChanged { transfer { id } } }");
        await SubscribedAsync(2);
        var before = await _database.CountAsync("select last_sequence from es_indexer");
        Assert.NotEqual(0, await CutConnectionsAsync());
        await GoOnAsync();
        var told = new List<(long Position, string Id)>();
        await FollowAsync(client, told);
        Assert.Equal(await EventsAsync(before), told);
        Assert.StartsWith("transfer-",
            (await rows.NextAsync()).GetProperty(
                "transferChanged").GetProperty("transfer").GetProperty("id").GetString(), StringComparison.Ordinal);
    }

    // A server that started again answered every question on a connection of the pool with an internal error once;
    // three attempts were not enough where the pool still held more lost connections than that.
    // Whoever notices a cut first empties the pool, the feed's listener too: that may be after the eight were answered.
    [Fact]
    public async Task A_question_on_a_connection_that_the_server_closed_is_asked_again()
    {
        for (var round = 0; round < 30; round++)
        {
            do await Task.WhenAll(
                Enumerable.Range(0, 8).Select(_ => _api.DataAsync("{ agents(first: 5) { nodes { id } } }")));
            while (await CutConnectionsAsync() == 0);
            Assert.NotEmpty((await _api.DataAsync("{ agents(first: 5) { nodes { id } } }")).GetProperty(
                "agents").GetProperty("nodes").EnumerateArray());
        }
    }

    // Of this database's: other tests ask others.
    private Task<long> CutConnectionsAsync() => _database.CountAsync(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and application_name = 'eventsourced-api'");

    private Task SubscribedAsync(int count) =>
        Eventually.TrueAsync(() => _api.Api.FollowingSubscriptions >= count, () => _api.Api.FollowingSubscriptions);

    // The hidden end of the chain comes to light.
    private async Task GoOnAsync()
    {
        _window.Last = (long)await _chain.Client.GetBlockNumberAsync(CancellationToken.None);
        await UntilAsync(_window.Last);
    }

    // Rolls back the newest blocks, as many as hold so many events: an earlier test may have left empty blocks at the
    // end.
    private async Task ReorgAsync(int events)
    {
        var ancestor = await _database.CountAsync(
            $"select max(number) from es_block where last_sequence <= (select last_sequence from es_indexer) - {events}");
        await _chain.Anvil.RollbackAsync((ulong)(_window.Last - ancestor), CancellationToken.None);
        await _chain.Anvil.MineAsync(2, CancellationToken.None);
        _window.Last = (long)await _chain.Client.GetBlockNumberAsync(CancellationToken.None);
        await IndexedDatabase.UntilTipAsync(_indexer, _running, _chain);
    }

    private Task UntilAsync(long number) =>
        Eventually.TrueAsync(() => _indexer.Status.Tip?.Number == (ulong)number, () => _indexer.Status, _running);

    private async Task<List<(long Position, string Id)>> EventsAsync(long after)
    {
        await using var command = _database.Source.CreateCommand(
            $"select seq_id, id from mt_events where seq_id > {after} order by seq_id");
        await using var reader = await command.ExecuteReaderAsync();
        var events = new List<(long, string)>();
        while (await reader.ReadAsync()) events.Add((reader.GetInt64(0), reader.GetGuid(1).ToString()));
        return events;
    }

    // Applies what is told until it is what the database holds.
    private async Task<HashSet<string>> FollowAsync(LiveClient client, List<(long Position, string Id)> told)
    {
        var kinds = new HashSet<string>();
        var last = await _database.CountAsync("select last_sequence from es_indexer");
        var id = last == 0 ? "" : (await EventsAsync(last - 1))[0].Id;
        while (told.Count == 0 || told[^1] != (last, id)) kinds.Add(Apply(await client.NextAsync(), told).Kind);
        return kinds;
    }

    private static async Task<string> TakeAsync(LiveClient client, List<(long Position, string Id)> told, int count)
    {
        var cursor = "0";
        for (var i = 0; i < count; i++) cursor = Apply(await client.NextAsync(), told).Cursor;
        return cursor;
    }

    private static (string Kind, string Cursor) Apply(JsonElement data, List<(long Position, string Id)> told)
    {
        var change = data.GetProperty("eventAppended");
        var one = (change.GetProperty("event").GetProperty("position").GetInt64(),
            change.GetProperty("event").GetProperty("id").GetString()!);
        var kind = change.GetProperty("kind").GetString()!;
        if (kind == "APPENDED")
        {
            told.Add(one);
        }
        else
        {
            // What is taken back is what was told last.
            Assert.Equal(told[^1], one);
            told.RemoveAt(told.Count - 1);
        }

        return (kind, change.GetProperty("cursor").GetString()!);
    }

    private async Task FollowBlocksAsync(LiveClient client, Stack<(long Number, string Hash)> told)
    {
        var tip = (await _database.ProgressAsync()).Tip!.Value;
        while (told.Count == 0 || told.Peek() != ((long)tip.Number, tip.Hash.ToString()))
        {
            var change = (await client.NextAsync()).GetProperty("blockIndexed");
            var block = (change.GetProperty("block").GetProperty("number").GetInt64(),
                change.GetProperty("block").GetProperty("hash").GetString()!);
            if (change.GetProperty("kind").GetString() == "APPENDED") told.Push(block);
            else if (told.Count > 0) Assert.Equal(block, told.Pop());
        }
    }

    private async Task<List<string>> MovedTasksAsync()
    {
        // Of the hidden end: a second database has it already.
        await using var whole = await IndexedDatabase.OfAsync(_chain);
        await using var command = whole.Source.CreateCommand(
            $"select distinct 'task-' || task_id from model.task where valid_from > {_window.Last} order by 1");
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<string>();
        while (await reader.ReadAsync()) ids.Add(reader.GetString(0));
        Assert.NotEmpty(ids);
        return ids;
    }

    private async Task<bool> IsSameAsync(Dictionary<string, JsonElement> rows, List<string> ids)
    {
        if (!ids.TrueForAll(rows.ContainsKey)) return false;
        var data = await _api.DataAsync(
            """
            query($ids: [ID!]!) { nodes(ids: $ids) { ... on Task { id status maxPrice agent { id } bids(first: 2, order: [{ price: ASC }]) { totalCount nodes { id } } } } }
            """,
            new { ids });
        return data.GetProperty("nodes").EnumerateArray().All(
            node => rows[node.GetProperty("id").GetString()!].GetRawText() == node.GetRawText());
    }
}
