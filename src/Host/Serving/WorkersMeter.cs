// The workers' figures as a meter. Enters: the last figures that the role read. Leaves: observable instruments, read
// when a scrape asks for them. Always holds: no scrape asks the database.
using System.Diagnostics.Metrics;

namespace EventSourced.Host.Serving;

/// <summary>The meter "EventSourced.Workers".</summary>
internal sealed class WorkersMeter : IDisposable
{
    /// <summary>The meter's name; stored in dashboards, never rename.</summary>
    internal const string Name = "EventSourced.Workers";

    internal WorkersMeter(Func<WorkersReport> report)
    {
        Meter = new Meter(Name);
        Gauge("ready", found => found.Ready ? 1 : 0, null, "1 when durable messages are handled, else 0");
        Gauge("nodes", found => found.Nodes, "{node}", "nodes that the database knows of");
        Gauge("incoming", found => found.Incoming, "{message}", "messages in the inbox that wait or are in work");
        Gauge("scheduled", found => found.Scheduled, "{message}", "messages that are due later");
        Gauge("outgoing", found => found.Outgoing, "{message}", "messages in the outbox");
        Gauge("dead_letters", found => found.DeadLetters, "{message}", "messages that failed for good");
        Gauge("beats", found => found.Beat?.Number ?? 0, "{beat}", "the number of the last beat");
        Meter.CreateObservableGauge(
            "eventsourced.workers.beat_lateness", () => report().Beat?.LatenessSeconds ?? 0, "s",
            "how long after its due moment the last beat was handled");

        AddRelayer(report);
        AddJobs(report);
        AddKeepers(report);

        void Gauge(string name, Func<WorkersReport, int> value, string? unit, string description) =>
            Meter.CreateObservableGauge("eventsourced.workers." + name, () => value(report()), unit, description);
    }

    internal Meter Meter { get; }

    // The jobs of hosted agents, where this process acts for any.
    private void AddJobs(Func<WorkersReport> report)
    {
        const string prefix = "eventsourced.jobs.";
        Meter.CreateObservableGauge(
            prefix + "open", () => report().Jobs?.Open ?? 0, "{job}", "jobs of hosted agents that are to be done");
        Meter.CreateObservableGauge(
            prefix + "held", () => report().Jobs?.Held ?? 0, "{job}", "those of them that somebody is at");
        Meter.CreateObservableGauge(
            prefix + "dead", () => report().Jobs?.Dead ?? 0, "{job}", "jobs that failed too often; a person must look");
        Meter.CreateObservableGauge(
            prefix + "oldest", () => report().Jobs?.OldestSeconds ?? 0, "s",
            "for how long the oldest open job has been due");
    }

    // The keepers' figures, where this process has them.
    private void AddKeepers(Func<WorkersReport> report)
    {
        const string prefix = "eventsourced.keepers.";
        Meter.CreateObservableGauge(
            prefix + "due", () => (report().Keepers?.Due ?? new Dictionary<string, int>()).Select(
                pair => new Measurement<int>(pair.Value, new KeyValuePair<string, object?>("keeper", pair.Key))),
            "{thing}", "things that are due and not cleared yet, by keeper");
        Meter.CreateObservableGauge(
            prefix + "oldest", () => report().Keepers?.OldestSeconds ?? 0, "s",
            "for how long the oldest of them has been due");
        Meter.CreateObservableGauge(
            prefix + "given_up", () => report().Keepers?.GivenUp ?? 0, "{thing}",
            "things whose commands failed as often as they may");
    }

    // The relayer's figures, where this process has it.
    private void AddRelayer(Func<WorkersReport> report)
    {
        const string prefix = "eventsourced.relayer.";
        Meter.CreateObservableGauge(
            prefix + "commands", () => Tagged(report().Relayer?.Commands, "phase"), "{command}",
            "commands that are not over, by phase");
        Meter.CreateObservableGauge(
            prefix + "oldest", () => Tagged(report().Relayer?.OldestSeconds, "phase"), "s",
            "for how long the oldest command of a phase has been there");
        Meter.CreateObservableGauge(
            prefix + "balance",
            () => Tagged(report().Relayer?.Accounts.ToDictionary(one => one.Address,
                one => double.Parse(one.BalanceWei, System.Globalization.CultureInfo.InvariantCulture)), "account"),
            "wei", "what the relayer's accounts have");
        Meter.CreateObservableGauge(
            prefix + "gaps", () =>
                report().Relayer?.Gaps ?? 0, "{nonce}", "nonces that were given up and are not filled yet");
        Meter.CreateObservableGauge(
            prefix + "alarms", () =>
                report().Relayer?.Alarms.Count ?? 0, "{alarm}", "reasons why an operator must look");

        static IEnumerable<Measurement<T>> Tagged<T>(IReadOnlyDictionary<string, T>? figures, string tag)
            where T : struct =>
            figures?.Select(pair => new Measurement<T>(pair.Value, new KeyValuePair<string, object?>(tag, pair.Key)))
                ?? [];
    }

    public void Dispose() => Meter.Dispose();
}
