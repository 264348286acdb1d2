// How the workshop's people settle. Enters: people, a treasury, the chain. Leaves: people with money, agents with
// stake, verifiers with a seat. Always holds: what somebody has already is not given again, so a settling that broke
// off goes on; everything but the wei for gas goes through the host's endpoints.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using static EventSourced.Client.Commands;

namespace EventSourced.World;

/// <summary>Gives people what they need to act.</summary>
public sealed class Settling(WorldChain chain, Contracts contracts, Person treasury, Action<string> say)
{
    private const int MostLooks = 240;

    private static readonly UInt256 Wei = UInt256.Parse("100000000000000000000");
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    /// <summary>Somebody with so many credits in the vault.</summary>
    public async Task PayAsync(Person person, ulong credits, CancellationToken cancellation)
    {
        await FuelAsync(person, cancellation);
        var standing = await StandingAsync(person, cancellation);
        if (standing.Deposited >= Cast.Credits(credits / 2)) return;
        var amount = Cast.Credits(credits);
        if (standing.Wallet < amount)
            await treasury.DoAsync(new Credit.Transfer(person.Address, amount), cancellation);
        await person.DoAsync(new Credit.Approve(contracts["Vault"].Address, amount), cancellation);
        await person.DoAsync(new Vault.Deposit(amount), cancellation);
        say($"{person.Name} has {credits} credits");
    }

    /// <summary>Somebody with an agent that has so many credits at stake.</summary>
    public async Task<bool> HireAsync(Person person, string uri, ulong credits, CancellationToken cancellation)
    {
        person.AgentId = await AgentOfAsync(person, cancellation);
        var isNew = person.AgentId == 0;
        if (isNew)
        {
            await FuelAsync(person, cancellation);
            await person.DoAsync(new Agents.Register(uri), cancellation);
            for (var look = 0; person.AgentId == 0 && look < MostLooks; look++)
            {
                await Task.Delay(BetweenLooks, cancellation);
                person.AgentId = await AgentOfAsync(person, cancellation);
            }

            if (person.AgentId == 0)
                throw new TimeoutException($"expected the index to have the agent of {person.Name}, found none");
        }

        if ((await StandingAsync(person, cancellation)).Staked >= Cast.Credits(credits / 2)) return isNew;
        await PayAsync(person, 2 * credits, cancellation);
        await person.DoAsync(new Stake.Bond(person.AgentId, Cast.Credits(credits)), cancellation);
        return isNew;
    }

    /// <summary>Somebody with a seat in the pool of verifiers; whether it is a new one.</summary>
    public async Task<bool> SeatAsync(Person person, CancellationToken cancellation)
    {
        if ((await StandingAsync(person, cancellation)).Seated) return false;
        await person.DoAsync(new Verifiers.Join(person.AgentId), cancellation);
        return true;
    }

    private Task<Standing> StandingAsync(Person person, CancellationToken cancellation) =>
        Standing.OfAsync(chain.Client, contracts, new Agent(0, person.Address, person.AgentId), cancellation);

    private static async Task<ulong> AgentOfAsync(Person person, CancellationToken cancellation) =>
        (await person.Client.AgentsAsync(person.Address, cancellation))
        .Where(agent => agent.Status == "ACTIVE")
        .Select(agent => ulong.Parse(agent.AgentId, System.Globalization.CultureInfo.InvariantCulture))
        .FirstOrDefault();

    // Gas for what no relayer takes: the token's own calls.
    private async Task FuelAsync(Person person, CancellationToken cancellation)
    {
        var has = await chain.Client.GetBalanceAsync(person.Address, BlockTag.Latest, cancellation);
        if (has < Wei >> 1) await chain.Anvil.SetBalanceAsync(person.Address, Wei, cancellation);
    }
}
