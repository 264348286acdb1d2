// What a storm has met while it raged, and how much of it is enough. Enters: everybody's counts. Leaves: a line for
// people, and what is missing. Always holds: a storm that met less than a floor is no proof of anything, and does not
// pass as one.
using System.Globalization;
using EventSourced.RpcFaults;

namespace EventSourced.Simulation.Tests;

/// <summary>The counts of one storm.</summary>
internal sealed record Tally
{
    /// <summary>How many batches a storm writes at least.</summary>
    internal const int LeastBatches = 20;

    /// <summary>How many reorgs indexers follow at least, while they run.</summary>
    internal const int LeastReorgsFollowed = 2;

    /// <summary>How many requests to nodes are spoiled at least.</summary>
    internal const int LeastNodeFaults = 20;

    /// <summary>In how many ways at least.</summary>
    internal const int LeastKindsOfNodeFaults = 5;

    /// <summary>How many backends are killed at least.</summary>
    internal const int LeastKills = 4;

    /// <summary>How many connections are refused or cut at a message at least.</summary>
    internal const int LeastCuts = 3;

    /// <summary>How many lives end at a message at least.</summary>
    internal const int LeastCrashes = 2;

    /// <summary>How many leaderships begin at least.</summary>
    internal const int LeastLeaderships = 4;

    /// <summary>How often the other contender takes over at least.</summary>
    internal const int LeastHandovers = 1;

    internal required long Batches { get; init; }

    internal required long ReorgsFollowed { get; init; }

    internal required IReadOnlyDictionary<Fault, int> NodeFaults { get; init; }

    internal required int Kills { get; init; }

    internal required int Refused { get; init; }

    internal required int CutsBefore { get; init; }

    internal required int CutsAfter { get; init; }

    internal required int Crashes { get; init; }

    internal required int Lives { get; init; }

    internal required long Leaderships { get; init; }

    internal required int Handovers { get; init; }

    /// <summary>What is not enough, in words.</summary>
    internal IReadOnlyList<string> Missing() =>
    [
        .. Below("batches", Batches, LeastBatches),
        .. Below("reorgs followed", ReorgsFollowed, LeastReorgsFollowed),
        .. Below("node faults", NodeFaults.Values.Sum(), LeastNodeFaults),
        .. Below("kinds of node faults", NodeFaults.Values.Count(count => count > 0), LeastKindsOfNodeFaults),
        .. Below("backends killed", Kills, LeastKills),
        .. Below("connections refused or cut", Refused + CutsBefore + CutsAfter, LeastCuts),
        .. Below("crashes at a message", Crashes, LeastCrashes),
        .. Below("leaderships", Leaderships, LeastLeaderships),
        .. Below("takeovers by the other", Handovers, LeastHandovers),
    ];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Batches} batches, {ReorgsFollowed} reorgs followed, {NodeFaults.Values.Sum()} node faults of {NodeFaults.Values.Count(count => count > 0)} kinds, "
        + $"{Kills} backends killed, {Refused} connections refused, {CutsBefore}+{CutsAfter} cut before+after a message, "
        + $"{Lives} lives, {Crashes} crashed at a message, {Leaderships} leaderships, {Handovers} taken over by the other");

    private static IEnumerable<string> Below(string what, long found, long least)
    {
        if (found < least) yield return string.Create(
            CultureInfo.InvariantCulture, $"at least {least} {what}, found {found}");
    }
}
