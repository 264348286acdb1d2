// The tools of the handlers of duties. Enters: an actor, an account, the keepers that run. Leaves: the same, to
// handlers. Always holds: a process without keepers has an empty desk, and gives an incoming duty back to the rows.
using EventSourced.Ethereum;
using EventSourced.Workers.Acting;
using Microsoft.Extensions.Logging;

namespace EventSourced.Workers.Keeping;

/// <summary>The desk of this process.</summary>
public sealed class KeeperDesk
{
    private volatile KeeperWork? _work;

    /// <summary>The keepers at work; null: none.</summary>
    internal KeeperWork? Work => _work;

    /// <summary>Puts the keepers on the desk.</summary>
    public void Open(KeeperWork work) => _work = work;

    /// <summary>Takes them off the desk.</summary>
    public void Close() => _work = null;
}

/// <summary>The keepers of this process at work.</summary>
/// <param name="Actor">The actor.</param>
/// <param name="Account">The account that the keepers act for; null: there is no account yet.</param>
/// <param name="Options">The bounds, and the keepers that run.</param>
/// <param name="Log">The log.</param>
public sealed record KeeperWork(Actor Actor, Func<Address?> Account, KeepingOptions Options, ILogger Log)
{
    /// <summary>The keeper with a name, if it runs here.</summary>
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
