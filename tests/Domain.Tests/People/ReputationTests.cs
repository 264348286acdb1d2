// Standings, completions, and what others say about an agent.
using EventSourced.Domain.Events;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Market;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests;

public class ReputationTests
{
    private static readonly Word Code = ParameterKeys.Of("code"u8);
    private static readonly string Key = Reputations.KeyOf(7, Code);

    [Fact]
    public void A_completed_task_raises_the_accumulator_and_makes_the_agent_active()
    {
        var chain = Chain().Happens(Set(10, Reputations.Cause.Completed));
        var standing = chain.Of(Reputations.Fold, Key);
        Assert.Equal((1U, Reputations.Cause.Completed, Hash(1)), (standing.Completed, standing.Cause, standing.Ref));
        Assert.Equal((new Instant(1_000), new Instant(1_000)), (standing.LastActiveAt, standing.FirstAt));
        Assert.Equal((Int256.From(10), Int256.From(11)), (standing.Accumulator, standing.Score));
    }

    [Fact]
    public void Whoever_loses_is_not_active_by_it_nor_by_what_is_worth_nothing()
    {
        var chain = Chain().Happens(Set(-5, Reputations.Cause.Missed));
        Assert.True(chain.Of(Reputations.Fold, Key).LastActiveAt.IsNone);
        chain.After(5).Happens(Set(-5, Reputations.Cause.Completed));
        Assert.True(chain.Of(Reputations.Fold, Key).LastActiveAt.IsNone);
        Assert.Equal((1U, 1U, new Instant(1_005)),
            (chain.Of(Reputations.Fold, Key).Missed, chain.Of(Reputations.Fold, Key).Completed,
                chain.Of(Reputations.Fold, Key).ChangedAt));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Every_cause_has_its_own_count_and_domain_and_moves_one_way_only()
    {
        foreach (var cause in Enum.GetValues<Reputations.Cause>().Where(cause => cause != Reputations.Cause.None))
        {
            var gains = cause is Reputations.Cause.Completed or Reputations.Cause.Coherent
                or Reputations.Cause.ChallengeUpheld or Reputations.Cause.Struck;
            var domain = DomainOf(cause);
            var standing = Chain().Happens(
                Set(gains ? 3 : -3, cause, domain)).Of(Reputations.Fold, Reputations.KeyOf(7, domain));
            Assert.Equal(1U, Counts(standing)[(int)cause - 1]);
            Assert.Equal(1U, Counts(standing).Aggregate((sum, count) => sum + count));
            Assert.Null(Reputations.Fold.Evolve(null, Set(gains ? -3 : 3, cause, domain), default));
            foreach (var other in new[]
            {
                Code,
                Reputations.VerificationDomain,
                Reputations.ChallengeDomain,
                Reputations.StrikeDomain,
            })
                Assert.Equal(other == domain,
                    Reputations.Fold.Evolve(null, Set(gains ? 3 : -3, cause, other), default) is not null);
        }

        Assert.Null(Reputations.Fold.Evolve(null, Set(3, Reputations.Cause.None), default));
        Assert.Null(Reputations.Fold.Evolve(null, Set(3, (Reputations.Cause)14), default));
        Assert.Null(Reputations.Fold.Evolve(null, new CreditNonceUsed(Owner, 0), default));
    }

    [Fact]
    public void Completions_for_a_client_rise_one_by_one()
    {
        var key = Completions.KeyOf(7, Client);
        var chain = Chain().Happens(
            new CompletionCounted(7, Client, 4, 1)).After(1).Happens(new CompletionCounted(7, Client, 5, 2));
        Assert.Equal(new Completions.State(key, 7, Client, 2, 5, 1_000, 1_001), chain.Of(Completions.Fold, key));
        chain.Happens(new CompletionCounted(7, Client, 6, 2), new CompletionCounted(7, Owner, 6, 2));
        Assert.Equal(2, chain.Violations.Count);
    }

    [Fact]
    public void A_rating_is_kept_word_by_word_taken_back_once_and_answered_as_often_as_anybody_likes()
    {
        var key = Feedbacks.KeyOf(7, Client, 1);
        var chain = Chain().Happens(Rated(1, 88, 2)).After(1)
            .Happens(Answered(Stranger), Answered(Stranger), new FeedbackRevoked(7, Client, 1), Answered(Owner));
        Assert.Equal(
            new Feedbacks.State(key, 7, Client, 1, 88, 2, "t1", "t2", "e", "u", Hash(4), true, 3, 1_000, 1_001),
            chain.Of(Feedbacks.Fold, key));
        Assert.Empty(chain.Violations);
        chain.Happens(new FeedbackRevoked(7, Client, 1), new FeedbackRevoked(7, Client, 2));
        Assert.Equal(2, chain.Violations.Count);
    }

    [Fact]
    public void Every_answer_has_a_row_of_its_own_by_where_it_stands()
    {
        var chain = Chain().Happens(Rated(1, 88, 2), Answered(Stranger), Answered(Stranger));
        var key = Feedbacks.KeyOf(7, Client, 1);
        Assert.Equal(
            new FeedbackResponses.State($"{key}-1-3", key, 7, Client, 1, Stranger, "r", Hash(6), 1, 3, 1_000),
            chain.Of(FeedbackResponses.Fold, $"{key}-1-3"));
        Assert.NotNull(chain.Find(FeedbackResponses.Fold, $"{key}-1-2"));
        Assert.Null(
            FeedbackResponses.Fold.Evolve(chain.Of(FeedbackResponses.Fold, $"{key}-1-3"), Answered(Owner), default));
    }

    [Fact]
    public void A_client_s_ratings_have_numbers_without_a_gap()
    {
        var key = FeedbackClients.KeyOf(7, Client);
        var chain = Chain().Happens(Rated(1, 1, 0)).After(1).Happens(Rated(2, 1, 0));
        Assert.Equal(new FeedbackClients.State(key, 7, Client, 2, 1_000, 1_001), chain.Of(FeedbackClients.Fold, key));
        Assert.Null(FeedbackClients.Fold.Evolve(chain.Of(FeedbackClients.Fold, key), Rated(4, 1, 0), default));
        Assert.Null(FeedbackClients.Fold.Evolve(null, Rated(2, 1, 0), default));
    }

    [Fact]
    public void Ratings_lie_inside_their_bounds()
    {
        var largest = Int128.Parse("1" + new string('0', 38));
        Assert.NotNull(Feedbacks.Fold.Evolve(null, Rated(1, largest, 18), default));
        Assert.NotNull(Feedbacks.Fold.Evolve(null, Rated(1, -largest, 0), default));
        Assert.Null(Feedbacks.Fold.Evolve(null, Rated(1, largest + 1, 0), default));
        Assert.Null(Feedbacks.Fold.Evolve(null, Rated(1, -largest - 1, 0), default));
        Assert.Null(Feedbacks.Fold.Evolve(null, Rated(1, 1, 19), default));
        Assert.Null(Feedbacks.Fold.Evolve(null, Rated(0, 1, 0), default));
    }

    [Fact]
    public void Whoever_acts_for_an_agent_cannot_rate_it_and_ratings_are_taken_back_once()
    {
        var rating = Feedbacks.Fold.Evolve(null, Rated(1, 1, 0), default)!;
        Granted(Feedbacks.Decide(null, new Feedbacks.GiveFeedback(Client, 7, 1, 18, false)));
        Refused("SelfFeedback", Feedbacks.Decide(null, new Feedbacks.GiveFeedback(Client, 7, 1, 0, true)));
        Refused("TooManyDecimals", Feedbacks.Decide(null, new Feedbacks.GiveFeedback(Client, 7, 1, 19, false)));
        Refused(
            "ValueTooLarge", Feedbacks.Decide(null, new Feedbacks.GiveFeedback(Client, 7, Int128.MaxValue, 0, false)));
        Granted(Feedbacks.Decide(rating, new Feedbacks.RevokeFeedback(Client, 7, 1)));
        Granted(Feedbacks.Decide(rating with { IsRevoked = true }, new Feedbacks.AppendResponse(Owner, 7, Client, 1)));
        Refused("UnknownFeedback", Feedbacks.Decide(null, new Feedbacks.RevokeFeedback(Client, 7, 2)));
        Refused("UnknownFeedback", Feedbacks.Decide(null, new Feedbacks.AppendResponse(Owner, 7, Client, 2)));
        Refused("AlreadyRevoked",
            Feedbacks.Decide(rating with { IsRevoked = true }, new Feedbacks.RevokeFeedback(Client, 7, 1)));
        Assert.Throws<ArgumentException>(() => Feedbacks.Decide(rating, new Tasks.Cancel(Client, 1)));
    }

    private static SmallChain Chain() => new(
        1_000, Reputations.Fold, Completions.Fold, Feedbacks.Fold, FeedbackClients.Fold, FeedbackResponses.Fold);

    private static Word DomainOf(Reputations.Cause cause) => cause switch
    {
        <= Reputations.Cause.Split => Code,
        <= Reputations.Cause.Absent => Reputations.VerificationDomain,
        <= Reputations.Cause.ChallengeWithdrawn => Reputations.ChallengeDomain,
        _ => Reputations.StrikeDomain,
    };

    private static ReputationSet Set(long accumulator, Reputations.Cause cause, Word? domain = null) =>
        new(7, domain ?? Code, Hash(1), Int256.From(11), Int256.From(accumulator), (byte)cause);

    private static uint[] Counts(Reputations.State standing) =>
    [
        standing.Completed, standing.NotStarted, standing.Lapsed, standing.Missed, standing.Upheld, standing.Split,
        standing.Coherent, standing.Incoherent, standing.Absent, standing.ChallengesUpheld, standing.ChallengesRejected,
        standing.ChallengesWithdrawn, standing.Strikes,
    ];

    private static NewFeedback Rated(ulong index, Int128 value, byte decimals) =>
        new(7, Client, index, value, decimals, Hash(3), "t1", "t2", "e", "u", Hash(4));

    private static ResponseAppended Answered(Address by) => new(7, Client, 1, by, "r", Hash(6));
}
