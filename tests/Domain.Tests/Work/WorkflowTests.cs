// Workflows and their steps, moved by the ends of the steps' tasks.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Work;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Work;

public class WorkflowTests
{
    private const ulong Start = 1_000_000;

    private static SmallChain Created(ushort steps = 3) =>
        SmallChain.Whole(Start).Happens(new WorkflowCreated(1, Client, Hash(1), steps, Start + 5_000, "ipfs://plan"));

    /// <summary>A step as the contract opens it: its task first, in the same transaction.</summary>
    private static ChainEvent[] Step(ulong task, ushort step, ulong dependsOn = 0) =>
    [
        Market.MarketSamples.Created() with { TaskId = task },
        Market.MarketSamples.Opened() with { TaskId = task },
        new WorkflowStepLinked(1, task, step, dependsOn),
    ];

    private static ChainEvent[] Cancelled(ulong task) => [new TaskCancelled(task, 1)];

    private static ChainEvent[] Paid(ulong task) =>
    [
        Market.MarketSamples.Placed(task, 8) with { TaskId = task },
        Market.MarketSamples.Matched(task, 8) with { TaskId = task },
        Market.MarketSamples.Started(8) with { TaskId = task, LeaseId = task },
        Market.MarketSamples.Submitted(8) with { TaskId = task },
        new TaskFinalized(task, 8, 1),
    ];

    private static Workflows.State Workflow(SmallChain chain) => chain.Of(Workflows.Fold, 1UL);

    private static WorkflowSteps.State StepOf(SmallChain chain, ushort step) =>
        chain.Of(WorkflowSteps.Fold, $"1-{step}");

    [Fact]
    public void A_step_opens_when_all_that_it_comes_after_is_paid()
    {
        var chain = Created().Happens(Step(1, 0)).Happens(Paid(1)).Happens(Step(2, 1, 0b1));
        Assert.Equal((0b11U, 0b1U, 0U),
            Workflow(chain) is var workflow ? (workflow.Linked, workflow.Finalized, workflow.Cancelled) : default);
        Assert.Equal((WorkflowSteps.Status.Finalized, 1UL), (StepOf(chain, 0).Status, StepOf(chain, 0).TaskId));
        Assert.Equal((WorkflowSteps.Status.Open, 2UL, 1U, 0b1U),
            StepOf(chain, 1) is var step ? (step.Status, step.TaskId, step.Version, step.DependsOn) : default);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_step_never_opens_before_what_it_depends_on()
    {
        Assert.Equal(
            ["workflow-1: WorkflowStepLinked"], Created().Happens(Step(1, 0)).Happens(Step(2, 1, 0b1)).Violations);
        Assert.Equal(["workflow-1: WorkflowStepLinked"], Created().Happens(Step(2, 1, 0b1)).Violations);
        Assert.Equal(["workflow-1: WorkflowStepLinked"], Created().Happens(Step(2, 1, 0b10)).Violations);
        Assert.Equal(["workflow-1: WorkflowStepLinked"], Created().Happens(Step(2, 3)).Violations);
        Assert.Equal(["workflow-1: WorkflowStepLinked"], Created().Happens(Step(2, 1, 0b1000)).Violations);
        Assert.Equal(["workflow-1: WorkflowStepLinked"], Created().Happens(Step(1, 0)).Happens(Step(2, 0)).Violations);
    }

    [Fact]
    public void Whatever_is_opened_in_whatever_order_its_dependencies_were_paid_before() => Seed.Run(random =>
    {
        for (var walk = 0; walk < 50; walk++)
        {
            var chain = Created(8);
            var tasks = new Dictionary<ushort, ulong>();
            var paid = 0UL;
            for (ulong task = 1; task < 40; task++)
            {
                var step = (ushort)random.Next(8);
                var dependsOn = (ulong)random.Next(256);
                var ready = !tasks.ContainsKey(step) && (dependsOn >> step & 1) == 0 && (dependsOn & ~paid) == 0;
                var decision = Workflows.Decide(
                    Workflow(chain), new Workflows.LinkStep(Client, 1, step, dependsOn), chain.Now);
                Assert.Equal(ready, decision == Decision.Grant);
                if (!ready) continue;
                chain.Happens(Step(task, step, dependsOn));
                tasks[step] = task;
                if (random.Next(2) == 0) continue;
                chain.Happens(Paid(task));
                paid |= 1UL << step;
            }

            Assert.Empty(chain.Violations);
            foreach (var (step, task) in tasks)
                Assert.Equal(task, StepOf(chain, step).TaskId);
            Assert.Equal(paid, Workflow(chain).Finalized);
        }
    });

    [Fact]
    public void A_failed_step_stops_the_plan_until_a_patch_replaces_it()
    {
        var chain = Created().Happens(Step(1, 0)).Happens(Cancelled(1));
        Assert.Equal((0b1U, WorkflowSteps.Status.Cancelled), (Workflow(chain).Cancelled, StepOf(chain, 0).Status));
        chain.Happens(new WorkflowPatched(1, 2, 1, Hash(5), 0b1));
        Assert.Equal((2U, 0U, 0U),
            Workflow(chain) is var patched ? (patched.Version, patched.Linked, patched.Cancelled) : default);
        Assert.Equal((WorkflowSteps.Status.Free, 0UL), (StepOf(chain, 0).Status, StepOf(chain, 0).TaskId));
        Assert.Equal((Hash(5), (UInt128)1),
            chain.Of(WorkflowPatches.Fold, "1-2") is var patch ? (patch.PatchHash, patch.Replaces) : default);
        chain.Happens(Step(2, 0));
        Assert.Equal((2UL, 2U), (StepOf(chain, 0).TaskId, StepOf(chain, 0).Version));
        Assert.Empty(chain.Violations);
        Assert.Contains("workflow-1: WorkflowStepLinked",
            Created().Happens(Step(1, 0)).Happens(Cancelled(1)).Happens(Step(2, 1)).Violations);
    }

    [Fact]
    public void A_patch_builds_on_the_present_version_and_replaces_failed_steps_alone()
    {
        Assert.Contains(
            "workflow-1: WorkflowPatched", Created().Happens(new WorkflowPatched(1, 3, 2, Hash(5), 0)).Violations);
        Assert.Contains("workflow-1: WorkflowPatched",
            Created().Happens(Step(1, 0)).Happens(new WorkflowPatched(1, 2, 1, Hash(5), 1)).Violations);
        Assert.Empty(Created().Happens(
            new WorkflowPatched(1, 2, 1, Hash(5), 0), new WorkflowPatched(1, 3, 2, Hash(5), 0)).Violations);
    }

    [Fact]
    public void An_agent_vouches_for_a_version_once()
    {
        var chain = Created().Happens(new WorkflowAttested(1, 1, 7), new WorkflowAttested(1, 1, 8));
        Assert.Equal((2UL, 7UL), (Workflow(chain).Attestations, chain.Of(WorkflowAttestations.Fold, "1-1-7").AgentId));
        Assert.Empty(chain.Violations);
        Assert.Equal(
            ["workflow-attestation-1-1-7: WorkflowAttested"], chain.Happens(new WorkflowAttested(1, 1, 7)).Violations);
        Assert.Contains("workflow-1: WorkflowAttested", Created().Happens(new WorkflowAttested(1, 2, 7)).Violations);
    }

    [Fact]
    public void A_workflow_ends_for_the_reason_that_it_has()
    {
        Assert.Equal(Workflows.Status.Completed,
            Workflow(Created(1).Happens(Step(1, 0)).Happens(Paid(1)).Happens(new WorkflowEnded(1, 1))).Status);
        Assert.Equal(Workflows.Status.Failed,
            Workflow(Created(1).Happens(Step(1, 0)).Happens(Cancelled(1)).Happens(new WorkflowEnded(1, 2))).Status);
        Assert.Equal(Workflows.Status.Ended, Workflow(Created().Happens(new WorkflowEnded(1, 3))).Status);
        Assert.Equal(Workflows.Status.Expired, Workflow(Created().Happens(new WorkflowEnded(1, 4))).Status);
        Assert.Single(Created().Happens(new WorkflowEnded(1, 1)).Violations);
        Assert.Single(Created().Happens(new WorkflowEnded(1, 2)).Violations);
        Assert.Single(Created(1).Happens(Step(1, 0)).Happens(Paid(1)).Happens(new WorkflowEnded(1, 3)).Violations);
        Assert.Single(Created().Happens(new WorkflowEnded(1, 0)).Violations);
        Assert.Single(Created().Happens(new WorkflowEnded(1, 3), new WorkflowEnded(1, 3)).Violations);
    }

    [Fact]
    public void A_task_that_outlives_its_workflow_still_ends_as_its_step()
    {
        var chain = Created().Happens(Step(1, 0)).Happens(new WorkflowEnded(1, 3)).Happens(Paid(1));
        Assert.Equal(WorkflowSteps.Status.Finalized, StepOf(chain, 0).Status);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void The_deadline_is_told_once_and_not_after_the_end()
    {
        var chain = Created().After(5_000);
        Assert.True(Workflow(chain).IsOverdue);
        Assert.Single(chain.After(1).Followed);
        Assert.False(Workflow(Created().Happens(new WorkflowEnded(1, 3)).After(5_000)).IsOverdue);
    }

    [Fact]
    public void Commands_are_refused_in_the_words_of_the_contract()
    {
        var workflow = Workflow(Created().Happens(Step(1, 0)));
        var failed = workflow with { Cancelled = 1 };
        var ended = workflow with { Status = Workflows.Status.Ended };
        Refused("WorkflowNotOpen", Workflows.Decide(null, new Workflows.EndWorkflow(Client, 1), Start));
        Refused("WorkflowNotOpen", Workflows.Decide(ended, new Workflows.EndWorkflow(Client, 1), Start));
        Granted(Workflows.Decide(workflow, new Workflows.AddBudget(Client, 1, 5), Start));
        Refused("EmptyBudget", Workflows.Decide(workflow, new Workflows.AddBudget(Client, 1, 0), Start));
        Refused("OnlyClient", Workflows.Decide(workflow, new Workflows.AddBudget(Owner, 1, 5), Start));
        Granted(Workflows.Decide(workflow, new Workflows.LinkStep(Client, 1, 1, 0), Start));
        Refused("TooLate", Workflows.Decide(workflow, new Workflows.LinkStep(Client, 1, 1, 0), Start + 5_000));
        Refused("UnknownStep", Workflows.Decide(workflow, new Workflows.LinkStep(Client, 1, 3, 0), Start));
        Refused("UnknownStep", Workflows.Decide(workflow, new Workflows.LinkStep(Client, 1, 1, 0b1000), Start));
        Refused("StepFailed", Workflows.Decide(failed, new Workflows.LinkStep(Client, 1, 1, 0), Start));
        Refused("DependencyOpen", Workflows.Decide(workflow, new Workflows.LinkStep(Client, 1, 1, 1), Start));
        Refused("StepIsLinked", Workflows.Decide(workflow, new Workflows.LinkStep(Client, 1, 0, 0), Start));
        Granted(Workflows.Decide(failed, new Workflows.Patch(Client, 1, 1, Hash(1), 1), Start));
        Refused("ZeroHash", Workflows.Decide(failed, new Workflows.Patch(Client, 1, 1, default, 1), Start));
        Refused("StaleBase", Workflows.Decide(failed, new Workflows.Patch(Client, 1, 2, Hash(1), 1), Start));
        Refused("UnknownStep", Workflows.Decide(failed, new Workflows.Patch(Client, 1, 1, Hash(1), 0b1000), Start));
        Refused("StepNotFailed", Workflows.Decide(failed, new Workflows.Patch(Client, 1, 1, Hash(1), 0b10), Start));
        Granted(Workflows.Decide(workflow, new Workflows.Attest(Owner, 1, 1, 7), Start));
        Refused("UnknownVersion", Workflows.Decide(workflow, new Workflows.Attest(Owner, 1, 2, 7), Start));
        Granted(Workflows.Decide(workflow, new Workflows.EndWorkflow(Client, 1), Start));
        Refused("StillRunning", Workflows.Decide(workflow, new Workflows.EndWorkflow(Owner, 1), Start));
        Granted(Workflows.Decide(workflow, new Workflows.EndWorkflow(Owner, 1), Start + 5_000));
        Granted(Workflows.Decide(workflow with { Finalized = 0b111 }, new Workflows.EndWorkflow(Owner, 1), Start));
        Assert.Throws<ArgumentException>(() => Workflows.Decide(workflow, new Channels.Close(Owner, 1), Start));
    }
}
