// Keeps a work lease alive while work goes on, and tells by a last heartbeat why it ends. Enters: work in progress.
// Leaves: a heartbeat whenever half of the lease's time is over. Always holds: lease and number identify a heartbeat,
// so that two processes send one; no heartbeat follows the end of the work; the end of the lease ends the wait.
using EventSourced.Domain.Market;
using EventSourced.Ethereum;
using EventSourced.Workers.Documents;
using EventSourced.Workers.Hosted;
using Microsoft.Extensions.Logging;

namespace EventSourced.Workers.Executing;

/// <summary>Sends heartbeats.</summary>
internal sealed class LeaseKeeping(ChainViews views, Deputy deputy, KeepContent keep, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Waits for work and keeps its lease alive in the meantime.</summary>
    internal async Task WhileAsync(Task working, Tasks.State task, HostedAgent agent, CancellationToken cancellation)
    {
        while (!working.IsCompleted)
        {
            await Task.WhenAny(working, Task.Delay(Look, time, cancellation)).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (working.IsCompleted) return;
            if (await views.LeaseAsync(task.TaskId, cancellation).ConfigureAwait(false) is not { } lease)
                throw new OperationCanceledException(
                    $"expected a live lease of task {task.TaskId}, found none", cancellation);
            var now = await deputy.Actor.NowAsync(cancellation).ConfigureAwait(false);
            if (now + lease.Ttl / 2 < lease.ExpiresAt) continue;
            // A lease cannot live beyond the deadline, so a heartbeat near it would prolong nothing.
            if (lease.ExpiresAt >= (ulong)task.DeliverBy.Seconds) continue;
            await BeatAsync(lease, task, agent, "working", null, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Tells by a last heartbeat why the work ends, and returns the lease; null: there is no live lease.
    /// </summary>
    internal async Task<LiveLease?> SayAsync(
        Tasks.State task, HostedAgent agent, string reason, CancellationToken cancellation)
    {
        if (await views.LeaseAsync(task.TaskId, cancellation).ConfigureAwait(false) is not { } lease) return null;
        await BeatAsync(lease, task, agent, "yielding", reason, cancellation).ConfigureAwait(false);
        return lease;
    }

    private async Task BeatAsync(
        LiveLease lease, Tasks.State task, HostedAgent agent, string step, string? reason,
        CancellationToken cancellation)
    {
        var note = await keep(
            new ProgressNote(task.TaskId, agent.Id, step, reason).ToJson(), cancellation).ConfigureAwait(false);
        var key = reason is null
            ? $"lease-{lease.LeaseId}-beat-{lease.Heartbeats + 1}" : $"lease-{lease.LeaseId}-{step}";
        var deed = deputy.Actor.Stage.Deed(
            "leases.heartbeat", "WorkLeases", "heartbeat", [lease.LeaseId, note], key,
            $"agent {agent.Id} says that it is {step} on task {task.TaskId}");
        // A refused heartbeat came too late or twice: the next look at the lease tells which.
        if (await deputy.DoAsync(deed, agent.Key, cancellation).ConfigureAwait(false) is Act.Refused refused)
            log.HeartbeatRefused(task.TaskId, lease.LeaseId, refused.Reason);
        else log.HeartbeatSent(task.TaskId, lease.LeaseId, step);
    }
}
