// The versions of a workflow's plan after the first, and the agents that vouched for them. Enters: patches and
// attestations. Leaves: one row each. Always holds: a version is made once, and an agent vouches for it once.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Work;

/// <summary>The patches of plans.</summary>
public static class WorkflowPatches
{
    // Events

    /// <summary>Routes a patch to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("workflow-patch", Evolve)
        .Also<WorkflowPatched>(e => $"{e.WorkflowId}-{e.Version}");

    // State

    /// <summary>A patch that made a new version of a workflow's plan.</summary>
    /// <param name="Key">Workflow and version: `3-2`.</param>
    /// <param name="WorkflowId">The workflow.</param>
    /// <param name="Version">The version that the patch made.</param>
    /// <param name="BaseVersion">The version that the patch builds on.</param>
    /// <param name="PatchHash">The hash of the patch.</param>
    /// <param name="Replaces">Bit i is set when the patch freed step i, so that it can be opened anew.</param>
    /// <param name="PatchedAt">The time of the patch.</param>
    public sealed record State(
        string Key,
        ulong WorkflowId,
        uint Version,
        uint BaseVersion,
        Word PatchHash,
        UInt128 Replaces,
        Instant PatchedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, WorkflowPatched e) => new State(
            $"{e.WorkflowId}-{e.Version}", e.WorkflowId, e.Version, e.BaseVersion, e.PatchHash, e.Replaces, at.Time),
        _ => null,
    };
}

/// <summary>The agents' attestations of versions of plans.</summary>
public static class WorkflowAttestations
{
    // Events

    /// <summary>Routes an attestation to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("workflow-attestation", Evolve)
        .Also<WorkflowAttested>(e => $"{e.WorkflowId}-{e.Version}-{e.AgentId}");

    // State

    /// <summary>An agent's word that a version of a plan is sound.</summary>
    /// <param name="Key">Workflow, version and agent: `3-2-7`.</param>
    /// <param name="WorkflowId">The workflow.</param>
    /// <param name="Version">The version of the plan.</param>
    /// <param name="AgentId">The agent that vouches.</param>
    /// <param name="AttestedAt">The time of the attestation.</param>
    public sealed record State(string Key, ulong WorkflowId, uint Version, ulong AgentId, Instant AttestedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, WorkflowAttested e) => new State(
            $"{e.WorkflowId}-{e.Version}-{e.AgentId}", e.WorkflowId, e.Version, e.AgentId, at.Time),
        _ => null,
    };
}
