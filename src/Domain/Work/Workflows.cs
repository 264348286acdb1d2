// A workflow: steps under one budget, each a task of its own. A step opens when every step that it depends on is paid.
// Enters: its own events and the ends of its steps' tasks. Leaves: its state, and the events that its steps follow.
// Always holds: a step never opens before its dependencies are finalized, nor while another has failed; versions rise
// by one; the workflow ends once.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Work;

/// <summary>The aggregate of one workflow.</summary>
public static class Workflows
{
    // Events

    /// <summary>The task of a step ended.</summary>
    /// <param name="WorkflowId">The workflow.</param>
    /// <param name="Step">The step.</param>
    /// <param name="TaskId">Its task.</param>
    /// <param name="IsFinalized">Whether the task was paid; otherwise it was cancelled.</param>
    public sealed record WorkflowStepEnded(ulong WorkflowId, ushort Step, ulong TaskId, bool IsFinalized)
        : DerivedEvent;

    /// <summary>The deadline passed. From now on anybody may end the workflow.</summary>
    /// <param name="WorkflowId">The workflow.</param>
    /// <param name="Due">The moment at which the deadline fell.</param>
    public sealed record WorkflowDeadlinePassed(ulong WorkflowId, Instant Due) : DerivedEvent;

    /// <summary>Routes the workflow's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("workflow", Evolve)
        .On<WorkflowCreated>(e => e.WorkflowId)
        .On<WorkflowStepLinked>(e => e.WorkflowId)
        .On<WorkflowPatched>(e => e.WorkflowId)
        .On<WorkflowAttested>(e => e.WorkflowId)
        .On<WorkflowEnded>(e => e.WorkflowId)
        .On<WorkflowStepEnded>(e => e.WorkflowId)
        .On<WorkflowDeadlinePassed>(e => e.WorkflowId)
        .Derives<WorkflowStepLinked>((workflow, e) =>
            [new WorkflowSteps.WorkflowStepOpened(e.WorkflowId, e.Step, e.TaskId, workflow.Version, (uint)e.DependsOn)])
        .Derives<WorkflowPatched>((_, e) => Freed(e))
        .Deadlines(NextDeadline, (workflow, due) => new WorkflowDeadlinePassed(workflow.WorkflowId, due.Due));

    // State

    /// <summary>
    /// The status of a workflow; from 1 on the numbers are the outcomes of its end. Stored; never renumber.
    /// </summary>
    public enum Status : byte
    {
        /// <summary>Steps may be opened.</summary>
        Open,

        /// <summary>Every step was paid.</summary>
        Completed,

        /// <summary>A step was cancelled and not replaced.</summary>
        Failed,

        /// <summary>The client ended the workflow.</summary>
        Ended,

        /// <summary>The workflow's deadline passed.</summary>
        Expired,
    }

    /// <summary>A client's plan of steps under one budget.</summary>
    /// <param name="WorkflowId">The workflow's number, from 1.</param>
    /// <param name="Client">The address that posted the workflow and pays for it.</param>
    /// <param name="GraphHash">The hash of the plan.</param>
    /// <param name="Uri">The place where the plan can be read.</param>
    /// <param name="Steps">The number of steps that it has.</param>
    /// <param name="Deadline">The time from which no step is opened and anybody may end the workflow.</param>
    /// <param name="CreatedAt">The time at which the workflow was created.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="Version">The version of the plan, from 1.</param>
    /// <param name="Linked">Bit i is set when step i has a task.</param>
    /// <param name="Finalized">Bit i is set when that task was paid.</param>
    /// <param name="Cancelled">Bit i is set when that task was cancelled and no patch has replaced it.</param>
    /// <param name="Attestations">The number of agents that have vouched for versions of the plan.</param>
    /// <param name="EndedAt">The time at which the workflow ended; 0: it is open.</param>
    /// <param name="IsOverdue">Whether the deadline passed and nobody has ended the workflow.</param>
    public sealed record State(
        ulong WorkflowId,
        Address Client,
        Word GraphHash,
        string Uri,
        ushort Steps,
        Instant Deadline,
        Instant CreatedAt,
        Status Status,
        uint Version,
        uint Linked,
        uint Finalized,
        uint Cancelled,
        ulong Attestations,
        Instant EndedAt,
        bool IsOverdue);

    // Evolve

    private const ushort MostSteps = 32;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, WorkflowCreated { Steps: >= 1 and <= MostSteps } e) => new State(
            e.WorkflowId, e.Client, e.GraphHash, e.Uri, e.Steps, e.Deadline, at.Time, Status.Open, 1, 0, 0, 0, 0,
            default, false),
        (null, _) => null,
        ({ Status: Status.Open }, WorkflowStepLinked e) when Ready(state, e.Step, e.DependsOn) is null =>
            state with { Linked = state.Linked | Bit(e.Step) },
        ({ Status: Status.Open }, WorkflowPatched e)
            when e.BaseVersion == state.Version && e.Version == e.BaseVersion + 1
            && (e.Replaces & ~(UInt128)state.Cancelled) == 0 => state with
            {
                Version = e.Version,
                Linked = state.Linked & ~(uint)e.Replaces,
                Cancelled = state.Cancelled & ~(uint)e.Replaces,
            },
        ({ Status: Status.Open }, WorkflowAttested e) when e.Version >= 1 && e.Version <= state.Version =>
            state with { Attestations = state.Attestations + 1 },
        // A task outlives its workflow: work that has begun finishes by its own rules.
        (_, WorkflowStepEnded e)
            when e.Step < state.Steps && (state.Linked & ~Ended(state) & Bit(e.Step)) != 0 => e.IsFinalized
            ? state with { Finalized = state.Finalized | Bit(e.Step) }
            : state with { Cancelled = state.Cancelled | Bit(e.Step) },
        ({ Status: Status.Open }, WorkflowEnded e) when MayEnd(state, (Status)e.Outcome) =>
            state with { Status = (Status)e.Outcome, EndedAt = at.Time, IsOverdue = false },
        ({ Status: Status.Open, IsOverdue: false }, WorkflowDeadlinePassed) => state with { IsOverdue = true },
        _ => null,
    };

    private static IEnumerable<DerivedEvent> Freed(WorkflowPatched e)
    {
        for (ushort step = 0; step < MostSteps; step++)
            if ((e.Replaces >> step & 1) != 0) yield return new WorkflowSteps.WorkflowStepFreed(e.WorkflowId, step);
    }

    private static bool MayEnd(State workflow, Status outcome) => outcome switch
    {
        Status.Completed => workflow.Finalized == All(workflow),
        Status.Failed => workflow.Finalized != All(workflow) && workflow.Cancelled != 0,
        Status.Ended or Status.Expired => workflow.Finalized != All(workflow) && workflow.Cancelled == 0,
        _ => false,
    };

    private static Decision? Ready(State workflow, ushort step, ulong dependsOn) =>
        step >= workflow.Steps || (dependsOn >> step & 1) != 0
            ? Decision.Refuse("UnknownStep", $"one of {workflow.Steps} steps", $"{step}")
        : (dependsOn & ~(ulong)All(workflow)) != 0
            ? Decision.Refuse("UnknownStep", $"steps below {workflow.Steps}", $"the steps 0x{dependsOn:x}")
        : workflow.Cancelled != 0 ? Decision.Refuse(
            "StepFailed", "no failed step", $"the steps 0x{workflow.Cancelled:x}")
        : (dependsOn & ~(ulong)workflow.Finalized) is not 0 and var open
            ? Decision.Refuse("DependencyOpen", "paid dependencies", $"the open steps 0x{open:x}")
        : (workflow.Linked & Bit(step)) != 0 ? Decision.Refuse(
            "StepIsLinked", "a step without a task", $"step {step} with one")
        : null;

    private static uint Bit(ushort step) => 1u << step;

    private static uint All(State workflow) => uint.MaxValue >> (MostSteps - workflow.Steps);

    private static uint Ended(State workflow) => workflow.Finalized | workflow.Cancelled;

    private static Deadline? NextDeadline(State workflow) =>
        workflow is { Status: Status.Open, IsOverdue: false } ? new Deadline(workflow.Deadline, 1) : null;

    // Commands

    /// <summary>The client adds to the budget.</summary>
    public sealed record AddBudget(Address By, ulong WorkflowId, UInt128 Amount) : Command(By);

    /// <summary>The client opens a step as a task.</summary>
    public sealed record LinkStep(Address By, ulong WorkflowId, ushort Step, ulong DependsOn) : Command(By);

    /// <summary>The client replaces the plan.</summary>
    public sealed record Patch(Address By, ulong WorkflowId, uint BaseVersion, Word PatchHash, ulong Replaces)
        : Command(By);

    /// <summary>An agent vouches for a version of the plan.</summary>
    public sealed record Attest(Address By, ulong WorkflowId, uint Version, ulong AgentId) : Command(By);

    /// <summary>Ends the workflow.</summary>
    public sealed record EndWorkflow(Address By, ulong WorkflowId) : Command(By);

    // Decide

    /// <summary>
    /// Predicts the contract's answer to a command at a moment, as far as the workflow alone decides it.
    /// </summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (not { Status: Status.Open }, _) =>
            Decision.Refuse(
                "WorkflowNotOpen", "an open workflow", state is null ? "none" : $"one that is {state.Status}"),
        (_, AddBudget or LinkStep or Patch) when command.By != state.Client =>
            Decision.Refuse("OnlyClient", $"the client {state.Client}", $"{command.By}"),
        (_, AddBudget c) => c.Amount == 0 ? Decision.Refuse("EmptyBudget", "some amount", "0") : Decision.Grant,
        (_, LinkStep c) => Moments.Before(now, state.Deadline) ?? Ready(state, c.Step, c.DependsOn) ?? Decision.Grant,
        (_, Patch { PatchHash.IsZero: true }) => Decision.Refuse("ZeroHash", "the hash of a patch", "zero"),
        (_, Patch c) when c.BaseVersion != state.Version =>
            Decision.Refuse("StaleBase", $"version {state.Version}", $"version {c.BaseVersion}"),
        (_, Patch c) when (c.Replaces & ~(ulong)All(state)) != 0 =>
            Decision.Refuse("UnknownStep", $"steps below {state.Steps}", $"the steps 0x{c.Replaces:x}"),
        (_, Patch c) => (c.Replaces & ~(ulong)state.Cancelled) is not 0 and var whole
            ? Decision.Refuse(
                "StepNotFailed", "steps whose task was cancelled", $"the steps 0x{whole:x}") : Decision.Grant,
        (_, Attest c) => c.Version >= 1 && c.Version <= state.Version
            ? Decision.Grant : Decision.Refuse(
                "UnknownVersion", $"a version from 1 to {state.Version}", $"{c.Version}"),
        (_, EndWorkflow) => command.By == state.Client || state.Finalized == All(state) || now >= state.Deadline
            ? Decision.Grant
            : Decision.Refuse("StillRunning", $"the client, or a time from {state.Deadline}", $"{command.By} at {now}"),
        _ => throw new ArgumentException(
            $"expected a command to a workflow, found {command.GetType().Name}", nameof(command)),
    };
}
