// What an operator measures: /metrics as Prometheus reads it, and OTLP where a collector is named.
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourced.Host.Tests;

[Collection(EconomyTests.Name)]
public partial class TelemetryTests(EconomyChain economies)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    // What dashboards and docs/operations ask for by name.
    private static readonly string[] Named =
    [
        "eventsourced_indexer_ready", "eventsourced_indexer_tip", "eventsourced_indexer_finalized",
        "eventsourced_indexer_chain_head", "eventsourced_indexer_lag", "eventsourced_indexer_last_sequence",
        "eventsourced_indexer_violations", "eventsourced_indexer_cached_things",
        "eventsourced_indexer_events_total", "eventsourced_indexer_batches_total", "eventsourced_indexer_reorgs_total",
        "eventsourced_indexer_last_write_seconds", "eventsourced_indexer_rebuilt", "eventsourced_indexer_phase",
        "eventsourced_api_requests_total", "eventsourced_api_failed_total", "eventsourced_api_refused_total",
        "eventsourced_api_limited_total", "eventsourced_api_duration_seconds_total", "eventsourced_api_slowest_seconds",
        "eventsourced_api_running", "eventsourced_api_subscriptions", "dotnet_process_memory_working_set_bytes",
        "dotnet_process_cpu_time_seconds_total", "http_server_request_duration_seconds",
        "http_client_request_duration_seconds",
    ];

    [Fact]
    public async Task Every_named_family_is_there_once_with_help_and_type_before_its_samples()
    {
        await using var economy = await Economy.BesideAsync(economies.Chain);
        await using var host = await economy.ServeAsync(("roles", "indexer,api"));
        await Economy.ReadyAsync(host.Address);
        using var http = new HttpClient { BaseAddress = host.Address };
        using var answer = await http.GetAsync("metrics");
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        var families = new List<string>();
        var metrics = await answer.Content.ReadAsStringAsync();
        foreach (var line in metrics.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Type().Match(line) is { Success: true } type) families.Add(type.Groups[1].Value);
            if (line.StartsWith('#')) continue;
            var sample = Sample().Match(line);
            Assert.True(sample.Success, $"expected a sample, found {line}");
            Assert.StartsWith(families[^1], sample.Groups[1].Value, StringComparison.Ordinal);
        }

        Assert.Equal(families.Distinct(), families);
        Assert.Empty(Named.Except(families));
    }

    [Fact]
    public async Task Each_scrape_reads_the_figures_anew_and_those_of_another_host_are_not_shown()
    {
        await using var economy = await Economy.BesideAsync(economies.Chain);
        await using var other = await Economy.BesideAsync(economies.Chain);
        await using var api = await economy.ServeAsync(("roles", "api"));
        await using var beside = await other.ServeAsync(("roles", "indexer,api"));
        await Economy.ReadyAsync(beside.Address);
        using var http = new HttpClient { BaseAddress = api.Address };
        Assert.Equal("0", await ValueAsync(http, "eventsourced_api_requests_total"));
        using var content = new StringContent(
            """{"query":"{ __typename }"}""", System.Text.Encoding.UTF8, "application/json");
        for (var asked = 1; asked <= 2; asked++)
        {
            await http.PostAsync("graphql", content);
            Assert.Equal(asked.ToString(CultureInfo.InvariantCulture),
                await ValueAsync(http, "eventsourced_api_requests_total"));
        }

        Assert.DoesNotContain("eventsourced_indexer", await http.GetStringAsync("metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_the_environment_names_gets_metrics_and_traces()
    {
        var posted = new ConcurrentDictionary<string, int>();
        await using var collector = await CollectAsync(posted);
        await using var economy = await Economy.BesideAsync(economies.Chain);
        var variables = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        await using var host = HostProcess.Start(
            variables, "serve", "--roles", "indexer", "--port", "0", "--database", economy.Database,
            "--rpc", economy.Chain.Endpoint.ToString(), "--deployment", economy.Chain.Deployment);
        await Economy.ReadyAsync(await host.Address);
        using var limit = new CancellationTokenSource(Limit);
        while (
            !posted.ContainsKey("/v1/metrics") || !posted.ContainsKey("/v1/traces")) await Task.Delay(50, limit.Token);
    }

    private static async Task<WebApplication> CollectAsync(ConcurrentDictionary<string, int> posted)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var collector = builder.Build();
        collector.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            posted.AddOrUpdate(context.Request.Path, 1, (_, count) => count + 1);
            context.Response.StatusCode = StatusCodes.Status200OK;
        });
        await collector.StartAsync();
        return collector;
    }

    private static async Task<string> ValueAsync(HttpClient http, string name) =>
        (await http.GetStringAsync("metrics")).Split('\n').Select(line => Sample().Match(line))
            .Single(sample => sample.Groups[1].Value == name).Groups[3].Value;

    [GeneratedRegex("^# TYPE ([a-z0-9_]+) (counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex("^([a-z0-9_]+)({.*})? ([^ ]+)$")]
    private static partial Regex Sample();
}
