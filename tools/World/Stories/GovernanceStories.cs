// How the economy is governed: proposals with their votes, the council's vetoes, the breaker's drills, era rewards.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.World;

/// <summary>What becomes of a proposal to spend.</summary>
public enum ProposalFate
{
    Executed,
    Defeated,
    Vetoed,
}

/// <summary>Stories of votes and offices.</summary>
public sealed class GovernanceStories(Cast cast, Random random)
{
    private const ulong Day = 86_400;
    private const ulong WrongEraRoot = 7;
    private const ulong OfficeDelay = 14 * Day;
    private const ulong ParameterRest = 31 * Day;
    private const int VotersAboveFloor = 12;
    private const ulong Against = 0;
    private const ulong For = 1;

    private static readonly AbiType[] ProposalTypes = AbiType.ParseAll("address[]", "uint256[]", "bytes[]", "bytes32");

    private Contract Governor => cast.Contracts["AgentGovernor"];

    private Contract Council => cast.Contracts["Council"];

    /// <summary>A proposal to spend from the treasury, to its end.</summary>
    public IEnumerable<Beat> Spend(ProposalFate fate)
    {
        var treasury = cast.Contracts["Treasury"];
        var payee = cast.Addresses[cast.Client(random)];
        var call = treasury.Encode("spend", payee, Cast.Credits(200), Cast.Word($"purpose {random.Next()}"));
        return Propose([(treasury, call)], $"spend for {fate} {random.Next()}", fate);
    }

    /// <summary>
    /// A proposal to change a parameter that no story depends on, within the step that one vote may make.
    /// </summary>
    public IEnumerable<Beat> Change()
    {
        var (parameters, key) = (cast.Contracts["Parameters"], Cast.Name("maxAwards"));
        var call = parameters.Encode("setParam", key, (ulong)random.Next(50, 100));
        var rested = cast.Facts.LastChangeOf(key) + ParameterRest;
        return Propose([(parameters, call)], $"maxAwards {random.Next()}", ProposalFate.Executed, rested);
    }

    /// <summary>A vote on a seat of the council that no story asks anything of.</summary>
    public IEnumerable<Beat> Seat()
    {
        using var successor = new SigningKey(Keccak256.Hash($"councillor {random.Next()}").Bytes);
        var call = Council.Encode("setMember", 4UL, successor.Address);
        return Propose([(Council, call)], $"seat {random.Next()}", ProposalFate.Executed, delay: OfficeDelay);
    }

    /// <summary>Offices that are given and taken back: an attester of the pool, an executor of the timelock.</summary>
    public IEnumerable<Beat> Offices()
    {
        var (pool, timelock) = (cast.Contracts["VerifierPool"], cast.Contracts["Timelock"]);
        var somebody = cast.Addresses[cast.Client(random)];
        var (attester, executor) = (Cast.Word("ATTESTER_ROLE"), Cast.Word("EXECUTOR_ROLE"));
        return Propose(
            [
                (pool, pool.Encode("grantRole", attester, somebody)),
                (pool, pool.Encode("revokeRole", attester, somebody)),
                (timelock, timelock.Encode("grantRole", executor, somebody)),
                (timelock, timelock.Encode("revokeRole", executor, somebody)),
            ],
            $"offices {random.Next()}",
            ProposalFate.Executed,
            delay: OfficeDelay);
    }

    /// <summary>A breaker drill on a scope that nothing uses: tripped, and reset by the council.</summary>
    public IEnumerable<Beat> Drill()
    {
        var breaker = cast.Contracts["Breaker"];
        var scope = Cast.Name($"drill{random.Next(1_000_000)}");
        yield return Beat.SignAs(Arrivals.Guardian, breaker, "trip", scope, 2UL, 3_600UL, Cast.Name("exercise"));
        foreach (var beat in ByCouncil(breaker, breaker.Encode("reset", scope))) yield return beat;
    }

    /// <summary>An era's rewards: posted, settled, claimed by one agent, and paid as they vest.</summary>
    public IEnumerable<Beat> Era()
    {
        var rewards = cast.Contracts["Rewards"];
        var poster = cast.Worker(random);
        var best = cast.SomeWorkers(random, 2)[1];
        var era = cast.Now / (7 * Day) - 1;
        var reward = Cast.Credits(100);
        var leaf = Keccak256.Hash(Keccak256.Hash(AbiEncoder.Encode(LeafTypes, [era, 0UL, best.Id, reward])).Bytes);
        var postedAt = cast.Now;
        yield return Beat.Do(poster.Actor, rewards, "postRoot", era, leaf, reward, poster.Id);
        yield return new Beat.Until(postedAt + 2 * Day);
        var settledAt = cast.Now;
        yield return Beat.Do(poster.Actor, rewards, "settleEra", era);
        yield return Beat.Do(poster.Actor, rewards, "claim", era, 0UL, best.Id, reward, AbiValue.Of());
        yield return new Beat.Until(settledAt + 10 * Day);
        yield return Beat.Do(poster.Actor, rewards, "release", era, best.Id);
    }

    /// <summary>An era's root that is wrong: challenged, overturned.</summary>
    public IEnumerable<Beat> ForgedEra()
    {
        var rewards = cast.Contracts["Rewards"];
        var people = cast.SomeWorkers(random, 2);
        var (poster, watcher) = (people[0], people[1]);
        // Another era than the honest story's: the one that runs.
        var era = cast.Now / (7 * Day);
        yield return new Beat.Until((era + 1) * 7 * Day);
        yield return Beat.Do(poster.Actor, rewards, "postRoot", era, Cast.Word("forged"), Cast.Credits(100), poster.Id);
        var quarrel = new Quarrel(WrongEraRoot, era, watcher.Actor, watcher.Id, poster.Actor);
        foreach (var beat in new DisputeStory(cast, random, DisputeCourse.Upheld).TellOver(quarrel)) yield return beat;
    }

    private static readonly AbiType[] LeafTypes = AbiType.ParseAll("uint256", "uint256", "uint256", "uint256");

    private IEnumerable<Beat> Propose(
        (Contract Target, byte[] Call)[] actions, string description, ProposalFate fate, ulong notBefore = 0,
        ulong delay = 2 * Day)
    {
        // Everybody has the same stake: a twentieth of all votes is a quorum with something to spare, and so are twelve
        // votes above its floor.
        var part = 4 + (cast.Workers.Length + cast.Verifiers.Length) / 20;
        var voters = cast.SomeWorkers(random, Math.Max(VotersAboveFloor, part));
        var targets = AbiValue.Of([.. actions.Select(action => (AbiValue)action.Target.Address)]);
        var values = AbiValue.Of([.. actions.Select(_ => (AbiValue)0UL)]);
        var calls = AbiValue.Of([.. actions.Select(action => (AbiValue)action.Call)]);
        var descriptionHash = Keccak256.Hash(description);
        var proposal = Keccak256.Hash(
            AbiEncoder.Encode(ProposalTypes, [targets, values, calls, descriptionHash])).ToUInt256();
        var proposedAt = cast.Now;
        yield return Beat.Do(voters[0].Actor, Governor, "propose", targets, values, calls, description);
        yield return new Beat.Until(proposedAt + Day + 1);
        foreach (var voter in voters.Skip(1))
            yield return Beat.Do(
                voter.Actor, Governor, "castVote", proposal, fate == ProposalFate.Defeated ? Against : For);
        yield return Beat.Do(
            voters[0].Actor, Governor, "castVoteWithReasonAndParams", proposal, For, "mine", new byte[] { 1 });
        yield return BallotOfAStranger(voters[0].Actor, proposal);
        yield return new Beat.Until(proposedAt + 8 * Day + 2);
        if (fate != ProposalFate.Defeated)
        {
            var queuedAt = cast.Now;
            yield return Beat.Do(voters[0].Actor, Governor, "queue", targets, values, calls, descriptionHash);
            if (fate == ProposalFate.Vetoed)
            {
                foreach (var beat in ByCouncil(
                    Governor, Governor.Encode("cancel", targets, values, calls, descriptionHash))) yield return beat;
            }
            else
            {
                yield return new Beat.Until(Math.Max(notBefore, queuedAt + delay));
                yield return Beat.Do(voters[0].Actor, Governor, "execute", targets, values, calls, descriptionHash);
            }
        }

        yield return Beat.Do(voters[1].Actor, Governor, "releaseBond", proposal);
    }

    // A ballot signed by somebody without stake and brought by another: it counts for nothing, and its nonce is used.
    private Beat BallotOfAStranger(int actor, UInt256 proposal)
    {
        using var stranger = new SigningKey(Keccak256.Hash($"stranger {random.Next()}").Bytes);
        var signature = new TypedDomain("EventSourced Governor", cast.Contracts.ChainId, Governor.Address).By(
            stranger, "Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)",
            proposal, For, stranger.Address, 0UL);
        return Beat.Do(actor, Governor, "castVoteBySig", proposal, For, stranger.Address, signature.ToBytes());
    }

    private IEnumerable<Beat> ByCouncil(Contract target, byte[] call)
    {
        var salt = Cast.Word($"council {random.Next()}");
        for (var member = 0; member < 3; member++)
            yield return Beat.SignAs(Arrivals.FirstCouncillor + member, Council, "approve", target.Address, call, salt);
        yield return Beat.SignAs(Arrivals.FirstCouncillor, Council, "execute", target.Address, call, salt);
    }
}
