// The host with the role indexer, on a real node and a real database.
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventSourced.Host.Tests;

[Collection(EconomyTests.Name)]
public class ServeTests(EconomyChain economies)
{
    [Fact]
    public async Task The_process_becomes_ready_answers_and_ends_with_0_when_it_is_told_to_stop()
    {
        await using var economy = await Economy.BesideAsync(economies.Chain);
        await using var host = HostProcess.Start(
            "serve", "--roles", "indexer", "--port", "0", "--database", economy.Database, "--rpc",
            economy.Chain.Endpoint.ToString(), "--deployment", economy.Chain.Deployment);
        var address = await host.Address;
        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(address.Host)));
        var ready = await Economy.ReadyAsync(address);
        var tip = await economy.Chain.Client.GetBlockNumberAsync(CancellationToken.None);
        using var http = new HttpClient { BaseAddress = address };
        Assert.Equal("alive\n", await http.GetStringAsync("healthz"));
        Assert.Empty(ready.GetProperty("reasons").EnumerateArray());
        using var status = JsonDocument.Parse(await http.GetStringAsync("status"));
        Assert.Equal("Live", status.RootElement.GetProperty("phase").GetString());
        Assert.Equal(tip, status.RootElement.GetProperty("chainHead").GetUInt64());
        var metrics = await http.GetStringAsync("metrics");
        Assert.Contains("\neventsourced_indexer_ready{} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\neventsourced_indexer_phase{phase=\"Live\"} 1\n", metrics, StringComparison.Ordinal);
        // Neither password nor address of the database: its figures have a name.
        Assert.Contains("db_client_connection_pool_name=\"indexer\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("Host=", metrics, StringComparison.Ordinal);
        await host.TellToStopAsync();
        Assert.Equal(0, await host.CodeAsync());
        Assert.Contains("host_stopped", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", host.Output, StringComparison.Ordinal);
        foreach (var line in host.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.NotNull(JsonNode.Parse(line)!["EventId"]!["Name"]);
    }

    [Fact]
    public async Task One_process_indexes_and_answers_and_knows_the_chains_head()
    {
        await using var economy = await Economy.BesideAsync(economies.Chain);
        await using var host = await economy.ServeAsync(("roles", "indexer,api"));
        var newest = await economy.Chain.Client.GetBlockNumberAsync(CancellationToken.None);
        await Economy.UntilAsync(host.Address, (code, report) => code == HttpStatusCode.OK
            && report.GetProperty("tip").GetProperty("number").GetUInt64() == newest
                && report.GetProperty("chainHead").GetUInt64() == newest);
        using var http = new HttpClient { BaseAddress = host.Address };
        using var content = new StringContent(
            """{"query":"{ _meta { block { number } chainHead lag } parameters { totalCount } }"}""",
            System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("graphql", content);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var data = json.RootElement.GetProperty("data");
        Assert.Equal(newest, data.GetProperty("_meta").GetProperty("block").GetProperty("number").GetUInt64());
        Assert.Equal(newest, data.GetProperty("_meta").GetProperty("chainHead").GetUInt64());
        Assert.True(data.GetProperty("parameters").GetProperty("totalCount").GetInt32() > 0);
    }

    [Fact]
    public async Task One_process_with_every_role_is_ready_for_readers_and_says_how_its_workers_are()
    {
        await using var economy = await Economy.BesideAsync(economies.Chain);
        await using var host = await economy.ServeAsync(("roles", "indexer,api,workers"));
        await Economy.ReadyAsync(host.Address);
        var report = await Economy.UntilAsync(
            host.Address, (_, found) => found.GetProperty("workers").GetProperty("ready").GetBoolean());
        Assert.Equal(1, report.GetProperty("workers").GetProperty("nodes").GetInt32());
        Assert.Empty(host.Workers!.Report.Reasons);
    }

    [Fact]
    public async Task Leadership_is_free_as_soon_as_the_host_has_stopped()
    {
        await using var economy = await Economy.IndexedAsync(economies.Chain);
        Assert.False(
            await economy.HasAsync("select exists (select from pg_locks where locktype = 'advisory' and database = "
            + "(select oid from pg_database where datname = current_database()))"));
    }

    [Fact]
    public async Task A_second_host_waits_and_takes_over_when_the_first_one_stops()
    {
        await using var economy = await Economy.BesideAsync(economies.Chain);
        var first = await economy.ServeAsync();
        await Economy.ReadyAsync(first.Address);
        await using var second = await economy.ServeAsync();
        var waiting = await Economy.UntilAsync(
            second.Address, (_, report) => report.GetProperty("phase").GetString() == "Waiting");
        Assert.Equal(
            "another indexer leads; this one waits to take over", waiting.GetProperty("reasons")[0].GetString());
        await first.DisposeAsync();
        await Economy.ReadyAsync(second.Address);
    }

    [Fact]
    public async Task A_node_of_another_chain_is_refused_at_the_start()
    {
        var deployment = JsonNode.Parse(await File.ReadAllTextAsync(economies.Chain.Deployment))!;
        deployment["chainId"] = 1;
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, deployment.ToJsonString());
        var (code, output) = await HostProcess.RunAsync(
            "serve", "--roles", "indexer", "--port", "0", "--database", "Host=127.0.0.1", "--rpc",
            economies.Chain.Endpoint.ToString(), "--deployment", file);
        File.Delete(file);
        Assert.Equal(2, code);
        Assert.Contains(
            $"es serve: rpc: expected chain 1, the deployment's, found chain 4827 at {economies.Chain.Endpoint.Authority}; where: flag --rpc",
            output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_settings_end_the_process_with_2()
    {
        var (code, output) = await HostProcess.RunAsync("serve", "--roles", "work");
        Assert.Equal(2, code);
        Assert.Contains("es serve: roles: expected indexer, api, commands, workers or keepers, found work; where: flag --roles",
            output, StringComparison.Ordinal);
        Assert.Equal(2, (await HostProcess.RunAsync("serve", "--cook")).Code);
    }

    [Fact]
    public async Task A_chain_that_changed_below_the_final_block_leaves_the_process_alive_and_red()
    {
        await using var economy = await Economy.IndexedAsync(economies.Chain);
        await economy.ExecuteAsync("update es_indexer set final_hash = sha256('another past'), final_number = 1");
        await using var host = await economy.ServeAsync();
        var report = await Economy.UntilAsync(
            host.Address, (_, found) => found.GetProperty("phase").GetString() == "Stopped");
        Assert.False(report.GetProperty("ready").GetBoolean());
        Assert.StartsWith(
            "stopped; an operator must look: expected the finalized block 1",
            report.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = host.Address };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("readyz")).StatusCode);
        Assert.Contains(
            "\neventsourced_indexer_ready{} 0\n", await http.GetStringAsync("metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Violations_on_record_are_a_reason_for_red()
    {
        await using var economy = await Economy.IndexedAsync(economies.Chain);
        await economy.ExecuteAsync("insert into model.violation values ('task-7', 'it', 'why', 1, 0, 0, 1, 1)");
        await using var host = await economy.ServeAsync();
        var report = await Economy.UntilAsync(
            host.Address, (_, found) => found.GetProperty("phase").GetString() == "Live");
        Assert.Contains("1 integrity violations on record",
            report.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()));
    }

    [Fact]
    public async Task Blocks_that_the_node_announces_by_websocket_are_indexed()
    {
        await using var chain = await World.WorldChain.FreshAsync(CancellationToken.None);
        await using var economy = await Economy.BesideAsync(chain);
        await using var host = await economy.ServeAsync(("websocket", $"ws://{chain.Endpoint.Authority}"));
        await Economy.ReadyAsync(host.Address);
        await chain.Anvil.MineAsync(CancellationToken.None);
        var newest = await chain.Client.GetBlockNumberAsync(CancellationToken.None);
        await Economy.UntilAsync(host.Address, (code, report) => code == HttpStatusCode.OK
            && report.GetProperty("tip").GetProperty("number").GetUInt64() == newest);
    }

    // Nothing is mined after the rollback: silence alone must tell, and what was orphaned is neither served nor waited
    // for.
    [Fact]
    public async Task A_host_that_listens_by_websocket_follows_a_chain_that_gets_shorter_and_is_ready_at_its_head()
    {
        await using var chain = await World.WorldChain.FreshAsync(CancellationToken.None, shared: true);
        await using var economy = await Economy.BesideAsync(chain);
        await using var host = await economy.ServeAsync(("websocket", $"ws://{chain.Endpoint.Authority}"));
        await chain.Anvil.MineAsync(6, CancellationToken.None);
        var newest = await chain.Client.GetBlockNumberAsync(CancellationToken.None);
        await Economy.UntilAsync(host.Address, (code, report) => code == HttpStatusCode.OK && IsAt(report, newest));
        await chain.Anvil.RollbackAsync(4, CancellationToken.None);
        await Economy.UntilAsync(host.Address, (code, report) => code == HttpStatusCode.OK && IsAt(report, newest - 4));

        static bool IsAt(JsonElement report, ulong block) =>
            report.GetProperty("tip").GetProperty("number").GetUInt64() == block
            && report.GetProperty("chainHead").GetUInt64() == block && report.GetProperty("lag").GetUInt64() == 0;
    }
}
