// A role of the timelock and who holds it: who proposes, cancels, executes, administers. Enters: grants and
// revocations. Leaves: what `hasRole` answers. Always holds: only who does not hold a role gets it, only who holds it
// loses it.
namespace EventSourced.Domain;

/// <summary>One account's role in the timelock.</summary>
public static class TimelockRoles
{
    // Events

    /// <summary>How a role's events reach it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("timelock-role", Evolve)
        .On<TimelockRoleGranted>(e => KeyOf(e.Role, e.Account))
        .On<TimelockRoleRevoked>(e => KeyOf(e.Role, e.Account));

    /// <summary>The key of an account's role.</summary>
    public static string KeyOf(Word role, Address account) => $"{role}-{account}";

    // State

    /// <summary>A role of an account.</summary>
    /// <param name="Id">Role and account: 0x…-0x….</param>
    /// <param name="Role">The role: the hash of its name; zero: the administrator.</param>
    /// <param name="Account">Who; zero: everybody.</param>
    /// <param name="IsHeld">Whether it holds the role now.</param>
    /// <param name="Sender">Who granted it or took it away.</param>
    /// <param name="GrantedAt">When it was last granted.</param>
    /// <param name="EndedAt">When it was taken away; 0: it is held.</param>
    public sealed record State(
        string Id, Word Role, Address Account, bool IsHeld, Address Sender, Instant GrantedAt, Instant EndedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null or { IsHeld: false }, TimelockRoleGranted e) =>
            new State(KeyOf(e.Role, e.Account), e.Role, e.Account, true, e.Sender, at.Time, default),
        ({ IsHeld: true }, TimelockRoleRevoked e) => state with { IsHeld = false, Sender = e.Sender, EndedAt = at.Time },
        _ => null,
    };
}
