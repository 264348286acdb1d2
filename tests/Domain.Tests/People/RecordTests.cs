// Validations and actions: what is recorded about agents and never changes.
using EventSourced.Domain.Events;
using EventSourced.Domain.Market;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests;

public class RecordTests
{
    [Fact]
    public void A_validation_shows_its_latest_answer_and_every_answer_has_a_row()
    {
        var chain = Chain().Happens(Asked()).After(5).Happens(Answered(40), Answered(90));
        Assert.Equal(
            new Validations.State(Hash(1), Stranger, 7, "q", 2, 90, "a", Hash(2), "tag", 1_000, 1_005),
            chain.Of(Validations.Fold, Hash(1)));
        Assert.Equal(
            new Verdicts.State($"{Hash(1)}-2-1", Hash(1), Stranger, 7, 40, "a", Hash(2), "tag", 2, 1, 1_005),
            chain.Of(Verdicts.Fold, $"{Hash(1)}-2-1"));
        Assert.Equal((byte)90, chain.Of(Verdicts.Fold, $"{Hash(1)}-2-2").Response);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_request_is_made_once_and_only_the_asked_validator_answers()
    {
        var asked = Chain().Happens(Asked()).Of(Validations.Fold, Hash(1));
        Assert.Null(Validations.Fold.Evolve(asked, Asked(), default));
        Assert.Null(Validations.Fold.Evolve(asked, Answered(101), default));
        Assert.Null(Validations.Fold.Evolve(asked, Answered(1) with { ValidatorAddress = Client }, default));
        Assert.Null(Validations.Fold.Evolve(asked, Answered(1) with { AgentId = 8 }, default));
        Assert.Null(Validations.Fold.Evolve(null, Answered(1), default));
        Assert.Null(Validations.Fold.Evolve(null, Asked() with { ValidatorAddress = default }, default));
        Assert.Null(Validations.Fold.Evolve(null, Asked() with { RequestHash = default }, default));
    }

    [Fact]
    public void Requests_and_answers_are_refused_by_name()
    {
        var asked = Chain().Happens(Asked()).Of(Validations.Fold, Hash(1));
        Validations.Request Request(Address validator, Word hash, bool acts = false) =>
            new(Owner, validator, 7, hash, acts);
        Granted(Validations.Decide(null, Request(Stranger, Hash(1))));
        Refused("ZeroValidator", Validations.Decide(null, Request(default, Hash(1))));
        Refused("ZeroHash", Validations.Decide(null, Request(Stranger, default)));
        Refused("RequestIsKnown", Validations.Decide(asked, Request(Stranger, Hash(1))));
        Granted(Validations.Decide(asked, Request(Client, Hash(1))));
        Granted(Validations.Decide(asked with { AgentId = 8 }, Request(Stranger, Hash(1))));
        Refused("SelfValidation", Validations.Decide(null, Request(Stranger, Hash(1), true)));
        Granted(Validations.Decide(asked, new Validations.Respond(Stranger, Hash(1), 100, false)));
        Refused("UnknownRequest", Validations.Decide(null, new Validations.Respond(Stranger, Hash(1), 1, false)));
        Refused("OnlyValidator", Validations.Decide(asked, new Validations.Respond(Client, Hash(1), 1, false)));
        Refused(
            "ResponseOutOfBounds", Validations.Decide(asked, new Validations.Respond(Stranger, Hash(1), 101, false)));
        Refused("SelfValidation", Validations.Decide(asked, new Validations.Respond(Stranger, Hash(1), 1, true)));
        Assert.Throws<ArgumentException>(() => Validations.Decide(asked, new Tasks.Cancel(Owner, 1)));
    }

    [Fact]
    public void An_outcome_is_told_once()
    {
        var chain = Chain().Happens(
            new ActionRecorded(4, 7, Hash(1), Hash(2), "d")).After(5).Happens(new OutcomeRecorded(4, Hash(3), "o"));
        var action = chain.Of(Actions.Fold, 4UL);
        Assert.Equal(new Actions.State(4, 7, Hash(1), Hash(2), "d", Hash(3), "o", 1_000, 1_005), action);
        chain.Happens(new OutcomeRecorded(4, Hash(4), "o"), new OutcomeRecorded(5, Hash(4), "o"));
        Assert.Equal(["action-4: OutcomeRecorded", "action-5: OutcomeRecorded"], chain.Violations);
        Assert.Null(Actions.Fold.Evolve(null, new ActionRecorded(4, 7, Hash(1), default, "d"), default));
        Assert.Null(
            Actions.Fold.Evolve(action with { OutcomeHash = default }, new OutcomeRecorded(4, default, "o"), default));
    }

    [Fact]
    public void Records_need_a_hash_and_an_action_without_an_outcome()
    {
        var action = Chain().Happens(new ActionRecorded(4, 7, Hash(1), Hash(2), "d")).Of(Actions.Fold, 4UL);
        Granted(Actions.Decide(null, new Actions.RecordAction(Owner, 7, Hash(1))));
        Refused("ZeroHash", Actions.Decide(null, new Actions.RecordAction(Owner, 7, default)));
        Granted(Actions.Decide(action, new Actions.RecordOutcome(Owner, 4, Hash(1))));
        Refused("UnknownAction", Actions.Decide(null, new Actions.RecordOutcome(Owner, 4, Hash(1))));
        Refused("ZeroHash", Actions.Decide(action, new Actions.RecordOutcome(Owner, 4, default)));
        Refused("OutcomeIsRecorded",
            Actions.Decide(action with { OutcomeHash = Hash(9) }, new Actions.RecordOutcome(Owner, 4, Hash(1))));
        Assert.Throws<ArgumentException>(() => Actions.Decide(action, new Tasks.Cancel(Owner, 1)));
    }

    private static SmallChain Chain() => new(1_000, Validations.Fold, Verdicts.Fold, Actions.Fold);

    private static ValidationRequest Asked() => new(Stranger, 7, "q", Hash(1));

    private static ValidationResponse Answered(byte response) =>
        new(Stranger, 7, Hash(1), response, "a", Hash(2), "tag");
}
