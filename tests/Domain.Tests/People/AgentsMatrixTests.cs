// Every event of agents, stake, reputation and records on every sample of a state, as one reviewed table.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Money;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests;

public class AgentsMatrixTests
{
    private static readonly At Now = new(100, 1_000, 3);

    [Fact]
    public void Every_event_of_agents_is_decided_in_every_state()
    {
        var minted = Agents.Fold.Evolve(null, new AgentRegistryTransfer(default, Owner, 7), Now)!;
        var agent = Agents.Fold.Evolve(minted, new Registered(7, "u", Owner), Now)!;
        var text = Matrix.Of(
            Agents.Fold, Now, state => $"{state.Status}, {state.Locks} locks, {state.Transfers} transfers",
            [null, minted, agent, agent with { Status = Agents.Status.Paused },
                agent with { Status = Agents.Status.Revoked }, agent with { Locks = 1 }],
            new AgentRegistryTransfer(default, Owner, 7), new AgentRegistryTransfer(Owner, Client, 7),
            new Registered(7, "u", Owner), new MetadataSet(7, default, Agents.WalletKey, default),
            new MetadataSet(7, default, "price", default), new URIUpdated(7, "v", Owner), new MetadataUpdate(7),
            new AgentStatusSet(7, 1, default), new AgentStatusSet(7, 2, default),
            new AgentStatusSet(7, 3, default), new AgentLocksSet(7, 0), new AgentLocksSet(7, 1),
            new AgentRegistryApproval(Owner, Client, 7));
        var value = AgentMetadata.Fold.Evolve(null, new MetadataSet(7, Hash(1), "price", default), Now)!;
        text += Matrix.Of(AgentMetadata.Fold, Now, state => state.Value.ToString(), [null, value],
            new MetadataSet(7, Hash(1), "price", new Bytes([9])));
        var approved = AgentOperators.Fold.Evolve(null, new ApprovalForAll(Owner, Client, true), Now)!;
        text += Matrix.Of(
            AgentOperators.Fold, Now, state => state.IsApproved ? "approved" : "dismissed", [null, approved],
            new ApprovalForAll(Owner, Client, true), new ApprovalForAll(Owner, Client, false));
        Snapshot.Matches(text + OfStake() + OfReputation() + OfRecords());
    }

    private static string OfStake()
    {
        var (stake, leaving, wallet) = (Accounts.Stake(7), Accounts.Unbonding(3), Accounts.Credit(Owner));
        var started = Unbondings.Fold.Evolve(null, new UnbondingStarted(3, 7, 1_000), Now)!;
        var waiting = started with { Amount = 5, Held = 5 };
        var text = Matrix.Of(Unbondings.Fold, Now,
            state => $"{state.Status} with {state.Held} of {state.Amount}{(state.IsMature ? ", mature" : "")}",
            [
                null, started, waiting, waiting with { ReleaseAt = 1_001 }, waiting with { IsMature = true },
                waiting with { Held = 0 }, waiting with { Status = Unbondings.Status.Released },
                waiting with { Status = Unbondings.Status.Slashed, Held = 0 },
            ],
            new UnbondingStarted(3, 7, 2_000), new UnbondingEnded(3, 7), new Unbondings.UnbondingMatured(3, 1_000),
            Move(stake, leaving, 7, 5, (byte)Reason.Unbond), Move(leaving, wallet, 7, 5, (byte)Reason.Release),
            Move(leaving, Accounts.Burn, 7, 5, (byte)Reason.SlashBurn));
        var voter = Voters.Fold.Evolve(null, new DelegateVotesChanged(Owner, 0, 5), Now)!;
        text += Matrix.Of(Voters.Fold, Now, state => $"{state.Votes}", [null, voter],
            new DelegateVotesChanged(Owner, 0, 7), new DelegateVotesChanged(Owner, 5, 0));
        text += Matrix.Of(StakeTotals.Fold, Now, state => $"{state.Total}",
            [null, new StakeTotals.State(StakeTotals.Key, 5, 1), new StakeTotals.State(StakeTotals.Key, 0, 1)],
            Move(wallet, stake, 7, 5, (byte)Reason.Stake), Move(stake, leaving, 7, 5, (byte)Reason.Unbond));
        return text + Matrix.Of(VoteTotals.Fold, Now, state => $"{state.Total}",
            [null, new VoteTotals.State(VoteTotals.Key, 5, 1), new VoteTotals.State(VoteTotals.Key, 0, 1)],
            new DelegateVotesChanged(Owner, 0, 7), new DelegateVotesChanged(Owner, 5, 0),
            new Proposals.ProposalDeadlinePassed(Hash(1), 1, 1));
    }

    private static string OfReputation()
    {
        ReputationSet Set(int accumulator, byte cause) =>
            new(7, cause < 7 ? ParameterKeys.Of("code"u8) : cause < 10 ? Reputations.VerificationDomain
                : cause < 13 ? Reputations.ChallengeDomain : Reputations.StrikeDomain, default, default,
                    Int256.From(accumulator), cause);
        var standing = Reputations.Fold.Evolve(null, Set(10, 1), Now)!;
        var text = Matrix.Of(
            Reputations.Fold, Now, state => $"{state.Accumulator} by {state.Cause}, active at {state.LastActiveAt}",
            [null, standing],
            [.. Enumerable.Range(0, 15).SelectMany(cause => new[] { Set(5, (byte)cause), Set(15, (byte)cause) })]);
        var completion = Completions.Fold.Evolve(null, new CompletionCounted(7, Client, 1, 1), Now)!;
        text += Matrix.Of(Completions.Fold, Now, state => $"{state.Count}", [null, completion],
            new CompletionCounted(7, Client, 1, 1), new CompletionCounted(7, Client, 2, 2));
        var weighed = new CompletionWeighed(7, default, Client, 1, 0, 1_000_000, 5, 9);
        var history = Clients.Fold.Evolve(null, weighed, Now)!;
        text += Matrix.Of(Clients.Fold, Now, state => $"{state.Settled} settled", [null, history],
            weighed, weighed with { Weight = 1 }, weighed with { Settled = 8 }, weighed with { Settled = 10 });
        var earning = Earnings.Fold.Evolve(null, weighed, Now)!;
        text += Matrix.Of(
            Earnings.Fold, Now, state => $"{state.Earned} earned, crowd {state.CrowdPpm}", [null, earning],
            weighed, weighed with { Crowd = 0 }, weighed with { Earned = 4 }, weighed with { Earned = 20_000_001 });
        var rated = new NewFeedback(7, Client, 1, 5, 0, default, "", "", "", "", default);
        var rating = Feedbacks.Fold.Evolve(null, rated, Now)!;
        var answered = new ResponseAppended(7, Client, 1, Owner, "", default);
        text += Matrix.Of(
            Feedbacks.Fold, Now, state => $"{state.Responses} answers{(state.IsRevoked ? ", revoked" : "")}",
            [null, rating, rating with { IsRevoked = true }], rated, new FeedbackRevoked(7, Client, 1), answered);
        var client = FeedbackClients.Fold.Evolve(null, rated, Now)!;
        text += Matrix.Of(FeedbackClients.Fold, Now, state => $"{state.LastIndex}", [null, client], rated,
            rated with { FeedbackIndex = 2 });
        var response = FeedbackResponses.Fold.Evolve(null, answered, Now)!;
        return text + Matrix.Of(FeedbackResponses.Fold, Now, _ => "answered", [null, response], answered);
    }

    private static string OfRecords()
    {
        var asked = new ValidationRequest(Stranger, 7, "", Hash(1));
        var answered = new ValidationResponse(Stranger, 7, Hash(1), 100, "", default, "");
        var validation = Validations.Fold.Evolve(null, asked, Now)!;
        var text = Matrix.Of(Validations.Fold, Now, state => $"{state.Responses} answers, the last {state.Response}",
            [null, validation, validation with { Responses = 1 }], asked, answered, answered with { Response = 101 });
        var verdict = Verdicts.Fold.Evolve(null, answered, Now)!;
        text += Matrix.Of(Verdicts.Fold, Now, state => $"{state.Response}", [null, verdict], answered);
        var recorded = new ActionRecorded(4, 7, default, Hash(1), "");
        var action = Actions.Fold.Evolve(null, recorded, Now)!;
        return text + Matrix.Of(Actions.Fold, Now, state => state.OutcomeHash.IsZero ? "recorded" : "with outcome",
            [null, action, action with { OutcomeHash = Hash(2) }], recorded, new OutcomeRecorded(4, Hash(2), ""));
    }
}
