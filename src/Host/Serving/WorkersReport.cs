// The state of the workers as a document. Enters: the last figures that the role read. Leaves: JSON for /status and
// /readyz, with each reason for red in words. Always holds: ready means no reasons, and reasons mean not ready.
using System.Globalization;
using System.Text.Json.Serialization;
using EventSourced.Commands;
using EventSourced.Workers.Keeping;
using EventSourced.Workers.Queueing;
using EventSourced.Workers.Pulses;
using EventSourced.Workers.Relaying;
using Wolverine.Logging;

namespace EventSourced.Host.Serving;

/// <summary>
/// A beat in a report: a durable message that the cluster sends itself, to show that such messages arrive.
/// </summary>
/// <param name="Number">The number of the last beat that was handled.</param>
/// <param name="Due">The time at which it was due.</param>
/// <param name="LatenessSeconds">The seconds from then until it was handled.</param>
/// <param name="Node">The number of the node that handled it.</param>
public sealed record ReportedBeat(int Number, DateTimeOffset Due, double LatenessSeconds, int Node)
{
    internal static ReportedBeat? Of(Pulse? pulse) => pulse is null
        ? null
        : new ReportedBeat(pulse.Number, pulse.Due, pulse.Lateness().TotalSeconds, pulse.Node);
}

/// <summary>An account of the relayer in a report.</summary>
/// <param name="Address">Its address.</param>
/// <param name="BalanceWei">Its balance in wei.</param>
/// <param name="IsLow">Whether the balance is so low that it raises an alarm.</param>
public sealed record ReportedAccount(string Address, string BalanceWei, bool IsLow);

/// <summary>The relayer in a report.</summary>
/// <param name="Leads">Whether this process watches the chain for all.</param>
/// <param name="Commands">The number of commands in each phase.</param>
/// <param name="OldestSeconds">The time that the oldest command of each phase has been in it.</param>
/// <param name="Gaps">The number of nonces that were given up and are not filled yet.</param>
/// <param name="Accounts">The accounts.</param>
/// <param name="Alarms">The reasons why an operator must look; empty where nothing is wrong.</param>
public sealed record ReportedRelayer(
    bool Leads, IReadOnlyDictionary<string, int> Commands, IReadOnlyDictionary<string, double> OldestSeconds, int Gaps,
    IReadOnlyList<ReportedAccount> Accounts, IReadOnlyList<string> Alarms)
{
    internal static ReportedRelayer? Of(RelayerFigures? figures) => figures is null
        ? null
        : new ReportedRelayer(
            figures.Leads, figures.Commands.ToDictionary(pair => Name(pair.Key), pair => pair.Value),
            figures.Oldest.ToDictionary(pair => Name(pair.Key), pair => pair.Value.TotalSeconds), figures.Gaps,
            [.. figures.Accounts.Select(one => new ReportedAccount($"{one.Address}", $"{one.BalanceWei}", one.IsLow))],
            figures.Alarms);

    private static string Name(Phase phase) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName($"{phase}");
}

/// <summary>The workers' status at one moment.</summary>
public sealed record WorkersReport
{
    /// <summary>Whether durable messages are handled.</summary>
    public required bool Ready { get; init; }

    /// <summary>The reasons why they are not; empty when they are.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>The number of this node; 0 before it has one.</summary>
    public required int Node { get; init; }

    /// <summary>The nodes that the database knows of, dead ones included until they are ejected.</summary>
    public required int Nodes { get; init; }

    /// <summary>Messages in the inbox that wait or are in work.</summary>
    public required int Incoming { get; init; }

    /// <summary>Messages that are due later.</summary>
    public required int Scheduled { get; init; }

    /// <summary>Messages in the outbox.</summary>
    public required int Outgoing { get; init; }

    /// <summary>Messages that failed for good; an operator looks at them.</summary>
    public required int DeadLetters { get; init; }

    /// <summary>The last beat; null before the first one.</summary>
    public required ReportedBeat? Beat { get; init; }

    /// <summary>The time at which these figures were read; null: not yet.</summary>
    public required DateTimeOffset? Seen { get; init; }

    /// <summary>The relayer, where this process has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required ReportedRelayer? Relayer { get; init; }

    /// <summary>The jobs of hosted agents, where this process acts for any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobFigures? Jobs { get; init; }

    /// <summary>The keepers, where this process has them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required KeepingFigures? Keepers { get; init; }

    internal static WorkersReport Of(WorkersView view, DateTimeOffset now)
    {
        string[] reasons = [.. Why(view, now)];
        return new WorkersReport
        {
            Ready = reasons.Length == 0,
            Reasons = reasons,
            Node = view.Node,
            Nodes = view.Nodes,
            Incoming = view.Counts.Incoming,
            Scheduled = view.Counts.Scheduled,
            Outgoing = view.Counts.Outgoing,
            DeadLetters = view.Counts.DeadLetter,
            Beat = ReportedBeat.Of(view.Pulse),
            Seen = view.Seen,
            Relayer = ReportedRelayer.Of(view.Relayer),
            Jobs = view.Jobs,
            Keepers = view.Keepers,
        };
    }

    private static IEnumerable<string> Why(WorkersView view, DateTimeOffset now)
    {
        if (view.Fault is { } fault) yield return $"the workers stopped; an operator must look: {fault}";
        else if (view.Seen is not { } seen) yield return "the workers start";
        else if (now - seen > WorkersView.MostAge) yield return Say(
            "the workers have not reached the database for", now - seen);
        else if (view.Overdue(now) is { } overdue) yield return Say(
            "durable messages are not handled: the next beat is late by", overdue);
        if (view.Relayer is { Accounts: var accounts } && accounts.All(account => account.IsResting))
            yield return "the relayer has no account that can pay; its alarms say why";
    }

    private static string Say(string what, TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} {time.TotalSeconds:0} s");
}

/// <summary>The last figures that the role read.</summary>
internal sealed record WorkersView
{
    /// <summary>The lateness of a beat above which it is a reason for red: longer than a takeover.</summary>
    internal static readonly TimeSpan MostLateness = TimeSpan.FromSeconds(15);

    /// <summary>The greatest age at which the figures still count.</summary>
    internal static readonly TimeSpan MostAge = TimeSpan.FromSeconds(20);

    internal string? Fault { get; init; }

    internal int Node { get; init; }

    internal int Nodes { get; init; }

    internal PersistedCounts Counts { get; init; } = new();

    internal Pulse? Pulse { get; init; }

    internal DateTimeOffset? Seen { get; init; }

    internal RelayerFigures? Relayer { get; init; }

    internal JobFigures? Jobs { get; init; }

    internal KeepingFigures? Keepers { get; init; }

    /// <summary>The lateness of the next beat beyond the allowed time; null: it is not too late.</summary>
    internal TimeSpan? Overdue(DateTimeOffset now) =>
        Pulse?.Next().Due is { } due && now - due > MostLateness ? now - due : null;
}
