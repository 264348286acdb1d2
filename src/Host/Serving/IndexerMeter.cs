// The indexer's figures as a meter. Enters: its status. Leaves: observable instruments, read when Prometheus or OTLP
// asks for them.
using System.Diagnostics.Metrics;
using EventSourced.Indexer;

namespace EventSourced.Host.Serving;

/// <summary>The meter "EventSourced.Indexer".</summary>
public sealed class IndexerMeter : IDisposable
{
    /// <summary>The meter's name; stored in dashboards, never rename.</summary>
    public const string Name = "EventSourced.Indexer";

    private const string Prefix = "eventsourced.indexer.";
    private static readonly IndexerPhase[] Phases = Enum.GetValues<IndexerPhase>();

    /// <summary>Makes the instruments.</summary>
    public IndexerMeter(IndexerStatus status, NodeHead head)
    {
        ArgumentNullException.ThrowIfNull(status);
        Meter = new Meter(Name);
        Gauge("ready", () => IndexerReport.Of(status, head).Ready ? 1 : 0, null,
            "1 when what is served is the present, else 0");
        Gauge("tip", () => (long)(status.Tip?.Number ?? 0), "{block}", "the newest block in the database");
        Gauge(
            "finalized", () => (long)(status.Finalized?.Number ?? 0), "{block}", "the newest block that never changes");
        Gauge("chain_head", () => (long)IndexerReport.Of(status, head).ChainHead, "{block}",
            "the newest block that the node has told of");
        Gauge("lag", () => (long)IndexerReport.Of(status, head).Lag, "{block}", "blocks behind the node");
        Gauge("last_sequence", () => status.LastSequence, "{event}", "the sequence of the last event");
        Gauge("violations", () => status.Violations, null, "integrity violations on record");
        Gauge("cached_things", () => status.Cached, null, "aggregates and rows in memory");
        Counter("events", () => status.Events, "{event}", "events written since the start, derived ones included");
        Counter("batches", () => status.Batches, "{batch}", "batches written since the start");
        Counter("reorgs", () => status.Reorgs, "{reorg}", "reorgs since the start");
        Meter.CreateObservableGauge(
            Prefix + "last_write", () => status.LastWrite.TotalSeconds, "s", "how long the last batch took to write");
        Meter.CreateObservableGauge(
            Prefix + "rebuilt", () =>
                status.RebuildShare ?? 1, null, "how much of the read models is rebuilt, from 0 to 1");
        Meter.CreateObservableGauge(
            Prefix + "phase", () =>
                Observe(status.Phase), null, "1 for the phase that the indexer is in, 0 for the others");
    }

    /// <summary>The meter.</summary>
    public Meter Meter { get; }

    /// <summary>Ends the instruments.</summary>
    public void Dispose() => Meter.Dispose();

    private static IEnumerable<Measurement<long>> Observe(IndexerPhase now) => Phases.Select(
        phase =>
            new Measurement<long>(phase == now ? 1 : 0, new KeyValuePair<string, object?>("phase", phase.ToString())));

    private void Gauge(string name, Func<long> read, string? unit, string description) =>
        Meter.CreateObservableGauge(Prefix + name, read, unit, description);

    private void Counter(string name, Func<long> read, string? unit, string description) =>
        Meter.CreateObservableCounter(Prefix + name, read, unit, description);
}
