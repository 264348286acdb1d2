// Datasets, the versions of their consent, and leases under them.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Court;

public class DataLeaseTests
{
    private const ulong Start = 1_000_000;
    private const ulong Week = 7 * 24 * 3600;

    private static readonly Word Dataset = Hash(1);

    private static SmallChain Consented() =>
        SmallChain.Whole(
            Start).Happens(new ConsentManifestSet(Dataset, 3, Hash(2), 1, "v1"), new PrivacyBudgetSet(Dataset, 100));

    private static SmallChain Requested() =>
        Consented().Happens(new DataLeaseRequested(1, Dataset, 8, Hash(3), 1_000, Start + 500, 2_000, 400, 100));

    private static SmallChain Active() => Requested().Happens(new DataLeaseGranted(1, Hash(2), Start + 1_000));

    private static DataLeases.State Lease(SmallChain chain) => chain.Of(DataLeases.Fold, 1UL);

    [Fact]
    public void A_granted_lease_is_bound_to_the_present_version_of_the_consent()
    {
        var chain = Consented().Happens(new ConsentManifestSet(Dataset, 3, Hash(4), 2, "v2"));
        Assert.Equal(new Instant(Start), chain.Of(Manifests.Fold, $"{Dataset}-1").SupersededAt);
        chain.Happens(new DataLeaseRequested(1, Dataset, 8, Hash(3), 1_000, Start + 500, 2_000, 400, 100),
            new DataLeaseGranted(1, Hash(4), Start + 1_000));
        var lease = Lease(chain);
        Assert.Equal((DataLeases.Status.Active, 2U, Hash(4)), (lease.Status, lease.Version, lease.ManifestHash));
        Assert.Equal((2U, Hash(4), 1UL),
            chain.Of(Datasets.Fold, Dataset) is var set ? (set.Version, set.ManifestHash, set.Leases) : default);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void The_owner_earns_by_the_second_and_a_renewal_adds_to_what_is_left()
    {
        var chain = Active().After(250);
        Assert.Equal((UInt128)500, DataLeases.AccruedAt(Lease(chain), chain.Now));
        Assert.Equal((UInt128)2_000, DataLeases.AccruedAt(Lease(chain), Start + 5_000));
        Assert.Equal((UInt128)0, DataLeases.AccruedAt(Lease(Requested()), Start + 5_000));
        chain.Happens(new DataLeaseRenewalRequested(1, 600, Start + 400, 900, 500));
        Assert.Equal(((UInt128)600, (UInt128)900, (UInt128)500),
            Lease(chain) is var asked ? (asked.RenewalTtl, asked.RenewalPrice, asked.Deposit) : default);
        chain.Happens(new DataLeaseGranted(1, Hash(2), Start + 1_600));
        var lease = Lease(chain);
        Assert.Equal(((UInt128)1_350, (UInt128)2_400, (UInt128)0), (lease.Ttl, lease.Price, lease.RenewalTtl));
        Assert.Equal(
            (new Instant(Start + 250), new Instant(Start + 1_600), 1U), (lease.Start, lease.ExpiresAt, lease.Version));
        Assert.Single(chain.Followed.OfType<Datasets.DatasetLeased>());
        Assert.Empty(chain.Violations);
        Assert.Single(chain.Happens(new DataLeaseGranted(1, Hash(2), Start + 1_600)).Violations);
    }

    [Fact]
    public void A_renewal_that_is_granted_after_the_breaker_stretched_the_time_counts_no_second_twice()
    {
        var chain = Active().Happens(new DataLeaseRenewalRequested(1, 600, Start + 2_000, 900, 500)).After(1_200)
            .Happens(new DataLeaseGranted(1, Hash(2), Start + 1_800));
        Assert.Equal(((UInt128)600, (UInt128)900), Lease(chain) is var lease ? (lease.Ttl, lease.Price) : default);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Access_ends_with_its_time_or_its_consent_whoever_says_so_later()
    {
        var late = Active().After(3_000).Happens(new DataLeaseEnded(1, 4, default));
        Assert.Equal(new Instant(Start + 1_000), Lease(late).EndedAt);
        var superseded = Active().After(300).Happens(new ConsentManifestSet(Dataset, 3, Hash(4), 2, "v2")).After(300)
            .Happens(new DataLeaseEnded(1, 5, default));
        Assert.Equal((new Instant(Start + 300), DataLeases.Cause.Superseded),
            (Lease(superseded).EndedAt, Lease(superseded).Cause));
        var before = Active().After(
            3_000).Happens(new ConsentManifestSet(Dataset, 3, Hash(4), 2, "v2"), new DataLeaseEnded(1, 5, default));
        Assert.Equal(new Instant(Start + 1_000), Lease(before).EndedAt);
        var revoked = Active().After(300).Happens(new DataLeaseEnded(1, 2, Hash(5)));
        Assert.Equal((new Instant(Start + 300), Hash(5)), (Lease(revoked).EndedAt, Lease(revoked).EvidenceHash));
        Assert.Empty(
            superseded.Violations.Concat(late.Violations).Concat(before.Violations).Concat(revoked.Violations));
    }

    [Fact]
    public void A_refused_request_ends_now_and_closes_at_once()
    {
        var chain = Requested().After(100).Happens(new DataLeaseEnded(1, 1, Hash(5)), new DataLeaseClosed(1));
        Assert.Equal((DataLeases.Status.Closed, new Instant(Start + 100), false),
            (Lease(chain).Status, Lease(chain).EndedAt, Lease(chain).IsRuled));
        Assert.Empty(chain.Violations);
        Assert.Single(Requested().Happens(new DataLeaseEnded(1, 2, default)).Violations);
        Assert.Single(Active().Happens(new DataLeaseEnded(1, 1, default)).Violations);
        Assert.Single(Active().Happens(new DataLeaseEnded(1, 6, default)).Violations);
    }

    [Fact]
    public void A_breach_ends_the_lease_and_a_rejected_claim_is_the_last()
    {
        var breached = Active().Happens(
            new DataLeaseDisputed(1, 7), new DataLeaseEnded(1, 6, default), new DataLeaseClosed(1));
        Assert.Equal((DataLeases.Status.Closed, true, 0UL),
            (Lease(breached).Status, Lease(breached).IsRuled, Lease(breached).DisputeId));
        var cleared = Active().Happens(new DataLeaseDisputed(1, 7), new DataLeaseCleared(1, true));
        Assert.Equal((DataLeases.Status.Active, true, 0UL),
            (Lease(cleared).Status, Lease(cleared).IsRuled, Lease(cleared).DisputeId));
        Assert.Single(cleared.Happens(new DataLeaseDisputed(1, 8)).Violations);
        var taken = Active().Happens(
            new DataLeaseDisputed(1, 7), new DataLeaseCleared(1, false), new DataLeaseDisputed(1, 8));
        Assert.Equal(8UL, Lease(taken).DisputeId);
        var ended = Active().Happens(
            new DataLeaseDisputed(1, 7)).After(100).Happens(new DataLeaseEnded(1, 2, default), new DataLeaseClosed(1));
        Assert.True(Lease(ended).IsRuled);
        Assert.Empty(breached.Violations.Concat(taken.Violations).Concat(ended.Violations));
    }

    [Fact]
    public void Privacy_is_spent_within_its_budget_and_adds_up()
    {
        var chain = Active().Happens(new PrivacySpent(Dataset, 1, 60, 60), new PrivacySpent(Dataset, 1, 40, 100));
        Assert.Equal(((UInt128)100, (UInt128)100), (chain.Of(Datasets.Fold, Dataset).Spent, Lease(chain).Spent));
        Assert.Empty(chain.Violations);
        Assert.Contains(
            $"dataset-{Dataset}: PrivacySpent", chain.Happens(new PrivacySpent(Dataset, 1, 1, 101)).Violations);
        Assert.Contains(
            $"dataset-{Dataset}: PrivacySpent", Active().Happens(new PrivacySpent(Dataset, 1, 10, 11)).Violations);
        Assert.Contains(
            "data-lease-1: PrivacySpent", Requested().Happens(new PrivacySpent(Dataset, 1, 1, 1)).Violations);
    }

    [Fact]
    public void Versions_of_a_consent_rise_by_one_and_have_one_owner()
    {
        Assert.Single(Consented().Happens(new ConsentManifestSet(Dataset, 3, Hash(4), 3, "v3")).Violations);
        Assert.Single(Consented().Happens(new ConsentManifestSet(Dataset, 4, Hash(4), 2, "v2")).Violations);
        Assert.Contains($"dataset-{Dataset}: ConsentManifestSet",
            SmallChain.Whole(Start).Happens(new ConsentManifestSet(Dataset, 3, Hash(4), 2, "v2")).Violations);
    }

    [Fact]
    public void Every_deadline_of_a_lease_is_told_once()
    {
        Assert.Equal(DataLeases.Overdue.Request, Lease(Requested().After(500)).Overdue);
        var chain = Active().After(1_000);
        Assert.Equal(DataLeases.Overdue.Access, Lease(chain).Overdue);
        chain.Happens(new DataLeaseEnded(1, 4, default), new DataLeaseDisputed(1, 7)).After(Week + 1);
        Assert.Equal(DataLeases.Overdue.None, Lease(chain).Overdue);
        chain.Happens(new DataLeaseCleared(1, true)).After(1);
        Assert.Equal(DataLeases.Overdue.Deposit, Lease(chain).Overdue);
        Assert.Equal(
            DataLeases.Overdue.Deposit, Lease(Active().Happens(new DataLeaseEnded(1, 3, default)).After(Week)).Overdue);
        Assert.Equal(2, chain.After(Week).Followed.OfType<DataLeases.DataLeaseDeadlinePassed>().Count());
    }

    [Fact]
    public void Commands_are_refused_in_the_words_of_the_contract()
    {
        var (asked, active) = (Lease(Requested()), Lease(Active()));
        var ended = Lease(Active().Happens(new DataLeaseEnded(1, 3, default)));
        var renewing = active with { RenewalTtl = 60, RenewalUntil = Start + 100 };
        Refused("WrongLeaseState", DataLeases.Decide(null, new DataLeases.Grant(Owner, 1), Start));
        Granted(DataLeases.Decide(asked, new DataLeases.Grant(Owner, 1), Start));
        Refused("TooLate", DataLeases.Decide(asked, new DataLeases.Grant(Owner, 1), Start + 500));
        Refused("NoRenewal", DataLeases.Decide(active, new DataLeases.Grant(Owner, 1), Start));
        Granted(DataLeases.Decide(renewing, new DataLeases.Grant(Owner, 1), Start));
        Refused(
            "UnderDispute", DataLeases.Decide(renewing with { DisputeId = 7 }, new DataLeases.Grant(Owner, 1), Start));
        Granted(DataLeases.Decide(asked, new DataLeases.Deny(Owner, 1), Start));
        Refused("WrongLeaseState", DataLeases.Decide(asked, new DataLeases.Revoke(Owner, 1), Start));
        Granted(DataLeases.Decide(active, new DataLeases.Revoke(Owner, 1), Start));
        Granted(DataLeases.Decide(asked, new DataLeases.Release(Owner, 1), Start));
        Granted(DataLeases.Decide(active, new DataLeases.Release(Owner, 1), Start));
        Granted(DataLeases.Decide(active, new DataLeases.RequestRenewal(Owner, 1, 5, 60), Start));
        Refused("RenewalPending", DataLeases.Decide(renewing, new DataLeases.RequestRenewal(Owner, 1, 5, 60), Start));
        Granted(DataLeases.Decide(
            renewing with { RenewalUntil = Start }, new DataLeases.RequestRenewal(Owner, 1, 5, 60), Start));
        Granted(DataLeases.Decide(renewing, new DataLeases.EndRenewal(Owner, 1, true), Start));
        Refused("TooEarly", DataLeases.Decide(renewing, new DataLeases.EndRenewal(Stranger, 1, false), Start));
        Granted(DataLeases.Decide(
            renewing with { RenewalUntil = Start }, new DataLeases.EndRenewal(Stranger, 1, false), Start));
        Refused("NoRenewal", DataLeases.Decide(active, new DataLeases.EndRenewal(Owner, 1, true), Start));
        Refused("WrongLeaseState", DataLeases.Decide(ended, new DataLeases.EndRenewal(Owner, 1, true), Start));
        Refused("TooEarly", DataLeases.Decide(asked, new DataLeases.EndLease(Owner, 1, false), Start));
        Refused("TooEarly", DataLeases.Decide(active, new DataLeases.EndLease(Owner, 1, false), Start));
        Granted(DataLeases.Decide(active, new DataLeases.EndLease(Owner, 1, true), Start));
        Refused("TooEarly", DataLeases.Decide(ended, new DataLeases.ReleaseDeposit(Owner, 1), Start));
        Granted(DataLeases.Decide(ended with { IsRuled = true }, new DataLeases.ReleaseDeposit(Owner, 1), Start));
        Assert.Throws<ArgumentException>(() => DataLeases.Decide(active, new Channels.Close(Owner, 1), Start));
        var dataset = Consented().Of(Datasets.Fold, Dataset);
        Granted(Datasets.Decide(dataset, new Datasets.SetBudget(Owner, Dataset, 5)));
        Granted(Datasets.Decide(dataset, new Datasets.Spend(Owner, Dataset, 100)));
        Refused("BudgetExceeded", Datasets.Decide(dataset, new Datasets.Spend(Owner, Dataset, 101)));
        Refused("UnknownDataset", Datasets.Decide(null, new Datasets.Spend(Owner, Dataset, 1)));
        Assert.Throws<ArgumentException>(() => Datasets.Decide(dataset, new Channels.Close(Owner, 1)));
    }
}
