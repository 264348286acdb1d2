// A verifier: its place and weight in the pool, what attesters say of it, and its open seats. Enters: the pool's events
// and what disputes say of its seats. Leaves: its state, and the organisations that have been seen in the pool. Always
// holds: whoever is not a member weighs nothing, and nobody leaves with an open seat. A chain of catalog v1.0 says
// nothing of owners, minimums and trees.
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
    /// <param name="Bond">What it pledges.</param>
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

    /// <summary>Why a verifier left; stored, never renumber.</summary>
    public enum LeaveCause : byte
    {
        /// <summary>It never left.</summary>
        None,

        /// <summary>By its own will.</summary>
        Left,

        /// <summary>It was idle for too long.</summary>
        Idle,

        /// <summary>Its stake fell below the minimum.</summary>
        BelowMinimum,

        /// <summary>It missed its last seat.</summary>
        Absent,

        /// <summary>The pool was full, and it gave way to a heavier one.</summary>
        Displaced,
    }

    /// <summary>A verifier.</summary>
    /// <param name="VerifierId">The agent.</param>
    /// <param name="IsMember">Whether it can be drawn.</param>
    /// <param name="Slot">Its leaf in the tree of weights; 0 for whoever is not a member, too.</param>
    /// <param name="Weight">What the leaf weighs.</param>
    /// <param name="LastActive">When it last joined or voted; 0 for whoever is not a member, or missed its last
    /// seat.</param>
    /// <param name="DiversityKey">The organisation or, unattested, the owner at its joining.</param>
    /// <param name="JoinedAt">When it joined last.</param>
    /// <param name="LeftAt">When it left last.</param>
    /// <param name="LeaveCause">Why it left last.</param>
    /// <param name="OrgKey">The organisation that an attester named.</param>
    /// <param name="AsnKey">The network that an attester named.</param>
    /// <param name="AttestedUntil">The time until which that holds.</param>
    /// <param name="Attester">Who said so.</param>
    /// <param name="AttestedAt">When it was said.</param>
    /// <param name="OpenSeats">The number of seats of unsettled disputes it has.</param>
    /// <param name="Owner">Whose its leaf is; the zero address: not told, or not a member.</param>
    /// <param name="MinimumStake">The minimum stake that holds for it; 0: not told, or not a member.</param>
    /// <param name="IsAmongAttested">Whether its leaf stands in the tree of the attested.</param>
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

    /// <summary>Somebody writes a leaf anew.</summary>
    public sealed record RefreshWeight(Address By, ulong VerifierId) : Command(By);

    /// <summary>Somebody removes a verifier that is idle, absent or too poor.</summary>
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
