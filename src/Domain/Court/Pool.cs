// The pool's knowledge beside its members: the organisations that it has seen, the blocks that rounds wait for, and the
// accounts that may attest. Enters: the pool's events. Leaves: one row each. Always holds: the rounds that wait for a
// block are those that began to wait and did not end; a role is granted only to an account without it, and taken only
// from an account with it.
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

    /// <summary>An organisation that has had an attested verifier in the pool.</summary>
    /// <param name="OrgKey">The organisation's key.</param>
    /// <param name="FirstVerifierId">The organisation's first verifier.</param>
    /// <param name="FirstSeenAt">The time at which that verifier was seen.</param>
    public sealed record State(Word OrgKey, ulong FirstVerifierId, Instant FirstSeenAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, OrganisationSeen e) => new State(e.OrgKey, e.VerifierId, at.Time),
        (_, OrganisationSeen) => state,
        _ => null,
    };
}

/// <summary>
/// The blocks whose hashes become seeds. The pool stands still from such a block on while a round waits for it.
/// </summary>
public static class SeedBlocks
{
    // Events

    /// <summary>Routes a block's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("seed-block", Evolve)
        .On<SeedAwaited>(e => (ulong)e.SeedBlock);

    // State

    /// <summary>A block whose hash becomes a seed.</summary>
    /// <param name="SeedBlock">The block.</param>
    /// <param name="Waiting">The number of rounds that wait for the block now.</param>
    /// <param name="AwaitedAt">The time at which the first round began to wait.</param>
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

/// <summary>The holders of the pool's roles: to attest, or to name attesters.</summary>
public static class PoolRoles
{
    // Events

    /// <summary>Routes a role's events to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("pool-role", Evolve)
        .On<VerifierPoolRoleGranted>(e => $"{e.Role}-{e.Account}")
        .On<VerifierPoolRoleRevoked>(e => $"{e.Role}-{e.Account}");

    // State

    /// <summary>An account's role at the pool.</summary>
    /// <param name="Key">Role and account: `0xabc…-0xdef…`.</param>
    /// <param name="Role">The role's hash; zero: to name others.</param>
    /// <param name="Account">The account.</param>
    /// <param name="IsHeld">Whether the account holds the role now.</param>
    /// <param name="Sender">The address that last granted or took the role.</param>
    /// <param name="ChangedAt">The time of the last change.</param>
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
