// A data lease: access to a dataset for a time and a price, under one version of its owner's consent. Enters: its
// events, the answers of its dataset and of that version, and spends of privacy. Leaves: its state. Always holds:
// access ends with its time or with its consent, at whatever moment the end is announced; the owner earns by the
// second; a breach is ruled once.
using System.Numerics;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Court;

/// <summary>The aggregate of one data lease.</summary>
public static class DataLeases
{
    // Events

    /// <summary>The lease is bound to a version of the consent.</summary>
    /// <param name="LeaseId">The lease.</param>
    /// <param name="Version">The version.</param>
    public sealed record DataLeaseBound(ulong LeaseId, uint Version) : DerivedEvent;

    /// <summary>The access ended with its consent, earlier than the end was announced.</summary>
    /// <param name="LeaseId">The lease.</param>
    /// <param name="SupersededAt">The time at which the consent was superseded.</param>
    public sealed record DataLeaseEndFound(ulong LeaseId, Instant SupersededAt) : DerivedEvent;

    /// <summary>One of the lease's deadlines passed. From now on somebody may take the next step.</summary>
    /// <param name="LeaseId">The lease.</param>
    /// <param name="Deadline">The kind of deadline: see <see cref="Overdue"/>.</param>
    /// <param name="Due">The moment at which the deadline fell.</param>
    public sealed record DataLeaseDeadlinePassed(ulong LeaseId, byte Deadline, Instant Due) : DerivedEvent;

    /// <summary>Routes the lease's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("data-lease", Evolve)
        .On<DataLeaseRequested>(e => e.LeaseId)
        .On<DataLeaseGranted>(e => e.LeaseId)
        .On<DataLeaseRenewalRequested>(e => e.LeaseId)
        .On<DataLeaseRenewalEnded>(e => e.LeaseId)
        .On<DataLeaseLeastSet>(e => e.LeaseId)
        .On<DataLeaseEnded>(e => e.LeaseId)
        .On<DataLeaseDisputed>(e => e.LeaseId)
        .On<DataLeaseCleared>(e => e.LeaseId)
        .On<DataLeaseClosed>(e => e.LeaseId)
        .On<DataLeaseBound>(e => e.LeaseId)
        .On<DataLeaseEndFound>(e => e.LeaseId)
        .On<DataLeaseDeadlinePassed>(e => e.LeaseId)
        .Also<PrivacySpent>(e => e.LeaseId)
        .Derives<DataLeaseGranted>((lease, e) => lease.Version == 0
            ? [new Datasets.DatasetLeased(lease.DatasetId, e.LeaseId)] : [])
        .Derives<DataLeaseEnded>((lease, e) => lease.Version == 0
            ? [] : [new Manifests.ManifestLeaseEnded(lease.DatasetId, lease.Version, e.LeaseId)])
        .Deadlines(NextDeadline, (lease, due) => new DataLeaseDeadlinePassed(lease.LeaseId, due.Kind, due.Due));

    // State

    /// <summary>The status of a lease; the numbers are the contract's. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>This value is not used.</summary>
        None,

        /// <summary>Access is asked for, and the price is paid in.</summary>
        Requested,

        /// <summary>The owner granted access.</summary>
        Active,

        /// <summary>The access is over; the deposit is still held.</summary>
        Ended,

        /// <summary>The access is over, and nothing is held any more.</summary>
        Closed,
    }

    /// <summary>The cause of a lease's end; stored, never renumber.</summary>
    public enum Cause : byte
    {
        /// <summary>The lease has not ended.</summary>
        None,

        /// <summary>The owner refused the request.</summary>
        Denied,

        /// <summary>The owner took the consent back.</summary>
        Revoked,

        /// <summary>The grantee gave the lease back.</summary>
        Released,

        /// <summary>The lease's time was over, or nobody answered the request.</summary>
        Expired,

        /// <summary>A newer consent took the place of the lease's own.</summary>
        Superseded,

        /// <summary>The court found a breach.</summary>
        Breach,

        /// <summary>The court's ruling was a split.</summary>
        Split,
    }

    /// <summary>The last deadline that passed without any action; stored, never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>No deadline has passed since the last step.</summary>
        None,

        /// <summary>Nobody answered the request: end it.</summary>
        Request,

        /// <summary>The access time is over: end the lease.</summary>
        Access,

        /// <summary>The deposit may go back.</summary>
        Deposit,
    }

    /// <summary>A grantee's access to a dataset, for a time and a price.</summary>
    /// <param name="LeaseId">The lease's number, from 1.</param>
    /// <param name="DatasetId">The dataset.</param>
    /// <param name="GranteeId">The agent that asks for access.</param>
    /// <param name="PurposeHash">The hash of the purpose of the access.</param>
    /// <param name="FeeBps">The protocol's fee on the price, in hundredths of a percent.</param>
    /// <param name="RequestedAt">The time of the request.</param>
    /// <param name="RequestUntil">The end of the time in which the owner may grant the request.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="Version">The version of the consent under which the lease holds; 0: none.</param>
    /// <param name="ManifestHash">The hash of that consent.</param>
    /// <param name="Start">The time from which the price accrues.</param>
    /// <param name="Ttl">The number of seconds of access.</param>
    /// <param name="ExpiresAt">The time at which access ends.</param>
    /// <param name="Price">The price of the whole access.</param>
    /// <param name="Deposit">The amount that the grantee pledges.</param>
    /// <param name="RenewalTtl">The number of further seconds that are asked for; 0: none.</param>
    /// <param name="RenewalUntil">The end of the time in which the owner may grant them.</param>
    /// <param name="RenewalPrice">The price of these seconds.</param>
    /// <param name="Spent">The privacy that was spent under the lease, in millionths of epsilon.</param>
    /// <param name="DisputeId">The open dispute over a breach; 0: none.</param>
    /// <param name="IsRuled">Whether the court has ruled on a breach.</param>
    /// <param name="Cause">The cause of the end.</param>
    /// <param name="EvidenceHash">The hash of the evidence that the owner gave at the end.</param>
    /// <param name="EndedAt">The time at which the access ended; 0: it has not.</param>
    /// <param name="ClosedAt">The time at which the deposit was paid out; 0: it is not.</param>
    /// <param name="Overdue">The last deadline that passed without any action since the last step.</param>
    /// <param name="LeastBps">The least part of the price that the owner keeps when the grantee leaves early or
    /// breaches, in hundredths of a percent.</param>
    public sealed record State(
        ulong LeaseId,
        Word DatasetId,
        ulong GranteeId,
        Word PurposeHash,
        ushort FeeBps,
        Instant RequestedAt,
        Instant RequestUntil,
        Status Status,
        uint Version,
        Word ManifestHash,
        Instant Start,
        UInt128 Ttl,
        Instant ExpiresAt,
        UInt128 Price,
        UInt128 Deposit,
        UInt128 RenewalTtl,
        Instant RenewalUntil,
        UInt128 RenewalPrice,
        UInt128 Spent,
        ulong DisputeId,
        bool IsRuled,
        Cause Cause,
        Word EvidenceHash,
        Instant EndedAt,
        Instant ClosedAt,
        Overdue Overdue,
        ushort LeastBps = 0);

    // Evolve

    private const ulong DepositHeld = 7 * 24 * 3600;
    private const ushort Whole = 10_000;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, DataLeaseRequested e) => new State(
            e.LeaseId, e.DatasetId, e.GranteeId, e.PurposeHash, e.FeeBps, at.Time, e.RequestUntil, Status.Requested, 0,
            default, default, e.Ttl, default, e.Price, e.Deposit, 0, default, 0, 0, 0, false, Cause.None, default,
            default, default, Overdue.None),
        (null, _) => null,
        ({ Status: Status.Requested }, DataLeaseGranted e) => state with
        {
            Status = Status.Active,
            ManifestHash = e.ManifestHash,
            Start = at.Time,
            ExpiresAt = e.ExpiresAt,
            Overdue = Overdue.None,
        },
        ({ Status: Status.Active, Version: 0 }, DataLeaseBound e) => state with { Version = e.Version },
        ({ Status: Status.Active, RenewalTtl: var asked, DisputeId: 0 }, DataLeaseRenewalRequested e) when asked == 0 =>
            state with
            {
                RenewalTtl = e.Ttl,
                RenewalUntil = e.RequestUntil,
                RenewalPrice = e.Price,
                Deposit = e.Deposit,
            },
        ({ Status: Status.Active, RenewalTtl: var asked }, DataLeaseRenewalEnded) when asked != 0 =>
            state with { RenewalTtl = 0, RenewalUntil = default, RenewalPrice = 0 },
        ({ Status: Status.Requested, LeastBps: 0 }, DataLeaseLeastSet { LeastBps: not 0 and <= Whole } e) =>
            state with { LeastBps = e.LeastBps },
        ({ Status: Status.Active, RenewalTtl: var asked, DisputeId: 0 }, DataLeaseGranted e) when asked != 0 =>
            Renew(state, e, at.Time),
        ({ Status: Status.Active }, PrivacySpent e) => state with { Spent = state.Spent + e.MicroEpsilon },
        ({ Status: Status.Requested or Status.Active }, DataLeaseEnded e) when MayEnd(state, (Cause)e.Cause) =>
            End(state, e, at.Time),
        ({ Status: Status.Ended }, DataLeaseEndFound e) =>
            e.SupersededAt < state.EndedAt ? state with { EndedAt = e.SupersededAt } : state,
        ({ Status: Status.Active or Status.Ended, DisputeId: 0, IsRuled: false }, DataLeaseDisputed e) =>
            state with { DisputeId = e.DisputeId },
        ({ Status: Status.Active or Status.Ended, DisputeId: not 0 }, DataLeaseCleared e) =>
            state with { DisputeId = 0, IsRuled = e.Ruled },
        // A dispute that ends with a closing did not reject the breach.
        ({ Status: Status.Ended }, DataLeaseClosed) => state with
        {
            Status = Status.Closed,
            IsRuled = state.IsRuled || state.DisputeId != 0,
            DisputeId = 0,
            ClosedAt = at.Time,
            Overdue = Overdue.None,
        },
        (_, DataLeaseDeadlinePassed e) when NextDeadline(state)?.Kind == e.Deadline =>
            state with { Overdue = (Overdue)e.Deadline },
        _ => null,
    };

    /// <summary>
    /// The amount that the owner has earned at a time since the start or the last renewal, before the fee.
    /// </summary>
    public static UInt128 AccruedAt(State lease, Instant time)
    {
        if (lease.Start.IsNone || time <= lease.Start) return 0;
        var elapsed = UInt128.Min((ulong)(time.Seconds - lease.Start.Seconds), lease.Ttl);
        return (UInt128)((BigInteger)lease.Price * elapsed / lease.Ttl);
    }

    private static State Renew(State lease, DataLeaseGranted e, Instant now)
    {
        var end = (ulong)lease.Start.Seconds + lease.Ttl;
        var rest = end > (ulong)now.Seconds ? end - (ulong)now.Seconds : 0;
        return lease with
        {
            ManifestHash = e.ManifestHash,
            Start = now,
            Ttl = rest + lease.RenewalTtl,
            ExpiresAt = e.ExpiresAt,
            Price = lease.Price - AccruedAt(lease, now) + lease.RenewalPrice,
            RenewalTtl = 0,
            RenewalUntil = default,
            RenewalPrice = 0,
            Overdue = Overdue.None,
        };
    }

    private static State End(State lease, DataLeaseEnded e, Instant now) => lease with
    {
        Status = Status.Ended,
        Cause = (Cause)e.Cause,
        EvidenceHash = e.EvidenceHash,
        EndedAt = lease.Status == Status.Requested || now < lease.ExpiresAt ? now : lease.ExpiresAt,
        RenewalTtl = 0,
        RenewalUntil = default,
        RenewalPrice = 0,
        Overdue = Overdue.None,
    };

    private static bool MayEnd(State lease, Cause cause) => lease.Status == Status.Requested
        ? cause is Cause.Denied or Cause.Released or Cause.Expired
        : cause is Cause.Revoked or Cause.Released or Cause.Expired or Cause.Superseded
            || (cause is Cause.Breach or Cause.Split && lease.DisputeId != 0);

    private static Deadline? NextDeadline(State lease) => lease switch
    {
        { Status: Status.Requested, Overdue: Overdue.None } => new Deadline(lease.RequestUntil, (byte)Overdue.Request),
        { Status: Status.Active, Overdue: Overdue.None } => new Deadline(lease.ExpiresAt, (byte)Overdue.Access),
        { Status: Status.Ended, Overdue: Overdue.None, DisputeId: 0 } =>
            new Deadline(lease.IsRuled ? lease.EndedAt : lease.EndedAt.Plus(DepositHeld), (byte)Overdue.Deposit),
        _ => null,
    };

    // Commands

    /// <summary>The owner consents to the request or to the renewal.</summary>
    public sealed record Grant(Address By, ulong LeaseId) : Command(By);

    /// <summary>The owner refuses a request.</summary>
    public sealed record Deny(Address By, ulong LeaseId) : Command(By);

    /// <summary>The owner ends a lease.</summary>
    public sealed record Revoke(Address By, ulong LeaseId) : Command(By);

    /// <summary>The grantee withdraws a request or gives a lease back.</summary>
    public sealed record Release(Address By, ulong LeaseId) : Command(By);

    /// <summary>The grantee asks for more time.</summary>
    public sealed record RequestRenewal(Address By, ulong LeaseId, UInt128 Price, ulong Ttl) : Command(By);

    /// <summary>
    /// Ends a renewal that was asked for: a party may do it, or anybody once the renewal was left unanswered.
    /// </summary>
    public sealed record EndRenewal(Address By, ulong LeaseId, bool IsParty) : Command(By);

    /// <summary>Ends a lease or a request whose time is over; anybody may do it.</summary>
    public sealed record EndLease(Address By, ulong LeaseId, bool IsSuperseded) : Command(By);

    /// <summary>Returns the deposit; anybody may do it.</summary>
    public sealed record ReleaseDeposit(Address By, ulong LeaseId) : Command(By);

    // Decide

    /// <summary>
    /// Predicts the contract's answer to a command at a moment, as far as the lease alone decides it.
    /// </summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (null, _) => Decision.Refuse("WrongLeaseState", "a lease of that number", "none"),
        ({ Status: Status.Requested }, Grant) => Moments.Before(now, state.RequestUntil) ?? Decision.Grant,
        (_, Grant) => In(state, Status.Active)
            ?? (state.RenewalTtl == 0 ? Decision.Refuse("NoRenewal", "a renewal that is asked for", "none") : null)
            ?? Moments.Before(now, state.RenewalUntil) ?? Undisputed(state)
            ?? Moments.Before(now, state.ExpiresAt) ?? Decision.Grant,
        (_, Deny) => In(state, Status.Requested) ?? Decision.Grant,
        (_, Revoke) => In(state, Status.Active) ?? Decision.Grant,
        (_, Release) => state.Status == Status.Requested ? Decision.Grant : In(state, Status.Active) ?? Decision.Grant,
        (_, RequestRenewal) => In(state, Status.Active) ?? Moments.Before(now, state.ExpiresAt)
            ?? (state.RenewalTtl != 0 && now < state.RenewalUntil
                ? Decision.Refuse("RenewalPending", "no renewal asked for", "one") : null)
            ?? Undisputed(state) ?? Decision.Grant,
        (_, EndRenewal c) => In(state, Status.Active)
            ?? (state.RenewalTtl == 0 ? Decision.Refuse("NoRenewal", "a renewal that is asked for", "none") : null)
            ?? (c.IsParty ? null : Moments.From(now, state.RenewalUntil)) ?? Decision.Grant,
        ({ Status: Status.Requested }, EndLease) => Moments.From(now, state.RequestUntil) ?? Decision.Grant,
        (_, EndLease c) => In(state, Status.Active)
            ?? (c.IsSuperseded ? null : Moments.From(now, state.ExpiresAt)) ?? Decision.Grant,
        (_, ReleaseDeposit) => In(state, Status.Ended) ?? Undisputed(state)
            ?? (state.IsRuled ? null : Moments.From(now, state.EndedAt.Plus(DepositHeld))) ?? Decision.Grant,
        _ => throw new ArgumentException(
            $"expected a command to a data lease, found {command.GetType().Name}", nameof(command)),
    };

    private static Decision? In(State lease, Status needed) =>
        lease.Status == needed ? null : Decision.Refuse("WrongLeaseState", $"{needed}", $"{lease.Status}");

    private static Decision? Undisputed(State lease) =>
        lease.DisputeId == 0 ? null : Decision.Refuse("UnderDispute", "no dispute", $"dispute {lease.DisputeId}");
}
