// Which stories there are, and how often each is told. The mix of a busy market: most lives go well.
namespace EventSourced.World;

/// <summary>All stories.</summary>
public static class Repertoire
{
    /// <summary>About how many events one story of the mix brings.</summary>
    public const int EventsPerLife = 20;

    private static readonly TaskEnding[] DirectEndings =
    [
        TaskEnding.Accepted, TaskEnding.AcceptedOptimistic, TaskEnding.SilentClient, TaskEnding.YieldedEarly,
        TaskEnding.Yielded, TaskEnding.NeverStarted, TaskEnding.Lapsed, TaskEnding.Missed, TaskEnding.CancelledByClient,
        TaskEnding.Expired,
    ];

    private static readonly TaskEnding[] AuctionEndings = [.. DirectEndings, TaskEnding.NobodyBids];

    private static readonly TaskEnding[] SealedEndings = [.. AuctionEndings, TaskEnding.NobodyReveals];

    /// <summary>Every story once, in every form.</summary>
    public static IEnumerable<IEnumerable<Beat>> EveryStory(Cast cast, Random random)
    {
        foreach (var ending in DirectEndings) yield return Task(TaskMode.Direct, ending);
        foreach (var ending in AuctionEndings) yield return Task(TaskMode.Open, ending);
        foreach (var ending in SealedEndings) yield return Task(TaskMode.Sealed, ending);
        foreach (var course in Enum.GetValues<DisputeCourse>()) yield return new DisputeStory(cast, Fresh(random),
            course).Tell();
        for (var i = 0; i < 6; i++) yield return Commons().Channel();
        yield return new DisputeStory(cast, Fresh(random), DisputeCourse.Upheld).TellProven();
        yield return Commons().Guild();
        yield return Commons().Outcasts();
        yield return Commons().JunkClaim();
        yield return Commons().ClearedClaim();
        yield return Payments().Vouchers();
        yield return Payments().Authorizations();
        yield return Commons().Bounty(claimed: true);
        yield return Commons().Bounty(claimed: false);
        for (var i = 0; i < 6; i++) yield return Commons().Records();
        yield return Commons().Unbonding();
        foreach (var fate in Enum.GetValues<ProposalFate>()) yield return Governance().Spend(fate);
        yield return Governance().Change();
        yield return Governance().Offices();
        yield return Governance().Seat();
        yield return Governance().Drill();
        foreach (var ending in Enum.GetValues<DataLeaseEnding>()) yield return Data().Lease(ending);
        yield return Data().SignedCheckpoint();
        yield return Data().UnsignedCheckpoint();
        yield return Data().DisputedCheckpoint(DisputeCourse.Rejected);
        yield return Data().DisputedCheckpoint(DisputeCourse.Upheld);
        yield return Data().RivalCheckpoints();
        yield return Governance().Era();
        yield return Governance().ForgedEra();
        yield return Newcomers().Stranger();
        yield return Newcomers().Sold();
        yield return Newcomers().Workflow();
        foreach (var ending in Enum.GetValues<WorkflowEnding>()) yield return Newcomers().BrokenWorkflow(ending);
        yield return Newcomers().IdleVerifier();
        yield return Newcomers().AbsentVerifier();
        foreach (
            var ending in Enum.GetValues<JobEnding>()) yield return new JobStories(cast, Fresh(random)).Job(ending);

        IEnumerable<Beat> Task(TaskMode mode, TaskEnding ending) =>
            new TaskStory(cast, Fresh(random), mode, ending).Tell();
        CommonsStories Commons() => new(cast, Fresh(random));
        PaymentStories Payments() => new(cast, Fresh(random));
        GovernanceStories Governance() => new(cast, Fresh(random));
        DataStories Data() => new(cast, Fresh(random));
        NewcomerStories Newcomers() => new(cast, Fresh(random));
    }

    /// <summary>One story of the mix.</summary>
    public static IEnumerable<Beat> AnyStory(Cast cast, Random random) =>
        Story(cast, random.Next(1_000), Fresh(random));

    /// <summary>One story for a chain where others live too: money for a client that has paid long enough, now and
    /// then; no checkpoint, for those are the indexers' to post; without verifiers of our own, neither tasks, which
    /// the workshop has, nor what a court would have to judge.</summary>
    public static IEnumerable<Beat> LiveStory(Cast cast, Random random)
    {
        if (random.Next(StoriesPerPayday) == 0) return Arrivals.Payday(cast, cast.Client(random));
        if (cast.Verifiers.Length == 0) return Story(cast, Unjudged(random.Next(Undisputed, 1_000)), Fresh(random));
        var kind = random.Next(1_000);
        if (kind is Checkpoints) kind = 0;
        return Story(cast, kind, Fresh(random));
    }

    // The workshop has its own tasks; what a court of ours would judge becomes a record.
    private static int Unjudged(int kind) => kind is >= DataLease and <= Checkpoints ? Records : kind;

    private const int StoriesPerPayday = 50;
    private const int Disputed = 940;
    private const int Undisputed = 950;
    private const int DataLease = 989;
    private const int Checkpoints = 992;
    private const int Records = 999;

    private static IEnumerable<Beat> Story(Cast cast, int kind, Random own)
    {
        return kind switch
        {
            < 700 => new TaskStory(cast, own, TaskMode.Direct, TaskEnding.Accepted).Tell(),
            < 840 => new TaskStory(cast, own, TaskMode.Open, TaskEnding.Accepted).Tell(),
            < 880 => new TaskStory(cast, own, TaskMode.Sealed, TaskEnding.AcceptedOptimistic).Tell(),
            < 910 => new TaskStory(cast, own, TaskMode.Open, TaskEnding.SilentClient).Tell(),
            < Disputed => new TaskStory(
                cast, own, TaskMode.Direct, DirectEndings[own.Next(DirectEndings.Length)]).Tell(),
            < Undisputed => new DisputeStory(cast, own, (DisputeCourse)own.Next(11)).Tell(),
            < 965 => new CommonsStories(cast, own).Channel(),
            < 970 => new CommonsStories(cast, own).Guild(),
            < 975 => new CommonsStories(cast, own).Bounty(claimed: true),
            < 980 => new NewcomerStories(cast, own).Stranger(),
            < 983 => new NewcomerStories(cast, own).Sold(),
            < 988 => new NewcomerStories(cast, own).Workflow(),
            < DataLease => new JobStories(cast, own).Job((JobEnding)own.Next(7)),
            < Checkpoints => new DataStories(cast, own).Lease((DataLeaseEnding)own.Next(9)),
            Checkpoints => new DataStories(cast, own).SignedCheckpoint(),
            < 994 => new GovernanceStories(cast, own).Spend((ProposalFate)own.Next(3)),
            _ => new CommonsStories(cast, own).Records(),
        };
    }

    // A generator of its own for each story: what one story draws never depends on another's acts.
    private static Random Fresh(Random random) => new(random.Next());
}
