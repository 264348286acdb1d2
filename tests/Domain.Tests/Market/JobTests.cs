// Jobs of ERC-8183: every step by its event, every refusal by its condition.
using EventSourced.Domain.Events;
using EventSourced.Domain.Market;
using EventSourced.Domain.Values;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Market;

public class JobTests
{
    private const ulong Start = 1_000_000;
    private const ulong Expiry = Start + 5_000;
    private static readonly Address Evaluator = Person(4);

    [Fact]
    public void A_job_is_funded_delivered_and_paid()
    {
        var chain = Submitted().After(10).Happens(
            new JobCompleted(1, Evaluator, Hash(2)), new PaymentReleased(1, Owner, 99), new Refunded(1, Client, 1));
        Assert.Empty(chain.Violations);
        Assert.Equal(
            new Jobs.State(
                1, Client, Owner, Evaluator, default, "a page", 100, Expiry, Jobs.Status.Completed, 3, 7, false,
                Hash(1), 0, Hash(2), default, 99, 1, Start, Start, Start, Start + 10),
            chain.Of(Jobs.Fold, 1UL));
    }

    [Fact]
    public void A_contested_job_keeps_its_evaluator_s_reason_when_the_court_rejects_it()
    {
        var chain = Submitted().Happens(new JobContested(1, 5, Evaluator, Hash(3)),
            new JobRejected(1, Stranger, default), new Refunded(1, Client, 100));
        var job = chain.Of(Jobs.Fold, 1UL);
        Assert.Equal((Jobs.Status.Rejected, 5UL, Hash(3), Stranger, (UInt128)100),
            (job.Status, job.DisputeId, job.Reason, job.Rejector, job.Refunded));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_task_of_the_market_is_adopted_without_a_description()
    {
        var chain = Chain().Happens(
            new JobCreated(1, Client, Owner, Client, Expiry, default), new BudgetSet(1, 50),
            new JobFunded(1, Client, 50), new JobLinked(1, 3, 7, true));
        Assert.Empty(chain.Violations);
        Assert.Equal((true, "", Jobs.Status.Funded),
            (chain.Of(Jobs.Fold, 1UL).IsAdopted, chain.Of(Jobs.Fold, 1UL).Description,
                chain.Of(Jobs.Fold, 1UL).Status));
    }

    [Fact]
    public void An_ended_job_stays_as_it_ended()
    {
        foreach (var ending in new ChainEvent[]
        {
            new JobCompleted(1, Evaluator, default),
            new JobRejected(1, Client, default),
        })
        {
            var ended = Submitted().Happens(ending).Of(Jobs.Fold, 1UL);
            foreach (var later in new ChainEvent[]
            {
                new JobCreated(1, Client, Owner, Evaluator, Expiry, default), new BudgetSet(1, 1),
                new JobFunded(1, Client, 1), new JobSubmitted(1, Owner, default),
                new JobCompleted(1, Evaluator, default), new JobRejected(1, Client, default), new JobExpired(1),
                new JobContested(1, 5, Evaluator, default),
            })
            {
                Assert.Null(Jobs.Fold.Evolve(ended, later, default));
            }
        }

        Assert.Null(Jobs.Fold.Evolve(null, new JobExpired(1), default));
        Assert.Equal(Jobs.Status.Expired, Funded().Happens(new JobExpired(1)).Of(Jobs.Fold, 1UL).Status);
        Assert.Null(Jobs.Fold.Evolve(Submitted().Of(Jobs.Fold, 1UL), new JobExpired(1), default));
    }

    [Fact]
    public void What_happens_to_a_job_happens_to_its_own_people()
    {
        var funded = Funded().Of(Jobs.Fold, 1UL);
        Assert.Null(Jobs.Fold.Evolve(funded, new JobSubmitted(1, Stranger, default), default));
        Assert.Null(Jobs.Fold.Evolve(funded, new JobLinked(1, 4, 7, false), default));
        var submitted = Submitted().Of(Jobs.Fold, 1UL);
        Assert.Null(Jobs.Fold.Evolve(submitted, new JobCompleted(1, Client, default), default));
        Assert.Null(Jobs.Fold.Evolve(submitted, new JobContested(1, 5, Client, default), default));
        Assert.Null(Jobs.Fold.Evolve(submitted, new Refunded(1, Client, 1), default));
        Assert.Null(
            Jobs.Fold.Evolve(Chain().Happens(Created()).Of(Jobs.Fold, 1UL), new JobFunded(1, Client, 0), default));
    }

    [Fact]
    public void A_provider_serves_as_one_agent_at_a_time()
    {
        var chain = new SmallChain(Start, JobProviders.Fold).Happens(
            new ProviderServes(Owner, 7)).After(1).Happens(new ProviderServes(Owner, 8));
        Assert.Equal(new JobProviders.State(Owner, 8, 2, Start + 1), chain.Of(JobProviders.Fold, Owner));
        Assert.Null(JobProviders.Fold.Evolve(null, new ProviderServes(Owner, 0), default));
        Granted(JobProviders.Decide(new JobProviders.ServeAs(Owner, 7)));
        Assert.Throws<ArgumentException>(() => JobProviders.Decide(new Jobs.Complete(Owner, 1, default)));
    }

    [Fact]
    public void The_door_refuses_what_is_out_of_time_or_place()
    {
        Instant now = Start;
        Granted(Jobs.Decide(null, new Jobs.CreateJob(Client, default, Evaluator, Expiry), now));
        Refused("ZeroAddress", Jobs.Decide(null, new Jobs.CreateJob(Client, default, default, Expiry), now));
        Refused("ExpiryOutOfBounds", Jobs.Decide(null, new Jobs.CreateJob(Client, default, Evaluator, Start), now));
        Refused("ExpiryOutOfBounds",
            Jobs.Decide(null, new Jobs.CreateJob(Client, default, Evaluator, Start + 90 * 86_400 + 1), now));
        Refused("UnknownJob", Jobs.Decide(null, new Jobs.Complete(Evaluator, 9, default), now));
        var open = Chain().Happens(new JobCreated(1, Client, default, Evaluator, Expiry, default)).Of(Jobs.Fold, 1UL);
        Granted(Jobs.Decide(open, new Jobs.SetProvider(Client, 1, Owner), now));
        Refused("ZeroAddress", Jobs.Decide(open, new Jobs.SetProvider(Client, 1, default), now));
        Refused("Unauthorized", Jobs.Decide(open, new Jobs.SetProvider(Owner, 1, Owner), now));
        Refused(
            "ProviderIsSet", Jobs.Decide(open with { Provider = Owner }, new Jobs.SetProvider(Client, 1, Owner), now));
        Granted(Jobs.Decide(open, new Jobs.SetBudget(Client, 1, 5), now));
        Refused("Unauthorized", Jobs.Decide(open, new Jobs.SetBudget(Owner, 1, 5), now));
        Granted(Jobs.Decide(open with { Provider = Owner }, new Jobs.SetBudget(Owner, 1, 5), now));
        Refused("ZeroBudget", Jobs.Decide(open, new Jobs.Fund(Client, 1, 0, 7), now));
        Refused("ProviderNotSet", Jobs.Decide(open with { Budget = 5 }, new Jobs.Fund(Client, 1, 5, 7), now));
        var priced = open with { Budget = 5, Provider = Owner };
        Refused("BudgetMismatch", Jobs.Decide(priced, new Jobs.Fund(Client, 1, 4, 7), now));
        Refused("ProviderWithoutAgent", Jobs.Decide(priced, new Jobs.Fund(Client, 1, 5, 0), now));
        Refused("Unauthorized", Jobs.Decide(priced, new Jobs.Fund(Owner, 1, 5, 7), now));
        Granted(Jobs.Decide(priced, new Jobs.Fund(Client, 1, 5, 7), now));
        Granted(Jobs.Decide(open, new Jobs.Reject(Client, 1, default), now));
        Refused("Unauthorized", Jobs.Decide(open, new Jobs.Reject(Evaluator, 1, default), now));
        Refused("WrongStatus", Jobs.Decide(open, new Jobs.Submit(Owner, 1, default), now));
    }

    [Fact]
    public void The_evaluator_decides_and_time_gives_back_what_nobody_delivered()
    {
        var funded = Funded().Of(Jobs.Fold, 1UL);
        Granted(Jobs.Decide(funded, new Jobs.Submit(Owner, 1, Hash(1)), Start));
        Refused("Unauthorized", Jobs.Decide(funded, new Jobs.Submit(Client, 1, Hash(1)), Start));
        Refused("WrongStatus", Jobs.Decide(funded, new Jobs.SetBudget(Client, 1, 5), Start));
        Refused("WrongStatus", Jobs.Decide(funded, new Jobs.Complete(Evaluator, 1, default), Start));
        Refused("Unauthorized", Jobs.Decide(funded, new Jobs.Reject(Client, 1, default), Start));
        Refused("NotExpired", Jobs.Decide(funded, new Jobs.ClaimRefund(Stranger, 1), Expiry - 1));
        Granted(Jobs.Decide(funded, new Jobs.ClaimRefund(Stranger, 1), Expiry));
        var submitted = Submitted().Of(Jobs.Fold, 1UL);
        Granted(Jobs.Decide(submitted, new Jobs.Complete(Evaluator, 1, default), Start));
        Refused("Unauthorized", Jobs.Decide(submitted, new Jobs.Complete(Client, 1, default), Start));
        Granted(Jobs.Decide(submitted, new Jobs.Reject(Evaluator, 1, default), Start));
        Refused("WorkIsSubmitted", Jobs.Decide(submitted, new Jobs.ClaimRefund(Stranger, 1), Expiry));
        var ended = submitted with { Status = Jobs.Status.Completed };
        Refused("WrongStatus", Jobs.Decide(ended, new Jobs.Reject(Evaluator, 1, default), Start));
        Refused("WrongStatus", Jobs.Decide(ended, new Jobs.ClaimRefund(Stranger, 1), Expiry));
        Assert.Throws<ArgumentException>(() => Jobs.Decide(ended, new Tasks.Cancel(Client, 1), Start));
    }

    private static SmallChain Chain() => new(Start, Jobs.Fold);

    private static JobCreated Created() => new(1, Client, default, Evaluator, Expiry, default);

    private static SmallChain Funded() => Chain().Happens(
        Created(), new JobDescribed(1, "a page"), new ProviderSet(1, Owner), new BudgetSet(1, 100),
        new JobFunded(1, Client, 100), new JobLinked(1, 3, 7, false));

    private static SmallChain Submitted() => Funded().Happens(new JobSubmitted(1, Owner, Hash(1)));
}
