// Acting for a hosted agent, to the end. Enters: a wish and the agent's key. Leaves: that it happened, or that the
// contract does not grant it. Always holds: one wish is one command; a command that failed or expired for good is
// followed by at most so many more, each under a key of its own that all processes know.
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Workers.Acting;

namespace EventSourced.Workers.Hosted;

/// <summary>What became of a wish.</summary>
public abstract record Act
{
    private Act()
    {
    }

    /// <summary>A block holds it.</summary>
    /// <param name="Command">The command.</param>
    public sealed record Happened(CommandStatus Command) : Act;

    /// <summary>It did not happen.</summary>
    /// <param name="Code">The contract's error, or why the command did not come to a block.</param>
    /// <param name="Reason">The same in words.</param>
    public sealed record Refused(string Code, string Reason) : Act;
}

/// <summary>Acts for hosted agents and waits until it is done.</summary>
/// <param name="actor">Sends commands.</param>
/// <param name="changes">The running follower of commands.</param>
/// <param name="time">The clock of its pauses.</param>
public sealed class Deputy(Actor actor, CommandChanges changes, TimeProvider time)
{
    /// <summary>How many commands one wish may become, one after the other failed.</summary>
    public const int MostTries = 4;

    /// <summary>How often a full queue is asked again.</summary>
    public const int MostWaits = 2_400;

    /// <summary>Sends commands.</summary>
    public Actor Actor => actor;

    /// <summary>Does it, or says why not.</summary>
    public async Task<Act> DoAsync(Deed deed, SigningKey key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(deed);
        ArgumentNullException.ThrowIfNull(key);
        Act.Refused? last = null;
        for (var tried = 1; tried <= MostTries; tried++)
        {
            var wish = tried == 1 ? deed : deed with { Key = $"{deed.Key}~{tried}" };
            var done = await HandInAsync(wish, key, cancellation).ConfigureAwait(false);
            if (done is Done.Refused refused) return new Act.Refused(refused.Code, refused.Reason);
            if (done is Done.Busy)
                return new Act.Refused(
                    "Busy", $"expected room for a command of {key.Address}, found none in {MostWaits} looks");
            var status = done is Done.Known { Command: { Phase: >= Phase.Included } known }
                ? known : await EndAsync(IdOf(done), cancellation).ConfigureAwait(false);
            if (status is { Phase: Phase.Included or Phase.Finalized, Succeeded: not false })
                return new Act.Happened(status);
            last = new Act.Refused(
                status.Code ?? status.Phase.ToString(), status.Reason ?? $"the command {status.Id} is {status.Phase}");
            // A block holds it, and it reverted there: as long as that may change nothing else is sent.
            if (status.Phase == Phase.Included) return last;
        }

        return last!;
    }

    private static Guid IdOf(Done done) => done switch
    {
        Done.Accepted accepted => accepted.Id,
        Done.Known known => known.Command.Id,
        _ => throw new InvalidOperationException($"expected a command, found {done}"),
    };

    // A queue that is full is asked again.
    private async Task<Done> HandInAsync(Deed deed, SigningKey key, CancellationToken cancellation)
    {
        for (var waited = 1; ; waited++)
        {
            var done = await actor.ForwardAsync(deed, key, cancellation).ConfigureAwait(false);
            if (done is not Done.Busy busy || waited == MostWaits) return done;
            await Task.Delay(busy.RetryAfter, time, cancellation).ConfigureAwait(false);
        }
    }

    private Task<CommandStatus> EndAsync(Guid id, CancellationToken cancellation) =>
        Actor.OutcomeAsync(id, changes, isFinal: false, cancellation);
}
