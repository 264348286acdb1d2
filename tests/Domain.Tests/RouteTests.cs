// Every event of market, court and work has one home; every event that follows from others has one, too.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Market;

namespace EventSourced.Domain.Tests;

public class RouteTests
{
    // TaskMarket 13, WorkLeases 3, Disputes 11, VerifierPool 9, DataLeases 12, EpochCheckpoints 14, Bounties 6,
    // Channels 6, Guilds 3, Workflows 5, Rewards 3, Jobs 14.
    private const int EventsOfTheContracts = 99;

    [Fact]
    public void Every_event_of_the_contracts_has_one_home()
    {
        var homes = EventCatalog.Events.Select(entry => Homes(entry.Record)).ToArray();
        Assert.DoesNotContain(homes, count => count > 1);
        Assert.Equal(EventsOfTheContracts, homes.Sum());
    }

    [Fact]
    public void Every_event_that_moves_something_here_is_at_home_here_or_is_money()
    {
        var homeless = SmallChain.AllFolds.SelectMany(fold => fold.Routes).Select(route => route.Event).Distinct()
            .Where(happened => Homes(happened) != 1);
        Assert.Equal([typeof(Moved)], homeless);
    }

    [Fact]
    public void Every_derived_event_has_one_home()
    {
        var derived = SmallChain.AllFolds.SelectMany(fold => fold.Routes).Select(route => route.Event)
            .Concat(typeof(Tasks).Assembly.GetTypes().Where(type =>
                type.DeclaringType is { } aggregate
                    && SmallChain.AllFolds.Any(fold => fold.StateType.DeclaringType == aggregate)))
            .Where(type => type.IsSubclassOf(typeof(DerivedEvent)))
            .ToHashSet();
        Assert.Equal(35, derived.Count);
        foreach (var type in derived) Assert.True(
            Homes(type) == 1, $"expected one home for {type.Name}, found {Homes(type)}");
    }

    [Fact]
    public void Every_fold_has_a_name_of_its_own()
    {
        var names = SmallChain.AllFolds.Select(fold => fold.Name).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    private static int Homes(Type happened) =>
        SmallChain.AllFolds.Sum(fold => fold.Routes.Count(route => route.IsHome && route.Event == happened));
}
