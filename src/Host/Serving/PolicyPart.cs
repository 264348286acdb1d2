// Policies of one process: a sandbox, and the desk that finds modules among the content. Enters: checked settings, the
// store. Leaves: the policies over commands. Always holds: without a policy no sandbox is made.
using EventSourced.Api.Commands.Policies;
using EventSourced.Content;
using EventSourced.Host.Settings;
using EventSourced.Sandbox.Engines;
using EventSourced.Workers.Policies;

namespace EventSourced.Host.Serving;

/// <summary>Running policies.</summary>
public sealed class PolicyPart : IDisposable
{
    private readonly SandboxEngine _engine = new();

    internal PolicyPart(PolicySettings settings, ContentPart content)
    {
        Desk = new PolicyDesk(_engine, content.FindAsync);
        Commands = new CommandPolicies(AskAsync, (hash, stop) => content.FindAsync(Cid.OfSha256(hash.Span), stop))
        {
            Tasks = settings.Tasks?.ToString(),
            Bids = settings.Bids?.ToString(),
            Data = settings.Data?.ToString(),
            Terms = settings.Terms,
        };
    }

    /// <summary>The desk.</summary>
    public PolicyDesk Desk { get; }

    /// <summary>The policies over commands.</summary>
    public CommandPolicies Commands { get; }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    private async Task<PolicyAnswer> AskAsync(
        string policy, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        var decision = await Desk.DecideAsync(Cid.Parse(policy), input, cancellation).ConfigureAwait(false);
        return new PolicyAnswer(decision.Allow, decision.Reason, decision.Fault);
    }
}
