// What handlers of duties work with. Enters: an actor, an account, the keepers that run. Leaves: the same, to handlers.
// Always holds: a process that keeps nothing has an empty desk, and gives a duty that comes to it back to the rows.
using EventSourced.Ethereum;
using EventSourced.Workers.Acting;
using Microsoft.Extensions.Logging;

namespace EventSourced.Workers.Keeping;

/// <summary>The desk of this process.</summary>
public sealed class KeeperDesk
{
    private volatile KeeperWork? _work;

    /// <summary>What is kept here; null: nothing.</summary>
    internal KeeperWork? Work => _work;

    /// <summary>Begins to keep.</summary>
    public void Open(KeeperWork work) => _work = work;

    /// <summary>Ends it.</summary>
    public void Close() => _work = null;
}

/// <summary>How this process keeps.</summary>
/// <param name="Actor">The actor.</param>
/// <param name="Account">The account in whose name it acts; null: there is no account yet.</param>
/// <param name="Options">The bounds, and which keepers.</param>
/// <param name="Log">The log.</param>
public sealed record KeeperWork(Actor Actor, Func<Address?> Account, KeepingOptions Options, ILogger Log)
{
    /// <summary>The keeper of a name, where it runs here.</summary>
    internal Keeper? Keeper(string name) => Options.Keepers.FirstOrDefault(keeper => keeper.Name == name);

    /// <summary>The wish that clears a thing.</summary>
    internal Deed DeedOf(Keeper keeper, DueRow row, int attempt)
    {
        var function = Stage.Interface(keeper.Contract).Function(keeper.Function);
        return Actor.Stage.Deed(
            keeper.Command, keeper.Contract, keeper.Function, JsonArguments.Read(row.Arguments, function.InputTypes),
            keeper.KeyOf(row, attempt), $"keeper {keeper.Name} {keeper.What}: {row.Thing}") with
        {
            LifeSeconds = Options.LifeSeconds,
        };
    }
}
