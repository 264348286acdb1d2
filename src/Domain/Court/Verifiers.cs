// A verifier: its place and weight in the pool, the attesters' word about it, and its open seats. Enters: the pool's
// events and the disputes' events about its seats. Leaves: its state, and the organisations that have been seen in the
// pool. Always holds: an agent that is not a member has no weight, and nobody leaves with an open seat. A chain of
// catalog v1.0 tells nothing of owners, minimums and trees.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Court;

/// <summary>The aggregate of one verifier.</summary>
public static class Verifiers
{
    // Events

    /// <summary>A verifier was drawn for a panel.</summary>
    /// <param name="VerifierId">The verifier.</param>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Round">The round.</param>
    /// <param name="Attempt">The attempt.</param>
    /// <param name="Seat">The seat's place on the panel, from 0.</param>
    /// <param name="Bond">The amount that the seat pledges.</param>
    public sealed record SeatTaken(
        ulong VerifierId, ulong DisputeId, byte Round, byte Attempt, ushort Seat, UInt128 Bond)
        : DerivedEvent;

    /// <summary>The dispute of a seat was settled, or its attempt ended without a quorum.</summary>
    /// <param name="VerifierId">The verifier.</param>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Round">The round.</param>
    /// <param name="Attempt">The attempt.</param>
    public sealed record SeatFreed(ulong VerifierId, ulong DisputeId, byte Round, byte Attempt) : DerivedEvent;

    /// <summary>Routes the verifier's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("verifier", Evolve)
        .On<VerifierJoined>(e => e.VerifierId)
        .On<VerifierAdmitted>(e => e.VerifierId)
        .On<VerifierTreeSet>(e => e.VerifierId)
        .On<VerifierLeft>(e => e.VerifierId)
        .On<VerifierWeightSet>(e => e.VerifierId)
        .On<VerifierAttested>(e => e.VerifierId)
        .On<SeatTaken>(e => e.VerifierId)
        .On<SeatFreed>(e => e.VerifierId)
        .Derives<VerifierJoined>((verifier, _) => Seen(verifier, verifier.JoinedAt))
        .Derives<VerifierAttested>((verifier, _) => Seen(verifier, verifier.AttestedAt));

    // State

    /// <summary>The cause for which a verifier left the pool; stored, never renumber.</summary>
    public enum LeaveCause : byte
    {
        /// <summary>The verifier never left.</summary>
        None,

        /// <summary>The verifier left by its own will.</summary>
        Left,

        /// <summary>The verifier was idle for too long.</summary>
        Idle,

        /// <summary>The verifier's stake fell below the minimum.</summary>
        BelowMinimum,

        /// <summary>The verifier missed its last seat.</summary>
        Absent,

        /// <summary>The pool was full, and the verifier gave way to a heavier one.</summary>
        Displaced,
    }

    /// <summary>An agent that can be drawn for panels.</summary>
    /// <param name="VerifierId">The agent that is the verifier.</param>
    /// <param name="IsMember">Whether the verifier can be drawn.</param>
    /// <param name="Slot">The verifier's leaf in the tree of weights; also 0 for an agent that is not a member.</param>
    /// <param name="Weight">The weight of the leaf.</param>
    /// <param name="LastActive">The time at which it last joined or voted; 0 when it is not a member, or missed its
    /// last seat.</param>
    /// <param name="DiversityKey">The organisation or, without attestation, the owner at the time of joining.</param>
    /// <param name="JoinedAt">The time at which the agent last joined.</param>
    /// <param name="LeftAt">The time at which the agent last left.</param>
    /// <param name="LeaveCause">The cause for which it last left.</param>
    /// <param name="OrgKey">The organisation that an attester named.</param>
    /// <param name="AsnKey">The network that an attester named.</param>
    /// <param name="AttestedUntil">The time until which the attestation holds.</param>
    /// <param name="Attester">The address that attested.</param>
    /// <param name="AttestedAt">The time of the attestation.</param>
    /// <param name="OpenSeats">The number of its seats in unsettled disputes.</param>
    /// <param name="Owner">The owner of the leaf; the zero address: not told, or not a member.</param>
    /// <param name="MinimumStake">The minimum stake that holds for the verifier; 0: not told, or not a member.</param>
    /// <param name="IsAmongAttested">Whether the leaf stands in the tree of attested verifiers.</param>
    public sealed record State(
        ulong VerifierId,
        bool IsMember,
        uint Slot,
        UInt256 Weight,
        Instant LastActive,
        Word DiversityKey,
        Instant JoinedAt,
        Instant LeftAt,
        LeaveCause LeaveCause,
        Word OrgKey,
        Word AsnKey,
        Instant AttestedUntil,
        Address Attester,
        Instant AttestedAt,
        ulong OpenSeats,
        Address Owner,
        UInt128 MinimumStake,
        bool IsAmongAttested);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null or { IsMember: false }, VerifierJoined e) => (state ?? Unknown(e.VerifierId)) with
        {
            IsMember = true,
            LastActive = at.Time,
            DiversityKey = e.DiversityKey,
            JoinedAt = at.Time,
        },
        (_, VerifierAttested e) => (state ?? Unknown(e.VerifierId)) with
        {
            OrgKey = e.OrgKey,
            AsnKey = e.AsnKey,
            AttestedUntil = e.ValidUntil,
            Attester = e.Attester,
            AttestedAt = at.Time,
        },
        (null or { IsMember: false }, _) => null,
        ({ MinimumStake: var before }, VerifierAdmitted e) when before == 0 =>
            state with { Owner = e.Owner, MinimumStake = e.MinimumStake },
        ({ IsAmongAttested: var before }, VerifierTreeSet e) when before != e.Attested =>
            state with { IsAmongAttested = e.Attested },
        (_, VerifierWeightSet e) => state with { Slot = e.Slot, Weight = e.Weight, LastActive = e.LastActive },
        (_, SeatTaken) => state with { OpenSeats = state.OpenSeats + 1 },
        ({ OpenSeats: > 0 }, SeatFreed) => state with { OpenSeats = state.OpenSeats - 1 },
        ({ OpenSeats: 0 }, VerifierLeft { Cause: >= 1 and <= 5 } e) => state with
        {
            IsMember = false,
            Slot = 0,
            Weight = default,
            LastActive = default,
            LeftAt = at.Time,
            LeaveCause = (LeaveCause)e.Cause,
            Owner = default,
            MinimumStake = 0,
            IsAmongAttested = false,
        },
        _ => null,
    };

    private static State Unknown(ulong verifierId) => new(
        verifierId, false, 0, default, default, default, default, default, LeaveCause.None, default, default, default,
        default, default, 0, default, 0, false);

    private static DerivedEvent[] Seen(State verifier, Instant now) =>
        verifier.IsMember && !verifier.OrgKey.IsZero && now < verifier.AttestedUntil
            ? [new Organisations.OrganisationSeen(verifier.OrgKey, verifier.VerifierId)] : [];

    // Commands

    /// <summary>An agent enters the pool.</summary>
    public sealed record Join(Address By, ulong VerifierId) : Command(By);

    /// <summary>An agent enters a full pool in the place of a lighter member.</summary>
    public sealed record Displace(Address By, ulong VerifierId, ulong LighterId) : Command(By);

    /// <summary>A verifier leaves the pool.</summary>
    public sealed record Leave(Address By, ulong VerifierId) : Command(By);

    /// <summary>Recomputes the weight of a leaf; anybody may do it.</summary>
    public sealed record RefreshWeight(Address By, ulong VerifierId) : Command(By);

    /// <summary>Removes a verifier that is idle, absent or below the minimum stake; anybody may do it.</summary>
    public sealed record Evict(Address By, ulong VerifierId) : Command(By);

    // Decide

    /// <summary>Predicts the pool's answer to a command, as far as the verifier alone decides it.</summary>
    public static Decision Decide(State? state, Command command) => (state, command) switch
    {
        ({ IsMember: true }, Join or Displace) =>
            Decision.Refuse("AlreadyMember", "an agent outside the pool", $"member {state.VerifierId}"),
        (_, Join or Displace) => Decision.Grant,
        (null or { IsMember: false }, _) => Decision.Refuse("NotMember", "a member of the pool", "none"),
        ({ OpenSeats: > 0 }, Leave or Evict) => Decision.Refuse("SeatsOpen", "no open seat", $"{state.OpenSeats}"),
        (_, Leave or Evict or RefreshWeight) => Decision.Grant,
        _ => throw new ArgumentException(
            $"expected a command to a verifier, found {command.GetType().Name}", nameof(command)),
    };
}
