// Bidding for open tasks, and taking tasks that name one of our agents. Enters: a job: one round of a task and one
// agent. Leaves: a bid, or the reason for none. Always holds: an agent bids only for work that it can do, at its own
// price, while it holds fewer tasks than its capacity; sealed auctions are left to people.
using EventSourced.Domain.Market;
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using EventSourced.Workers.Documents;
using EventSourced.Workers.Hosted;
using EventSourced.Workers.Queueing;
using Microsoft.Extensions.Logging;
using UInt256 = EventSourced.Ethereum.UInt256;

namespace EventSourced.Workers.Executing;

/// <summary>Bids.</summary>
public sealed class Bidder(Roster roster, TaskRows rows, Deputy deputy, FindContent find, ILogger log)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    /// <summary>One attempt at a bid.</summary>
    public async Task<JobEnd> GoAsync(HeldJob held, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(held);
        var job = held.Job;
        if (roster.Agent(job.AgentId) is not { Bid: { } rule } agent)
            return new JobEnd.Done($"agent {job.AgentId} bids for nothing here");
        if (await rows.TaskAsync(job.Subject, cancellation).ConfigureAwait(false) is not { } found)
            return new JobEnd.Later(Again, "the index has no such task now");
        if (found.Task.Round != job.Round || found.Task.Status != Tasks.Status.Bidding)
            return new JobEnd.Done($"the task moved on: round {found.Task.Round}, {found.Task.Status}");
        var now = await deputy.Actor.NowAsync(cancellation).ConfigureAwait(false);
        if (now >= (ulong)found.Task.CommitEnd.Seconds) return new JobEnd.Done("the bidding is over");
        if (rule.PriceFor(found.Task.MaxPrice) is not { } price)
            return new JobEnd.Done($"it pays {found.Task.MaxPrice}, and the agent asks {rule.Least}");
        if (await find(new Hash32(found.Terms.SpecHash.ToArray()), cancellation).ConfigureAwait(false) is not { } text)
            return new JobEnd.Later(Again, "the specification is in no store");
        if (Unfit(agent, text) is { } reason) return new JobEnd.Done(reason);
        var holds = await rows.HeldAsync(agent.Id, cancellation).ConfigureAwait(false);
        if (holds >= agent.Capacity)
            return new JobEnd.Later(Again, $"the agent holds {holds} tasks and bids of at most {agent.Capacity}");
        return await PlaceAsync(found, agent, price, text, cancellation).ConfigureAwait(false);
    }

    // The reason why the agent cannot do the work; null: it can.
    private static string? Unfit(HostedAgent agent, ReadOnlyMemory<byte> text)
    {
        TaskSpecification specification;
        try
        {
            specification = TaskSpecification.Parse(text);
        }
        catch (FormatException unreadable)
        {
            return $"the specification cannot be read: {unreadable.Message}";
        }

        if (specification.Work.Module is { } module)
            return agent.Modules.Contains(module)
                ? null : $"the agent does not offer the module {ContentIds.CidOf(module)}";
        if (agent.Modules.Count == 0 && agent.Endpoint is null) return "the agent has neither a module nor a service";
        return specification.Capability is { } wanted && agent.Capabilities.Contains(wanted)
            ? null : $"the agent does not offer '{specification.Capability ?? "work without a capability"}'";
    }

    private async Task<JobEnd> PlaceAsync(
        TaskAndTerms found, HostedAgent agent, UInt128 price, ReadOnlyMemory<byte> text, CancellationToken cancellation)
    {
        var task = found.Task;
        // The time comes from the round and not from our clock: with another second, the wish would be another wish
        // under the same key.
        var eta = (ulong)task.RevealEnd.Seconds + found.Terms.StartWindow + found.Terms.DeliverWindow;
        var deed = deputy.Actor.Stage.Deed(
            "tasks.placeBid", "TaskMarket", "placeBid",
            [task.TaskId, agent.Id, (UInt256)price, eta, ContentIds.HashOf(text.Span)],
            $"task-{task.TaskId}-{task.Round}-bid-{agent.Id}", $"agent {agent.Id} bids for task {task.TaskId}");
        var act = await deputy.DoAsync(deed, agent.Key, cancellation).ConfigureAwait(false);
        if (act is Act.Refused refused)
        {
            log.BidRefused(task.TaskId, agent.Id, refused.Reason);
            return new JobEnd.Done($"refused: {refused.Reason}");
        }

        log.BidPlaced(task.TaskId, agent.Id);
        return new JobEnd.Done($"bid {price}");
    }
}
