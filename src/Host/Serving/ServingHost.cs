// One process with its roles, and its answers over HTTP. Enters: checked settings. Leaves: /healthz, /readyz, /status,
// /metrics; with the role api also /graphql and its pages. Always holds: it listens before it indexes; stopping ends
// the answers first, then releases leadership.
using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventSourced.Api;
using EventSourced.Api.Cards;
using EventSourced.Api.Commands;
using EventSourced.Api.Serving;
using EventSourced.Api.Streams;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourced.Host.Serving;

/// <summary>A running host.</summary>
public sealed class ServingHost : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly string[] Compressed = ["application/graphql-response+json", "application/json", "text/html",
        "text/javascript", "text/css"];

    private readonly WebApplication _web;
    private readonly HttpRpc? _rpc;
    private readonly ILogger _log;

    private ServingHost(HostSettings settings, ILoggerFactory logs)
    {
        _log = logs.CreateLogger("EventSourced.Host");
        Indexer = settings.IsIndexer ? new IndexerRole(settings, _log) : null;
        Content = settings.Content is null ? null : new ContentPart(settings, _log);
        Policies = settings.Commands?.Policies is { } policies ? new PolicyPart(policies, Content!) : null;
        Workers = settings.IsWorker ? new WorkersRole(settings, Content, _log) : null;
        _rpc = settings.Rpc.Count > 0 && (settings.Api ?? (object?)settings.Commands) is not null
            ? new HttpRpc(settings.Rpc, settings.RpcOptions) : null;
        if (settings.Commands is { } commands)
        {
            var options = commands.Over(
                settings.Deployment!, _rpc!, settings.Api is null ? null : (query, variables, stop) =>
                    Api!.QueryAsync(query, variables, stop),
                fault => _log.ApiFault(fault, fault.Message));
            Commands = CommandApi.Start(settings.Database, options with { Policies = Policies?.Commands });
        }

        if (settings.Api is { } api)
        {
            Api = ReadApi.Start(settings.Database, api with
            {
                Indexer = () => Indexer?.View,
                Transactions = new Transactions(_rpc is null ? null : new EthereumClient(_rpc)),
                Commands = Commands,
                Cards = new CardReader(Content is { } content ? content.Store.OpenAsync : null),
                OnFault = fault => _log.ApiFault(fault, fault.Message),
            });
        }

        _web = Web(settings, logs);
    }

    /// <summary>The role indexer, where this process has it.</summary>
    public IndexerRole? Indexer { get; }

    /// <summary>The role api, where this process has it.</summary>
    public ReadApi? Api { get; }

    /// <summary>The role commands, where this process has it.</summary>
    public CommandApi? Commands { get; }

    /// <summary>The content, where this process keeps any.</summary>
    public ContentPart? Content { get; }

    /// <summary>The policies, where this process asks any.</summary>
    public PolicyPart? Policies { get; }

    /// <summary>The role workers, where this process has it.</summary>
    public WorkersRole? Workers { get; }

    /// <summary>The address on which the host listens.</summary>
    public Uri Address => new(_web.Urls.First());

    /// <summary>Starts to listen and to run the roles.</summary>
    public static async Task<ServingHost> StartAsync(
        HostSettings settings, ILoggerFactory logs, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var host = new ServingHost(settings, logs);
        try
        {
            await host._web.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        host._log.HostStarted(host.Address.ToString(), string.Join(',', settings.Roles));
        host.Indexer?.Start(settings);
        host.Content?.Start();
        host.Workers?.Start(host._web.Services);
        return host;
    }

    /// <summary>Stops the roles and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Api is not null) await Api.DisposeAsync().ConfigureAwait(false);
        if (Commands is not null) await Commands.DisposeAsync().ConfigureAwait(false);
        if (Indexer is not null) await Indexer.DisposeAsync().ConfigureAwait(false);
        if (Workers is not null) await Workers.DisposeAsync().ConfigureAwait(false);
        Policies?.Dispose();
        if (Content is not null) await Content.DisposeAsync().ConfigureAwait(false);
        await _web.DisposeAsync().ConfigureAwait(false);
        _rpc?.Dispose();
    }

    private WebApplication Web(HostSettings settings, ILoggerFactory logs)
    {
        // Empty on purpose: only our own files and variables and those of OpenTelemetry configure this process.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(settings.Listen);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(logs);
        Telemetry.Add(
            builder, [.. new[] { Indexer?.Meter.Meter, Api?.Meter.Meter, Workers?.Meter.Meter }.OfType<Meter>()]);
        Workers?.AddTo(builder.Services);
        Commands?.AddServices(builder.Services);
        builder.Services.AddResponseCompression(compression => compression.MimeTypes = Compressed);
        builder.Services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        builder.Services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        var web = builder.Build();
        if (Api is not null)
        {
            Api.UseCors(web);
            web.UseResponseCompression();
            web.UseWebSockets();
            Api.MapRoutes(web);
        }

        Content?.Api?.MapRoutes(web);
        Commands?.MapRoutes(web);
        web.MapGet("/healthz", () => Results.Text("alive\n"));
        web.MapGet("/readyz", (CancellationToken cancellation) => ReportAsync(isGate: true, cancellation));
        web.MapGet("/status", (CancellationToken cancellation) => ReportAsync(isGate: false, cancellation));
        web.MapPrometheusScrapingEndpoint("/metrics");
        return web;
    }

    private async Task<IResult> ReportAsync(bool isGate, CancellationToken cancellation)
    {
        var health = Api is null ? [] : await Api.Health.ReasonsAsync(cancellation).ConfigureAwait(false);
        if (Commands is not null) health = [.. health, .. Commands.Reasons];
        var workers = Workers?.Report;
        object report;
        bool isReady;
        if (Indexer is { } role)
        {
            var indexer = IndexerReport.Of(role.Indexer.Status, role.Head);
            indexer = indexer with
            {
                Ready = indexer.Ready && health.Count == 0,
                Reasons = [.. indexer.Reasons, .. health],
                Workers = workers,
                LogKeys = role.LogKeys,
            };
            (report, isReady) = (indexer, indexer.Ready);
        }
        else
        {
            // Workers are a reason for red only in a process without other roles: readers do not wait for them.
            var reasons = Api is null && Commands is null && workers is not null ? workers.Reasons : health;
            (report, isReady) = (new RolesReport(reasons.Count == 0, reasons, workers), reasons.Count == 0);
        }

        // Serialised as an object, so that the members of the actual type are written and not those of the declared
        // one.
        return Results.Json(
            report, Json,
            statusCode: isGate && !isReady ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    // The report of a process that does not index.
    private sealed record RolesReport(
        bool Ready, IReadOnlyList<string> Reasons,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] WorkersReport? Workers);
}
