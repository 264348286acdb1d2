// How the people arrive, or come back: money from the first actor's treasure, an account in the vault, an agent with
// stake for workers and verifiers, a key and a seat in the pool for verifiers. Enters: who it is and what it has
// already. Leaves: the acts that are missing.
using EventSourced.Ethereum;

namespace EventSourced.World;

/// <summary>The first stories of every world.</summary>
public static class Arrivals
{
    /// <summary>What each actor starts with.</summary>
    public const ulong CreditsEach = 200_000;

    /// <summary>Who has less in the vault gets the start's money once more.</summary>
    public const ulong CreditsLeast = 10_000;

    private const ulong StakeEach = 100_000;
    private const ulong PaydayCredits = 10_000;
    private const ulong Day = 86_400;
    private const ulong AttestedFor = 180 * Day;

    // The node's accounts by their office, as the deployment seats them.
    public const int SupplyHolder = 0;
    public const int FirstCouncillor = 1;
    public const int Guardian = 6;
    public const int Attester = 7;

    /// <summary>Whether somebody needs the start's money.</summary>
    public static bool IsPoor(Standing standing) => standing.Deposited < Cast.Credits(CreditsLeast);

    /// <summary>Somebody who works, judges or pays.</summary>
    public static IEnumerable<Beat> Tell(Cast cast, int actor, Standing standing)
    {
        if (IsPoor(standing))
        {
            yield return Beat.Do(
                0, cast.Contracts["Credit"], "transfer", cast.Addresses[actor], Cast.Credits(CreditsEach));
            foreach (var beat in Deposit(cast, actor, CreditsEach - 1_000)) yield return beat;
        }

        if (actor < cast.Population.Clients) yield break;
        var (registry, stake, pool) = (
            cast.Contracts["AgentRegistry"], cast.Contracts["Stake"], cast.Contracts["VerifierPool"]);
        if (cast.Facts.AgentOf(cast.Addresses[actor]) == 0)
        {
            yield return Beat.Register(actor, registry, $"ipfs://agent/{actor}");
            yield return new Beat.NextBlock();
        }

        var agent = cast.Facts.AgentOf(cast.Addresses[actor]);
        if (standing.Staked < Cast.Credits(StakeEach / 2)) yield return Beat.Do(
            actor, stake, "bond", agent, Cast.Credits(StakeEach));
        if (actor < cast.Population.Clients + cast.Population.Workers) yield break;
        if (standing.AttestedUntil < cast.Now + AttestedFor / 2)
        {
            yield return Beat.SignAs(
                Attester, pool, "attest", agent, Cast.Word($"organisation {actor}"), Cast.Word($"network {actor}"),
                cast.Now + AttestedFor - 3_600);
            yield return new Beat.NextBlock();
        }

        if (!standing.Seated) yield return Beat.Do(actor, pool, "join", agent);
    }

    /// <summary>
    /// What only happens in a new world: a change of mind, a poor joiner, and the week until new owners are seated.
    /// </summary>
    public static IEnumerable<Beat> Settling(Cast cast)
    {
        var (pool, first) = (cast.Contracts["VerifierPool"], cast.Verifiers[0]);
        yield return Beat.Do(first.Actor, pool, "leave", first.Id);
        yield return Beat.Do(first.Actor, pool, "join", first.Id);
        foreach (var beat in TooPoor(cast)) yield return beat;
        yield return new Beat.Until(cast.Now + 8 * Day);
    }

    /// <summary>The holder of the supply buys something from a client that has only paid so far.</summary>
    public static IEnumerable<Beat> Payday(Cast cast, int client)
    {
        yield return Beat.SignAs(
            SupplyHolder, cast.Contracts["Credit"], "transfer", cast.Addresses[client], Cast.Credits(PaydayCredits));
        foreach (var beat in Deposit(cast, client, PaydayCredits)) yield return beat;
    }

    private static IEnumerable<Beat> Deposit(Cast cast, int actor, ulong credits)
    {
        var vault = cast.Contracts["Vault"];
        yield return Beat.Do(actor, cast.Contracts["Credit"], "approve", vault.Address, Cast.Credits(credits));
        yield return Beat.Do(actor, vault, "deposit", Cast.Credits(credits));
    }

    // Somebody who joins with little more than the least, takes most of it out, and is shown the door.
    private static IEnumerable<Beat> TooPoor(Cast cast)
    {
        var (registry, stake, pool) = (
            cast.Contracts["AgentRegistry"], cast.Contracts["Stake"], cast.Contracts["VerifierPool"]);
        var agent = cast.Agents.Next();
        cast.Unbondings.Next();
        yield return Beat.Register(0, registry, $"ipfs://agent/{agent}");
        yield return Beat.Do(0, stake, "bond", agent, Cast.Credits(150));
        yield return Beat.Do(0, pool, "join", agent);
        yield return Beat.Do(0, stake, "unbond", agent, Cast.Credits(100));
        yield return Beat.Do(0, pool, "evict", agent);
    }
}
