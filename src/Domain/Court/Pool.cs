// What the pool of verifiers knows beside its members: the organisations that it has seen, the blocks that rounds wait
// for, and who may attest. Enters: the pool's events. Leaves: one row each. Always holds: as many wait for a block as
// have begun and not ended waiting; a role is granted to whoever has it not, and taken from whoever has it.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Court;

/// <summary>
/// The organisations that have had an attested verifier in the pool: enough of them end the bootstrap.
/// </summary>
public static class Organisations
{
    // Events

    /// <summary>An attested verifier of an organisation is in the pool.</summary>
    /// <param name="OrgKey">The organisation.</param>
    /// <param name="VerifierId">The verifier.</param>
    public sealed record OrganisationSeen(Word OrgKey, ulong VerifierId) : DerivedEvent;

    /// <summary>Routes an organisation's events to it.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("organisation", Evolve)
        .On<OrganisationSeen>(e => e.OrgKey);

    // State

    /// <summary>An organisation.</summary>
    /// <param name="OrgKey">Its key.</param>
    /// <param name="FirstVerifierId">Its first verifier.</param>
    /// <param name="FirstSeenAt">When that was seen.</param>
    public sealed record State(Word OrgKey, ulong FirstVerifierId, Instant FirstSeenAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, OrganisationSeen e) => new State(e.OrgKey, e.VerifierId, at.Time),
        (_, OrganisationSeen) => state,
        _ => null,
    };
}

/// <summary>The blocks whose hashes become seeds: the pool stands still from one on while somebody waits.</summary>
public static class SeedBlocks
{
    // Events

    /// <summary>Routes a block's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("seed-block", Evolve)
        .On<SeedAwaited>(e => (ulong)e.SeedBlock);

    // State

    /// <summary>A block that was or is waited for.</summary>
    /// <param name="SeedBlock">The block.</param>
    /// <param name="Waiting">The number of rounds that wait for it now.</param>
    /// <param name="AwaitedAt">When the first one began to wait.</param>
    public sealed record State(ulong SeedBlock, ulong Waiting, Instant AwaitedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, SeedAwaited e) when e.Waiting == 1 => new State((ulong)e.SeedBlock, 1, at.Time),
        ({ Waiting: var before }, SeedAwaited e) when e.Waiting == before + 1 || e.Waiting + 1 == before =>
            state with { Waiting = (ulong)e.Waiting },
        _ => null,
    };
}

/// <summary>Who holds which role of the pool: to attest, or to name attesters.</summary>
public static class PoolRoles
{
    // Events

    /// <summary>Routes a role's events to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("pool-role", Evolve)
        .On<VerifierPoolRoleGranted>(e => $"{e.Role}-{e.Account}")
        .On<VerifierPoolRoleRevoked>(e => $"{e.Role}-{e.Account}");

    // State

    /// <summary>A role of an account.</summary>
    /// <param name="Key">Role and account: `0xabc…-0xdef…`.</param>
    /// <param name="Role">The role; zero: to name others.</param>
    /// <param name="Account">Whose.</param>
    /// <param name="IsHeld">Whether it is held now.</param>
    /// <param name="Sender">Who granted or took it last.</param>
    /// <param name="ChangedAt">When.</param>
    public sealed record State(string Key, Word Role, Address Account, bool IsHeld, Address Sender, Instant ChangedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null or { IsHeld: false }, VerifierPoolRoleGranted e) =>
            new State($"{e.Role}-{e.Account}", e.Role, e.Account, true, e.Sender, at.Time),
        ({ IsHeld: true }, VerifierPoolRoleRevoked e) =>
            state with { IsHeld = false, Sender = e.Sender, ChangedAt = at.Time },
        _ => null,
    };
}
