// Checkpoints: their postings, panels, signatures and ends.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;
using static EventSourced.Domain.Tests.Court.CourtSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Court;

public class CheckpointTests
{
    private static readonly Sequence<ulong> Signers = [11, 12, 13, 14];

    private static CheckpointPosted Posting(ulong time = Start) =>
        new(3, 9, Hash(1), Hash(2), 100, 200, 5_000, time + 1_000);

    private static SmallChain Posted() => SmallChain.Whole(Start).Happens(
        Posting(), new CheckpointAwaitsPanel(3, 192), Move(Account(Stake, 9), PosterAccount(0, 3, 1), 3, 700, 39));

    private static SmallChain Drawn() => Posted().Happens(new CheckpointPanelDrawn(3, Hash(4), Signers, 3, 30));

    private static Checkpoints.State Found(SmallChain chain) => chain.Of(Checkpoints.Fold, 3UL);

    [Fact]
    public void A_posting_has_its_bond_from_the_money_that_moved()
    {
        var chain = Posted();
        Assert.Equal((Checkpoints.Status.Posted, (ushort)1, (UInt128)700, 192UL),
            Found(chain) is var found ? (found.Status, found.Posting, found.Bond, found.SeedBlock) : default);
        Assert.Empty(chain.Violations);
        Assert.Single(chain.Happens(Move(Account(Stake, 9), PosterAccount(0, 3, 2), 3, 700, 39)).Violations);
        Assert.Equal((UInt128)700, Found(chain).Bond);
    }

    [Fact]
    public void It_is_accepted_with_its_quorum_of_different_signers()
    {
        var chain = Drawn().Happens(new CheckpointSigned(3, 12), new CheckpointSigned(3, 11));
        Assert.Single(Drawn().Happens(new CheckpointSigned(3, 12), new CheckpointSigned(3, 12)).Violations);
        Assert.Contains("checkpoint-3: CheckpointSigned", Drawn().Happens(new CheckpointSigned(3, 15)).Violations);
        Assert.Equal((2, 0b11), Found(chain) is var signed ? (signed.Signatures, (int)signed.Signed) : default);
        chain.Happens(new CheckpointSigned(3, 14), new CheckpointSettled(3, true));
        Assert.Equal(Checkpoints.Status.Accepted, Found(chain).Status);
        Assert.Equal(((ushort)3, (UInt128)30),
            chain.Of(CheckpointSignatures.Fold, "3-1-14") is var last ? (last.Seat, last.Bond) : default);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Without_its_quorum_it_is_rejected_and_another_may_be_posted()
    {
        Assert.Single(Drawn().Happens(new CheckpointSettled(3, true)).Violations);
        var chain = Drawn().Happens(new CheckpointSigned(3, 12), new CheckpointSettled(3, false), Posting());
        Assert.Equal(((ushort)2, (ushort)0, (UInt128)0, 0),
            Found(chain) is var again ? (again.Posting, again.Signatures, again.Bond, again.Panel.Count) : default);
        chain.Happens(Move(Account(Stake, 9), PosterAccount(0, 3, 2), 3, 700, 39),
            new CheckpointPanelDrawn(3, Hash(4), Signers, 3, 30),
            new CheckpointSigned(3, 12));
        Assert.NotNull(chain.Find(CheckpointSignatures.Fold, "3-2-12"));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_rejected_challenge_gives_signing_more_time_and_is_the_last()
    {
        var chain = Drawn().Happens(new CheckpointDisputed(3, 7));
        Assert.Equal((Checkpoints.Status.Disputed, 7UL), (Found(chain).Status, Found(chain).DisputeId));
        chain.Happens(new CheckpointResumed(3, true, Start + 9_000));
        Assert.Equal((Checkpoints.Status.Posted, true, new Instant(Start + 9_000)),
            Found(chain) is var found ? (found.Status, found.IsRuled, found.FinalAt) : default);
        Assert.Single(chain.Happens(new CheckpointDisputed(3, 8)).Violations);
        Assert.Equal(Checkpoints.Status.Rejected,
            Found(Drawn().Happens(new CheckpointDisputed(3, 7), new CheckpointSettled(3, false))).Status);
        Assert.Single(Drawn().Happens(new CheckpointDisputed(3, 7), new CheckpointSettled(3, true)).Violations);
    }

    [Fact]
    public void The_end_of_its_window_is_told_once()
    {
        var chain = Drawn().After(1_000);
        Assert.True(Found(chain).IsOverdue);
        Assert.Single(chain.After(1_000).Followed);
        Assert.False(Found(chain.Happens(new CheckpointSettled(3, false))).IsOverdue);
    }

    /// <summary>
    /// Since v1.1 the accepted candidate is told in these events, all in one block and long after its posting.
    /// </summary>
    [Fact]
    public void An_accepted_candidate_is_told_whole_at_its_acceptance()
    {
        var chain = SmallChain.Whole(Start + 90_000).Happens(
            new CheckpointPosted(3, 9, Hash(1), Hash(2), 100, 200, 5_000, Start + 80_000),
            new CheckpointAwaitsPanel(3, 192), new CheckpointPanelDrawn(3, Hash(4), Signers, 2, 30),
            new CheckpointSigned(3, 12), new CheckpointSigned(3, 14), new CheckpointDisputed(3, 7),
            new CheckpointResumed(3, true, Start + 85_000), new CheckpointSettled(3, true));
        Assert.Equal((Checkpoints.Status.Accepted, 7UL, true, false),
            Found(chain) is var found ? (found.Status, found.DisputeId, found.IsRuled, found.IsOverdue) : default);
        Assert.NotNull(chain.Find(CheckpointSignatures.Fold, "3-1-14"));
        Assert.Empty(chain.After(1).Violations);
        Assert.DoesNotContain(chain.Followed, followed => followed is Checkpoints.CheckpointWindowPassed);
    }
}
