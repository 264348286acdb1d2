// The holders of the timelock's roles: proposers, cancellers, executors (the zero address: anyone) and the timelock
// itself. Always holds: the answer of the timelock's `hasRole`; only changes are announced.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one account's role.</summary>
public static class TimelockRoles
{
    // Events

    /// <summary>Routes grants and revocations to a role.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("timelock-role", Evolve)
        .On<TimelockRoleGranted>(e => KeyOf(e.Role, e.Account))
        .On<TimelockRoleRevoked>(e => KeyOf(e.Role, e.Account));

    /// <summary>The key: role and account.</summary>
    public static string KeyOf(Word role, Address account) => $"{role}-{account}";

    // State

    /// <summary>An account's role at the timelock.</summary>
    /// <param name="Key">The role and the account, joined.</param>
    /// <param name="Role">The role's hash.</param>
    /// <param name="Account">The account; the zero address: anyone.</param>
    /// <param name="IsHeld">Whether the account holds the role now.</param>
    /// <param name="Sender">The address that last granted or revoked the role.</param>
    /// <param name="ChangedAt">The time of the last change.</param>
    public sealed record State(string Key, Word Role, Address Account, bool IsHeld, Address Sender, Instant ChangedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null or { IsHeld: false }, TimelockRoleGranted e) =>
            new State(KeyOf(e.Role, e.Account), e.Role, e.Account, true, e.Sender, at.Time),
        ({ IsHeld: true }, TimelockRoleRevoked e) =>
            state with { IsHeld = false, Sender = e.Sender, ChangedAt = at.Time },
        _ => null,
    };
}
