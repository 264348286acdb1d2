// One row of every kind with all its columns, after everything that moves it has happened once: what readers will see,
// reviewed.
using System.Globalization;
using EventSourced.Domain.Events;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Money;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Governance.GovernanceSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests;

public class RowTests
{
    private static readonly Word Scope = ShortNames.Of("guilds"u8);

    [Fact]
    public void A_row_of_every_kind_of_the_ledger_and_of_agents()
    {
        var rated = new NewFeedback(7, Client, 1, -88, 2, Hash(3), "t1", "t2", "e", "u", Hash(4));
        var chain = new SmallChain(
            1_000, Balances.Fold, CreditHolders.Fold, Allowances.Fold, CreditAuthorizations.Fold, FaucetRecipients.Fold,
            ForwarderSigners.Fold, Agents.Fold, AgentMetadata.Fold, AgentOperators.Fold, Unbondings.Fold, Voters.Fold,
            StakeTotals.Fold, VoteTotals.Fold, Reputations.Fold, Completions.Fold, Clients.Fold, Earnings.Fold,
            Feedbacks.Fold, FeedbackClients.Fold, FeedbackResponses.Fold, Validations.Fold, Verdicts.Fold,
            Actions.Fold);
        chain.Happens(
            new CreditTransfer(default, Client, 100), new CreditNonceUsed(Client, 0),
            new CreditApproval(Client, Owner, new UInt256(1, 0)), new AuthorizationCanceled(Client, Hash(9)),
            new Dripped(Client, 1_000, 4_600), new ExecutedForwardRequest(Client, 0, false),
            Move(Accounts.External(Client), Accounts.Credit(Client), 0, 90, 0),
            Move(Accounts.Credit(Client), Accounts.Stake(7), 7, 80, 2), new UnbondingStarted(3, 7, 2_000),
            Move(Accounts.Stake(7), Accounts.Unbonding(3), 7, 30, 27), new DelegateVotesChanged(Owner, 0, 80),
            new AgentRegistryTransfer(default, Owner, 7), new Registered(7, "ipfs://a", Owner),
            new MetadataSet(7, Hash(5), "price", new Bytes([1, 2])), new ApprovalForAll(Owner, Client, true),
            new ReputationSet(7, ParameterKeys.Of("code"u8), Hash(1), Int256.From(-20), Int256.From(-99), 4),
            new CompletionCounted(7, Client, 4, 1),
            new CompletionWeighed(7, ParameterKeys.Of("code"u8), Client, 4, 0, 1_000_000, 10_100_000, 100), rated,
            new ResponseAppended(7, Client, 1, Stranger, "r", Hash(6)),
            new ValidationRequest(Stranger, 7, "q", Hash(1)),
            new ValidationResponse(Stranger, 7, Hash(1), 90, "a", Hash(2), "tag"),
            new ActionRecorded(4, 7, Hash(1), Hash(2), "d")).After(5).Happens(new OutcomeRecorded(4, Hash(3), "o"));
        Assert.Empty(chain.Violations);
        var feedback = Feedbacks.KeyOf(7, Client, 1);
        Snapshot.Matches(Rows(
            chain.Of(Balances.Fold, Accounts.Stake(7)), chain.Of(CreditHolders.Fold, Client),
            chain.Of(Allowances.Fold, Allowances.KeyOf(Client, Owner)),
            chain.Of(CreditAuthorizations.Fold, CreditAuthorizations.KeyOf(Client, Hash(9))),
            chain.Of(FaucetRecipients.Fold, Client), chain.Of(ForwarderSigners.Fold, Client),
            chain.Of(Agents.Fold, 7UL), chain.Of(AgentMetadata.Fold, $"7-{Hash(5)}"),
            chain.Of(AgentOperators.Fold, AgentOperators.KeyOf(Owner, Client)), chain.Of(Unbondings.Fold, 3UL),
            chain.Of(Voters.Fold, Owner), chain.Of(StakeTotals.Fold, StakeTotals.Key),
            chain.Of(VoteTotals.Fold, VoteTotals.Key),
            chain.Of(Reputations.Fold, Reputations.KeyOf(7, ParameterKeys.Of("code"u8))),
            chain.Of(Completions.Fold, Completions.KeyOf(7, Client)), chain.Of(Clients.Fold, Client),
            chain.Of(Earnings.Fold, Reputations.KeyOf(7, ParameterKeys.Of("code"u8))),
            chain.Of(Feedbacks.Fold, feedback), chain.Of(FeedbackClients.Fold, FeedbackClients.KeyOf(7, Client)),
            chain.Of(FeedbackResponses.Fold, $"{feedback}-1-20"), chain.Of(Validations.Fold, Hash(1)),
            chain.Of(Verdicts.Fold, $"{Hash(1)}-1-22"), chain.Of(Actions.Fold, 4UL)));
    }

    private static string Rows(params object[] rows)
    {
        List<string> lines = [];
        foreach (var row in rows)
        {
            lines.Add(row.GetType().DeclaringType!.Name);
            lines.AddRange(row.GetType().GetConstructors().MaxBy(
                made => made.GetParameters().Length)!.GetParameters().Select(column =>
                $"  {column.Name}: {Convert.ToString(row.GetType().GetProperty(column.Name!)!.GetValue(row), CultureInfo.InvariantCulture)}"));
        }

        return string.Join('\n', lines) + "\n";
    }
}
