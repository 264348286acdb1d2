// The API's figures as a meter. Enters: each request, counted by its outcome. Leaves: observable instruments that
// Prometheus or OTLP reads.
using System.Diagnostics;
using System.Diagnostics.Metrics;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Transport;
using Microsoft.AspNetCore.Http;

namespace EventSourced.Api.Serving;

/// <summary>The meter "EventSourced.Api".</summary>
public sealed class ApiMeter : IDisposable
{
    /// <summary>The meter's name; stored in dashboards, never rename.</summary>
    public const string Name = "EventSourced.Api";

    private const string Prefix = "eventsourced.api.";
    private long _requests;
    private long _failed;
    private long _refused;
    private long _limited;
    private long _microseconds;
    private long _slowest;
    private long _running;

    internal ApiMeter(Func<int> subscriptions)
    {
        Meter = new Meter(Name);
        Counter(
            "requests", () => Volatile.Read(ref _requests), "{request}",
            "GraphQL requests that were answered, WebSockets as one each");
        Counter("failed", () => Volatile.Read(ref _failed), "{request}", "answers with a status of 500 or above");
        Counter("refused", () => Volatile.Read(ref _refused), "{request}", "answers with a status of 400 to 499");
        Counter("limited", () => Volatile.Read(ref _limited), "{request}", "requests that a named limit refused");
        Meter.CreateObservableCounter(
            Prefix + "duration", () => Volatile.Read(ref _microseconds) / 1e6, "s",
            "time spent on requests, WebSockets and event streams aside");
        Meter.CreateObservableGauge(
            Prefix + "slowest", () => Interlocked.Exchange(ref _slowest, 0) / 1e6, "s",
            "the slowest request since this was last read");
        Meter.CreateObservableGauge(
            Prefix + "running", () => Volatile.Read(ref _running), "{request}", "requests and connections right now");
        Meter.CreateObservableGauge(
            Prefix + "subscriptions", () => (long)subscriptions(), "{subscription}", "subscriptions right now");
    }

    /// <summary>The meter.</summary>
    public Meter Meter { get; }

    /// <summary>Ends the instruments.</summary>
    public void Dispose() => Meter.Dispose();

    /// <summary>Counts a refused request when a named limit refused it.</summary>
    internal void Count(GraphQLException refusal)
    {
        if (refusal.Errors is [{ Code: ErrorCodes.LimitExceeded }, ..]) Interlocked.Increment(ref _limited);
    }

    internal async Task MeasureAsync(HttpContext context, GraphQLHttpHandler handler)
    {
        var started = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _running);
        try
        {
            await handler.HandleAsync(context).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            Interlocked.Increment(ref _requests);
            var status = context.Response.StatusCode;
            if (status >= StatusCodes.Status500InternalServerError) Interlocked.Increment(ref _failed);
            else if (status >= StatusCodes.Status400BadRequest) Interlocked.Increment(ref _refused);
            if (!context.WebSockets.IsWebSocketRequest && !IsEventStream(context.Response))
                Took((long)Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }
    }

    private static bool IsEventStream(HttpResponse response) =>
        response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) == true;

    private void Took(long microseconds)
    {
        Interlocked.Add(ref _microseconds, microseconds);
        long slowest;
        while (microseconds > (slowest = Volatile.Read(ref _slowest))
            && Interlocked.CompareExchange(ref _slowest, microseconds, slowest) != slowest)
        {
        }
    }

    private void Counter(string name, Func<long> read, string unit, string description) =>
        Meter.CreateObservableCounter(Prefix + name, read, unit, description);
}
