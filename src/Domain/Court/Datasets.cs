// A dataset: its owner's consent, version by version, and the privacy that was spent on it. Enters: its events, and
// questions of leases that are granted or ended under it. Leaves: its state, and the answers. Always holds: versions
// rise by one, a spend never passes the budget, and the spent amount is the sum of all spends.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Court;

/// <summary>The aggregate of one dataset.</summary>
public static class Datasets
{
    // Events

    /// <summary>
    /// The owner granted a lease for the first time. The lease is bound to the present version of the consent.
    /// </summary>
    /// <param name="DatasetId">The dataset.</param>
    /// <param name="LeaseId">The lease.</param>
    public sealed record DatasetLeased(Word DatasetId, ulong LeaseId) : DerivedEvent;

    /// <summary>Routes the dataset's events to it.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("dataset", Evolve)
        .On<ConsentManifestSet>(e => e.DatasetId)
        .On<PrivacyBudgetSet>(e => e.DatasetId)
        .On<PrivacySpent>(e => e.DatasetId)
        .On<DatasetLeased>(e => e.DatasetId)
        .Derives<ConsentManifestSet>((dataset, e) => dataset.Version == 1
            ? [] : [new Manifests.ManifestSuperseded(e.DatasetId, dataset.Version - 1)])
        .Derives<DatasetLeased>((dataset, e) => [new DataLeases.DataLeaseBound(e.LeaseId, dataset.Version)]);

    // State

    /// <summary>A dataset to which its owner grants access.</summary>
    /// <param name="DatasetId">The hash of the owner and the dataset's name.</param>
    /// <param name="OwnerAgentId">The agent that owns the dataset.</param>
    /// <param name="Version">The present version of the consent, from 1.</param>
    /// <param name="ManifestHash">The hash of the consent.</param>
    /// <param name="Uri">The place where the consent can be read.</param>
    /// <param name="Since">The time from which this version holds.</param>
    /// <param name="Budget">The privacy that may be spent in all, in millionths of epsilon.</param>
    /// <param name="Spent">The privacy that was spent, in millionths of epsilon.</param>
    /// <param name="Leases">The number of leases that were granted.</param>
    /// <param name="CreatedAt">The time of the first consent.</param>
    public sealed record State(
        Word DatasetId,
        ulong OwnerAgentId,
        uint Version,
        Word ManifestHash,
        string Uri,
        Instant Since,
        UInt128 Budget,
        UInt128 Spent,
        ulong Leases,
        Instant CreatedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, ConsentManifestSet { Version: 1 } e) =>
            new State(e.DatasetId, e.OwnerAgentId, 1, e.ManifestHash, e.Uri, at.Time, 0, 0, 0, at.Time),
        (null, _) => null,
        (_, ConsentManifestSet e) when e.Version == state.Version + 1 && e.OwnerAgentId == state.OwnerAgentId =>
            state with { Version = e.Version, ManifestHash = e.ManifestHash, Uri = e.Uri, Since = at.Time },
        (_, PrivacyBudgetSet e) => state with { Budget = e.MicroEpsilon },
        (_, PrivacySpent e) when e.Cumulative == state.Spent + e.MicroEpsilon && e.Cumulative <= state.Budget =>
            state with { Spent = e.Cumulative },
        (_, DatasetLeased) => state with { Leases = state.Leases + 1 },
        _ => null,
    };

    // Commands

    /// <summary>The owner sets the budget of privacy.</summary>
    public sealed record SetBudget(Address By, Word DatasetId, ulong MicroEpsilon) : Command(By);

    /// <summary>The owner books a query.</summary>
    public sealed record Spend(Address By, Word DatasetId, ulong MicroEpsilon) : Command(By);

    // Decide

    /// <summary>Predicts the contract's answer to a command, as far as the dataset alone decides it.</summary>
    public static Decision Decide(State? state, Command command) => (state, command) switch
    {
        (null, _) => Decision.Refuse("UnknownDataset", "a dataset with a consent", "none"),
        (_, SetBudget) => Decision.Grant,
        (_, Spend c) => state.Spent + c.MicroEpsilon <= state.Budget ? Decision.Grant
            : Decision.Refuse("BudgetExceeded", $"at most {state.Budget}", $"{state.Spent + c.MicroEpsilon}"),
        _ => throw new ArgumentException(
            $"expected a command to a dataset, found {command.GetType().Name}", nameof(command)),
    };
}

/// <summary>The versions of the consents of datasets.</summary>
public static class Manifests
{
    // Events

    /// <summary>A newer version replaced this one.</summary>
    /// <param name="DatasetId">The dataset.</param>
    /// <param name="Version">The older version.</param>
    public sealed record ManifestSuperseded(Word DatasetId, uint Version) : DerivedEvent;

    /// <summary>
    /// A lease under a version ended. Its access ended when the version was superseded, at the latest.
    /// </summary>
    /// <param name="DatasetId">The dataset.</param>
    /// <param name="Version">The version.</param>
    /// <param name="LeaseId">The lease.</param>
    public sealed record ManifestLeaseEnded(Word DatasetId, uint Version, ulong LeaseId) : DerivedEvent;

    /// <summary>Routes a version's events to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("manifest", Evolve)
        .Also<ConsentManifestSet>(e => $"{e.DatasetId}-{e.Version}")
        .On<ManifestSuperseded>(e => $"{e.DatasetId}-{e.Version}")
        .On<ManifestLeaseEnded>(e => $"{e.DatasetId}-{e.Version}")
        .Derives<ManifestLeaseEnded>((manifest, e) => manifest.SupersededAt.IsNone
            ? [] : [new DataLeases.DataLeaseEndFound(e.LeaseId, manifest.SupersededAt)]);

    // State

    /// <summary>A version of an owner's consent for a dataset.</summary>
    /// <param name="Key">Dataset and version: `0xabc…-2`.</param>
    /// <param name="DatasetId">The dataset.</param>
    /// <param name="Version">The version, from 1.</param>
    /// <param name="ManifestHash">The hash of the consent.</param>
    /// <param name="Uri">The place where the consent can be read.</param>
    /// <param name="SetAt">The time from which this version held.</param>
    /// <param name="SupersededAt">The time until which this version held; 0: it is the present one.</param>
    public sealed record State(
        string Key,
        Word DatasetId,
        uint Version,
        Word ManifestHash,
        string Uri,
        Instant SetAt,
        Instant SupersededAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, ConsentManifestSet e) =>
            new State($"{e.DatasetId}-{e.Version}", e.DatasetId, e.Version, e.ManifestHash, e.Uri, at.Time, default),
        (null, _) => null,
        ({ SupersededAt.IsNone: true }, ManifestSuperseded) => state with { SupersededAt = at.Time },
        (_, ManifestLeaseEnded) => state,
        _ => null,
    };
}
