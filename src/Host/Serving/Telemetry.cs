// The measurements for an operator, by OpenTelemetry. Enters: the meters of this host's roles; those of .NET, ASP.NET
// Core, the HTTP client and the database driver. Leaves: /metrics in Prometheus' text format; where
// OTEL_EXPORTER_OTLP_ENDPOINT names a collector, metrics and traces by OTLP too. Always holds: each scrape reads the
// figures anew; without the variable nothing is traced and nothing is sent.
using System.Collections;
using System.Diagnostics.Metrics;
using EventSourced.Api.Serving;
using EventSourced.Host.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EventSourced.Host.Serving;

/// <summary>Wires OpenTelemetry.</summary>
internal static class Telemetry
{
    /// <summary>The service's name in every resource; stored in dashboards, never rename.</summary>
    internal const string ServiceName = "eventsourced";

    private const string Variables = "OTEL_";
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The meters of the roles, one for each role. Stored in dashboards, never rename.</summary>
    private static readonly string[] Roles = [IndexerMeter.Name, ApiMeter.Name, WorkersMeter.Name];

    /// <summary>Adds the measurements, and the exporter of /metrics, to a host whose roles have these meters.</summary>
    internal static void Add(WebApplicationBuilder builder, IReadOnlyList<Meter> meters)
    {
        // Only the specification's variables: the rest of the environment stays out.
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(pair => KeyValuePair.Create((string)pair.Key, (string?)pair.Value))
            .Where(pair => pair.Key.StartsWith(Variables, StringComparison.Ordinal));
        builder.Configuration.AddInMemoryCollection(variables);
        var isSent = !string.IsNullOrEmpty(builder.Configuration[Endpoint]);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(ServiceName))
            .WithMetrics(metrics => Measure(metrics, meters, isSent));
        if (isSent) telemetry.WithTracing(Trace);
    }

    private static void Measure(MeterProviderBuilder metrics, IReadOnlyList<Meter> meters, bool isSent)
    {
        metrics.AddMeter(Roles).AddMeter([.. WriteSide.Meters])
            .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation()
            .AddRuntimeInstrumentation().AddNpgsqlInstrumentation()
            // Another host in this process may have meters of the same names: its figures are not ours.
            .AddView(instrument => Roles.Contains(instrument.Meter.Name) && !meters.Contains(instrument.Meter)
                ? MetricStreamConfiguration.Drop
                : null)
            .AddPrometheusExporter(exporter =>
            {
                exporter.ScrapeResponseCacheDurationMilliseconds = 0;
                // The names already tell their owner.
                exporter.ScopeInfoEnabled = false;
            });
        if (isSent) metrics.AddOtlpExporter();
    }

    private static void Trace(TracerProviderBuilder traces) => traces
        .AddSource("EventSourced.*").AddSource(
            [.. WriteSide.Sources]).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddNpgsql()
        .AddOtlpExporter();
}
