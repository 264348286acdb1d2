// A step of a workflow, and the task that carries it. Enters: events of the workflow and of the task. Leaves: one row a
// step, as the contract's `stepOf` answers. Always holds: one task at a time; a patch frees a step only after its task
// was cancelled.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Work;

/// <summary>The aggregate of one step of a workflow.</summary>
public static class WorkflowSteps
{
    // Events

    /// <summary>A step was opened as a task.</summary>
    /// <param name="WorkflowId">The workflow.</param>
    /// <param name="Step">The step.</param>
    /// <param name="TaskId">Its task.</param>
    /// <param name="Version">The version of the plan that opened it.</param>
    /// <param name="DependsOn">Bit i is set when the step comes after step i.</param>
    public sealed record WorkflowStepOpened(ulong WorkflowId, ushort Step, ulong TaskId, uint Version, uint DependsOn)
        : DerivedEvent;

    /// <summary>A patch freed a step to be opened anew.</summary>
    /// <param name="WorkflowId">The workflow.</param>
    /// <param name="Step">The step.</param>
    public sealed record WorkflowStepFreed(ulong WorkflowId, ushort Step) : DerivedEvent;

    /// <summary>Routes the step's events to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("workflow-step", Evolve)
        .On<WorkflowStepOpened>(e => KeyOf(e.WorkflowId, e.Step))
        .On<WorkflowStepFreed>(e => KeyOf(e.WorkflowId, e.Step))
        .Also<Workflows.WorkflowStepEnded>(e => KeyOf(e.WorkflowId, e.Step));

    // State

    /// <summary>The status of a step; stored, never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>A patch freed the step: it has no task.</summary>
        Free,

        /// <summary>The step's task is under way.</summary>
        Open,

        /// <summary>The step's task was paid.</summary>
        Finalized,

        /// <summary>The step's task was cancelled.</summary>
        Cancelled,
    }

    /// <summary>A step of a workflow.</summary>
    /// <param name="Key">Workflow and step: `3-0`.</param>
    /// <param name="WorkflowId">The workflow.</param>
    /// <param name="Step">The step's number, from 0.</param>
    /// <param name="TaskId">Its task; 0: none now.</param>
    /// <param name="Version">The version of the plan that opened it last.</param>
    /// <param name="DependsOn">Bit i is set when the step comes after step i.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="OpenedAt">The time at which the step's task was created.</param>
    /// <param name="EndedAt">The time at which the task ended; 0: it is under way.</param>
    public sealed record State(
        string Key,
        ulong WorkflowId,
        ushort Step,
        ulong TaskId,
        uint Version,
        uint DependsOn,
        Status Status,
        Instant OpenedAt,
        Instant EndedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null or { Status: Status.Free }, WorkflowStepOpened e) => new State(
            KeyOf(e.WorkflowId, e.Step), e.WorkflowId, e.Step, e.TaskId, e.Version, e.DependsOn, Status.Open, at.Time,
            default),
        (null, _) => null,
        ({ Status: Status.Open }, Workflows.WorkflowStepEnded e) when e.TaskId == state.TaskId =>
            state with { Status = e.IsFinalized ? Status.Finalized : Status.Cancelled, EndedAt = at.Time },
        ({ Status: Status.Cancelled }, WorkflowStepFreed) => state with { Status = Status.Free, TaskId = 0 },
        _ => null,
    };

    private static string KeyOf(ulong workflowId, ushort step) => $"{workflowId}-{step}";
}
