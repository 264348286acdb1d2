// Acts for a hosted agent, and stays until the outcome. Enters: a wish and the agent's key. Leaves: the news that it
// happened, or the contract's refusal. Always holds: one wish is one command; after a command that failed or expired
// for good, a limited number of further commands may follow, each under its own key that all processes know.
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Workers.Acting;

namespace EventSourced.Workers.Hosted;

/// <summary>The outcome of a wish.</summary>
public abstract record Act
{
    private Act()
    {
    }

    /// <summary>A block holds the command.</summary>
    /// <param name="Command">The command.</param>
    public sealed record Happened(CommandStatus Command) : Act;

    /// <summary>The wish did not come true.</summary>
    /// <param name="Code">The contract's error, or the reason why no block holds the command.</param>
    /// <param name="Reason">The same reason in words.</param>
    public sealed record Refused(string Code, string Reason) : Act;
}

/// <summary>Acts for hosted agents and waits for the outcome.</summary>
/// <param name="actor">Sends commands.</param>
/// <param name="changes">The running follower of commands.</param>
/// <param name="time">The clock of its pauses.</param>
public sealed class Deputy(Actor actor, CommandChanges changes, TimeProvider time)
{
    /// <summary>The largest number of commands for one wish, each after the failure of the one before.</summary>
    public const int MostTries = 4;

    /// <summary>The largest number of attempts at a full queue.</summary>
    public const int MostWaits = 2_400;

    /// <summary>Sends commands.</summary>
    public Actor Actor => actor;

    /// <summary>Makes a wish come true, or tells why it did not.</summary>
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
            // A block holds the command, and it reverted there. While that may still change, no other command is sent.
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

    // A full queue is asked again.
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
