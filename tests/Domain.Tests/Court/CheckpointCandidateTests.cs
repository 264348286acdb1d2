// Candidates for checkpoints: beside each other, each with its panel, signatures and end.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;
using static EventSourced.Domain.Tests.Court.CourtSamples;
using static EventSourced.Domain.Tests.Samples;
using Status = EventSourced.Domain.Court.CheckpointCandidates.Status;

namespace EventSourced.Domain.Tests.Court;

public class CheckpointCandidateTests
{
    private static readonly Sequence<ulong> Signers = [11, 12, 13, 14];

    private static CandidatePosted Posting(ulong id = 5) =>
        new(id, 3, 9, new Roots(Hash(1), Hash(2), 100, 200, 5_000), 500, 5, Start + 1_000);

    private static SmallChain Posted() => SmallChain.Whole(Start).Happens(Posting(), new CandidateAwaitsPanel(5, 192));

    private static SmallChain Drawn() => Posted().Happens(new CandidatePanelDrawn(5, Hash(4), Signers, 2, 30));

    private static SmallChain Signed() => Drawn().Happens(new CandidateSigned(5, 12), new CandidateSigned(5, 14));

    private static CheckpointCandidates.State Found(SmallChain chain, ulong id = 5) =>
        chain.Of(CheckpointCandidates.Fold, id);

    [Fact]
    public void A_posting_carries_its_bond_and_its_fee()
    {
        var found = Found(Posted());
        Assert.Equal((Status.Posted, 3UL, 9UL, (UInt128)500, (UInt128)5, 192UL),
            (found.Status, found.Epoch, found.PosterId, found.Bond, found.Fee, found.SeedBlock));
        Assert.Equal((100UL, 200UL, 5_000UL, new Instant(Start)),
            (found.FromBlock, found.ToBlock, found.EventCount, found.PostedAt));
    }

    [Fact]
    public void Candidates_for_one_epoch_stand_beside_each_other()
    {
        var chain = Signed().Happens(
            Posting(6), new CandidateSettled(5, (byte)Status.Accepted), new CandidateSettled(6, (byte)Status.Unsigned));
        Assert.Equal((Status.Accepted, Status.Unsigned), (Found(chain).Status, Found(chain, 6).Status));
        Assert.Empty(chain.Violations);
        Assert.Single(chain.Happens(Posting(6)).Violations);
    }

    [Fact]
    public void It_is_accepted_or_superseded_with_its_quorum_of_different_signers_alone()
    {
        Assert.Equal((2, 0b1010), Found(Signed()) is var signed ? (signed.Signatures, (int)signed.Signed) : default);
        Assert.Single(Drawn().Happens(new CandidateSigned(5, 12), new CandidateSigned(5, 12)).Violations);
        Assert.Single(Drawn().Happens(new CandidateSigned(5, 15)).Violations);
        foreach (var end in new[] { Status.Accepted, Status.Superseded })
        {
            Assert.Single(Drawn().Happens(new CandidateSettled(5, (byte)end)).Violations);
            Assert.Equal(end, Found(Signed().Happens(new CandidateSettled(5, (byte)end))).Status);
        }

        Assert.Single(Signed().Happens(new CandidateSettled(5, (byte)Status.Unsigned)).Violations);
        Assert.Equal(
            new Instant(Start), Found(Posted().Happens(new CandidateSettled(5, (byte)Status.Unsigned))).SettledAt);
    }

    [Fact]
    public void The_court_alone_rejects_and_what_it_confirmed_is_not_challenged_again()
    {
        Assert.Single(Signed().Happens(new CandidateSettled(5, (byte)Status.Rejected)).Violations);
        var chain = Signed().Happens(new CandidateDisputed(5, 7));
        Assert.Equal((Status.Disputed, 7UL), (Found(chain).Status, Found(chain).DisputeId));
        Assert.Single(
            Signed().Happens(new CandidateDisputed(5, 7), new CandidateSettled(5, (byte)Status.Accepted)).Violations);
        chain.Happens(new CandidateResumed(5, true, Start + 9_000));
        Assert.Equal((Status.Posted, true, new Instant(Start + 9_000)),
            Found(chain) is var found ? (found.Status, found.IsRuled, found.FinalAt) : default);
        Assert.Single(chain.Happens(new CandidateDisputed(5, 8)).Violations);
        Assert.Equal(Status.Rejected,
            Found(
                Signed().Happens(new CandidateDisputed(5, 7), new CandidateSettled(5, (byte)Status.Rejected))).Status);
    }

    [Fact]
    public void The_end_of_its_window_is_told_once()
    {
        var chain = Drawn().After(1_000);
        Assert.True(Found(chain).IsOverdue);
        Assert.Single(chain.After(1_000).Followed);
        Assert.False(Found(chain.Happens(new CandidateSettled(5, (byte)Status.Unsigned))).IsOverdue);
    }

    [Fact]
    public void Commands_are_refused_in_the_words_of_the_contract()
    {
        var (posted, drawn, signed) = (Found(Posted()), Found(Drawn()), Found(Signed()));
        Granted(Decide(null, new CheckpointCandidates.Post(Owner, 3, 9, Hash(1), Hash(2), 5, 5)));
        Refused("ZeroRoot", Decide(null, new CheckpointCandidates.Post(Owner, 3, 9, Hash(1), default, 5, 9)));
        Refused("BlocksOutOfOrder", Decide(null, new CheckpointCandidates.Post(Owner, 3, 9, Hash(1), Hash(2), 6, 5)));
        Granted(Decide(posted, new CheckpointCandidates.DrawSigners(Owner, 5)));
        Granted(Decide(posted, new CheckpointCandidates.Reseed(Owner, 5)));
        Refused("PanelAlreadyDrawn", Decide(drawn, new CheckpointCandidates.DrawSigners(Owner, 5)));
        Refused("WrongCandidateState", Decide(null, new CheckpointCandidates.DrawSigners(Owner, 5)));
        Granted(Decide(drawn, new CheckpointCandidates.Sign(Owner, 5, 12)));
        Refused("AlreadySigned", Decide(signed, new CheckpointCandidates.Sign(Owner, 5, 12)));
        Refused("NotSigner", Decide(signed, new CheckpointCandidates.Sign(Owner, 5, 15)));
        Refused("TooLate", Decide(drawn, new CheckpointCandidates.Sign(Owner, 5, 12), 1_000));
        Refused("TooEarly", Decide(drawn, new CheckpointCandidates.SettleCandidate(Owner, 5)));
        Granted(Decide(drawn, new CheckpointCandidates.SettleCandidate(Owner, 5), 1_000));
        Assert.Throws<ArgumentException>(() => Decide(drawn, new Channels.Close(Owner, 1)));
    }

    private static Decision Decide(CheckpointCandidates.State? state, Command command, ulong later = 0) =>
        CheckpointCandidates.Decide(state, command, Start + later);
}
