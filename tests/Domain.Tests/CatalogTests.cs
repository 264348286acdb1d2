// The whole catalog: every event has one home among all folds, every state is a row that a table can hold.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Money;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Tests;

public class CatalogTests
{
    private static readonly HashSet<Type> ColumnTypes =
    [
        typeof(bool), typeof(byte), typeof(ushort), typeof(uint), typeof(ulong), typeof(Instant), typeof(UInt128),
        typeof(Int128), typeof(UInt256), typeof(Int256), typeof(Word), typeof(Address), typeof(Bytes), typeof(string),
        typeof(Sequence<ulong>), typeof(Sequence<UInt256>),
    ];

    private static Fold[] Folds =>
    [
        Balances.Fold, CreditHolders.Fold, Allowances.Fold, CreditAuthorizations.Fold, FaucetRecipients.Fold,
        ForwarderSigners.Fold, Agents.Fold, AgentMetadata.Fold, AgentOperators.Fold, Unbondings.Fold, Voters.Fold,
        StakeTotals.Fold, VoteTotals.Fold, Reputations.Fold, Completions.Fold, Clients.Fold, Earnings.Fold,
        Feedbacks.Fold, FeedbackClients.Fold, FeedbackResponses.Fold, Validations.Fold, Verdicts.Fold, Actions.Fold,
        Parameters.Fold, Breakers.Fold, BreakerTrips.Fold, Guardians.Fold, Contracts.Fold, CouncilSeats.Fold,
        CouncilCalls.Fold, CouncilApprovals.Fold, Timelocks.Fold, TimelockOperations.Fold, TimelockCalls.Fold,
        TimelockRoles.Fold, Proposals.Fold, ProposalCalls.Fold, ProposalTexts.Fold, Votes.Fold, GovernorSigners.Fold,
    ];

    [Fact]
    public void Every_event_of_the_catalog_has_one_home() => Assert.Empty(EventCatalog.Events
        .Select(entry => (entry.Record.Name, Homes: Homes(entry.Record)))
        .Where(found => found.Homes != 1));

    [Fact]
    public void Every_derived_event_that_moves_ledger_agents_or_governance_has_one_home()
    {
        var derived = Folds.SelectMany(fold => fold.Routes).Select(route => route.Event)
            .Where(happened => happened.IsSubclassOf(typeof(DerivedEvent))).Distinct().ToArray();
        Assert.Equal(10, derived.Length);
        Assert.All(derived, happened => Assert.Equal(1, Homes(happened)));
    }

    [Fact]
    public void No_two_folds_have_one_name()
    {
        var names = All.Select(fold => fold.Name).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void Every_state_is_a_row_with_its_key_in_front() => Assert.All(Folds, fold =>
    {
        var columns = fold.StateType.GetConstructors().MaxBy(made => made.GetParameters().Length)!.GetParameters();
        Assert.Equal(fold.KeyType, columns[0].ParameterType);
        Assert.All(columns, column => Assert.True(
            ColumnTypes.Contains(column.ParameterType)
            || (column.ParameterType.IsEnum && Enum.GetUnderlyingType(column.ParameterType) == typeof(byte)),
            $"expected a type that a column may have, found {column.ParameterType} for {fold.StateType}.{column.Name}"));
    });

    private static IEnumerable<Fold> All => Folds.Concat(SmallChain.AllFolds);

    private static int Homes(Type happened) =>
        All.Sum(fold => fold.Routes.Count(route => route.IsHome && route.Event == happened));
}
