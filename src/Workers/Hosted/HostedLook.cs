// One look for all jobs of hosted agents. Enters: the roster. Leaves: jobs without a row in the table of jobs. Always
// holds: a kind of job without a hosted agent for it is not looked for.
using EventSourced.Workers.Queueing;

namespace EventSourced.Workers.Hosted;

/// <summary>Looks for jobs.</summary>
public sealed class HostedLook(Roster roster, TaskRows rows)
{
    private readonly long[] _bidders =
        [.. roster.Agents.Where(agent => agent.Bid is not null).Select(agent => (long)agent.Id)];

    /// <summary>The result of a look.</summary>
    public async Task<IReadOnlyCollection<FoundJob>> FindAsync(CancellationToken cancellation)
    {
        var found = new List<FoundJob>();
        if (roster.AgentIds.Count > 0)
            found.AddRange(await rows.MatchedAsync(roster.AgentIds, cancellation).ConfigureAwait(false));
        if (_bidders.Length == 0 && roster.VerifierIds.Count == 0) return found;
        var now = await rows.NowAsync(cancellation).ConfigureAwait(false);
        if (_bidders.Length > 0)
            found.AddRange(await rows.OpenAsync(_bidders, now, cancellation).ConfigureAwait(false));
        if (roster.VerifierIds.Count > 0)
            found.AddRange(await rows.SeatsAsync(roster.VerifierIds, now, cancellation).ConfigureAwait(false));
        if (roster.Challengers.Count > 0)
            found.AddRange(await rows.DeliveredAsync(now, cancellation).ConfigureAwait(false));
        return found;
    }
}
