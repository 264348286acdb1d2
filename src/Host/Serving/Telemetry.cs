// OpenTelemetry, where an operator asks for it. Enters: OTEL_EXPORTER_OTLP_ENDPOINT. Leaves: traces of our own sources, the database driver, HTTP
// client and server, and the indexer's meter, by OTLP. Always holds: without the variable nothing listens and nothing is sent.
using EventSourced.Api.Serving;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EventSourced.Host.Serving;

/// <summary>Exports traces and metrics.</summary>
internal sealed class Telemetry : IDisposable
{
    /// <summary>The variable of the OpenTelemetry specification that turns it on.</summary>
    internal const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    private Telemetry()
    {
        var resource = ResourceBuilder.CreateDefault().AddService("eventsourced");
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .AddSource("EventSourced.*", "Npgsql", "System.Net.Http", "Microsoft.AspNetCore").AddOtlpExporter().Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter(IndexerMeter.Name, ApiMeter.Name, "Npgsql", "System.Runtime").AddOtlpExporter().Build();
    }

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    internal static Telemetry? Start(string? endpoint) => string.IsNullOrEmpty(endpoint) ? null : new Telemetry();
}
