// How the world begins: everybody gets money, everybody but clients an agent with stake, verifiers a key and a seat in the pool.
using EventSourced.Ethereum;

namespace EventSourced.World;

/// <summary>The first story of every world.</summary>
public static class Arrivals
{
    /// <summary>What each actor starts with.</summary>
    public const ulong CreditsEach = 200_000;

    private const ulong StakeEach = 100_000;

    // The node's accounts by their office, as the deployment seats them.
    public const int FirstCouncillor = 1;
    public const int Guardian = 6;
    public const int Attester = 7;

    private const ulong AttestedFor = 180 * 86_400;

    public static IEnumerable<Beat> Tell(Cast cast)
    {
        var (credit, vault, registry, stake, pool) =
            (cast.Contracts["Credit"], cast.Contracts["Vault"], cast.Contracts["AgentRegistry"], cast.Contracts["Stake"], cast.Contracts["VerifierPool"]);
        for (var actor = 1; actor < cast.Population.Actors; actor++)
            yield return Beat.Do(0, credit, "transfer", cast.Addresses[actor], Cast.Credits(CreditsEach));
        yield return new Beat.NextBlock();
        for (var actor = 0; actor < cast.Population.Actors; actor++)
        {
            yield return Beat.Do(actor, credit, "approve", vault.Address, Cast.Credits(CreditsEach));
            yield return Beat.Do(actor, vault, "deposit", Cast.Credits(CreditsEach - 1_000));
        }

        yield return new Beat.NextBlock();
        foreach (var agent in cast.Workers.Concat(cast.Verifiers))
        {
            if (cast.Agents.Next() != agent.Id) throw new InvalidOperationException($"expected agent {agent.Id} to register next, found {cast.Agents.Last}");
            yield return Beat.Register(agent.Actor, registry, $"ipfs://agent/{agent.Id}");
            yield return Beat.Do(agent.Actor, stake, "bond", agent.Id, Cast.Credits(StakeEach));
        }

        yield return new Beat.NextBlock();
        foreach (var verifier in cast.Verifiers)
            yield return Beat.SignAs(Attester, pool, "attest", verifier.Id, Cast.Word($"organisation {verifier.Id}"), Cast.Word($"network {verifier.Id}"), cast.Now + AttestedFor - 3_600);
        yield return new Beat.NextBlock();
        foreach (var verifier in cast.Verifiers) yield return Beat.Do(verifier.Actor, pool, "join", verifier.Id);
        // One of them changes its mind twice.
        yield return Beat.Do(cast.Verifiers[0].Actor, pool, "leave", cast.Verifiers[0].Id);
        yield return Beat.Do(cast.Verifiers[0].Actor, pool, "join", cast.Verifiers[0].Id);
        foreach (var beat in TooPoor(cast)) yield return beat;
        // A new owner is not seated for a week.
        yield return new Beat.Until(cast.Now + 8 * 86_400);
    }

    // Somebody who joins with little more than the least, takes most of it out, and is shown the door.
    private static IEnumerable<Beat> TooPoor(Cast cast)
    {
        var (registry, stake, pool) = (cast.Contracts["AgentRegistry"], cast.Contracts["Stake"], cast.Contracts["VerifierPool"]);
        var agent = cast.Agents.Next();
        cast.Unbondings.Next();
        yield return Beat.Register(0, registry, $"ipfs://agent/{agent}");
        yield return Beat.Do(0, stake, "bond", agent, Cast.Credits(150));
        yield return Beat.Do(0, pool, "join", agent);
        yield return Beat.Do(0, stake, "unbond", agent, Cast.Credits(100));
        yield return Beat.Do(0, pool, "evict", agent);
    }
}
