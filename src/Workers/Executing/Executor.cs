// Doing tasks for hosted agents. Enters: a job: one round of one task that one of our agents won. Leaves: the lease
// started and kept alive, output and receipt stored, the delivery signed and submitted; or the task given back with the
// reason. Always holds: the delivery is decided once for all processes; each step is one command by (task, round,
// step), so that a process that takes over repeats nothing; a task that moved on is left alone.
using System.Text.Json;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Market;
using EventSourced.Domain.Money;
using EventSourced.Ethereum;
using EventSourced.Workers.Acting;
using EventSourced.Workers.Documents;
using EventSourced.Workers.Hosted;
using EventSourced.Workers.Queueing;
using Microsoft.Extensions.Logging;

namespace EventSourced.Workers.Executing;

/// <summary>The outcome of a task. It is decided once and kept in its job.</summary>
/// <param name="Result">The output's hash; null: the task cannot be done.</param>
/// <param name="Receipt">The receipt text's hash.</param>
/// <param name="Reason">The reason why it cannot be done.</param>
public sealed record Decision(string? Result, string? Receipt, string? Reason);

/// <summary>Does tasks.</summary>
/// <param name="roster">The hosted agents.</param>
/// <param name="rows">The read models.</param>
/// <param name="views">The contracts.</param>
/// <param name="deputy">Acts for agents.</param>
/// <param name="run">Does the work.</param>
/// <param name="keep">Keeps documents.</param>
/// <param name="time">The clock of its pauses.</param>
/// <param name="log">The log of its events.</param>
public sealed class Executor(
    Roster roster, TaskRows rows, ChainViews views, Deputy deputy, WorkRun run, KeepContent keep, TimeProvider time,
    ILogger log)
{
    private const byte Matched = (byte)Tasks.Status.Matched;
    private const byte Running = (byte)Tasks.Status.Running;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private readonly LeaseKeeping _leases = new(views, deputy, keep, time, log);

    /// <summary>One attempt at a task.</summary>
    public async Task<JobEnd> GoAsync(HeldJob held, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(held);
        var job = held.Job;
        if (roster.Agent(job.AgentId) is not { } agent)
            return new JobEnd.Later(Again, $"agent {job.AgentId} is not hosted here");
        if (await rows.TaskAsync(job.Subject, cancellation).ConfigureAwait(false) is not { } found)
            return new JobEnd.Later(Again, "the index has no such task now");
        if (found.Task.Round != job.Round || found.Task.AgentId != agent.Id
            || found.Task.Status is not (Tasks.Status.Matched or Tasks.Status.Running))
            return new JobEnd.Done($"the task moved on: round {found.Task.Round}, {found.Task.Status}");
        return held.Kept is { } decided
            ? await EndAsync(found, agent, Read(decided), cancellation).ConfigureAwait(false)
            : await WorkAsync(held, found, agent, cancellation).ConfigureAwait(false);
    }

    private static Decision Read(string kept) => JsonSerializer.Deserialize<Decision>(kept)
        ?? throw new InvalidOperationException($"expected a decision, found '{kept}'");

    private async Task<JobEnd> WorkAsync(
        HeldJob held, TaskAndTerms found, HostedAgent agent, CancellationToken cancellation)
    {
        var preparation = await run.PrepareAsync(
            agent, new Hash32(found.Terms.SpecHash.ToArray()), cancellation).ConfigureAwait(false);
        if (preparation is Preparation.Missing missing)
        {
            var now = await deputy.Actor.NowAsync(cancellation).ConfigureAwait(false);
            if (now < Patience(found)) return new JobEnd.Later(Again, missing.Reason);
            preparation = new Preparation.Impossible(missing.Reason);
        }

        if (preparation is Preparation.Impossible impossible)
            return await DecideAsync(held, found, agent, new WorkEnd.Undone(impossible.Reason), cancellation)
                .ConfigureAwait(false);
        await held.StepAsync("working", cancellation).ConfigureAwait(false);
        // The work needs no lease, so it does not wait for the block that starts the lease.
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var starting = StartAsync(found.Task, agent, leaving.Token);
        var working = run.RunAsync(agent, found.Task.TaskId, (Preparation.Ready)preparation, leaving.Token);
        try
        {
            if (await starting.ConfigureAwait(false) is { } refused) return new JobEnd.Later(Again, refused);
            await _leases.WhileAsync(working, found.Task, agent, leaving.Token).ConfigureAwait(false);
            return await DecideAsync(held, found, agent, await working.ConfigureAwait(false), cancellation)
                .ConfigureAwait(false);
        }
        finally
        {
            await leaving.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(starting, working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The time until which missing content may still come: half of the time to the start, or half of the time to work.
    private static ulong Patience(TaskAndTerms found) => (ulong)(found.Task.Status == Tasks.Status.Matched
        ? found.Task.StartBy.Seconds - found.Terms.StartWindow / 2
        : found.Task.DeliverBy.Seconds - found.Terms.DeliverWindow / 2);

    private async Task<JobEnd> DecideAsync(
        HeldJob held, TaskAndTerms found, HostedAgent agent, WorkEnd end, CancellationToken cancellation)
    {
        var decision = end switch
        {
            WorkEnd.Done done => new Decision(done.Result.ToString(), done.Receipt.ToString(), null),
            WorkEnd.Undone undone => new Decision(null, null, undone.Reason),
            _ => throw new InvalidOperationException($"expected an end of work, found {end}"),
        };
        var holds = Read(
            await held.KeepOnceAsync(JsonSerializer.Serialize(decision), cancellation).ConfigureAwait(false));
        return await EndAsync(found, agent, holds, cancellation).ConfigureAwait(false);
    }

    private async Task<JobEnd> EndAsync(
        TaskAndTerms found, HostedAgent agent, Decision decision, CancellationToken cancellation)
    {
        if (decision is not { Result: { } result, Receipt: { } receipt })
            return await GiveBackAsync(found.Task, agent, decision.Reason ?? "", cancellation).ConfigureAwait(false);
        var state = await views.TaskStateAsync(found.Task.TaskId, cancellation).ConfigureAwait(false);
        if (state == Matched && await StartAsync(found.Task, agent, cancellation).ConfigureAwait(false) is { } refused)
            return new JobEnd.Later(Again, refused);
        return await SubmitAsync(
            found.Task, agent, Hash32.Parse(result), Hash32.Parse(receipt), cancellation).ConfigureAwait(false);
    }

    // The reason why the work could not be started; null: it is started.
    private async Task<string?> StartAsync(Tasks.State task, HostedAgent agent, CancellationToken cancellation)
    {
        if (await views.TaskStateAsync(task.TaskId, cancellation).ConfigureAwait(false) == Running) return null;
        var deed = deputy.Actor.Stage.Deed(
            "leases.start", "WorkLeases", "start", [task.TaskId], Key(task, "start"),
            $"agent {agent.Id} starts the work on task {task.TaskId}");
        var act = await deputy.DoAsync(deed, agent.Key, cancellation).ConfigureAwait(false);
        if (act is Act.Happened) return null;
        // Another process may have taken the step that this one was just refused.
        return await views.TaskStateAsync(task.TaskId, cancellation).ConfigureAwait(false) == Running
            ? null : ((Act.Refused)act).Reason;
    }

    private async Task<JobEnd> SubmitAsync(
        Tasks.State task, HostedAgent agent, Hash32 result, Hash32 receipt, CancellationToken cancellation)
    {
        var delivery = new Documents.Delivery(task.TaskId, agent.Id, result, receipt);
        var clerk = await views.ClerkAsync(cancellation).ConfigureAwait(false);
        var paper = await keep(
            delivery.SignedBy(agent.Key, deputy.Actor.Stage.ChainId, clerk), cancellation).ConfigureAwait(false);
        var deed = deputy.Actor.Stage.Deed(
            "tasks.submit", "TaskMarket", "submit",
            [task.TaskId, result, receipt, ContentIds.Scheme + ContentIds.CidOf(paper)], Key(task, "submit"),
            $"agent {agent.Id} delivers task {task.TaskId}");
        var act = await deputy.DoAsync(deed, agent.Key, cancellation).ConfigureAwait(false);
        if (act is Act.Happened) return Delivered(task, agent, result);
        var state = await views.TaskStateAsync(task.TaskId, cancellation).ConfigureAwait(false);
        return state is > Running and not (byte)Tasks.Status.Vacant
            ? Delivered(task, agent, result) : new JobEnd.Later(Again, ((Act.Refused)act).Reason);
    }

    private JobEnd.Done Delivered(Tasks.State task, HostedAgent agent, Hash32 result)
    {
        log.TaskDelivered(task.TaskId, agent.Id, ContentIds.CidOf(result));
        return new JobEnd.Done($"delivered {ContentIds.CidOf(result)}");
    }

    private async Task<JobEnd> GiveBackAsync(
        Tasks.State task, HostedAgent agent, string reason, CancellationToken cancellation)
    {
        var state = await views.TaskStateAsync(task.TaskId, cancellation).ConfigureAwait(false);
        if (state is not (Matched or Running)) return new JobEnd.Done($"given back: {reason}");
        Deed deed;
        if (state == Running
            && await _leases.SayAsync(task, agent, reason, cancellation).ConfigureAwait(false) is { } lease)
        {
            deed = deputy.Actor.Stage.Deed(
                "leases.yield", "WorkLeases", "yield", [lease.LeaseId], Key(task, "yield"),
                $"agent {agent.Id} gives task {task.TaskId} back");
        }
        else
        {
            deed = deputy.Actor.Stage.Deed(
                "tasks.yieldMatch", "TaskMarket", "yieldMatch", [task.TaskId], Key(task, "yield-match"),
                $"agent {agent.Id} gives task {task.TaskId} back before it starts");
        }

        if (await deputy.DoAsync(deed, agent.Key, cancellation).ConfigureAwait(false) is Act.Refused refused)
            return new JobEnd.Later(Again, $"could not be given back: {refused.Reason}");
        log.TaskGivenBack(task.TaskId, agent.Id, reason);
        return new JobEnd.Done($"given back: {reason}");
    }

    internal static string Key(Tasks.State task, string step) => $"task-{task.TaskId}-{task.Round}-{step}";
}
