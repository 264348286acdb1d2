// Lives outside the task market: channels, guilds, bounties, records, feedback, stake. Each story is one iterator; what
// a name says is what happens.
using System.Numerics;
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.World;

/// <summary>Stories of payments, collaboration and records.</summary>
public sealed class CommonsStories(Cast cast, Random random)
{
    private const uint ChannelWindow = 3_600;
    private const ulong WorthlessClaim = 8;

    private Contract Channels => cast.Contracts["Channels"];

    private Contract Guilds => cast.Contracts["Guilds"];

    private Contract Bounties => cast.Contracts["Bounties"];

    private Contract Registry => cast.Contracts["AgentRegistry"];

    /// <summary>A channel that is topped up, redeemed twice, and closed in one of three ways.</summary>
    public IEnumerable<Beat> Channel()
    {
        using var signer = new SigningKey(Keccak256.Hash($"channel signer {random.Next()}").Bytes);
        var (payer, payee) = (cast.Client(random), cast.Worker(random));
        var channel = cast.Channels.Next();
        var expiresAt = cast.Now + 30 * 86_400;
        yield return Beat.Do(
            payer, Channels, "open", payee.Owner, signer.Address, Cast.Credits(20), (ulong)ChannelWindow, expiresAt);
        yield return Beat.Do(payer, Channels, "topUp", channel, Cast.Credits(5));
        yield return Redeem(channel, 4, 1);
        yield return Redeem(channel, 9, 2);
        switch (random.Next(3))
        {
            case 0:
                yield return Beat.Do(payee.Actor, Channels, "closeByPayee", channel);
                break;
            case 1:
                var startedAt = cast.Now;
                yield return Beat.Do(payer, Channels, "startClose", channel);
                yield return Redeem(channel, 12, 3);
                yield return new Beat.Until(startedAt + ChannelWindow);
                yield return Beat.Do(payee.Actor, Channels, "close", channel);
                break;
            default:
                yield return new Beat.Until(expiresAt);
                var closingAt = cast.Now;
                yield return Beat.Do(payee.Actor, Channels, "startClose", channel);
                yield return new Beat.Until(closingAt + ChannelWindow);
                yield return Beat.Do(payer, Channels, "close", channel);
                break;
        }

        Beat Redeem(ulong id, ulong credits, ulong nonce)
        {
            var voucher = new TypedDomain("EventSourced Channels", cast.Contracts.ChainId, Channels.Address).By(
                signer, "Voucher(uint256 channelId,uint256 cumulative,uint64 nonce)", id, Cast.Credits(credits), nonce);
            return Beat.Do(payee.Actor, Channels, "redeem", id, Cast.Credits(credits), nonce, voucher.ToBytes());
        }
    }

    /// <summary>A guild of three that is paid, claimed from, and dissolved.</summary>
    public IEnumerable<Beat> Guild()
    {
        var members = cast.SomeWorkers(random, 3);
        var client = cast.Client(random);
        var guild = cast.Guilds.Next();
        var expiresAt = cast.Now + 60 * 86_400;
        yield return Beat.Do(
            members[0].Actor, Guilds, "form", members[0].Id, members[0].Owner, Cast.Word($"charter {guild}"));
        foreach (var member in members)
        {
            yield return Beat.Do(members[0].Actor, Guilds, "invite", guild, member.Id, 3_000UL, expiresAt);
            yield return Beat.Do(member.Actor, Guilds, "join", guild, member.Id, 3_000UL, expiresAt);
        }

        yield return new Beat.NextBlock();
        yield return Beat.Do(client, Guilds, "pay", guild, Cast.Credits(30));
        yield return new Beat.NextBlock();
        foreach (var member in members.Take(2)) yield return Beat.Do(client, Guilds, "claim", guild, member.Id);
        yield return Beat.Do(members[0].Actor, Guilds, "setShare", guild, members[1].Id, 1_000UL, expiresAt);
        yield return Beat.Do(members[2].Actor, Guilds, "quit", guild, members[2].Id);
        var dissolvedAt = cast.Now;
        yield return Beat.Do(members[0].Actor, Guilds, "dissolve", guild);
        yield return new Beat.Until(dissolvedAt + 30 * 86_400);
        yield return Beat.Do(client, Guilds, "sweepGuild", guild);
    }

    /// <summary>A bounty with an award, a silent payment and a close; or one that nobody claims.</summary>
    public IEnumerable<Beat> Bounty(bool claimed)
    {
        var sponsor = cast.Client(random);
        var claimants = cast.SomeWorkers(random, 3);
        var bounty = cast.Bounties.Next();
        var (claimEnd, awardEnd) = (cast.Now + 7_200, cast.Now + 14_400);
        yield return Beat.Do(sponsor, Bounties, "openBounty", AbiValue.Of(
            Cast.Credits(60), 2UL, claimEnd, awardEnd, 600UL, Cast.Word($"criteria {bounty}"),
            $"ipfs://bounty/{bounty}"));
        if (claimed)
        {
            var claims = new List<ulong>();
            foreach (var claimant in claimants)
            {
                claims.Add(cast.BountyClaims.Next());
                yield return Beat.Do(
                    claimant.Actor, Bounties, "claim", bounty, claimant.Id, Cast.Word($"work {claims[^1]}"));
            }

            yield return Beat.Do(sponsor, Bounties, "award", claims[1]);
            yield return new Beat.Until(awardEnd + 600);
            yield return Beat.Do(claimants[0].Actor, Bounties, "payClaim", claims[0]);
            yield return Beat.Do(claimants[2].Actor, Bounties, "releaseClaim", claims[2]);
        }
        else
        {
            yield return new Beat.Until(claimEnd);
        }

        yield return Beat.Do(claimants[0].Actor, Bounties, "closeBounty", bounty);
    }

    /// <summary>
    /// A bounty whose only claim is junk: the sponsor brings it before the court, and the rest goes back.
    /// </summary>
    public IEnumerable<Beat> JunkClaim()
    {
        var sponsor = cast.Client(random);
        var claimant = cast.Worker(random);
        var bounty = cast.Bounties.Next();
        var (claimEnd, awardEnd) = (cast.Now + 7_200, cast.Now + 14_400);
        yield return Beat.Do(sponsor, Bounties, "openBounty", AbiValue.Of(
            Cast.Credits(60), 2UL, claimEnd, awardEnd, 600UL, Cast.Word($"criteria {bounty}"),
            $"ipfs://bounty/{bounty}"));
        var claim = cast.BountyClaims.Next();
        yield return Beat.Do(claimant.Actor, Bounties, "claim", bounty, claimant.Id, Cast.Word("junk"));
        var quarrel = new Quarrel(WorthlessClaim, claim, sponsor, 0, claimant.Actor);
        foreach (var beat in new DisputeStory(cast, random, DisputeCourse.Upheld).TellOver(quarrel)) yield return beat;
        yield return new Beat.Until(claimEnd);
        yield return Beat.Do(sponsor, Bounties, "closeBounty", bounty);
    }

    /// <summary>A claim whose challenge the sponsor takes back; in the end silence pays it.</summary>
    public IEnumerable<Beat> ClearedClaim()
    {
        var sponsor = cast.Client(random);
        var claimant = cast.Worker(random);
        var bounty = cast.Bounties.Next();
        var (claimEnd, awardEnd) = (cast.Now + 7_200, cast.Now + 14_400);
        yield return Beat.Do(sponsor, Bounties, "openBounty", AbiValue.Of(
            Cast.Credits(60), 1UL, claimEnd, awardEnd, 600UL, Cast.Word($"criteria {bounty}"),
            $"ipfs://bounty/{bounty}"));
        var claim = cast.BountyClaims.Next();
        yield return Beat.Do(claimant.Actor, Bounties, "claim", bounty, claimant.Id, Cast.Word("good work"));
        var quarrel = new Quarrel(WorthlessClaim, claim, sponsor, 0, claimant.Actor);
        foreach (
            var beat in new DisputeStory(cast, random, DisputeCourse.Withdrawn).TellOver(quarrel)) yield return beat;
        yield return new Beat.Until(Math.Max(cast.Now + 3_600, awardEnd + 600));
        yield return Beat.Do(claimant.Actor, Bounties, "payClaim", claim);
        yield return Beat.Do(sponsor, Bounties, "closeBounty", bounty);
    }

    /// <summary>A guild that removes one member and outlives the membership of another.</summary>
    public IEnumerable<Beat> Outcasts()
    {
        var members = cast.SomeWorkers(random, 3);
        var guild = cast.Guilds.Next();
        var formedAt = cast.Now;
        yield return Beat.Do(
            members[0].Actor, Guilds, "form", members[0].Id, members[0].Owner, Cast.Word($"charter {guild}"));
        foreach (var member in members)
        {
            yield return Beat.Do(members[0].Actor, Guilds, "invite", guild, member.Id, 2_000UL, formedAt + 3_600);
            yield return Beat.Do(member.Actor, Guilds, "join", guild, member.Id, 2_000UL, formedAt + 3_600);
        }

        yield return Beat.Do(members[0].Actor, Guilds, "remove", guild, members[1].Id);
        yield return new Beat.Until(formedAt + 3_601);
        // A place for somebody new is made by settling those whose time is over.
        var late = cast.SomeWorkers(random, 1)[0];
        yield return Beat.Do(members[0].Actor, Guilds, "invite", guild, late.Id, 5_000UL, formedAt + 86_400);
        yield return Beat.Do(late.Actor, Guilds, "join", guild, late.Id, 5_000UL, formedAt + 86_400);
    }

    /// <summary>What an agent says of itself, and what others say of it.</summary>
    public IEnumerable<Beat> Records()
    {
        var agent = cast.Worker(random);
        var client = cast.Client(random);
        var other = cast.SomeWorkers(random, 2)[1];
        var reputation = cast.Contracts["Reputation"];
        yield return Beat.Do(agent.Actor, Registry, "setMetadata", agent.Id, "endpoint",
            System.Text.Encoding.UTF8.GetBytes($"https://agent{agent.Id}.example"));
        yield return Beat.Do(
            agent.Actor, Registry, "setAgentURI", agent.Id, $"ipfs://card/{agent.Id}/{random.Next(1_000)}");
        var index = cast.FeedbackOf(agent.Id, client).Next();
        yield return Beat.Do(client, reputation, "giveFeedback", agent.Id, (BigInteger)random.Next(100), 0UL, "quality",
            "fast", "", $"ipfs://feedback/{index}", Cast.Word($"feedback {index}"));
        yield return Beat.Do(agent.Actor, reputation, "appendResponse", agent.Id, cast.Addresses[client], index,
            "ipfs://response", Cast.Word("response"));
        if (random.Next(3) == 0) yield return Beat.Do(client, reputation, "revokeFeedback", agent.Id, index);
        var action = cast.Actions.Next();
        var agency = cast.Contracts["Agency"];
        yield return Beat.Do(agent.Actor, agency, "recordAction", agent.Id, Cast.Word("trade"),
            Cast.Word($"action {action}"), $"ipfs://action/{action}");
        yield return Beat.Do(
            agent.Actor, agency, "recordOutcome", action, Cast.Word($"outcome {action}"), $"ipfs://outcome/{action}");
        if (other.Id == agent.Id) yield break;
        var validation = cast.Contracts["Validation"];
        var request = Cast.Word($"request {action}");
        yield return Beat.Do(
            agent.Actor, validation, "validationRequest", other.Owner, agent.Id, $"ipfs://request/{action}", request);
        yield return Beat.Do(other.Actor, validation, "validationResponse", request, 90UL, "ipfs://answer",
            Cast.Word("answer"), "reexecution");
    }

    /// <summary>Stake that is unbonded and, two weeks later, released.</summary>
    public IEnumerable<Beat> Unbonding()
    {
        var agent = cast.Worker(random);
        var stake = cast.Contracts["Stake"];
        var startedAt = cast.Now;
        var unbonding = cast.Unbondings.Next();
        yield return Beat.Do(agent.Actor, stake, "unbond", agent.Id, Cast.Credits(50));
        yield return new Beat.Until(startedAt + 14 * 86_400);
        yield return Beat.Do(cast.Client(random), stake, "release", unbonding);
    }
}
