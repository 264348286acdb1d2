// People from outside: a faucet, a relayed request, a permit, an agent that changes hands; and workflows, which clients
// build.
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Signing;
using EventSourced.Ethereum;

namespace EventSourced.World;

/// <summary>How a workflow ends without its result.</summary>
public enum WorkflowEnding
{
    Failed,
    ByClient,
    Expired,
}

/// <summary>Stories of newcomers and of workflows.</summary>
public sealed class NewcomerStories(Cast cast, Random random)
{
    private const int LongestWaitHours = 2_000;

    /// <summary>Somebody without gas asks the faucet through the forwarder, then signs a permit.</summary>
    public IEnumerable<Beat> Stranger()
    {
        var (forwarder, faucet, credit) = (
            cast.Contracts["Forwarder"], cast.Contracts["Faucet"], cast.Contracts["Credit"]);
        var relayer = cast.Client(random);
        var seed = Keccak256.Hash($"newcomer {random.Next()}");
        using var key = new SigningKey(seed.Bytes);
        var drip = faucet.Encode("drip", key.Address);
        var deadline = cast.Now + 86_400;
        var request = new ForwardRequest(key.Address, faucet.Address, 500_000, Nonce: 0, deadline, drip);
        yield return Beat.Do(
            relayer, forwarder, "execute", request.SignedBy(key, cast.Contracts.ChainId, forwarder.Address));
        var permit = new TypedDomain("EventSourced Credit", cast.Contracts.ChainId, credit.Address).By(
            key, "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
            key.Address, cast.Addresses[relayer], Cast.Credits(100), 0UL, deadline);
        yield return Beat.Do(relayer, credit, "permit", key.Address, cast.Addresses[relayer], Cast.Credits(100),
            deadline, permit.YParity + 27UL, permit.R, permit.S);
        yield return Beat.Do(relayer, credit, "transferFrom", key.Address, cast.Addresses[relayer], Cast.Credits(100));
    }

    /// <summary>
    /// An agent that is registered, paused, resumed, approved for somebody, sold, and revoked by its new owner.
    /// </summary>
    public IEnumerable<Beat> Sold()
    {
        var registry = cast.Contracts["AgentRegistry"];
        var (seller, buyer) = (cast.Client(random), cast.Worker(random));
        var agent = cast.Agents.Next();
        yield return Beat.Register(seller, registry, $"ipfs://agent/{agent}");
        yield return Beat.Do(seller, registry, "setStatus", agent, 2UL, Cast.Name("holiday"));
        yield return Beat.Do(seller, registry, "setStatus", agent, 1UL, Cast.Name("back"));
        yield return Beat.Do(seller, registry, "approve", buyer.Owner, agent);
        yield return Beat.Do(seller, registry, "setApprovalForAll", buyer.Owner, true);
        yield return Beat.Do(buyer.Actor, registry, "transferFrom", cast.Addresses[seller], buyer.Owner, agent);
        yield return Beat.Do(buyer.Actor, registry, "setStatus", agent, 3UL, Cast.Name("retired"));
        yield return Beat.Do(seller, registry, "setApprovalForAll", buyer.Owner, false);
    }

    /// <summary>A verifier that joins and is idle until anybody may remove it.</summary>
    public IEnumerable<Beat> IdleVerifier()
    {
        var (registry, stake, pool) = (
            cast.Contracts["AgentRegistry"], cast.Contracts["Stake"], cast.Contracts["VerifierPool"]);
        var owner = cast.Client(random);
        yield return cast.Thawed();
        var agent = cast.Agents.Next();
        var joinedAt = cast.Now;
        yield return Beat.Register(owner, registry, $"ipfs://agent/{agent}");
        yield return Beat.Do(owner, stake, "bond", agent, Cast.Credits(150));
        yield return Beat.Do(owner, pool, "join", agent);
        yield return new Beat.Until(joinedAt + 91 * 86_400);
        yield return cast.Thawed();
        yield return Beat.Do(owner, pool, "evict", agent);
    }

    /// <summary>A verifier that missed its last seat: anybody removes it, and it comes back.</summary>
    public IEnumerable<Beat> AbsentVerifier()
    {
        var pool = cast.Contracts["VerifierPool"];
        for (var hours = 0; hours < LongestWaitHours; hours++)
        {
            yield return cast.Thawed();
            var absent = cast.AgentOf(cast.Facts.Absent.FirstOrDefault(id => cast.AgentOf(id).Id != 0));
            if (absent.Id != 0)
            {
                yield return Beat.Do(cast.Client(random), pool, "evict", absent.Id);
                yield return Beat.Do(absent.Actor, pool, "join", absent.Id);
                yield break;
            }

            yield return new Beat.Until(cast.Now + 3_600);
        }
    }

    /// <summary>A workflow that its client ends, that nobody goes on with, or whose step is cancelled.</summary>
    public IEnumerable<Beat> BrokenWorkflow(WorkflowEnding ending)
    {
        var (workflows, market) = (cast.Contracts["Workflows"], cast.Contracts["TaskMarket"]);
        var client = cast.Client(random);
        var worker = cast.Worker(random);
        var workflow = cast.Workflows.Next();
        var deadline = cast.Now + 20 * 86_400;
        yield return Beat.Do(client, workflows, "create", Cast.Credits(300), Cast.Word($"graph {workflow}"), 2UL,
            deadline, $"ipfs://graph/{workflow}");
        var task = cast.Tasks.Next();
        yield return Beat.Do(client, workflows, "linkStep", workflow, 0UL, 0UL, worker.Id,
            TaskStory.Terms(task, cast.Now, TaskMode.Direct, false, "code"));
        if (ending == WorkflowEnding.Failed) yield return Beat.Do(client, market, "cancel", task);
        if (ending == WorkflowEnding.Expired) yield return new Beat.Until(deadline);
        yield return Beat.Do(
            ending == WorkflowEnding.Expired ? worker.Actor : client, workflows, "endWorkflow", workflow);
    }

    /// <summary>Two steps, the second after the first; the plan is patched and attested between them.</summary>
    public IEnumerable<Beat> Workflow()
    {
        var workflows = cast.Contracts["Workflows"];
        var client = cast.Client(random);
        var worker = cast.Worker(random);
        var workflow = cast.Workflows.Next();
        yield return Beat.Do(client, workflows, "create", Cast.Credits(300), Cast.Word($"graph {workflow}"), 2UL,
            cast.Now + 30 * 86_400, $"ipfs://graph/{workflow}");
        foreach (var beat in Step(0, 0)) yield return beat;
        yield return Beat.Do(client, workflows, "patch", workflow, 1UL, Cast.Word($"patch {workflow}"), 0UL);
        yield return Beat.Do(worker.Actor, workflows, "attest", workflow, 2UL, worker.Id);
        foreach (var beat in Step(1, 1)) yield return beat;
        yield return Beat.Do(worker.Actor, workflows, "endWorkflow", workflow);

        IEnumerable<Beat> Step(ulong step, ulong dependsOn)
        {
            var task = cast.Tasks.Next();
            yield return Beat.Do(client, workflows, "linkStep", workflow, step, dependsOn, worker.Id,
                TaskStory.Terms(task, cast.Now, TaskMode.Direct, false, "code"));
            cast.Bids.Next();
            yield return Beat.Do(worker.Actor, cast.Contracts["TaskMarket"], "placeBid", task, worker.Id,
                Cast.Credits(80), cast.Now + 600, Cast.Word($"proposal {task}"));
            cast.WorkLeases.Next();
            yield return Beat.Do(worker.Actor, cast.Contracts["WorkLeases"], "start", task);
            yield return Beat.Do(worker.Actor, cast.Contracts["TaskMarket"], "submit", task,
                Cast.Word($"result {task}"), Cast.Word($"receipt {task}"), $"ipfs://result/{task}");
            yield return Beat.Do(client, cast.Contracts["TaskMarket"], "accept", task);
        }
    }
}
