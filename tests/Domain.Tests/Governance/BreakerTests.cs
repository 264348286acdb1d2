// The breaker: trips, resets, rests, and who may.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Market;
using EventSourced.Domain.Values;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Governance;

public class BreakerTests
{
    private const ulong Hour = 3_600;
    private const ulong Start = 1_000_000;
    private static readonly Word Scope = ShortNames.Of("guilds"u8);

    [Fact]
    public void A_trip_holds_then_has_its_grace_then_is_over()
    {
        var chain = Tripped();
        Assert.Equal(
            new Breakers.State(
                Scope, "guilds", 2, Start, Start + 10 * Hour, Start + 16 * Hour, Owner, Hash(1), 1, false,
                Breakers.Overdue.None),
            chain.Of(Breakers.Fold, Scope));
        Assert.Equal(Breakers.Overdue.Trip, chain.Until(Start + 10 * Hour).Of(Breakers.Fold, Scope).Overdue);
        Assert.Equal(Breakers.Overdue.Grace, chain.Until(Start + 16 * Hour).Of(Breakers.Fold, Scope).Overdue);
        Assert.Equal(2, chain.Until(Start + 99 * Hour).Followed.OfType<Breakers.BreakerPhasePassed>().Count());
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void The_council_cuts_a_trip_short_and_its_row_keeps_both()
    {
        var chain = Tripped().After(Hour).Happens(new BreakerReset(Scope, Stranger, Start + 7 * Hour));
        var scope = chain.Of(Breakers.Fold, Scope);
        Assert.Equal((new Instant(Start + Hour), new Instant(Start + 7 * Hour), true),
            (scope.Until, scope.GraceEnd, scope.IsReset));
        Assert.Equal(
            new BreakerTrips.State(
                $"{Scope}-1", Scope, 1, 2, Owner, Hash(1), Start, Start + Hour, Start + 7 * Hour, true),
            chain.Of(BreakerTrips.Fold, $"{Scope}-1"));
        Assert.Equal(Breakers.Overdue.Grace, chain.Until(Start + 7 * Hour).Of(Breakers.Fold, Scope).Overdue);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_scope_rests_after_its_grace_for_as_long_as_it_stood_still()
    {
        var chain = Tripped().Until(Start + 26 * Hour - 1);
        var again = new BreakerTripped(Scope, Owner, 1, Start + 27 * Hour, Hash(2));
        Assert.Null(Breakers.Fold.Evolve(chain.Of(Breakers.Fold, Scope), again, new At(9, chain.Now)));
        chain.Until(Start + 26 * Hour).Happens(again);
        Assert.Equal((2UL, (byte)1), (chain.Of(Breakers.Fold, Scope).Trips, chain.Of(Breakers.Fold, Scope).Level));
        Assert.Equal((byte)2, chain.Of(BreakerTrips.Fold, $"{Scope}-1").Level);
        Assert.Equal((byte)1, chain.Of(BreakerTrips.Fold, $"{Scope}-2").Level);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void No_trip_is_longer_than_72_hours_or_of_an_unknown_level_and_none_is_reset_twice()
    {
        var at = new At(1, Start);
        Assert.NotNull(Breakers.Fold.Evolve(null, new BreakerTripped(Scope, Owner, 1, Start + 72 * Hour, default), at));
        Assert.Null(
            Breakers.Fold.Evolve(null, new BreakerTripped(Scope, Owner, 1, Start + 72 * Hour + 1, default), at));
        Assert.Null(Breakers.Fold.Evolve(null, new BreakerTripped(Scope, Owner, 1, Start, default), at));
        Assert.Null(Breakers.Fold.Evolve(null, new BreakerTripped(Scope, Owner, 0, Start + 1, default), at));
        Assert.Null(Breakers.Fold.Evolve(null, new BreakerTripped(Scope, Owner, 3, Start + 1, default), at));
        Assert.Null(Breakers.Fold.Evolve(null, new BreakerReset(Scope, Owner, Start), at));
        var reset = new BreakerReset(Scope, Stranger, Start + 6 * Hour);
        var cut = Tripped().Happens(reset);
        Assert.Null(Breakers.Fold.Evolve(cut.Of(Breakers.Fold, Scope), reset, at));
        Assert.Null(Breakers.Fold.Evolve(Tripped().Of(Breakers.Fold, Scope), reset with { GraceEnd = Start }, at));
        Assert.Null(BreakerTrips.Fold.Evolve(
            cut.Of(BreakerTrips.Fold, $"{Scope}-1"), (Breakers.BreakerTripSet)cut.Followed[^1], at));
    }

    [Fact]
    public void Guardians_are_named_and_dismissed()
    {
        var chain = new SmallChain(Start, Guardians.Fold).Happens(new GuardianSet(Owner, true));
        Assert.Equal(new Guardians.State(Owner, true, Start), chain.Of(Guardians.Fold, Owner));
        Assert.False(chain.Happens(new GuardianSet(Owner, false)).Of(Guardians.Fold, Owner).IsTrusted);
        Assert.Null(Guardians.Fold.Evolve(null, new CreditNonceUsed(Owner, 0), default));
    }

    [Fact]
    public void Guardians_trip_and_the_council_resets()
    {
        var scope = Tripped().Of(Breakers.Fold, Scope);
        Breakers.Trip Trip(byte level = 1, ulong duration = Hour, bool guardian = true) =>
            new(Owner, Scope, level, duration, guardian);
        Granted(Breakers.Decide(null, Trip(), Start));
        Granted(Breakers.Decide(scope, Trip(), Start + 26 * Hour));
        Refused("StillTripped", Breakers.Decide(scope, Trip(), Start + 26 * Hour - 1));
        Refused("OnlyGuardian", Breakers.Decide(null, Trip(guardian: false), Start));
        Refused("UnknownLevel", Breakers.Decide(null, Trip(0), Start));
        Refused("UnknownLevel", Breakers.Decide(null, Trip(3), Start));
        Refused("TooLong", Breakers.Decide(null, Trip(duration: 0), Start));
        Refused("TooLong", Breakers.Decide(null, Trip(duration: 72 * Hour + 1), Start));
        Granted(Breakers.Decide(scope, new Breakers.Reset(Owner, Scope, true), Start));
        Refused("OnlyCouncil", Breakers.Decide(scope, new Breakers.Reset(Owner, Scope, false), Start));
        Refused("NotTripped", Breakers.Decide(scope, new Breakers.Reset(Owner, Scope, true), Start + 10 * Hour));
        Refused("NotTripped", Breakers.Decide(null, new Breakers.Reset(Owner, Scope, true), Start));
        Assert.Throws<ArgumentException>(() => Breakers.Decide(scope, new Tasks.Cancel(Owner, 1), Start));
    }

    private static SmallChain Tripped() => new SmallChain(Start, Breakers.Fold, BreakerTrips.Fold)
        .Happens(new BreakerTripped(Scope, Owner, 2, Start + 10 * Hour, Hash(1)));
}
